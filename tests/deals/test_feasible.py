"""Whether a deal can be kept in days and in cash."""

from collections.abc import Callable
from datetime import date

import pytest

from marketplace.audit.models import AuditEntry
from marketplace.core.errors import InvalidInput
from marketplace.deals import queries
from marketplace.deals.models import Deal
from marketplace.deals.rules import feasible as rules
from marketplace.deals.rules.feasible import Journey, Selling
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.states import DealState
from marketplace.deals.services import feasible, signing
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.conftest import SignIn
from tests.deals.conftest import Trade, evidence, record, sign, terms_of
from tests.factories import PANGKALPINANG


def test_goods_leave_early_enough_for_a_slow_journey() -> None:
    found = rules.arrival_of(
        Journey(3, 6, 450, 1, estimated=True),
        wanted_on=date(2027, 1, 31),
        lead_days=4,
        shelf_life_days=60,
        own_price=20_000,
    )
    assert found.ship_by == date(2027, 1, 23)
    assert found.order_by == date(2027, 1, 19)
    assert found.shelf_left == 48
    assert found.landed == 20_450


def test_freight_of_a_unit_goes_by_its_weight_and_is_unknown_without_it() -> None:
    assert rules.freight_per_unit(1_500, 300) == 450
    assert rules.freight_per_unit(1_501, 1) == 2
    assert rules.freight_per_unit(1_500, None) is None


def test_consignment_ties_money_up_longer_and_needs_more_sold() -> None:
    def cash(selling: Selling) -> rules.Cash:
        return rules.cash_of(
            units_a_month=300, price=20_000, unit_cost=14_000, way_days=5, selling=selling
        )

    outright = cash(Selling())
    assert outright.tied_up == 14_000 * 5 * 10
    assert (outright.days_to_money, outright.break_even_percent) == (5, 70)
    shelf = cash(Selling(pay_days=14, fill_days=14, sell_days=30, commission_percent=20))
    assert shelf.tied_up == 14_000 * 63 * 10
    assert (shelf.net_price, shelf.margin_a_month) == (16_000, 600_000)
    assert shelf.break_even_percent == 88
    given_away = cash(Selling(commission_percent=90))
    assert given_away.break_even_percent > 100


def test_a_line_over_the_sea_takes_longer_than_one_at_home(trade: Trade) -> None:
    lines = (LineDraft(PANGKALPINANG, 20), LineDraft("jabodetabek", 40))
    deal = queries.get_deal(record(trade, terms_of(trade, 60, lines=lines)).id)
    home, away = feasible.lines_of(deal)
    assert home.journey.sea_legs == 0
    assert away.journey.sea_legs >= 1
    assert home.arrival.ship_by > away.arrival.ship_by
    assert home.arrival.landed is not None
    assert away.arrival.landed is not None
    assert home.arrival.landed < away.arrival.landed


def test_a_deal_above_the_declared_capital_is_signed_only_with_a_reason(trade: Trade) -> None:
    with transaction():
        session.get_one(type(trade.producer), trade.producer.id).working_capital = 1_000
    deal = record(trade, terms_of(trade, 60))
    with pytest.raises(InvalidInput) as refused:
        sign(trade, deal)
    assert set(refused.value.fields) == {"capital_reason"}
    assert queries.get_deal(deal.id).state is DealState.COMMITMENT
    with transaction():
        signing.sign(
            actor=trade.office,
            deal_id=deal.id,
            evidence=evidence(),
            capital_reason="Modal dipinjam dari koperasi",
        )
    assert queries.get_deal(deal.id).capital_reason == "Modal dipinjam dari koperasi"


def test_the_page_is_for_the_producer_and_the_office_not_for_the_buyer(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    url = f"/deals/{signed().id}/feasible"
    page = signed_in(trade.maker).text(url)
    assert "lewat laut" in page
    assert "Konsinyasi" in page or "Titip" in page
    assert signed_in(trade.officer).get(f"{url}?unit_cost=10000").status_code == 200
    assert signed_in(trade.officer).get(f"{url}?unit_cost=abc").status_code == 200
    assert signed_in(trade.buyer).get(url).status_code == 404


def test_the_office_that_learns_of_declared_capital_is_noted(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    with transaction():
        session.get_one(type(trade.producer), trade.producer.id).working_capital = 10**9
    url = f"/deals/{signed().id}/feasible"
    assert "cukup" in signed_in(trade.maker).text(url)
    seen = session.query(AuditEntry).filter_by(action="business.figures_seen")
    assert seen.count() == 0
    assert "cukup" in signed_in(trade.officer).text(url)
    assert seen.count() == 1
