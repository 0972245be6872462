"""A deal of several producers: each area has what its own supplied, and the parts add up."""

from datetime import date

import pytest

from marketplace.businesses.models import Business
from marketplace.deals.models import Deal, Order
from marketplace.deals.rules.months import shared_out
from marketplace.deals.rules.orders import OrderState, RejectReason
from marketplace.deals.rules.states import DealState
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.reporting.queries import figures, funnel, open_data
from marketplace.reporting.queries.counting import total_of, totals_of
from marketplace.reporting.rules.figures import FigureKey, Total
from marketplace.reporting.rules.funnel import Loss, Step
from marketplace.reporting.rules.periods import read_period
from marketplace.reporting.rules.scopes import OUTSIDE, Scope, areas_of
from tests import factories
from tests.factories import BANGKA, BELITUNG, PANGKALPINANG
from tests.reporting.conftest import AUGUST, Q3, at, by_area, make_pool

Market = dict[str, Business]
SHARED = (FigureKey.DEALT, FigureKey.DELIVERED, FigureKey.RECEIVED)


def scope(area: str = "") -> Scope:
    return Scope(read_period(Q3), "19", area)


def gained(key: FigureKey, before: dict[str, Total]) -> dict[str, Total]:
    """What an area counts more than before; areas that count no more are left out."""
    now = by_area(key, scope())
    return {
        area: Total(total.count - before[area].count, total.amount - before[area].amount)
        for area, total in now.items()
        if total != before[area]
    }


@pytest.mark.both_databases
def test_each_area_has_the_part_its_producers_supplied(market: Market) -> None:
    before = {key: by_area(key, scope()) for key in SHARED}
    make_pool(market, pangkal=3, bangka=2, luar=2)
    # 7 units at Rp 20.000; Rp 100.000 paid is 42.857 1/7 and twice 28.571 3/7.
    paid = dict(zip((PANGKALPINANG, BANGKA, OUTSIDE), shared_out(100_000, [3, 2, 2]), strict=True))
    assert sorted(paid.values()) == [28_571, 28_572, 42_857]
    assert gained(FigureKey.DELIVERED, before[FigureKey.DELIVERED]) == {
        PANGKALPINANG: Total(1, 60_000),
        BANGKA: Total(1, 40_000),
        OUTSIDE: Total(1, 40_000),
    }
    assert gained(FigureKey.RECEIVED, before[FigureKey.RECEIVED]) == {
        area: Total(1, amount) for area, amount in paid.items()
    }
    assert gained(FigureKey.DEALT, before[FigureKey.DEALT]) == {area: Total(1, 0) for area in paid}


@pytest.mark.both_databases
def test_the_parts_add_up_and_every_figure_equals_its_rows(market: Market) -> None:
    before = totals_of(scope())
    make_pool(market, pangkal=3, bangka=2, luar=2)
    whole = totals_of(scope())
    assert whole[FigureKey.DEALT] == Total(before[FigureKey.DEALT].count + 1, 0)
    for key, more in ((FigureKey.DELIVERED, 140_000), (FigureKey.RECEIVED, 100_000)):
        assert whole[key] == Total(before[key].count + 1, before[key].amount + more)
        assert sum(part.amount for part in by_area(key, scope()).values()) == (whole[key].amount)
    for area in ["", *areas_of("19")]:
        for key in FigureKey:
            total, rows = total_of(key, scope(area)), figures.list_of_rows(key, scope(area))
            assert (len(rows), sum(row.amount for row in rows)) == (total.count, total.amount)
            assert not area or by_area(key, scope())[area] == total, (key, area)
        flows = figures.flows(scope(area))
        added = Total(sum(one.counted for one in flows), sum(one.worth for one in flows))
        assert added == total_of(FigureKey.DELIVERED, scope(area))


def test_a_row_stands_under_the_contact_and_in_another_area_under_its_supplier(
    market: Market,
) -> None:
    deal = make_pool(market, pangkal=5, bangka=5)
    for area, name in (("", "pangkal"), (PANGKALPINANG, "pangkal"), (BANGKA, "bangka")):
        rows = figures.list_of_rows(FigureKey.DEALT, scope(area))
        assert [row.who for row in rows if row.id == deal.id] == [f"Produsen {name}"], area
    ours = Scope(read_period(Q3), "19", "", frozenset({"16"}))
    before = total_of(FigureKey.RECEIVED, ours)
    make_pool(market, pangkal=5, luar=5)
    assert total_of(FigureKey.RECEIVED, ours) == Total(before.count + 1, before.amount + 50_000)


def test_a_supplier_of_a_pool_was_helped_and_came_as_far_as_its_contact(market: Market) -> None:
    market["belitung"] = _newcomer()
    make_pool(market, pangkal=5, belitung=5)
    assert total_of(FigureKey.HELPED, scope(BELITUNG)) == Total(1, 4)
    steps = funnel.count_steps(scope(BELITUNG))
    assert (steps[Step.DEALT], steps[Step.PAID]) == (1, 1)


def _newcomer() -> Business:
    made = factories.make_producer(name="Produsen belitung", region_code=BELITUNG)
    factories.make_product(made, published_at=at(AUGUST))
    return made


def test_a_lost_pool_is_one_loss_of_the_whole_and_of_each_area(market: Market) -> None:
    deal_id = make_pool(market, pangkal=5, bangka=5).id
    with transaction():
        deal = session.get_one(Deal, deal_id)
        deal.state, deal.closed_on = DealState.CANCELLED, AUGUST
        order = session.query(Order).filter_by(deal_id=deal_id).one()
        order.state, order.reject_reason = OrderState.REJECTED, next(iter(RejectReason))
    for area, each in (("", 1), (PANGKALPINANG, 1), (BANGKA, 1), (BELITUNG, 0)):
        found = funnel.count_losses(scope(area))
        for loss in (Loss.DEAL_CLOSED, Loss.GOODS_REJECTED):
            assert sum(one.count for one in found if one.loss is loss) == each, (loss, area)
            rows = [
                row
                for one in found
                for row in funnel.list_of_losses(scope(area), loss, one.reason)
                if one.loss is loss
            ]
            assert len(rows) == each


@pytest.mark.both_databases
def test_open_data_divides_a_pool_too(market: Market) -> None:
    before = date(2026, 10, 1)
    tables = (open_data.payments_by_area, open_data.deliveries_by_area)
    was = [table("19", before, with_examples=True) for table in tables]
    make_pool(market, pangkal=3, bangka=2, luar=2)
    for table, old, parts in zip(tables, was, ((42_857, 28_572), (60_000, 40_000)), strict=True):
        new = table("19", before, with_examples=True)
        for area, part in zip((PANGKALPINANG, BANGKA), parts, strict=True):
            cell = ("20263", area)
            assert new[cell].amount - old[cell].amount == part
            assert new[cell].count - old[cell].count == 1
        # Of the province's whole it is one event.
        (total,) = [key for key in new if key[0] == "20263" and key[1] not in areas_of("19")]
        assert new[total].count - old[total].count == 1
        assert new[total].amount - old[total].amount == sum(parts)
