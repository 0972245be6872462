"""The longest names there are, without a blank, on the narrowest screen: nothing is pushed out."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Page

from marketplace.accounts.models import Person
from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.deals.models import Deal
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.services import computing
from tests import factories
from tests.browser.conftest import Visit
from tests.deals.conftest import Trade, signed, trade
from tests.support.browser import sideways_scroll

__all__ = ["signed", "trade"]

NAME = ("UsahaDagangKerupukDanKemplangIkanTenggiri" * 3)[:120]
GOODS = ("KemplangPanggangTenggiri250g" * 5)[:120]
# The longest name of a kabupaten/kota with its province.
FAR = "31.01"

OUTSIDE = """() => [...document.querySelectorAll('main a, main button, main summary, main select')]
    .filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.left < 0 || box.right > document.documentElement.clientWidth);
    })
    .map(one => one.textContent.trim().slice(0, 40))"""


def wrong_on(page: Page) -> Iterator[str]:
    if (wide := sideways_scroll(page)) > 0:
        yield f"{wide} pixels too wide"
    for text in page.evaluate(OUTSIDE):
        yield f"outside: {text}"


@pytest.fixture
def pages(
    trade: Trade,
    signed: Callable[..., Deal],
    run_jobs: Callable[[], int],
) -> Sequence[tuple[str, Person]]:
    """Pages of a producer, a product and two outlets of a buyer with the longest names."""
    with transaction():
        session.get_one(Product, trade.product.id).name = GOODS
        for one in (trade.producer, trade.outlet):
            named = session.get_one(Business, one.id)
            named.name, named.region_code = NAME, FAR
    deal = signed(title=GOODS)
    need = factories.make_need(trade.outlet, title=GOODS, volumes={FAR: 60})
    with transaction():
        computing.schedule_for_need(need.id)
    run_jobs()
    pairing = queries.find_pair(trade.product.id, need.id)
    assert pairing is not None
    event = factories.make_event(name=NAME, place=NAME)
    sides = [factories.make_participant(event, one) for one in (trade.producer, trade.outlet)]
    factories.make_meeting(factories.make_meeting_request(*sides))
    chain = factories.make_person(
        "buyer", works_for=[trade.outlet, factories.make_outlet(name=NAME)]
    )
    return (
        ("/queue", trade.officer),
        (f"/suggestions/{pairing.id}", trade.officer),
        (f"/deals/{deal.id}", trade.officer),
        (f"/events/{event.id}", trade.officer),
        (f"/events/{event.id}/timetable", trade.officer),
        (f"/businesses/{trade.producer.id}", trade.officer),
        ("/", trade.maker),
        ("/needs/new", chain),
    )


def test_the_longest_names_fit_a_phone(visit: Visit, pages: Sequence[tuple[str, Person]]) -> None:
    wrong = {path: list(wrong_on(visit(path, person))) for path, person in pages}
    assert {path: found for path, found in wrong.items() if found} == {}
