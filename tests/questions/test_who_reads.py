"""Who reads which question, and what nobody may learn from one."""

from datetime import timedelta

import pytest

from marketplace.catalog.rules import ProductState
from marketplace.core.clock import now
from marketplace.demand.rules import NeedState
from tests.conftest import SignIn
from tests.factories import make_need, make_person, make_product, make_question
from tests.questions.conftest import Market
from tests.support.client import Client

ASKED, ANSWERED = "Ada ukuran setengah kilo?", "Enam bulan, di tempat kering."


@pytest.fixture
def about_product(market: Market) -> Market:
    make_question(market.product, asker=market.outlet, text="Tahan lama?", answer=ANSWERED)
    make_question(market.product, asker=market.outlet, text=ASKED)
    return market


@pytest.fixture
def about_need(market: Market) -> Market:
    make_question(need=market.need, asker=market.producer, text="Bertahap?", answer=ANSWERED)
    make_question(need=market.need, asker=market.producer, text=ASKED)
    return market


def test_everybody_reads_what_was_answered_about_a_product(
    about_product: Market, client: Client, signed_in: SignIn
) -> None:
    path = f"/products/{about_product.product.id}"
    browsers = [client, signed_in(make_person("producer")), signed_in(make_person("buyer"))]
    for browser in browsers:
        for page in (browser.text(path), browser.text(f"{path}/questions")):
            assert ANSWERED in page
            assert ASKED not in page
            assert "pembeli di Kota Jakarta Selatan" in page
            assert about_product.outlet.name not in page


def test_what_waits_is_read_by_asker_owner_and_the_office_of_the_area(
    about_product: Market, signed_in: SignIn
) -> None:
    path = f"/products/{about_product.product.id}"
    for person in (about_product.buyer, about_product.maker, about_product.regency):
        assert ASKED in signed_in(person).text(path)
    assert ASKED not in signed_in(about_product.elsewhere).text(path)


def test_the_owner_of_a_product_learns_a_place_and_the_office_a_name(
    about_product: Market, signed_in: SignIn
) -> None:
    name = about_product.outlet.name
    maker = signed_in(about_product.maker)
    for path in (f"/products/{about_product.product.id}", "/questions", "/"):
        assert name not in maker.text(path)
    assert name in signed_in(about_product.regency).text("/questions")
    assert name not in signed_in(about_product.elsewhere).text("/questions")


def test_what_is_not_published_shows_no_questions(market: Market, client: Client) -> None:
    product = make_product(market.producer, state=ProductState.PAUSED)
    make_question(product, asker=market.outlet, answer=ANSWERED)
    assert client.get(f"/products/{product.id}/questions").status_code == 404


def test_producers_read_what_was_answered_about_an_open_need_without_a_name(
    about_need: Market, signed_in: SignIn, client: Client
) -> None:
    other = signed_in(make_person("producer"))
    path = f"/needs/{about_need.need.id}"
    for page in (other.text(path), other.text(f"{path}/questions")):
        assert ANSWERED in page
        assert ASKED not in page
        assert about_need.outlet.name not in page
        assert about_need.producer.name not in page
        assert "produsen di" in page
    assert signed_in(make_person("buyer")).get(f"{path}/questions").status_code == 404
    assert client.get(f"{path}/questions").status_code == 302


def test_the_buyer_of_a_need_learns_a_place_and_not_the_producers_name(
    about_need: Market, signed_in: SignIn
) -> None:
    buyer = signed_in(about_need.buyer)
    for path in (f"/needs/{about_need.need.id}", "/questions"):
        page = buyer.text(path)
        assert ASKED in page
        assert about_need.producer.name not in page


def test_a_closed_needs_questions_are_no_producers_to_read(
    market: Market, signed_in: SignIn
) -> None:
    need = make_need(market.outlet, state=NeedState.PAUSED)
    make_question(need=need, asker=market.producer, answer=ANSWERED)
    path = f"/needs/{need.id}/questions"
    assert signed_in(make_person("producer")).get(path).status_code == 404


def test_the_product_page_shows_three_and_leads_to_the_rest_by_pages(
    market: Market, client: Client
) -> None:
    for number in range(20):
        answer = f"Jawaban ke-{number:02}."
        answered_at = now() - timedelta(hours=number)
        make_question(market.product, asker=market.outlet, answer=answer, answered_at=answered_at)
    path = f"/products/{market.product.id}"
    assert client.text(path).count("Jawaban ke-") == 3
    assert "Jawaban ke-00." in client.text(path)
    assert f"{path}/questions" in client.text(path)
    assert client.text(f"{path}/questions").count("Jawaban ke-") == 15
    assert client.text(f"{path}/questions?page=2").count("Jawaban ke-") == 5


def test_full_pages_of_the_longest_texts_stay_under_their_budget(
    market: Market, client: Client, signed_in: SignIn
) -> None:
    for number in range(18):
        make_question(
            market.product,
            asker=market.outlet,
            text=f"{number} {'kata ' * 99}"[:500],
            answer=f"{number} {'isi ' * 120}"[:500],
        )
        make_question(market.product, asker=market.outlet, text=f"{number} {'kata ' * 99}"[:500])
    assert len(client.get(f"/products/{market.product.id}").data) < 30 * 1024
    assert len(signed_in(market.maker).get(f"/products/{market.product.id}").data) < 30 * 1024
    for path in (f"/products/{market.product.id}/questions", "/questions"):
        assert len(signed_in(market.maker).get(path).data) < 60 * 1024
    assert len(client.get(f"/products/{market.product.id}/questions").data) < 30 * 1024


def test_home_counts_what_waits_and_since_when(about_product: Market, signed_in: SignIn) -> None:
    make_question(
        about_product.product, asker=about_product.outlet, asked_at=now() - timedelta(hours=30)
    )
    maker = signed_in(about_product.maker)
    page = maker.text("/")
    assert "Pertanyaan untuk dijawab" in page
    assert "1 hari yang lalu" in page
    assert "lebih dari 24 jam" in maker.text("/questions")
    assert "Pertanyaan belum dijawab" in signed_in(about_product.regency).text("/")
    assert "lebih dari 24 jam" not in signed_in(make_person("producer")).text("/questions")


def test_what_a_text_says_is_never_markup(market: Market, client: Client) -> None:
    make_question(market.product, asker=market.outlet, text="<b>x</b>", answer="<script>y")
    page = client.text(f"/products/{market.product.id}")
    assert "<b>x" not in page
    assert "<script>y" not in page
    assert "&lt;b&gt;x" in page
