"""The first page of each role, language choice, background jobs."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from marketplace.infra.i18n import LOCALES
from marketplace.infra.web import current_actor, public, safe_next

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    return render_template("home/index.html", actor=current_actor())


@bp.get("/language/<code>")
@public
def set_language(code: str) -> ResponseReturnValue:
    """Keep the language on this device; it changes nothing else, so a link may do it."""
    if code in LOCALES:
        cookie["locale"] = code
    return redirect(safe_next(request.args.get("next"), url_for(".index")))
