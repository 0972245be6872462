"""What every answer carries and every request must bring."""

import pytest
from flask import Flask

from marketplace.accounts.models import SignInAttempt
from marketplace.infra import security
from marketplace.infra.db import session
from tests import factories
from tests.support.client import Client


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/static/css/app.css"])
def test_every_answer_carries_the_protective_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_pages_are_not_kept_and_hashed_files_are(client: Client) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    page = client.text("/sign-in")
    start = page.index("/static/css/app.")
    hashed = page[start : page.index('"', start)]
    assert "immutable" in client.get(hashed).headers["Cache-Control"]


def test_a_form_without_our_token_changes_nothing(app: Flask, client: Client) -> None:
    client.sends_csrf = False
    phone = factories.make_person().phone
    answer = client.post("/sign-in", data={"login": phone, "password": "x"})
    assert answer.status_code == 400
    assert session.query(SignInAttempt).count() == 0


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "https:evil.example",
        "https:///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "",
    ],
)
def test_signing_in_leads_only_to_our_own_pages(app: Flask, client: Client, target: str) -> None:
    form = {"login": factories.make_person().phone, "password": factories.PASSWORD}
    answer = client.post("/sign-in", query_string={"next": target}, data=form)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    client.get("/language/en")
    kept = client.get_cookie("tg")
    assert kept is not None
    assert kept.http_only
    assert kept.same_site == "Lax"


def test_a_body_beyond_the_limit_is_refused_in_words(client: Client) -> None:
    answer = client.post("/sign-in", data={"login": "x" * 11_000_000, "password": "x"})
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_trace_is_not_answered(client: Client) -> None:
    assert client.open("/", method="TRACE").status_code == 405


def address_seen(app: Flask, forwarded: str) -> str:
    """The address the application believes a visitor has."""
    seen: list[str] = []

    def inner(environ: dict[str, object], start: object) -> list[bytes]:
        seen.append(str(environ["REMOTE_ADDR"]))
        return []

    stack = Flask("probe")
    stack.wsgi_app = inner  # type: ignore[method-assign, assignment]
    security.init_app(stack, https=False, hosts=["localhost"], proxy_hops=1)
    stack.wsgi_app({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}, None)  # type: ignore[arg-type]
    return seen[0]


def test_only_the_word_of_our_own_proxy_is_believed(app: Flask) -> None:
    assert address_seen(app, "203.0.113.7") == "203.0.113.7"
    assert address_seen(app, "1.2.3.4, 203.0.113.7") == "203.0.113.7"  # the visitor made one up
