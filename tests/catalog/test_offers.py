"""Products as the engine reads them."""

import pytest
from flask import Flask

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.catalog.models import PriceBreak
from marketplace.catalog.queries import list_offers
from marketplace.catalog.rules import HalalClaim, ProductState
from marketplace.core.quantity import Kind, Quantity
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.matching import HeldPaper
from marketplace.matching import PriceBreak as OfferBreak
from tests.factories import in_days, make_paper, make_producer, make_product


def test_an_offer_says_all_that_the_product_says(app: Flask) -> None:
    producer = make_producer(
        yearly_sales=1_000_000_000, yearly_sales_on=in_days(-10), working_capital=5_000_000
    )
    product = make_product(
        producer,
        name="Kemplang",
        zones="jabodetabek|19.71",
        terms="outright|days",
        halal_claim=HalalClaim.NOT_HALAL,
    )
    with transaction():
        session.add(PriceBreak(product_id=product.id, min_quantity=500, price=18_000))
        session.add(PriceBreak(product_id=product.id, min_quantity=100, price=19_000))
    (offer,) = list_offers()
    assert (offer.id, offer.title, offer.category) == (str(product.id), "Kemplang", "kemplang")
    assert offer.pack == Quantity(250, Kind.MASS)
    assert offer.price_breaks == (OfferBreak(100, 19_000), OfferBreak(500, 18_000))
    assert (offer.region, offer.zones) == ("19.71", {"jabodetabek", "19.71"})
    assert offer.terms == {"outright", "days"}
    assert offer.declared_not_halal
    assert (offer.working_capital, offer.size_class) == (5_000_000, "micro")
    assert (offer.storage, offer.producer) == ("ambient", str(producer.id))


def test_what_was_not_said_is_unknown(app: Flask) -> None:
    make_product(
        net_amount=None,
        net_kind="",
        weight_g=None,
        capacity_per_month=None,
        storage=None,
        shelf_life_days=None,
    )
    (offer,) = list_offers()
    assert (offer.pack, offer.weight_g, offer.capacity_per_month) == (None, None, None)
    assert (offer.storage, offer.size_class, offer.zones) == ("", "", frozenset())


@pytest.mark.both_databases
def test_only_papers_that_count_today_go_along_and_business_papers_cover_every_product(
    app: Flask,
) -> None:
    producer = make_producer()
    first, second = make_product(producer), make_product(producer)
    until = in_days(30)
    make_paper(producer, kind=PaperKind.NIB, number="1234567890123", valid_to=None)
    make_paper(producer, kind=PaperKind.HALAL, covers=[first], valid_to=until)
    make_paper(producer, kind=PaperKind.PIRT, covers=[first], state=PaperState.ENTERED)
    make_paper(producer, kind=PaperKind.MD, covers=[first], state=PaperState.REVOKED)
    make_paper(producer, kind=PaperKind.GS1, covers=[first], valid_from=None, valid_to=in_days(-1))
    offers = {offer.id: offer for offer in list_offers()}
    nib = HeldPaper("nib", True, None)
    pirt = HeldPaper("pirt", False, in_days(730))
    assert offers[str(second.id)].papers == (nib,)
    assert offers[str(first.id)].papers == (nib, HeldPaper("halal", True, until), pirt)


def test_only_published_products_are_offers_and_some_can_be_asked_for(app: Flask) -> None:
    producer = make_producer()
    shown = [make_product(producer).id for _number in range(3)]
    hidden = [
        make_product(producer, state=state).id
        for state in ProductState
        if state is not ProductState.PUBLISHED
    ]
    assert [int(offer.id) for offer in list_offers()] == shown
    assert [int(offer.id) for offer in list_offers([shown[2], hidden[0], shown[0]])] == [
        shown[0],
        shown[2],
    ]
    assert list_offers([]) == []


def test_papers_nobody_spoke_of_are_unknown_and_refused_ones_are_known_to_be_missing(
    app: Flask,
) -> None:
    silent, refused = make_product(), make_product()
    owner = refused.business_id
    make_paper(session.get_one(Business, owner), state=PaperState.REJECTED, covers=[refused])
    offers = {offer.id: offer for offer in list_offers()}
    assert offers[str(silent.id)].papers_told == frozenset()
    assert offers[str(refused.id)].papers_told == {"pirt"}
    assert not offers[str(refused.id)].papers_known
    assert offers[str(refused.id)].papers == ()
