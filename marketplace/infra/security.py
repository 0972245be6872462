"""Headers, CSRF, trusted hosts, size limits."""

import secrets
from collections.abc import Callable
from typing import TypeVar

import structlog
from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

csrf = CSRFProtect()
# Where the signed cookie holds the token of a sign-in.
SESSION_COOKIE = "sid"

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
BODY_LIMIT = 10 * 1024 * 1024
IMPORT_BODY_LIMIT = 20 * 1024 * 1024


View = TypeVar("View", bound=Callable[..., object])


def sandboxed(view: View) -> View:
    """For files people handed in: shown bare, without script, forms or anything from elsewhere.

    Stands below `@allow`, which passes the mark on.
    """
    policy = {"default-src": "'none'", "sandbox": ""}
    view.talisman_view_options = {"content_security_policy": policy}  # type: ignore[attr-defined]
    return view


class QuietSessions(SecureCookieSessionInterface):
    """What anybody may keep (photos, style sheets) carries no cookie: a cache would hand it on."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.public:
            super().save_session(app, session, response)


def init_app(app: Flask, *, https: bool, hosts: list[str], proxy_hops: int = 0) -> None:
    if proxy_hops:
        # Only as many entries as we have proxies ourselves: anything further is the visitor's word.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxy_hops, x_proto=proxy_hops, x_host=0
        )
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=1_000,
        TRUSTED_HOSTS=hosts,
        SESSION_COOKIE_NAME="__Host-tg" if https else "tg",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # long sessions: the token lives as long as the signed cookie
        WTF_CSRF_SSL_STRICT=https,
    )
    app.session_interface = QuietSessions()
    csrf.init_app(app)
    Talisman(
        app,
        content_security_policy=CSP,
        force_https=https,
        strict_transport_security=https,
        strict_transport_security_max_age=31_536_000,
        session_cookie_secure=https,
        referrer_policy="same-origin",
        permissions_policy={"geolocation": "()", "camera": "(self)", "microphone": "()"},
        x_content_type_options=True,
    )

    @app.before_request
    def name_request() -> None:
        g.request_id = secrets.token_hex(6)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def private_by_default(response: Response) -> Response:
        # Pages are personal; only static files, under their hashed names, may be kept by anyone.
        if request.endpoint != "static" and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
