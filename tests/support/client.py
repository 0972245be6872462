"""The test client: a browser's view of the application."""

from typing import Any

from flask import session as cookie
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from marketplace.infra.db import session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Client(FlaskClient):
    """Sends the CSRF token as a page of ours would; every request has a context of its own.

    Set `sends_csrf = False` to be the foreign site that does not know the token.
    """

    sends_csrf = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        method = str(kwargs.get("method", "GET")).upper()
        with self.application.app_context():
            if self.sends_csrf and method not in SAFE:
                kwargs["headers"] = {**dict(kwargs.get("headers") or {}), **self._token()}
            kwargs.setdefault("buffered", True)  # files sent are closed at once
            response = super().open(*args, **kwargs)
        # What the test holds is read again: the request may have changed it.
        session.rollback()
        session.expire_all()
        return response

    def _token(self) -> dict[str, str]:
        with self.session_transaction() as kept, self.application.test_request_context():
            cookie.update(kept)
            token = generate_csrf()
            kept["csrf_token"] = cookie["csrf_token"]
        return {"X-CSRFToken": token}

    def text(self, path: str) -> str:
        """The page at `path`, which must be there."""
        response = self.get(path)
        assert response.status_code == 200, f"{path}: {response.status}"
        return response.get_data(as_text=True)
