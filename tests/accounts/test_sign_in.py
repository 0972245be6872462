"""Sign-in, the first entry with a code, and the limits that guard them."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts import queries, rules, services
from marketplace.accounts.models import ActivationCode, Office, Person
from marketplace.accounts.rules import PersonState
from marketplace.core.actor import SYSTEM
from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import PASSWORD, make_person, make_producer
from tests.support.client import Client

NEW_PASSWORD = "layar putih angin timur"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> int:
    return client.post("/sign-in", data={"login": login, "password": password, **more}).status_code


def invited(**given: object) -> tuple[int, str]:
    person = make_person(state=PersonState.INVITED, password_hash=None, consented_at=None,
                         consent_version=None, **given)  # fmt: skip
    with transaction():
        code = services.issue_code(actor=SYSTEM, person=queries.get_person(person.id))
    return person.id, code


@pytest.mark.parametrize(
    "written", ["081234567890", "+62 812-3456-7890", "62812 3456 7890", "0812.3456.7890"]
)
def test_a_whatsapp_number_signs_in_in_any_usual_spelling(client: Client, written: str) -> None:
    make_person(phone="+6281234567890")
    assert sign_in(client, written) == 302
    assert "Sign out" in client.text("/account") or "Keluar" in client.text("/account")


def test_an_email_address_signs_in_whatever_its_case(client: Client) -> None:
    make_person(phone=None, email="ibu@contoh.id")
    assert sign_in(client, "Ibu@Contoh.id") == 302


def test_wrong_password_unknown_number_and_disabled_account_answer_alike(client: Client) -> None:
    make_person(phone="+6281234567890")
    make_person(phone="+6281234567891", state=PersonState.DISABLED)
    pages = []
    for login, password in (
        ("081234567890", "salah sekali kata ini"),
        ("081234567899", PASSWORD),
        ("081234567891", PASSWORD),
    ):
        response = client.post("/sign-in", data={"login": login, "password": password})
        assert response.status_code == 422
        pages.append(response.text.replace(login, "…"))
    tails = {page.split("error-summary")[1].split("</div>")[0] for page in pages}
    assert len(tails) == 1


def test_the_eleventh_try_does_not_reach_the_password(client: Client) -> None:
    make_person(phone="+6281234567890")
    for _attempt in range(rules.TRIES_PER_ACCOUNT):
        assert sign_in(client, "081234567890", "salah sekali kata ini") == 422
    assert sign_in(client, "081234567890") == 429


def test_tries_on_many_accounts_from_one_address_are_held_back(client: Client) -> None:
    codes = [sign_in(client, f"08120000{n:04}") for n in range(rules.TRIES_PER_ADDRESS + 1)]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {422}


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil", "javascript:x"]
)
def test_sign_in_never_leads_to_another_site(client: Client, target: str) -> None:
    make_person(phone="+6281234567890")
    response = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"login": "081234567890", "password": PASSWORD},
    )
    assert response.location == "/"


def test_sign_in_leads_back_to_the_page_that_was_wanted(client: Client) -> None:
    make_person(phone="+6281234567890")
    first = client.get("/account")
    response = client.post(first.location, data={"login": "081234567890", "password": PASSWORD})
    assert response.location == "/account"


def test_signing_out_ends_the_session_in_the_database_too(client: Client) -> None:
    person_id = make_person(phone="+6281234567890").id
    sign_in(client, "081234567890")
    with client.session_transaction() as kept:
        token = kept["sid"]
    client.post("/sign-out")
    assert queries.find_session(token) is None
    with client.session_transaction() as kept:
        kept["sid"] = token
    assert client.get("/account").status_code == 302
    assert queries.list_sessions(person_id) == []


@pytest.mark.parametrize("password", ["x" * 100_000, "\x00" * 20, "🐟" * 500])
def test_any_password_is_answered_and_never_an_error(client: Client, password: str) -> None:
    make_person(phone="+6281234567890")
    assert sign_in(client, "081234567890", password) == 422


def test_a_code_opens_the_account_once(client: Client) -> None:
    person_id, code = invited(phone="+6281234567890")
    data = {"code": f"{code[:5]}-{code[5:]}".lower(), "password": NEW_PASSWORD, "consent": "y"}
    assert client.post("/activate", data=data).status_code == 302
    person = queries.get_person(person_id)
    assert person.state is PersonState.ACTIVE
    assert person.consent_version == rules.CONSENT_VERSION
    assert person.consented_at is not None
    assert client.post("/activate", data=data).status_code == 422
    assert sign_in(client, "081234567890", NEW_PASSWORD) == 302


def test_the_first_entry_needs_consent_and_keeps_the_code_for_another_try(client: Client) -> None:
    person_id, code = invited()
    response = client.post("/activate", data={"code": code, "password": NEW_PASSWORD})
    assert response.status_code == 422
    assert queries.get_person(person_id).state is PersonState.INVITED
    again = client.post("/activate", data={"code": code, "password": NEW_PASSWORD, "consent": "y"})
    assert again.status_code == 302


@pytest.mark.parametrize(
    "password",
    ["pendek", "a" * 300, "081234567890", "Ibu Siti Contoh", "aaaaaaaaaaaaaa", "password1234"],
)
def test_passwords_that_are_short_own_or_common_are_refused(client: Client, password: str) -> None:
    person_id, code = invited(full_name="Ibu Siti Contoh", phone="+6281234567890")
    response = client.post("/activate", data={"code": code, "password": password, "consent": "y"})
    assert response.status_code == 422
    assert queries.get_person(person_id).password_hash is None


def test_what_is_missing_at_the_first_entry_is_told_at_once(client: Client) -> None:
    _person_id, code = invited()
    page = client.post("/activate", data={"code": code, "password": "pendek"}).text
    assert 'id="password-error"' in page
    assert 'id="consent-error"' in page


def test_an_old_code_a_replaced_one_and_a_made_up_one_answer_alike(client: Client) -> None:
    person_id, old = invited()
    with transaction():
        newer = services.issue_code(actor=SYSTEM, person=queries.get_person(person_id))
    with transaction():
        for row in session.query(ActivationCode).filter_by(used_at=None):
            row.expires_at = now() - timedelta(seconds=1)
    for code in (old, newer, "BCDFGHJKMN", "<script>", "x" * 10_000):
        data = {"code": code, "password": NEW_PASSWORD, "consent": "y"}
        assert client.post("/activate", data=data).status_code == 422
    assert queries.get_person(person_id).password_hash is None


def test_a_reset_signs_out_every_device(client: Client, signed_in) -> None:
    person = make_person("producer")
    device = signed_in(person)
    with transaction():
        code = services.issue_code(actor=SYSTEM, person=queries.get_person(person.id))
    client.post("/activate", data={"code": code, "password": NEW_PASSWORD, "consent": "y"})
    assert device.get("/account").status_code == 302


def test_only_the_hash_of_a_code_is_kept(app: Flask) -> None:
    _person_id, code = invited()
    assert code not in {row.code_hash for row in session.query(ActivationCode)}


def test_a_first_administrator_comes_from_the_command_line(app: Flask, client: Client) -> None:
    result = app.test_cli_runner().invoke(
        args=["add-administrator", "Ibu Kepala", "0812-3456-7890"]
    )
    assert result.exit_code == 0, result.output
    data = {"code": result.output.strip(), "password": NEW_PASSWORD, "consent": "y"}
    assert client.post("/activate", data=data).status_code == 302
    assert client.get("/people/officers/new").status_code == 200
    # The province and its seven kabupaten/kota offices are there to give officers to.
    assert session.query(Office).count() == 8
    assert session.query(Office).filter_by(parent_id=None).count() == 1


def test_the_command_line_refuses_what_is_no_number(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["add-administrator", "Ibu Kepala", "abc"])
    assert result.exit_code == 2
    assert session.query(Person).count() == 0


def test_everybody_may_read_what_the_data_are_used_for(client: Client) -> None:
    make_producer()
    assert "27/2022" in client.text("/privacy")
    assert "27/2022" in client.text("/activate")
