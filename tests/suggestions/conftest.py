"""A small market whose pairings come from the real engine."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from marketplace.accounts.models import Person
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.models import Product
from marketplace.demand.models import Need
from marketplace.infra import search
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.services import computing
from tests.factories import (
    make_need,
    make_outlet,
    make_paper,
    make_person,
    make_producer,
    make_product,
)


@dataclass
class Market:
    producer: Business
    maker: Person
    product: Product
    outlet: Business
    buyer: Person
    need: Need
    officer: Person


@pytest.fixture
def market(app: object) -> Market:
    """One producer of kemplang with its papers, one outlet that wants it, one officer."""
    search.forget()
    producer = make_producer(name="Kemplang Ceria")
    product = make_product(producer, name="Kemplang panggang tenggiri 250 g")
    make_paper(producer, kind=PaperKind.PIRT, covers=[product])
    make_paper(producer, kind=PaperKind.HALAL, number="ID19110000012340126", covers=[product])
    outlet = make_outlet(name="Toko Rasa Jakarta")
    need = make_need(outlet, title="Kemplang panggang 250gr")
    return Market(
        producer,
        make_person("producer", works_for=producer),
        product,
        outlet,
        make_person("buyer", works_for=outlet),
        need,
        make_person("province"),
    )


@pytest.fixture
def suggested(market: Market, run_jobs: Callable[[], int]) -> Suggestion:
    """The pairing of the market, as the engine put it into the queue."""
    with transaction():
        computing.schedule_for_need(market.need.id)
    run_jobs()
    found = queries.find_pair(market.product.id, market.need.id)
    assert found is not None
    return found
