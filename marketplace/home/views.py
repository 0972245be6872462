"""The first page of each role, language choice, background jobs."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from marketplace.home import queries
from marketplace.infra.i18n import LOCALES
from marketplace.infra.web import current_actor, public, safe_next

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What should I do now? Each role gets its own answer; several roles get several."""
    actor = current_actor()
    if not actor.is_signed_in:
        return render_template("home/welcome.html", figures=queries.public_figures())
    return render_template(
        "home/index.html",
        office=queries.office_tasks(actor) if actor.is_officer else None,
        producer=queries.producer_tasks(actor),
        buyer=queries.buyer_tasks(actor),
        is_admin=actor.is_admin,
    )


@bp.get("/language/<code>")
@public
def set_language(code: str) -> ResponseReturnValue:
    """Keep the language on this device; it changes nothing else, so a link may do it."""
    if code in LOCALES:
        cookie["locale"] = code
    return redirect(safe_next(request.args.get("next"), url_for(".index")))
