"""The capacity calendar: no month is promised twice, and a cut shows first what it breaks."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from marketplace.catalog import queries as catalog
from marketplace.catalog import services as catalog_services
from marketplace.catalog.rules import ProductState
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.deals import queries
from marketplace.deals.models import CapacityMonth, Deal, DealPromise
from marketplace.deals.rules.months import add_months
from marketplace.deals.services import capacity, ordering
from marketplace.deals.services.capacity import Cut, Differing
from marketplace.deals.services.ordering import OrderDraft
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.deals.conftest import NEXT, Trade, evidence
from tests.factories import make_person, make_product


def set_capacity(
    trade: Trade,
    base: int,
    exceptions: dict[object, Differing] | None = None,
    *,
    accept: bool = False,
) -> list[Cut]:
    wanted = exceptions or {}
    cuts = capacity.cuts_of(trade.product.id, base, wanted) if accept else []
    with transaction():
        return capacity.set_capacity(
            actor=trade.actor(trade.maker),
            product_id=trade.product.id,
            base=base,
            exceptions=wanted,
            accepted=[(cut.promise_id, cut.volume) for cut in cuts],
        )


def ledger(trade: Trade) -> list[tuple[int, int, int]]:
    session.rollback()
    rows = queries.list_months([trade.product.id], NEXT)
    return [(row.capacity, row.promised, row.at_risk) for row in rows]


def at_risk(deal: Deal) -> list[tuple[int, int]]:
    return [(row.promised, row.at_risk) for row in queries.promises_of_deal(deal.id)]


def test_a_month_may_differ_and_holds_no_more_than_it_says(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    set_capacity(trade, 100, {add_months(NEXT, 1): Differing(30, "Lebaran")})
    with pytest.raises(RuleBroken) as refused:
        signed(volume=31)
    assert refused.value.params["left"] == 30
    signed(volume=30)
    assert ledger(trade) == [(100, 30, 0), (30, 30, 0), (100, 30, 0)]


def test_a_cut_shows_which_deals_it_breaks_and_saves_nothing_before(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    older, newer = signed(volume=60), signed(volume=40)
    cuts = capacity.cuts_of(trade.product.id, 50, {})
    assert [(cut.deal_id, cut.volume) for cut in cuts] == [(newer.id, 40), (older.id, 10)] * 3
    with pytest.raises(Conflict):
        set_capacity(trade, 50)
    assert ledger(trade) == [(100, 100, 0)] * 3
    assert catalog.get_product(trade.product.id).capacity_per_month == 100


def test_a_cut_that_was_looked_at_moves_volume_from_promised_to_at_risk(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    older, newer = signed(volume=60), signed(volume=40)
    set_capacity(trade, 50, accept=True)
    assert ledger(trade) == [(50, 50, 50)] * 3
    assert at_risk(newer) == [(0, 40)] * 3
    assert at_risk(older) == [(50, 10)] * 3
    assert catalog.get_product(trade.product.id).capacity_per_month == 50


def test_what_was_at_risk_is_promised_again_once_there_is_room_the_oldest_first(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    older, newer = signed(volume=60), signed(volume=40)
    set_capacity(trade, 50, accept=True)
    set_capacity(trade, 80)
    assert ledger(trade) == [(80, 80, 20)] * 3
    assert at_risk(older) == [(60, 0)] * 3
    assert at_risk(newer) == [(20, 20)] * 3


def test_a_deal_signed_meanwhile_is_not_broken_unseen(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    signed(volume=60)
    seen = capacity.cuts_of(trade.product.id, 50, {})
    signed(volume=40)
    with pytest.raises(Conflict), transaction():
        capacity.set_capacity(
            actor=trade.actor(trade.maker),
            product_id=trade.product.id,
            base=50,
            exceptions={},
            accepted=[(cut.promise_id, cut.volume) for cut in seen],
        )
    assert ledger(trade) == [(100, 100, 0)] * 3


def test_what_is_already_ordered_cannot_be_put_at_risk(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60)
    line = queries.get_deal(deal.id).lines[0]
    with transaction():
        ordering.order(
            actor=trade.office,
            deal_id=deal.id,
            draft=OrderDraft(line.id, 40, NEXT),
            evidence=evidence(),
        )
    with pytest.raises(RuleBroken):
        set_capacity(trade, 30, accept=True)
    assert ledger(trade) == [(100, 60, 0)] * 3


@pytest.mark.parametrize("state", [ProductState.PUBLISHED, ProductState.PAUSED])
def test_the_form_of_a_product_cannot_lower_capacity_below_what_is_promised(
    trade: Trade, signed: Callable[..., Deal], state: ProductState
) -> None:
    signed(volume=60)
    actor = trade.actor(trade.maker)
    if state is ProductState.PAUSED:
        with transaction():
            catalog_services.pause_product(
                actor=actor, product=catalog.get_product(trade.product.id)
            )

    def say(volume: int) -> None:
        with transaction():
            product = catalog.get_product(trade.product.id)
            draft = catalog_services.draft_of(product)
            changed = replace(draft, capacity_per_month=volume)
            catalog_services.change_product(actor=actor, product=product, draft=changed)

    with pytest.raises(InvalidInput) as refused:
        say(59)
    assert set(refused.value.fields) == {"capacity_per_month"}
    assert ledger(trade) == [(100, 60, 0)] * 3
    say(70)
    assert ledger(trade) == [(70, 60, 0)] * 3


def test_only_those_who_may_change_the_product_set_its_calendar(trade: Trade) -> None:
    for person in (trade.buyer, make_person("province"), make_person("regency")):
        with pytest.raises(NotAllowed), transaction():
            capacity.set_capacity(
                actor=trade.actor(person), product_id=trade.product.id, base=10, exceptions={}
            )


def test_the_calendar_of_another_product_is_left_alone(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    make_product(trade.producer, capacity_per_month=100)
    signed(volume=60)
    set_capacity(trade, 60)
    assert {row.product_id for row in session.query(CapacityMonth)} == {trade.product.id}
    assert sum(row.promised for row in session.query(DealPromise)) == 180


def test_a_file_that_lowers_capacity_below_what_is_promised_leaves_the_product_as_it_was(
    trade: Trade, signed: Callable[..., Deal]
) -> None:
    """An import goes on after a refused row, in the same transaction: nothing may be left of it."""
    signed(volume=60)
    with transaction():
        product = catalog.get_product(trade.product.id)
        draft = replace(
            catalog_services.draft_of(product), capacity_per_month=10, description="Baru"
        )
        with pytest.raises(InvalidInput):
            catalog_services.put_product(
                actor=trade.actor(trade.maker),
                business=trade.producer,
                draft=draft,
                known=product,
                publish=False,
            )
    session.rollback()
    product = catalog.get_product(trade.product.id)
    assert (product.capacity_per_month, product.description) == (100, "")
    assert ledger(trade) == [(100, 60, 0)] * 3
