"""A business keeps its lines of business (KBLI), each with its edition and one as the main one."""

import json

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import queries as accounts
from marketplace.audit.models import AuditEntry
from marketplace.businesses import queries
from marketplace.businesses.documents import personal_data
from marketplace.businesses.models import Business, BusinessKbli
from marketplace.businesses.services.kbli import set_kbli
from marketplace.core.errors import Conflict
from marketplace.core.kbli import kbli_text, read_kbli
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import (
    BANGKA,
    make_outlet,
    make_person,
    make_producer,
    make_product,
)

PRODUCER = {"name": "Kemplang Bu Ani", "region_code": "Pangkalpinang"}


def give(business: Business, text: str) -> Business:
    actor = accounts.actor_of(accounts.get_person(make_person("province").id))
    with transaction():
        set_kbli(actor=actor, business=business, codes=read_kbli(text))
    return business


def codes_of(business_id: int) -> str:
    session.expire_all()
    return kbli_text(queries.kbli_of(business_id))


def test_an_officer_types_the_codes_of_the_nib_sheet_and_everybody_concerned_reads_them(
    signed_in,
) -> None:
    officer = signed_in(make_person("province"))
    officer.post("/businesses/new", data={**PRODUCER, "kbli": "10213\nKBLI 2020: 10794"})
    business = session.query(Business).one()
    assert codes_of(business.id) == "KBLI 2025: 10213; KBLI 2020: 10794"
    page = officer.get(f"/businesses/{business.id}").text
    assert "KBLI 2025: 10213" in page
    owner = signed_in(make_person("producer", works_for=business))
    assert "KBLI 2020: 10794" in owner.get(f"/businesses/{business.id}").text
    stranger = signed_in(make_person("producer"))
    assert "KBLI 2020: 10794" not in stranger.get(f"/businesses/{business.id}").text


def test_another_code_becomes_the_main_one_and_the_trail_says_both(signed_in) -> None:
    business = give(make_producer(), "10213, 10794")
    browser = signed_in(make_person("province"))
    page = browser.get(f"/businesses/{business.id}/edit").text
    assert "KBLI 2025: 10213\nKBLI 2025: 10794" in page
    data = {**PRODUCER, "version": business.version, "kbli": "10794\n10213"}
    assert browser.post(f"/businesses/{business.id}/edit", data=data).status_code == 302
    assert codes_of(business.id) == "KBLI 2025: 10794; KBLI 2025: 10213"
    entry = (
        session.query(AuditEntry)
        .filter_by(action="business.kbli_set")
        .order_by(AuditEntry.id.desc())
        .first()
    )
    assert entry.details["after"] == ["KBLI 2025: 10794", "KBLI 2025: 10213"]


def test_two_who_change_the_codes_at_once_see_each_other(signed_in) -> None:
    business = make_producer()
    seen = business.version
    give(business, "10213")
    data = {**PRODUCER, "version": seen, "kbli": "10794"}
    answer = signed_in(make_person("province")).post(f"/businesses/{business.id}/edit", data=data)
    assert answer.status_code == 409
    assert codes_of(business.id) == "KBLI 2025: 10213"


def test_an_emptied_field_takes_the_codes_away_and_an_unasked_one_leaves_them(signed_in) -> None:
    business = give(make_producer(), "10213")
    browser = signed_in(make_person("province"))
    data = {**PRODUCER, "version": business.version}
    browser.post(f"/businesses/{business.id}/edit", data=data)
    assert codes_of(business.id) == "KBLI 2025: 10213"
    version = session.get(Business, business.id).version
    data = {**PRODUCER, "version": version, "kbli": ""}
    browser.post(f"/businesses/{business.id}/edit", data=data)
    assert codes_of(business.id) == ""


def test_what_is_no_code_stays_on_the_page_with_its_reason(signed_in) -> None:
    browser = signed_in(make_person("province"))
    answer = browser.post("/businesses/new", data={**PRODUCER, "kbli": "ikan beku 12"})
    assert answer.status_code == 422
    assert "ikan beku 12" in answer.text
    assert not session.query(Business).count()


def test_a_code_of_the_old_edition_is_pointed_out_and_not_refused(signed_in) -> None:
    business = give(make_producer(), "KBLI 2020: 10213")
    owner = signed_in(make_person("producer", works_for=business))
    hint = "KBLI 2025 sudah menggantikan KBLI 2020"
    assert hint in owner.get(f"/businesses/{business.id}").text
    assert hint in owner.get(f"/readiness/businesses/{business.id}").text
    give(business, "10213")
    assert hint not in owner.get(f"/businesses/{business.id}").text


def test_codes_that_fit_the_products_are_offered_until_they_are_there(signed_in) -> None:
    business = make_producer()
    make_product(business, category_code="terasi")
    make_product(business, category_code="rusip")
    browser = signed_in(make_person("province"))
    page = browser.get(f"/businesses/{business.id}/edit").text
    assert "KBLI 2025: 10215 (" in page
    assert page.count("10215") == 1
    give(business, "10215")
    assert "10215 (" not in browser.get(f"/businesses/{business.id}/edit").text


def test_the_register_is_narrowed_to_codes_that_begin_alike(signed_in) -> None:
    give(make_producer(name="Ikan Beku Contoh"), "46207, KBLI 2020: 10213")
    give(make_producer(name="Tenun Contoh", region_code=BANGKA), "13122")
    browser = signed_in(make_person("province"))

    def named(query: str) -> list[str]:
        page = browser.get(f"/businesses?{query}").text
        return [name for name in ("Ikan Beku Contoh", "Tenun Contoh") if name in page]

    assert named("kbli=10") == ["Ikan Beku Contoh"]
    assert named("kbli=131") == ["Tenun Contoh"]
    assert named("kbli=KBLI 10213") == ["Ikan Beku Contoh"]
    assert named("kbli=99") == []
    assert named("kbli=_%") == ["Ikan Beku Contoh", "Tenun Contoh"]
    file = browser.get("/export/producers.csv?kbli=131").text
    assert "Tenun Contoh" in file
    assert "Ikan Beku Contoh" not in file
    regency = signed_in(make_person("regency", area=BANGKA))
    assert "Tenun Contoh" in regency.get("/businesses?kbli=13").text


@pytest.mark.parametrize(
    "rows",
    [
        [("2025", "1021", True)],
        [("2025", "1021a", True)],
        [("2017", "10213", True)],
        [("2025", "10213", True), ("2025", "10213", False)],
        [("2025", "10213", True), ("2020", "10213", True)],
    ],
    ids=["four digits", "a letter", "unknown edition", "twice", "two main ones"],
)
def test_the_database_refuses_what_no_nib_says(app: object, rows: list[tuple]) -> None:
    number = make_producer().id
    with pytest.raises((IntegrityError, Conflict)), transaction():
        session.add_all(
            BusinessKbli(business_id=number, version=version, code=code, is_main=main)
            for version, code, main in rows
        )
        session.flush()


def test_the_codes_are_part_of_ones_own_data(app: object) -> None:
    business = give(make_outlet(), "47242")
    person = make_person("buyer", works_for=business)
    assert "KBLI 2025: 47242" in json.dumps(personal_data(person.id), default=str)
