"""What is missing and what closing it would open: worlds added up by hand."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.events import ProductWithdrawn
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState, Storage
from marketplace.core.clock import today
from marketplace.demand.events import NeedClosed
from marketplace.demand.models import NeedLine
from marketplace.infra import events
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.readiness import queries
from marketplace.readiness.models import MissedPairing
from marketplace.readiness.queries import Scope, Total
from marketplace.readiness.services import measuring
from marketplace.suggestions.jobs import running
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.services import computing
from tests.factories import (
    BELITUNG,
    JAKARTA_SELATAN,
    PALEMBANG,
    make_branch,
    make_need,
    make_outlet,
    make_paper,
    make_producer,
    make_product,
)
from tests.readiness.conftest import Measure

pytestmark = pytest.mark.both_databases

HALAL, PIRT, EAN = "ID19110000012340126", "2061971010001-31", "8991234567891"


def _product(producer: Business, *papers: PaperKind, **given: object) -> Product:
    """With these papers, and a barcode that ran out.

    A paper nobody said anything of is asked for and blocks nobody: only what is known to be
    missing is a gap.
    """
    product = make_product(producer, **{"name": "Kemplang panggang tenggiri 250 g", **given})
    yesterday = today() - timedelta(days=1)
    make_paper(producer, kind=PaperKind.GS1, number=EAN, valid_to=yesterday, covers=[product])
    for kind in papers:
        number = HALAL if kind is PaperKind.HALAL else PIRT
        make_paper(producer, kind=kind, number=number, covers=[product])
    return product


def _lines(**given: object) -> dict[tuple[str, str], queries.GapLine]:
    return {(line.kind.value, line.detail): line for line in queries.gap_lines(Scope(**given))}


def test_a_missing_paper_opens_the_outlets_of_the_need_at_the_producers_price(
    measure: Measure,
) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    make_need(
        title="Kemplang panggang 250gr",
        papers_required="gs1",
        volumes={JAKARTA_SELATAN: 100, PALEMBANG: 50},
    )
    measure()
    line = _lines()["barcode", ""]
    assert line.alone == Total(needs=1, outlets=2, money=150 * 20_000)
    assert line.together == Total()
    assert line.producers == 1


def test_a_branch_counts_the_shops_it_stands_for(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    outlet = make_outlet(branches=())
    branch = make_branch(outlet, stores=12)
    need = make_need(outlet, title="Kemplang panggang 250gr", papers_required="gs1")
    with transaction():
        session.query(NeedLine).filter_by(need_id=need.id).one().branch_id = branch.id
    measure()
    assert _lines()["barcode", ""].alone.outlets == 12


def test_two_gaps_open_a_need_only_together(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL, shelf_life_days=20)
    make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    measure()
    lines = _lines()
    assert set(lines) == {("barcode", ""), ("shelf_life", "")}
    for line in lines.values():
        assert line.alone == Total()
        assert line.together == Total(needs=1, outlets=1, money=100 * 20_000)
    assert queries.totals(Scope()) == Total(needs=1, outlets=1, money=100 * 20_000)


def test_the_same_paper_asked_by_law_and_by_the_outlet_is_one_gap(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, storage=Storage.FROZEN)
    make_need(title="Kemplang panggang 250gr", papers_required="md", storage="frozen")
    measure()
    lines = _lines()
    assert lines["paper", "md"].is_legal
    assert ("paper", "pirt") not in lines


def test_two_products_for_one_need_open_it_once_and_never_above_what_it_asks(
    measure: Measure,
) -> None:
    for price in (20_000, 22_000):
        _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL, price=price)
    make_need(
        title="Kemplang panggang 250gr", papers_required="gs1", volumes={JAKARTA_SELATAN: 100}
    )
    measure()
    assert session.query(MissedPairing).count() == 2
    # 200 packs could be supplied, 100 are asked for: half of 100 x 20,000 + 100 x 22,000.
    assert queries.totals(Scope()) == Total(needs=1, outlets=1, money=2_100_000)
    assert _lines()["barcode", ""].alone == Total(needs=1, outlets=1, money=2_100_000)
    assert _lines()["barcode", ""].producers == 2


def test_what_is_opened_is_no_more_than_the_producer_can_make(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL, capacity_per_month=30)
    make_need(
        title="Kemplang panggang 250gr",
        papers_required="gs1",
        volumes={JAKARTA_SELATAN: 100, PALEMBANG: 50},
    )
    measure()
    # The first place takes all of it: the second would open and get nothing.
    assert _lines()["barcode", ""].alone == Total(needs=1, outlets=1, money=30 * 20_000)


def test_goods_of_another_kind_are_no_gap(measure: Measure) -> None:
    _product(make_producer(), PaperKind.HALAL, category_code="kopi", name="Kemplang panggang 250gr")
    make_need(title="Kemplang panggang 250gr")
    measure()
    assert session.query(MissedPairing).count() == 0


def test_a_price_gap_tells_no_rupiah_where_the_ceiling_may_not_be_told(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL, price=90_000)
    make_need(title="Kemplang panggang 250gr", ceiling_price=30_000)
    measure()
    line = _lines()["price", ""]
    assert line.alone.needs == 1
    assert 0 < line.alone.money < 100 * 30_000  # for the office: at the price that would do
    told = _lines(tell_price=False)["price", ""]
    assert told.alone == Total(needs=1, outlets=1, money=0)


def test_areas_are_added_up_apart(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    _product(make_producer(region_code=BELITUNG), PaperKind.PIRT, PaperKind.HALAL)
    make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    measure()
    assert queries.totals(Scope(area=BELITUNG)).needs == 1
    assert _lines(area=BELITUNG)["barcode", ""].producers == 1
    # One need, whoever of both opens it.
    assert queries.totals(Scope()).needs == 1


def test_what_was_closed_or_withdrawn_is_forgotten_at_once(measure: Measure) -> None:
    product = _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    first = make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    make_need(title="Kemplang panggang 250gr isi", papers_required="gs1")
    measure()
    assert session.query(MissedPairing).count() == 2
    with transaction():
        events.publish(NeedClosed(first.id))
    assert session.query(MissedPairing).count() == 1
    with transaction():
        session.get_one(Product, product.id).state = ProductState.WITHDRAWN
        events.publish(ProductWithdrawn(product.id))
    assert session.query(MissedPairing).count() == 0


def test_the_engines_job_is_followed_by_the_measurement(
    app: Flask, run_jobs: Callable[[], int], measure: Measure
) -> None:
    product = _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    measure()
    make_paper(
        session.get_one(Business, product.business_id),
        kind=PaperKind.GS1,
        number=EAN,
        covers=[product],
    )
    with transaction():
        computing.schedule_for_business(product.business_id)
    run_jobs()
    run_jobs()
    assert session.query(MissedPairing).count() == 0
    assert session.query(Suggestion).count() == 1


def test_a_run_of_the_command_is_followed_by_the_measurement(
    app: Flask, run_jobs: Callable[[], int], tmp_path: Path
) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    run_jobs()
    assert session.query(MissedPairing).count() == 0
    running.bring_to_end(running.begin("night"), folder=tmp_path / "night")
    run_jobs()
    assert session.query(MissedPairing).count() == 1


def test_both_directions_measure_the_same(measure: Measure) -> None:
    product = _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL, shelf_life_days=20)
    need = make_need(title="Kemplang panggang 250gr", papers_required="gs1")
    measure()
    of_need, of_product = measuring.of_need(need.id), measuring.of_product(product.id)
    assert of_need == of_product
    assert of_need


def test_what_everybody_already_fits_is_not_missed(measure: Measure) -> None:
    _product(make_producer(), PaperKind.PIRT, PaperKind.HALAL)
    make_need(title="Kemplang panggang 250gr")
    measure()
    assert queries.gap_lines(Scope()) == []
