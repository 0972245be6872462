"""Signed links: who holds one may answer one question, without an account."""

from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.core.errors import NotFound
from marketplace.core.text import N_


def _signer(purpose: str) -> URLSafeSerializer:
    if not current_app.secret_key:
        raise RuntimeError("without a signing key anybody could make a link")
    return URLSafeSerializer(current_app.secret_key, salt=f"link:{purpose}")


def sign(purpose: str, payload: list[Any]) -> str:
    """A token that only this service can have made; when it ends is kept with what it is about."""
    return str(_signer(purpose).dumps(payload))


def unsign(purpose: str, token: str) -> list[Any]:
    try:
        payload = _signer(purpose).loads(token[:400])
    except BadSignature as error:
        raise NotFound(N_("This link is not valid. Ask the office for a new one.")) from error
    return list(payload)


def public_url(path: str) -> str:
    """The full address of a page of this site, as it can be sent to people."""
    base = current_app.config["PUBLIC_URL"] or request.host_url
    return base.rstrip("/") + path
