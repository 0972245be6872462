"""The one table from what went wrong to what the browser is told."""

import logging

from flask import Flask, g, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from marketplace.core.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotAllowed,
    NotFound,
    RuleBroken,
)
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.i18n import say
from marketplace.infra.security import SESSION_COOKIE
from marketplace.infra.web import is_for_members, to_sign_in

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    InvalidInput: 422,
    Conflict: 409,
    RuleBroken: 409,
}


def status_of(error: DomainError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)


def _page(status: int, title: str, message: str) -> ResponseReturnValue:
    body = render_template(
        "errors/error.html",
        status=status,
        title=title,
        message=message,
        request_id=g.get("request_id", ""),
    )
    return body, status


# Title and advice by status. Msgids: only the one that is shown is translated.
_TITLES = {
    400: (N_("The request could not be read"), N_("Go back, load the page again and retry.")),
    403: (N_("Not allowed"), N_("Your account may not do this.")),
    404: (
        N_("Page not found"),
        N_("The address may be mistyped, or the page is not yours to see."),
    ),
    405: (N_("Not possible this way"), N_("Go back and use the button on the page.")),
    409: (N_("Not possible now"), N_("Something changed meanwhile. Look at it again.")),
    413: (N_("The file is too large"), N_("Choose a file below 10 MB (20 MB for imports).")),
    422: (N_("Some input cannot be used"), N_("Go back and look at the marked fields.")),
    429: (N_("Too many tries"), N_("Wait a few minutes and try again.")),
    503: (N_("Not available for a moment"), N_("Try again in a minute; nothing was lost.")),
}
_OURS = (N_("Something went wrong on our side"), N_("Nothing was saved. Please try again."))


def _titles(status: int) -> tuple[str, str]:
    title, advice = _TITLES.get(status, _OURS)
    return str(_(title)), str(_(advice))


def register(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def domain_error(error: DomainError) -> ResponseReturnValue:
        session.rollback()
        status = status_of(error)
        return _page(status, _titles(status)[0], say(error.msgid, error.params))

    @app.errorhandler(CSRFError)
    def stale_form(error: CSRFError) -> ResponseReturnValue:
        if SESSION_COOKIE not in cookie and is_for_members():
            return to_sign_in()  # the browser was closed meanwhile, and the cookie went with it
        return _page(
            400,
            _("This form is too old"),
            _("Go back, load the page again and send it once more; your browser keeps the text."),
        )

    @app.errorhandler(SecurityError)
    def foreign_host(error: SecurityError) -> ResponseReturnValue:
        # Under a name that is not ours no link can be built, so no page either.
        return "This site is not known under that name.\n", 400, {"Content-Type": "text/plain"}

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error
        title, message = _titles(status)
        return _page(status, title, message)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> ResponseReturnValue:
        session.rollback()
        log.exception("unforeseen error on %s %s", request.method, request.url_rule)
        title, message = _titles(500)
        return _page(500, title, message)
