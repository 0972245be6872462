"""One's own account: see, correct, export, devices, password, requests about one's data."""

import io
import json
import zipfile

import pytest

from marketplace.accounts import queries, rules
from marketplace.accounts.models import DataRequest, Person
from marketplace.audit.models import AuditEntry
from marketplace.core.clock import now
from marketplace.infra.db import session
from tests.factories import PASSWORD, make_outlet, make_paper, make_person, make_producer
from tests.support.client import Client

NEW_PASSWORD = "layar putih angin timur"


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for path in ("/account", "/account/export.json", "/account/export.xlsx", "/data-requests"):
        response = client.get(path)
        assert response.status_code == 302
        assert response.location.startswith("/sign-in")


@pytest.mark.both_databases
def test_one_corrects_ones_own_data(signed_in) -> None:
    person = make_person("producer", full_name="Ibu Sti")
    person_id, browser = person.id, signed_in(person)
    data = {"full_name": "Ibu Siti", "phone": "0812 3456 7890", "email": "", "locale": "en"}
    assert browser.post("/account/data", data=data).status_code == 302
    person = queries.get_person(person_id)
    assert (person.full_name, person.phone, person.locale) == ("Ibu Siti", "+6281234567890", "en")


def test_a_number_somebody_else_signs_in_with_is_refused_beside_the_field(signed_in) -> None:
    make_person(phone="+6281234567890")
    browser = signed_in(make_person("producer"))
    data = {"full_name": "Ibu Siti", "phone": "081234567890", "locale": "id"}
    response = browser.post("/account/data", data=data)
    assert response.status_code == 409
    assert 'id="phone-error"' in response.text
    assert "081234567890" in response.text  # what was typed stays


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("full_name", "x" * 10_000),
        ("full_name", "\u202e\u200f"),
        ("phone", "0217654321"),
        ("phone", "12"),
        ("email", "bukan alamat"),
        ("locale", "xx"),
    ],
)
def test_data_that_cannot_be_used_change_nothing(signed_in, field: str, value: str) -> None:
    person = make_person("producer", full_name="Ibu Siti")
    person_id, browser = person.id, signed_in(person)
    data = {"full_name": "Ibu Baru", "phone": "081234567890", "email": "", "locale": "id"}
    assert browser.post("/account/data", data={**data, field: value}).status_code == 422
    assert queries.get_person(person_id).full_name == "Ibu Siti"


def test_without_number_and_address_nobody_could_sign_in_again(signed_in) -> None:
    browser = signed_in(make_person("producer"))
    response = browser.post("/account/data", data={"full_name": "Ibu", "locale": "id"})
    assert response.status_code == 422


def test_html_in_a_name_is_shown_as_text(signed_in) -> None:
    browser = signed_in(make_person("producer", full_name="<script>alert(1)</script>"))
    assert "<script>alert" not in browser.text("/account")


def test_a_new_password_keeps_this_device_and_ends_the_others(signed_in) -> None:
    person = make_person("producer")
    here, there = signed_in(person), signed_in(person)
    data = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert here.post("/account/password", data=data).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_a_wrong_present_password_changes_nothing_and_is_counted(signed_in) -> None:
    person = make_person("producer")
    person_id, browser = person.id, signed_in(person)
    before = person.password_hash
    for _attempt in range(rules.TRIES_PER_ACCOUNT):
        data = {"current": "salah sekali kata ini", "password": NEW_PASSWORD}
        assert browser.post("/account/password", data=data).status_code == 422
    data = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert browser.post("/account/password", data=data).status_code == 429
    assert queries.get_person(person_id).password_hash == before


def test_one_device_is_signed_out_and_the_others_stay(signed_in) -> None:
    person = make_person("producer")
    here, there = signed_in(person), signed_in(person)
    newest = max(one.id for one in queries.list_sessions(person.id))
    assert here.post(f"/account/devices/{newest}/sign-out").status_code == 302
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_nobody_ends_somebody_elses_session(signed_in) -> None:
    mine, theirs = signed_in(make_person("producer")), make_person("buyer")
    their_browser = signed_in(theirs)
    number = queries.list_sessions(theirs.id)[0].id
    assert mine.post(f"/account/devices/{number}/sign-out").status_code == 404
    assert their_browser.get("/account").status_code == 200


