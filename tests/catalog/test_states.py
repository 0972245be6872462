"""States of a product, who may change them, and what the rooms above are told."""

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.audit.models import AuditEntry
from marketplace.businesses.models import Business
from marketplace.catalog import queries, rules, services
from marketplace.catalog.events import ProductChanged, ProductPublished, ProductWithdrawn
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import SYSTEM, Actor, ActorKind
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.infra import events
from marketplace.infra.changes import Change
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.catalog.conftest import Stall
from tests.conftest import SignIn
from tests.factories import make_person, make_producer, make_product

DRAFT, PUBLISHED = ProductState.DRAFT, ProductState.PUBLISHED
PAUSED, WITHDRAWN = ProductState.PAUSED, ProductState.WITHDRAWN
ALLOWED = {
    (DRAFT, PUBLISHED),
    (PUBLISHED, PAUSED),
    (PUBLISHED, WITHDRAWN),
    (PAUSED, PUBLISHED),
    (PAUSED, WITHDRAWN),
}


@pytest.mark.parametrize("then", ProductState)
@pytest.mark.parametrize("now", ProductState)
def test_only_the_drawn_steps_can_be_taken(now: ProductState, then: ProductState) -> None:
    if (now, then) in ALLOWED:
        rules.check_transition(now, then)
    else:
        with pytest.raises(RuleBroken):
            rules.check_transition(now, then)


@pytest.fixture
def told(app: Flask) -> Iterator[list[object]]:
    """Every event of the catalogue, in place of those who listen to it."""
    heard: list[object] = []
    before = dict(events._subscribers)
    events.subscribe_all(
        dict.fromkeys((ProductPublished, ProductChanged, ProductWithdrawn), (heard.append,))
    )
    yield heard
    events.subscribe_all(before)


def test_each_step_is_told_noted_and_written_down(stall: Stall, told: list[object]) -> None:
    number = stall.product_id
    place = f"/my-products/{number}"
    for step in ("pause", "publish", "withdraw"):
        assert stall.seller.post(f"{place}/{step}").location == f"/products/{number}"
    assert told == [
        ProductWithdrawn(number),
        ProductPublished(number),
        ProductWithdrawn(number),
    ]
    assert session.query(Change).filter_by(kind="product", ref_id=number).count() == 3
    actions = [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["product.paused", "product.published", "product.withdrawn"]


def test_a_paused_product_that_is_withdrawn_was_told_already(
    stall: Stall, told: list[object]
) -> None:
    stall.seller.post(f"/my-products/{stall.product_id}/pause")
    stall.seller.post(f"/my-products/{stall.product_id}/withdraw")
    assert told == [ProductWithdrawn(stall.product_id)]


def test_a_double_press_does_it_once(stall: Stall, told: list[object]) -> None:
    for _press in range(2):
        assert stall.seller.post(f"/my-products/{stall.product_id}/pause").status_code == 302
    assert len(told) == 1


def test_withdrawing_asks_first_and_is_for_good(stall: Stall) -> None:
    place = f"/my-products/{stall.product_id}"
    assert stall.seller.get(f"{place}/withdraw").status_code == 200
    assert queries.get_product(stall.product_id).state is PUBLISHED
    stall.seller.post(f"{place}/withdraw")
    assert stall.seller.post(f"{place}/publish").status_code == 409
    assert stall.seller.get(f"{place}/edit").status_code == 302
    assert queries.get_product(stall.product_id).state is WITHDRAWN


def test_an_incomplete_draft_is_sent_back_to_its_form(stall: Stall) -> None:
    business = session.get_one(Business, stall.business_id)
    number = make_product(business, name="Getas ikan", state=DRAFT, price=None).id
    answer = stall.seller.post(f"/my-products/{number}/publish")
    assert answer.status_code == 422
    assert 'href="#price"' in answer.text


def test_the_database_itself_refuses_a_published_product_without_a_price(app: Flask) -> None:
    product = make_product()
    with pytest.raises(Exception, match="published_is_complete"), transaction():
        session.merge(product).price = None


@pytest.mark.parametrize("step", ["edit", "withdraw", "publish", "pause"])
@pytest.mark.parametrize("role", ["producer", "buyer", "regency", "province", "admin"])
def test_nobody_else_manages_a_product(
    role: str, step: str, stall: Stall, signed_in: SignIn
) -> None:
    browser = signed_in(make_person(role))
    assert browser.post(f"/my-products/{stall.product_id}/{step}").status_code == 404


def test_a_visitor_is_sent_to_sign_in(stall: Stall, client: object) -> None:
    for place in ("/my-products", "/my-products/new", "/area-products"):
        answer = client.get(place)  # type: ignore[attr-defined]
        assert "/sign-in" in answer.location


def test_an_officer_sees_the_products_of_the_area_and_no_others(
    stall: Stall, signed_in: SignIn
) -> None:
    make_product(make_producer(region_code="19.02"), name="Dari Belitung", state=DRAFT)
    regency = signed_in(make_person("regency")).text("/area-products")
    assert "Kemplang panggang tenggiri" in regency
    assert "Dari Belitung" not in regency
    assert "Dari Belitung" in signed_in(make_person("province")).text("/area-products")
    assert stall.seller.get("/area-products").status_code == 403


def test_services_ask_the_policy_whoever_calls_them(stall: Stall) -> None:
    stranger = Actor(ActorKind.PERSON, person_id=99, producer_ids=frozenset({12345}))
    with pytest.raises(NotAllowed), transaction():
        services.pause_product(actor=stranger, product=queries.get_product(stall.product_id))
    with pytest.raises(InvalidInput), transaction():
        services.add_product(
            actor=SYSTEM,
            business=session.get_one(Business, stall.business_id),
            draft=rules.ProductDraft(name=""),
        )
