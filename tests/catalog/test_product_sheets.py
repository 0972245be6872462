"""Products as a table: read, tried out, taken in twice, given out."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.catalog.sheets import PRODUCTS
from marketplace.core.actor import SYSTEM, Actor, ActorKind
from marketplace.core.sheet_kinds import Outcome, Problem, Scope
from marketplace.core.sheets import Sheet
from marketplace.exchange.rules import ColumnMap
from marketplace.exchange.sheets import reading, writing
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import make_producer, make_product

ROW: dict[str, Any] = {
    "business": "Dapur Uji",
    "name": "Kemplang panggang 250 gr",
    "category": "Kemplang",
    "price": "23.500",
    "unit": "bks",
    "capacity_per_month": 1000,
    "zones": "Jabodetabek, Sumatera",
    "terms": "beli putus, konsinyasi",
    "price_breaks": "100: 22.500; 500: 21rb",
}


def parsed(**changed: Any) -> Any:
    return PRODUCTS.parse_row({**ROW, **changed}, Scope())


def take_in(*drafts: Any, publish: bool = True, actor: Actor = SYSTEM, trial: bool = False) -> Any:
    with transaction():
        scope = Scope(publish=publish)
        return list(PRODUCTS.apply_rows(actor, drafts, scope, is_trial=trial))


@pytest.fixture
def producer(app: Flask) -> Business:
    return make_producer(name="Dapur Uji")


def test_a_row_is_read_with_the_pack_of_its_name() -> None:
    said = parsed().draft.said
    assert (said.pack.token, said.price, said.unit) == ("250g", 23_500, "bungkus")
    assert said.zones == ("jabodetabek", "sumatera")
    assert said.terms == ("outright", "consignment")
    assert said.price_breaks == ((100, 22_500), (500, 21_000))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("name", ""),
        ("category", "Sesuatu"),
        ("price", -5),
        ("price", 0),
        ("price", float("nan")),
        ("price", 1e308),
        ("price", "1.250.000,50"),
        ("unit", "gerobak"),
        ("pack", "besar"),
        ("weight", "-2 kg"),
        ("min_order", 0),
        ("capacity_per_month", "banyak"),
        ("capacity_per_month", -1),
        ("shelf_life_days", 1e9),
        ("storage", "di atas lemari"),
        ("zones", "Atlantis"),
        ("terms", "barter"),
        ("price_breaks", "murah"),
        ("name", "x" * 10_000),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(column: str, cell: object) -> None:
    assert column in {problem.column for problem in parsed(**{column: cell}).problems}


@pytest.mark.both_databases
def test_the_same_row_twice_changes_nothing(producer: Business) -> None:
    draft = parsed().draft
    assert take_in(draft, trial=True) == [Outcome.ADDED]
    assert session.query(Product).count() == 0
    assert take_in(draft) == [Outcome.ADDED]
    assert take_in(draft, trial=True) == take_in(draft) == [Outcome.SAME]
    assert session.query(Product).one().state is ProductState.PUBLISHED


def test_a_new_price_changes_the_product_and_keeps_what_the_row_leaves_empty(
    producer: Business,
) -> None:
    take_in(parsed().draft)
    cheaper = parsed(price=23_000, capacity_per_month=None, zones="").draft
    assert take_in(cheaper, trial=True) == take_in(cheaper) == [Outcome.CHANGED]
    product = session.query(Product).one()
    assert (product.price, product.capacity_per_month) == (23_000, 1_000)
    assert product.zones == "jabodetabek|sumatera"


def test_what_lacks_a_price_cannot_be_published_but_is_kept_as_a_draft(producer: Business) -> None:
    without = parsed(price=None, price_breaks=None).draft
    answer = take_in(without)[0]
    assert isinstance(answer, Problem)
    assert answer.column == "price"
    assert take_in(without, publish=False) == [Outcome.ADDED]
    assert session.query(Product).one().state is ProductState.DRAFT


def test_a_paused_product_stays_paused(producer: Business) -> None:
    make_product(
        producer, name=ROW["name"], price=1_000, state=ProductState.PAUSED, capacity_per_month=1
    )
    assert take_in(parsed().draft) == [Outcome.CHANGED]
    assert session.query(Product).one().state is ProductState.PAUSED


def test_an_unknown_producer_and_somebody_elses_are_refused(producer: Business) -> None:
    stranger = Actor(ActorKind.PERSON, person_id=9, producer_ids=frozenset({producer.id + 1}))
    nobody, other = (
        take_in(parsed(business="Tidak Ada").draft),
        take_in(parsed().draft, actor=stranger),
    )
    assert [answer.column for answer in (*nobody, *other)] == ["business", "business"]


@pytest.mark.parametrize(
    ("locale", "state", "word"),
    [
        ("id", ProductState.PUBLISHED, "Terbit"),
        ("en", ProductState.PUBLISHED, "Published"),
        ("id", ProductState.WITHDRAWN, "Ditarik"),
        ("en", ProductState.WITHDRAWN, "Withdrawn"),
    ],
)
def test_what_is_given_out_in_words_is_read_back_as_the_same(
    producer: Business, locale: str, state: ProductState, word: str
) -> None:
    take_in(parsed().draft)
    with transaction():
        session.query(Product).one().state = state
    owner = Actor(ActorKind.PERSON, person_id=1, producer_ids=frozenset({producer.id}))
    with force_locale(locale):
        rows = writing.in_words(PRODUCTS, PRODUCTS.export_rows(owner, {}))
    keys = [column.key for column in PRODUCTS.columns]
    assert rows[0][keys.index("state")] == word
    terms = str(rows[0][keys.index("terms")])
    assert terms.startswith("Paid on delivery") == (locale == "en")
    mapping = ColumnMap({key: index for index, key in enumerate(keys)})
    read = reading.read_rows(PRODUCTS, Sheet(tuple(keys), rows, [2]), mapping, Scope(publish=True))
    assert not read.problems
    assert take_in(*(item.draft for item in read.items)) == [Outcome.SAME]
    assert session.query(Product).count() == 1


def test_an_export_holds_only_what_its_list_shows(producer: Business) -> None:
    take_in(parsed().draft)
    make_product(region := make_producer(region_code="19.02"))
    other = Actor(ActorKind.PERSON, person_id=2, producer_ids=frozenset({region.id}))
    assert len(PRODUCTS.export_rows(other, {})) == 1
    officer = Actor(ActorKind.PERSON, person_id=3, is_regency_officer=True, area="19.71")
    assert [row[0] for row in PRODUCTS.export_rows(officer, {})] == ["Dapur Uji"]
    assert PRODUCTS.export_rows(officer, {"state": "draft"}) == []
