"""People ask for pairings; the office gets them with the engine's verdict."""

from collections.abc import Callable

from marketplace.catalog.models import Product
from marketplace.demand.models import Need
from marketplace.infra import search
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.rules import RequestedBy, SuggestionState
from tests.conftest import SignIn
from tests.factories import make_need, make_person, make_product
from tests.suggestions.conftest import Market


def test_a_buyer_asks_for_a_product_on_an_open_need(market: Market, signed_in: SignIn) -> None:
    buyer = signed_in(market.buyer)
    path = f"/products/{market.product.id}/ask"
    assert market.need.title in buyer.text(path)
    sent = buyer.post(path, data={"need_id": str(market.need.id), "note": "Bisa mulai Desember?"})
    assert sent.status_code == 302
    row = queries.find_pair(market.product.id, market.need.id)
    assert row is not None
    assert row.requested_by is RequestedBy.BUYER
    assert row.is_eligible
    assert "Bisa mulai Desember?" in signed_in(market.officer).text("/queue")


def test_what_is_of_the_same_kind_stands_first(market: Market, signed_in: SignIn) -> None:
    make_need(market.outlet, title="Kopi bubuk", category_code="kopi")
    page = signed_in(market.buyer).text(f"/products/{market.product.id}/ask")
    assert page.index(market.need.title) < page.index("Kopi bubuk")
    make_product(market.producer, name="Abon tongkol", category_code="abon")
    page = signed_in(market.maker).text(f"/needs/{market.need.id}/offer")
    assert page.index(market.product.name) < page.index("Abon tongkol")


def test_a_buyer_asks_with_a_new_need_of_two_fields(market: Market, signed_in: SignIn) -> None:
    buyer = signed_in(market.buyer)
    form = {"volume": "1.200", "region": "Kota Bogor"}
    sent = buyer.post(f"/products/{market.product.id}/ask", data=form)
    assert sent.status_code == 302
    made = session.query(Need).order_by(Need.id.desc()).first()
    assert made is not None
    assert made.title == market.product.name
    assert queries.find_pair(market.product.id, made.id) is not None


def test_a_double_press_asks_once(market: Market, signed_in: SignIn) -> None:
    buyer = signed_in(market.buyer)
    form = {"volume": "50", "region": "Kota Bogor", "form_token": "once-and-only"}
    first = buyer.post(f"/products/{market.product.id}/ask", data=form)
    second = buyer.post(f"/products/{market.product.id}/ask", data=form)
    assert first.status_code == second.status_code == 302
    assert session.query(Need).count() == 2


def test_asking_with_nothing_said_keeps_what_was_typed(market: Market, signed_in: SignIn) -> None:
    buyer = signed_in(market.buyer)
    answer = buyer.post(f"/products/{market.product.id}/ask", data={"note": "Kami berminat"})
    assert answer.status_code == 422
    assert "Kami berminat" in answer.get_data(as_text=True)


def test_a_buyer_cannot_ask_on_the_need_of_another_outlet(
    market: Market, signed_in: SignIn
) -> None:
    other = signed_in(make_person("buyer"))
    form = {"need_id": str(market.need.id)}
    assert other.post(f"/products/{market.product.id}/ask", data=form).status_code == 422
    assert queries.find_pair(market.product.id, market.need.id) is None


def test_a_producer_offers_a_product_for_an_open_need(market: Market, signed_in: SignIn) -> None:
    maker = signed_in(market.maker)
    path = f"/needs/{market.need.id}/offer"
    assert market.product.name in maker.text(path)
    maker.post(path, data={"product_id": str(market.product.id)})
    row = queries.find_pair(market.product.id, market.need.id)
    assert row is not None
    assert row.requested_by is RequestedBy.PRODUCER


def test_a_producer_cannot_offer_what_another_makes(market: Market, signed_in: SignIn) -> None:
    other = signed_in(make_person("producer"))
    form = {"product_id": str(market.product.id)}
    assert other.post(f"/needs/{market.need.id}/offer", data=form).status_code == 422


def test_what_the_office_has_decided_is_not_asked_again(
    market: Market, suggested: object, signed_in: SignIn
) -> None:
    row = queries.find_pair(market.product.id, market.need.id)
    assert row is not None
    officer = signed_in(market.officer)
    officer.post(f"/suggestions/{row.id}/reject", data={"reason": "price"})
    again = signed_in(market.buyer).post(
        f"/products/{market.product.id}/ask", data={"need_id": str(market.need.id)}
    )
    assert again.status_code == 422
    assert queries.get_suggestion(row.id).state is SuggestionState.REJECTED


def test_a_buyer_sees_how_many_qualify_and_not_who(
    market: Market, suggested: object, signed_in: SignIn
) -> None:
    page = signed_in(market.buyer).text(f"/needs/{market.need.id}/matches")
    assert market.producer.name not in page
    assert signed_in(market.maker).get(f"/needs/{market.need.id}/matches").status_code == 404
    assert signed_in(market.buyer).get(f"/needs/{market.need.id}/candidates").status_code == 404


def test_a_buyer_is_promised_an_introduction_only_where_the_goods_are_surely_meant(
    market: Market, suggested: object, signed_in: SignIn
) -> None:
    path, promise = f"/needs/{market.need.id}/matches", 'class="callout good"'
    assert promise in signed_in(market.buyer).text(path)
    with transaction():
        session.get_one(Need, market.need.id).title = "Ikan asin jambal roti"
    search.forget()
    page = signed_in(market.buyer).text(path)
    assert promise not in page


def test_a_producer_sees_which_needs_a_product_fits(
    market: Market, run_jobs: Callable[[], int], signed_in: SignIn
) -> None:
    page = signed_in(market.maker).text(f"/products/{market.product.id}/matches")
    assert market.need.title in page
    assert market.outlet.name not in page
    other = signed_in(make_person("producer"))
    assert other.get(f"/products/{market.product.id}/matches").status_code == 404


def test_a_producer_never_learns_the_ceiling_from_what_stops_a_product(
    market: Market, signed_in: SignIn
) -> None:
    with transaction():
        session.get_one(Product, market.product.id).price = 31_000
    search.forget()
    page = signed_in(market.maker).text(f"/products/{market.product.id}/matches")
    assert market.need.title in page
    assert "30.000" not in page


def test_a_number_no_row_can_have_is_not_found(market: Market, signed_in: SignIn) -> None:
    browser = signed_in(market.officer)
    for path in ("/products/99999999999999999999", f"/suggestions/{2**63}", f"/needs/{10**400}"):
        assert browser.get(path).status_code == 404
