"""An office with a habit: it rejects what is long on the way, and little else."""

import random
from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.accounts.models import Person
from marketplace.catalog import queries as catalog
from marketplace.core.clock import now
from marketplace.demand import queries as demand
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import RejectReason, SuggestionState
from marketplace.suggestions.services import computing, evidence
from tests import factories
from tests.suggestions.conftest import market, suggested  # noqa: F401

NEAR = ("19.71", "19.01", "16.71")
FAR = ("73.71", "91.71", "51.71")

Decide = Callable[..., int]


@pytest.fixture
def officer(app: Flask) -> Person:
    return factories.make_person("province")


@pytest.fixture
def decided(app: Flask) -> Decide:
    """`decided(producers, needs, open_needs)` writes a decision on every pair, some left open."""

    def decide(producers: int = 8, needs: int = 12, open_needs: int = 0) -> int:
        chance = random.Random(7)
        with transaction():
            products = [
                factories.make_product(
                    factories.make_producer(region_code=NEAR[number % 2]),
                    name=f"Kemplang ikan tenggiri {number}",
                    price=18_000 + 900 * number,
                    capacity_per_month=40 + 20 * number,
                ).id
                for number in range(producers)
            ]
            wanted = [
                factories.make_need(
                    title="Kemplang ikan tenggiri",
                    ceiling_price=200_000,
                    min_shelf_life_days=None,
                    volumes={(NEAR + FAR)[number % 6]: 150},
                ).id
                for number in range(needs)
            ]
        search.forget()
        with search.engine() as engine, transaction():
            version = evidence.engine_version(engine.settings, engine.world.rules).id
            offers = catalog.list_offers(products)
            for number, need in enumerate(demand.list_engine_needs(wanted)):
                for offer in offers:
                    pairing = engine.judge(offer, need)
                    row = Suggestion(product_id=int(offer.id), need_id=int(need.id))
                    computing.fill(row, pairing, offer, need, engine, version)
                    row.is_eligible = True  # papers are no matter here
                    if number >= open_needs:
                        _sign(row, need.lines[0].region, chance)
                    session.add(row)
        return len(products) * (needs - open_needs)

    return decide


def _sign(row: Suggestion, region: str, chance: random.Random) -> None:
    row.decided_at, row.decided_by_name = now(), "Petugas"
    row.state = SuggestionState.ACCEPTED
    if region in FAR:
        row.state, row.reject_reason = SuggestionState.REJECTED, RejectReason.TOO_FAR
    elif chance.random() < 0.25:
        row.state, row.reject_reason = SuggestionState.REJECTED, RejectReason.OTHER
