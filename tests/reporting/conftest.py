"""A trade that reaches from two kabupaten and one place outside to three zones."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.businesses.models import Branch, Business
from marketplace.catalog.models import Product
from marketplace.core.clock import WIB
from marketplace.deals.models import (
    Deal,
    DealItem,
    DealLine,
    DealSupply,
    Order,
    OrderSupply,
    Payment,
)
from marketplace.deals.rules.orders import OrderState
from marketplace.deals.rules.states import DealState, Origin
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings.models import Meeting
from marketplace.meetings.rules import MeetingState
from marketplace.reporting.queries.counting import counted, total_of
from marketplace.reporting.rules.figures import OUTLET_FIGURES, FigureKey, Total
from marketplace.reporting.rules.scopes import Scope, areas_of
from marketplace.suggestions.rules import IntroductionState, SuggestionState
from tests import factories
from tests.factories import BANGKA, BELITUNG, JAKARTA_SELATAN, PALEMBANG, PANGKALPINANG

JAMBI, MEDAN = "15.71", "12.71"
Q3 = "2026-Q3"
AUGUST = date(2026, 8, 12)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=WIB)


def make_deal(producer: Business, outlet: Business, **given: Any) -> Deal:
    """A running deal, signed on the first of August, with a line to every branch of the outlet."""
    values: dict[str, Any] = {
        "origin": Origin.DIRECT,
        "area_code": producer.region_code,
        "title": "Kemplang",
        "state": DealState.RUNNING,
        "terms": "outright",
        "starts_on": date(2026, 8, 1),
        "months": 12,
        "signed_on": date(2026, 8, 1),
        **given,
    }
    product = session.query(Product).filter_by(business_id=producer.id).first()
    product = product or factories.make_product(producer, published_at=at(AUGUST))
    with transaction():
        deal = Deal(producer_id=producer.id, buyer_id=outlet.id, **values)
        item = DealItem(position=1, title="Kemplang", unit="bungkus", price=20_000, volume=100)
        item.supplies = [DealSupply(product_id=product.id)]
        deal.items = [item]
        session.add(deal)
        session.flush()
        for branch in session.query(Branch).filter_by(business_id=outlet.id).order_by(Branch.id):
            session.add(
                DealLine(
                    deal_id=deal.id,
                    item_id=item.id,
                    branch_id=branch.id,
                    place=branch.region_code,
                    volume=10,
                )
            )
    return deal


def make_order(deal: Deal, on: date, *, quantity: int = 10, paid: int = 0, line: int = 0) -> Order:
    """An order whose goods were accepted on a day, and what was paid of it that day."""
    lines = session.query(DealLine).filter_by(deal_id=deal.id).order_by(DealLine.id).all()
    number = session.query(Order).filter_by(deal_id=deal.id).count() + 1
    with transaction():
        order = Order(
            deal_id=deal.id,
            number=number,
            item_id=lines[line].item_id,
            line_id=lines[line].id,
            state=OrderState.INVOICED,
            quantity=quantity,
            price=20_000,
            accepted=quantity,
            ordered_on=on - timedelta(days=5),
            wanted_on=on,
            decided_on=on,
            invoiced_on=on,
            due_on=on,
            invoice_amount=quantity * 20_000,
            paid_amount=paid,
        )
        session.add(order)
        session.flush()
        if paid:
            session.add(Payment(order_id=order.id, amount=paid, on=on))
    return order


@pytest.fixture
def market(app: Flask) -> dict[str, Business]:
    return make_market()


def make_market() -> dict[str, Business]:
    """Everything in August 2026: two areas, one producer outside, and one before the quarter."""
    made = datetime(2026, 7, 5, tzinfo=WIB)
    producers = {
        name: factories.make_producer(name=f"Produsen {name}", region_code=code, created_at=made)
        for name, code in (("pangkal", PANGKALPINANG), ("bangka", BANGKA), ("luar", PALEMBANG))
    }
    chain = factories.make_outlet(
        name="Toko Jauh", branches=(JAKARTA_SELATAN, PALEMBANG, JAMBI), created_at=made
    )
    local = factories.make_outlet(name="Toko Dekat", branches=(BELITUNG,), created_at=made)
    for producer in producers.values():
        product = factories.make_product(producer, published_at=at(AUGUST))
        suggestion = factories.make_suggestion(
            product, state=SuggestionState.ACCEPTED, decided_at=at(AUGUST), created_at=at(AUGUST)
        )
        factories.make_introduction(
            suggestion,
            state=IntroductionState.AGREED,
            producer_agreed_at=at(AUGUST),
            buyer_agreed_at=at(AUGUST, 15),
        )
    first = make_deal(producers["pangkal"], chain)
    make_order(first, AUGUST, paid=150_000)
    make_order(first, AUGUST + timedelta(days=9), paid=200_000, line=1)
    make_order(make_deal(producers["bangka"], local), AUGUST, paid=90_000)
    make_order(make_deal(producers["luar"], chain), AUGUST, paid=40_000)
    # Another quarter: none of this counts.
    make_order(first, date(2026, 6, 30), quantity=300, paid=5_000_000)
    return {**producers, "chain": chain, "local": local}


MeetingMaker = Callable[..., Meeting]


@pytest.fixture
def held(app: Flask) -> MeetingMaker:
    """`held(producer, outlet, day)` is a meeting; held unless `state` says otherwise."""

    def make(
        producer: Business,
        outlet: Business,
        day: date = AUGUST,
        state: MeetingState = MeetingState.HELD,
        **given: Any,
    ) -> Meeting:
        event = factories.make_event(on=day)
        pair = [factories.make_participant(event, one) for one in (producer, outlet)]
        return factories.make_meeting(
            factories.make_meeting_request(*pair), state=state, ended_at=at(day, 12), **given
        )

    return make


def make_pool(market: dict[str, Business], **units: int) -> Deal:
    """A deal of several producers, the first the contact, with the units each gives of an order."""
    names = list(units)
    deal = make_deal(market[names[0]], market["local"])
    products = [session.query(Product).filter_by(business_id=market[n].id).first() for n in names]
    with transaction():
        item = session.query(DealItem).filter_by(deal_id=deal.id).one()
        for product in products[1:]:
            session.add(DealSupply(item_id=item.id, product_id=product.id, share_percent=30))
    order = make_order(deal, AUGUST, quantity=sum(units.values()), paid=100_000)
    with transaction():
        for product, given in zip(products, units.values(), strict=True):
            session.add(OrderSupply(order_id=order.id, product_id=product.id, quantity=given))
    return deal


def by_area(key: FigureKey, scope: Scope) -> dict[str, Total]:
    """A figure of the province by its kabupaten/kota, as the report tells it."""
    if key in OUTLET_FIGURES:
        return {area: total_of(key, scope.within(area)) for area in areas_of(scope.home)}
    areas = counted(scope, [scope.period]).areas
    return {area: totals[key] for area, totals in areas.items()}
