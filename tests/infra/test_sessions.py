"""Sessions live in the database: what ended there is over, whatever a cookie says."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts import rules as account_rules
from marketplace.accounts.models import SignInSession
from marketplace.accounts.rules import PersonState
from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests import factories
from tests.support.client import Client

pytestmark = pytest.mark.both_databases


def is_somebody(browser: Client) -> bool:
    return browser.get("/account").status_code == 200


def cookie_of(browser: Client) -> str:
    found = browser.get_cookie("tg")
    assert found is not None
    return found.value


def test_a_cookie_replayed_after_sign_out_is_nobody(app: Flask, signed_in) -> None:
    browser = signed_in(factories.make_person("producer"))
    assert is_somebody(browser)
    kept = cookie_of(browser)
    assert browser.post("/sign-out").status_code == 302
    browser.set_cookie("tg", kept)
    assert not is_somebody(browser)


def test_signing_in_throws_the_cookie_of_before_away(app: Flask, client: Client) -> None:
    person = factories.make_person("producer")
    with client.session_transaction() as planted:
        planted["sid"] = "known to a stranger"
    form = {"login": person.phone, "password": factories.PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 302
    with client.session_transaction() as kept:
        assert kept["sid"] != "known to a stranger"
    assert is_somebody(client)


def test_an_expired_session_is_nobody(app: Flask, signed_in) -> None:
    browser = signed_in(factories.make_person("producer"))
    with transaction():
        session.query(SignInSession).one().expires_at = now() - timedelta(seconds=1)
    assert not is_somebody(browser)


def test_a_disabled_person_is_out_at_once(app: Flask, signed_in) -> None:
    person = factories.make_person("producer")
    browser = signed_in(person)
    with transaction():
        person.state = PersonState.DISABLED
    assert not is_somebody(browser)


def test_the_database_holds_no_token_that_works(app: Flask, signed_in) -> None:
    browser = signed_in(factories.make_person("producer"))
    stolen = session.query(SignInSession).one().token_hash
    with browser.session_transaction() as kept:
        kept["sid"] = stolen
    assert not is_somebody(browser)


@pytest.mark.parametrize("login", ["phone", "unknown"])
def test_known_and_unknown_numbers_get_the_same_answer(
    app: Flask, client: Client, login: str
) -> None:
    known = factories.make_person("producer").phone
    form = {"login": known if login == "phone" else "081299999999", "password": "wrong words here"}
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 422
    assert "Number or password" in answer.text or "Nomor atau" in answer.text


def test_guessing_is_held_back_even_with_the_right_password_at_last(
    app: Flask, client: Client
) -> None:
    person = factories.make_person("producer")
    wrong = {"login": person.phone, "password": "certainly not this"}
    for _ in range(account_rules.TRIES_PER_ACCOUNT):
        assert client.post("/sign-in", data=wrong).status_code == 422
    right = {"login": person.phone, "password": factories.PASSWORD}
    assert client.post("/sign-in", data=right).status_code == 429


def sent_after(browser: Client, page: str = "http://localhost/needs/new?outlet=7") -> str:
    """Where a form of that page leads when it is sent now."""
    answer = browser.post("/account/password", data={}, headers={"Referer": page})
    assert answer.status_code == 302
    return str(answer.location)


@pytest.mark.parametrize("keeps_the_cookie", [True, False])
def test_who_was_signed_out_while_typing_comes_back_to_the_form(
    app: Flask, signed_in, keeps_the_cookie: bool
) -> None:
    browser = signed_in(factories.make_person("producer"))
    with transaction():
        session.query(SignInSession).one().expires_at = now() - timedelta(seconds=1)
    if not keeps_the_cookie:  # the browser was closed, the page came back without it
        browser.delete_cookie("tg")
        browser.sends_csrf = False
    place = sent_after(browser)
    assert place == "/sign-in?next=/needs/new?outlet%3D7"
    assert "Anda sudah keluar sebelum ini terkirim" in browser.text(place)


def test_a_form_of_a_foreign_page_leads_nowhere_but_to_sign_in(client: Client) -> None:
    assert sent_after(client, "https://elsewhere.example/needs/new") == "/sign-in"
