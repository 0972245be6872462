"""Whom to take to a bazaar: by turn, and only who may sell by law."""

from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.programs.models import Program, StallHolder
from marketplace.programs.rules import ProgramKind, ProgramLevel, ProgramState
from marketplace.readiness.rules import GapKind
from marketplace.readiness.services import standing
from tests.factories import (
    BELITUNG,
    PANGKALPINANG,
    make_office,
    make_paper,
    make_person,
    make_producer,
    make_product,
)

HALAL = "ID19110000012340126"


def _bazaar(starts_on: date, region: str = PANGKALPINANG, office: str = "19") -> int:
    keeper = make_office(office)
    with transaction():
        program = Program(
            kind=ProgramKind.BAZAAR,
            title="Bazar Kanari",
            level=ProgramLevel.PROVINCE,
            organiser="Dinas",
            office_id=keeper.id,
            region_code=region,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=2),
            state=ProgramState.OPEN,
        )
        session.add(program)
    return program.id


def _maker(name: str, *, halal: bool = True, region: str = PANGKALPINANG) -> Business:
    maker = make_producer(name=name, region_code=region)
    product = make_product(maker)
    make_paper(maker, kind=PaperKind.PIRT, covers=[product])
    until = today() + timedelta(days=300 if halal else -1)
    make_paper(maker, kind=PaperKind.HALAL, number=HALAL, valid_to=until, covers=[product])
    return maker


def _stood(maker: Business, program_id: int) -> None:
    with transaction():
        session.add(StallHolder(program_id=program_id, business_id=maker.id, name=maker.name))


def test_who_never_had_a_stall_comes_first_and_only_who_is_ready(app: Flask) -> None:
    lately, long_ago, never = _maker("Lately"), _maker("Long ago"), _maker("Never")
    _maker("No halal", halal=False)
    make_producer(name="No product")
    _stood(lately, _bazaar(today() - timedelta(days=30)))
    _stood(long_ago, _bazaar(today() - timedelta(days=300)))
    number = _bazaar(today() + timedelta(days=30))
    found = standing.choices(number, "")
    assert [each.candidate.id for each in found] == [never.id, long_ago.id, lately.id]
    everybody = standing.choices(number, "", only_ready=False)
    assert len(everybody) == 5


def test_what_keeps_a_producer_away_is_named(app: Flask) -> None:
    maker = _maker("No halal", halal=False)
    craft = make_producer()
    make_product(craft, category_code="anyaman", name="Keranjang pandan")
    untold = make_producer()
    make_product(untold)
    found = standing.standings([maker.id, craft.id, untold.id])
    assert [(gap.kind, gap.detail) for gap in found[maker.id].missing] == [(GapKind.PAPER, "halal")]
    assert (found[maker.id].ready, found[maker.id].products) == (0, 1)
    assert found[craft.id].is_ready
    assert (found[untold.id].ready, found[untold.id].untold) == (0, 1)


def test_the_chosen_are_put_on_the_list(app: Flask, signed_in) -> None:
    maker = _maker("Dapur Kanari")
    number = _bazaar(today() + timedelta(days=30))
    browser = signed_in(make_person("province"))
    page = browser.get(f"/readiness/selection?program={number}")
    assert "Dapur Kanari" in page.text
    answer = browser.post(
        "/readiness/selection", data={"program": str(number), "business": [str(maker.id)]}
    )
    assert answer.status_code == 302
    assert [row.business_id for row in session.query(StallHolder)] == [maker.id]
    assert "Dapur Kanari" not in browser.get(f"/readiness/selection?program={number}").text
    nobody = browser.post("/readiness/selection", data={"program": str(number)})
    assert nobody.status_code == 422


@pytest.mark.parametrize("office", ["19", BELITUNG])
def test_a_kabupaten_takes_its_own_to_its_own_bazaar(app: Flask, signed_in, office: str) -> None:
    here, there = _maker("Dapur Sini"), _maker("Dapur Sana", region=BELITUNG)
    own, other = _bazaar(today(), office=PANGKALPINANG), _bazaar(today(), office=office)
    browser = signed_in(make_person("regency"))
    page = browser.get(f"/readiness/selection?program={own}")
    assert "Dapur Sini" in page.text
    assert "Dapur Sana" not in page.text
    assert browser.get(f"/readiness/selection?program={other}").status_code == 404
    both = [str(here.id), str(there.id)]
    assert browser.post(
        "/readiness/selection", data={"program": str(other), "business": both}
    ).status_code in {403, 404}
    assert (
        browser.post(
            "/readiness/selection", data={"program": str(own), "business": both}
        ).status_code
        == 302
    )
    assert [row.business_id for row in session.query(StallHolder)] == [here.id]