def test_signing_out_everywhere_ends_every_session(signed_in) -> None:
    person = make_person("producer")
    here, there = signed_in(person), signed_in(person)
    here.post("/account/sign-out-everywhere")
    assert here.get("/account").status_code == 302
    assert there.get("/account").status_code == 302


def test_all_my_data_holds_every_field_of_the_person_and_their_businesses(signed_in) -> None:
    shop = make_producer(
        name="Kemplang Bu Ani", address="Jalan Kenanga 7", working_capital=7_000_001
    )
    make_paper(shop, number="206197101000431")
    outlet = make_outlet(name="Oleh Oleh Ani")
    stranger = make_producer(name="Orang Lain")
    person = make_person(works_for=[shop, outlet], email="ani@contoh.id")
    kept = {
        column.key: getattr(person, column.key)
        for column in Person.__table__.columns
        if column.key not in {"id", "password_hash", "version", "is_example", "updated_at"}
    }
    response = signed_in(person).get("/account/export.json")
    assert "attachment" in response.headers["Content-Disposition"]
    exported = json.loads(response.text)
    account = exported["account"][0]
    for name, value in kept.items():
        name = "language" if name == "locale" else name
        assert name in account, name
        if isinstance(value, str):
            assert account[name] == str(value)
    for canary in ("Kemplang Bu Ani", "Jalan Kenanga 7", "7000001", "206197101000431", "Cabang 1"):
        assert canary in response.text
    assert stranger.name not in response.text
    assert "argon2" not in response.text


def test_the_same_data_come_as_a_workbook(signed_in) -> None:
    shop = make_producer(name="=HYPERLINK(evil)")
    response = signed_in(make_person(works_for=shop)).get("/account/export.xlsx")
    with zipfile.ZipFile(io.BytesIO(response.data)) as book:
        sheet = "".join(book.read(name).decode() for name in book.namelist() if "sheet1" in name)
        strings = (
            sheet + book.read("xl/sharedStrings.xml").decode()
            if ("xl/sharedStrings.xml" in book.namelist())
            else sheet
        )
    assert "<f>" not in sheet
    assert "HYPERLINK(evil)" in strings


@pytest.mark.both_databases
def test_a_request_about_ones_data_reaches_the_office_with_three_days(signed_in) -> None:
    person = make_person("producer", full_name="Ibu Siti")
    browser, office = signed_in(person), signed_in(make_person("province"))
    data = {"kind": "withdraw", "note": "Saya berhenti berjualan"}
    assert browser.post("/account/requests", data=data).status_code == 302
    asked = session.query(DataRequest).one()
    assert (asked.due_at - now()).total_seconds() == pytest.approx(72 * 3600, abs=60)
    request_id = asked.id
    assert "Ibu Siti" in office.text("/data-requests")
    answer = {"answer": "Akun ditutup hari ini"}
    assert office.post(f"/data-requests/{request_id}", data=answer).status_code == 302
    assert "Akun ditutup hari ini" in browser.text("/account")
    assert "Ibu Siti" not in office.text("/data-requests")


def test_the_same_request_is_not_open_twice(signed_in) -> None:
    browser = signed_in(make_person("producer"))
    assert browser.post("/account/requests", data={"kind": "erase"}).status_code == 302
    assert browser.post("/account/requests", data={"kind": "erase"}).status_code == 409
    assert session.query(DataRequest).count() == 1


@pytest.mark.parametrize("role", ["producer", "buyer", "regency"])
def test_only_the_province_answers_requests(signed_in, role: str) -> None:
    browser = signed_in(make_person(role))
    assert browser.get("/data-requests").status_code == 403


def test_every_change_of_an_account_is_written_down(signed_in) -> None:
    person = make_person("producer")
    person_id, browser = person.id, signed_in(person)
    data = {"full_name": "Ibu Siti", "phone": "0812 3456 7890", "locale": "id"}
    browser.post("/account/data", data=data)
    browser.post("/account/password", data={"current": PASSWORD, "password": NEW_PASSWORD})
    entries = session.query(AuditEntry).filter_by(actor_id=person_id)
    assert {entry.action for entry in entries} == {"person.corrected", "person.password_changed"}
    assert NEW_PASSWORD not in str([entry.details for entry in entries])
