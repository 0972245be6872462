"""One producer, one chain with three branches, and a deal between them."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.businesses.models import Branch, Business
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.deals.models import Deal
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import add_months, month_of
from marketplace.deals.rules.states import Origin
from marketplace.deals.rules.terms import Commitment, DealDraft, ItemDraft
from marketplace.deals.services import recording, signing
from marketplace.deals.services.steps import Evidence
from marketplace.infra.db import session, writing
from marketplace.infra.transaction import transaction
from tests.factories import (
    JAKARTA_SELATAN,
    PALEMBANG,
    make_outlet,
    make_person,
    make_producer,
    make_product,
)

JAMBI = "15.71"
NEXT = add_months(month_of(today()), 1)


@dataclass
class Trade:
    producer: Business
    maker: Person
    product: Product
    outlet: Business
    buyer: Person
    officer: Person
    branches: list[Branch]

    def actor(self, person: Person) -> Actor:
        producers = frozenset({self.producer.id} if person is self.maker else ())
        outlets = frozenset({self.outlet.id} if person is self.buyer else ())
        return accounts.actor_of(
            accounts.get_person(person.id), producer_ids=producers, outlet_ids=outlets
        )

    @property
    def office(self) -> Actor:
        return self.actor(self.officer)


@pytest.fixture
def trade(app: object) -> Trade:
    producer = make_producer(name="Kemplang Ceria")
    outlet = make_outlet(name="Toko Rasa", branches=(JAKARTA_SELATAN, PALEMBANG, JAMBI))
    return Trade(
        producer,
        make_person("producer", works_for=producer),
        make_product(producer, capacity_per_month=100),
        outlet,
        make_person("buyer", works_for=outlet),
        make_person("province"),
        session.query(Branch).filter_by(business_id=outlet.id).order_by(Branch.id).all(),
    )


def evidence(on: date | None = None, note: str = "") -> Evidence:
    return Evidence(on or today(), note)


def terms_of(trade: Trade, volume: int = 60, **given: Any) -> DealDraft:
    """A whole deal: `volume` a month to the first branch, three months from the next one on."""
    values: dict[str, Any] = {
        "title": "Kemplang untuk Toko Rasa",
        "items": (ItemDraft(trade.product.id, 21_000, volume),),
        "lines": (LineDraft(JAKARTA_SELATAN, volume, trade.branches[0].id),),
        "terms": "days",
        "terms_days": 30,
        "starts_on": NEXT,
        "months": 3,
        **given,
    }
    return DealDraft(**values)


def record(trade: Trade, draft: DealDraft | None = None) -> Deal:
    """A commitment, with these terms where some are given; inside an open transaction, in it."""
    with nullcontext() if writing.get() else transaction():
        deal = recording.record_commitment(
            actor=trade.office,
            producer_id=trade.producer.id,
            buyer_id=trade.outlet.id,
            origin=Origin.DIRECT,
            commitment=Commitment("Kemplang untuk Toko Rasa"),
        )
        if draft is not None:
            recording.change_deal(actor=trade.office, deal=deal, draft=draft)
    return deal


def sign(trade: Trade, deal: Deal) -> Deal:
    with transaction():
        return signing.sign(actor=trade.office, deal_id=deal.id, evidence=evidence())


@pytest.fixture
def signed(trade: Trade) -> Callable[..., Deal]:
    """`signed(volume=60, ...)` is a signed deal."""

    def make(volume: int = 60, **given: Any) -> Deal:
        return sign(trade, record(trade, terms_of(trade, volume, **given)))

    return make
