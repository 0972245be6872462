"""Needs as a table: given out, read back as the same, a gap never taking away what is known."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.businesses.models import Business
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.sheet_kinds import Outcome, Problem, Scope
from marketplace.core.sheets import Cell, Sheet
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.rules import CloseReason, NeedState
from marketplace.demand.sheets import NEEDS
from marketplace.exchange.rules import ColumnMap
from marketplace.exchange.sheets import reading, writing
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import JAKARTA_SELATAN, PALEMBANG, make_need, make_outlet

KEYS = [column.key for column in NEEDS.columns]


@pytest.fixture
def outlet(app: Flask) -> Business:
    return make_outlet(name="Toko Uji", branches=[JAKARTA_SELATAN, PALEMBANG])


def owner_of(outlet: Business) -> Actor:
    return Actor(ActorKind.PERSON, person_id=1, outlet_ids=frozenset({outlet.id}))


def given_out(outlet: Business, locale: str = "id") -> list[list[Cell]]:
    with force_locale(locale):
        return writing.in_words(NEEDS, NEEDS.export_rows(owner_of(outlet), {}))


def sent_back(outlet: Business, locale: str = "id", **changed: Cell) -> list[Outcome | Problem]:
    """What the rows of an export do when the file is sent back, with these cells `changed`."""
    rows = given_out(outlet, locale)
    rows = [[changed.get(key, cell) for key, cell in zip(KEYS, row, strict=True)] for row in rows]
    table = Sheet(tuple(KEYS), rows, list(range(2, len(rows) + 2)))
    mapping = ColumnMap({key: index for index, key in enumerate(KEYS)})
    read = reading.read_rows(NEEDS, table, mapping, Scope())
    assert not read.problems
    with transaction():
        drafts = [item.draft for item in read.items]
        return list(NEEDS.apply_rows(owner_of(outlet), drafts, Scope(), is_trial=False))


@pytest.mark.parametrize("locale", ["id", "en"])
def test_needs_given_out_are_read_back_as_the_same(outlet: Business, locale: str) -> None:
    make_need(
        outlet,
        title="Kemplang ikan",
        volumes={JAKARTA_SELATAN: 200, PALEMBANG: None},
        ceiling_price=18_000,
        papers_required="pirt|halal",
        terms="days:30",
        storage="chilled",
        needed_on=date(2027, 1, 31),
    )
    make_need(outlet, title="Lada", terms="consignment", commission_percent=20)
    make_need(outlet, title="Batik", terms="outright", brand="Cual", min_share_percent=10)
    make_need(outlet, title="Sambal", state=NeedState.CLOSED, close_reason=CloseReason.FILLED)
    assert set(sent_back(outlet, locale)) == {Outcome.SAME}


def test_a_place_named_without_a_volume_keeps_the_one_it_has(outlet: Business) -> None:
    need = make_need(outlet, title="Kemplang ikan", volumes={JAKARTA_SELATAN: 200})
    assert sent_back(outlet, volume=None) == [Outcome.SAME]
    assert session.query(NeedLine).filter_by(need_id=need.id).one().volume_per_month == 200


def test_a_draft_without_a_place_is_read_back_too(outlet: Business) -> None:
    with transaction():
        session.add(Need(business_id=outlet.id, title="Kopi", state=NeedState.DRAFT))
    assert sent_back(outlet) == [Outcome.SAME]


def test_a_volume_without_a_place_is_refused(outlet: Business) -> None:
    row = {"business": "Toko Uji", "title": "Kopi", "volume": 5}
    assert [problem.column for problem in NEEDS.parse_row(row, Scope()).problems] == ["region"]


def test_an_export_speaks_the_readers_language(outlet: Business) -> None:
    make_need(outlet, title="Kopi", terms="consignment", papers_required="brand")
    (row,) = given_out(outlet, "en")
    assert {"Open", "Registered brand"} <= set(row)
    (row,) = given_out(outlet, "id")
    assert "Terbuka" in row
    assert not {"open", "Open", "Registered brand", "Consignment"} & set(row)
