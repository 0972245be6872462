"""A buyer asks about a product, a producer about a need; who asked may take it back."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.audit.models import AuditEntry
from marketplace.catalog import services as catalog
from marketplace.catalog.queries import get_product
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import SYSTEM
from marketplace.demand import queries as demand
from marketplace.demand import services as demand_services
from marketplace.demand.rules import CloseReason, NeedState
from marketplace.infra import options
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.notifications.rules import Channel, MessageState
from marketplace.questions import documents, queries
from marketplace.questions.models import Question
from marketplace.questions.rules import OPEN_MAX, OPEN_MAX_OPTION, QuestionState
from tests.conftest import SignIn
from tests.factories import make_need, make_outlet, make_person, make_product, make_question
from tests.questions.conftest import Market, only_question
from tests.support.client import Client

TEXT = "Berapa lama tahan setelah dibuka?"


def ask_about_product(browser: Client, market: Market, text: str = TEXT) -> int:
    path = f"/products/{market.product.id}/questions/new"
    return browser.post(path, data={"text": text}).status_code


def test_a_buyer_asks_and_the_producer_gets_a_letter(market: Market, signed_in: SignIn) -> None:
    assert ask_about_product(signed_in(market.buyer), market) == 302
    question = only_question()
    assert question.text == TEXT
    assert question.state is QuestionState.ASKED
    assert question.asker_id == market.outlet.id
    assert question.area_code == market.producer.region_code
    (letter,) = outbox.page_to_send(1).items
    assert letter.channel is Channel.WHATSAPP_MANUAL
    assert letter.to_phone == market.producer.phone
    assert session.query(AuditEntry).filter_by(action="question.asked").count() == 1


def test_a_producer_asks_about_an_open_need(market: Market, signed_in: SignIn) -> None:
    maker = signed_in(market.maker)
    path = f"/needs/{market.need.id}/questions/new"
    assert maker.get(path).status_code == 200
    assert maker.post(path, data={"text": "Boleh kirim bertahap?"}).status_code == 302
    question = only_question()
    assert question.need_id == market.need.id
    assert question.area_code == market.producer.region_code
    assert outbox.page_to_send(1).items[0].to_phone == market.outlet.phone


def test_the_text_is_cleaned_as_all_texts_are(market: Market, signed_in: SignIn) -> None:
    text = "  Kue\u200b  cafe\u0301\r\n\r\nenak?\x00 "
    assert ask_about_product(signed_in(market.buyer), market, text) == 302
    assert only_question().text == "Kue caf\u00e9\n\nenak?"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "Isi dulu"),
        (" \u200b ", ""),
        ("a" * 501, "500"),
        ("Hubungi 0812-3456-7890", "0812-3456-7890"),
        ("Tulis ke toko@contoh.co.id", "toko@contoh.co.id"),
        ("wa.me/628123", "wa.me"),
        ("Kami Gerai Rembulan, apakah ada stok?", "Gerai Rembulan"),
        ("Salam, pak merpati", "Pak Merpati"),
    ],
)
def test_what_may_not_be_read_by_all_is_refused_with_the_text_kept(
    market: Market, signed_in: SignIn, text: str, word: str
) -> None:
    answer = signed_in(market.buyer).post(
        f"/products/{market.product.id}/questions/new", data={"text": text}
    )
    assert answer.status_code == 422
    assert session.query(Question).count() == 0
    assert outbox.count_to_send() == 0
    if word != "Isi dulu":
        assert word in answer.text
    assert text.strip(" \u200b")[:400] in answer.text


def test_the_same_form_sent_twice_asks_once(market: Market, signed_in: SignIn) -> None:
    buyer = signed_in(market.buyer)
    path = f"/products/{market.product.id}/questions/new"
    for _ in range(2):
        assert buyer.post(path, data={"text": TEXT, "form_token": "abc"}).status_code == 302
    assert session.query(Question).count() == 1


def test_so_many_questions_may_wait_and_an_answer_makes_room(
    market: Market, signed_in: SignIn
) -> None:
    buyer = signed_in(market.buyer)
    for _ in range(OPEN_MAX):
        assert ask_about_product(buyer, market) == 302
    assert ask_about_product(buyer, market) == 409
    # Other goods and other buyers have a count of their own.
    other = make_product(market.producer)
    path = f"/products/{other.id}/questions/new"
    assert buyer.post(path, data={"text": TEXT}).status_code == 302
    assert ask_about_product(signed_in(make_person("buyer")), market) == 302
    first = queries.list_open_about(get_product(market.product.id), [market.outlet.id])[0]
    buyer.post(f"/questions/{first.id}/withdraw")
    assert ask_about_product(buyer, market) == 302


def test_how_many_may_wait_is_a_setting(market: Market, signed_in: SignIn) -> None:
    with transaction():
        options.put(OPEN_MAX_OPTION, "1")
    buyer = signed_in(market.buyer)
    assert ask_about_product(buyer, market) == 302
    assert ask_about_product(buyer, market) == 409


def test_who_buys_for_several_outlets_says_for_which(market: Market, signed_in: SignIn) -> None:
    second = make_outlet(name="Gerai Kedua")
    buyer = signed_in(make_person("buyer", works_for=[market.outlet, second]))
    path = f"/products/{market.product.id}/questions/new"
    assert "Gerai Kedua" in buyer.text(path)
    assert buyer.post(path, data={"text": TEXT, "asker_id": second.id}).status_code == 302
    assert only_question().asker_id == second.id
    stranger = make_outlet()
    answer = buyer.post(path, data={"text": TEXT, "asker_id": stranger.id})
    assert answer.status_code == 422


def test_producers_ask_nothing_about_products_and_buyers_nothing_about_needs(
    market: Market, signed_in: SignIn
) -> None:
    maker, buyer = signed_in(market.maker), signed_in(market.buyer)
    assert ask_about_product(maker, market) == 404
    path = f"/needs/{market.need.id}/questions/new"
    assert signed_in(make_person("buyer")).post(path, data={"text": TEXT}).status_code == 404
    assert buyer.post(path, data={"text": TEXT}).status_code == 404
    assert session.query(Question).count() == 0


def test_nobody_asks_about_what_is_their_own(market: Market, signed_in: SignIn) -> None:
    both = signed_in(make_person("buyer", works_for=[market.producer, market.outlet]))
    assert ask_about_product(both, market) == 404
    page = both.text(f"/products/{market.product.id}")
    assert "questions/new" not in page


@pytest.mark.parametrize("state", [ProductState.DRAFT, ProductState.PAUSED])
def test_what_is_not_on_offer_cannot_be_asked_about(
    market: Market, signed_in: SignIn, state: ProductState
) -> None:
    product = make_product(market.producer, state=state)
    path = f"/products/{product.id}/questions/new"
    assert signed_in(market.buyer).post(path, data={"text": TEXT}).status_code == 404
    need = make_need(market.outlet, state=NeedState.DRAFT)
    path = f"/needs/{need.id}/questions/new"
    assert signed_in(market.maker).post(path, data={"text": TEXT}).status_code == 404


def test_only_the_asker_takes_a_question_back_and_only_while_it_waits(
    market: Market, signed_in: SignIn
) -> None:
    buyer = signed_in(market.buyer)
    ask_about_product(buyer, market)
    path = f"/questions/{only_question().id}/withdraw"
    assert signed_in(market.maker).post(path).status_code == 404
    assert buyer.post(path).status_code == 302
    assert only_question().state is QuestionState.WITHDRAWN
    assert outbox.count_to_send() == 0
    assert buyer.post(path).status_code == 409


def test_an_answered_question_is_not_taken_back(market: Market, signed_in: SignIn) -> None:
    question = make_question(market.product, asker=market.outlet, answer="Enam bulan.")
    path = f"/questions/{question.id}/withdraw"
    assert signed_in(market.buyer).post(path).status_code == 409
    assert only_question().state is QuestionState.ANSWERED


def test_a_product_gone_for_good_takes_its_open_questions_along(
    market: Market, signed_in: SignIn
) -> None:
    buyer = signed_in(market.buyer)
    ask_about_product(buyer, market)
    answered = make_question(market.product, asker=market.outlet, answer="Enam bulan.")
    with transaction():
        catalog.pause_product(actor=SYSTEM, product=get_product(market.product.id))
    assert outbox.count_to_send() == 1  # it may come back
    with transaction():
        catalog.withdraw_product(actor=SYSTEM, product=get_product(market.product.id))
    states = {each.id: each.state for each in session.query(Question)}
    assert states.pop(answered.id) is QuestionState.ANSWERED
    assert list(states.values()) == [QuestionState.WITHDRAWN]
    assert outbox.count_to_send() == 0


def test_a_closed_need_takes_its_open_questions_along(market: Market) -> None:
    question = make_question(need=market.need, asker=market.producer)
    province = accounts.actor_of(accounts.get_person(market.province.id))
    with transaction():
        demand_services.pause_need(actor=province, need=demand.get_need(market.need.id))
    assert only_question().state is QuestionState.ASKED
    with transaction():
        demand_services.close_need(
            actor=province, need=demand.get_need(market.need.id), reason=CloseReason.FILLED
        )
    assert only_question().state is QuestionState.WITHDRAWN
    assert queries.get_question(question.id).answered_at is None


def test_the_tray_shows_the_letter_with_a_link_to_answer_by(
    market: Market, signed_in: SignIn
) -> None:
    ask_about_product(signed_in(market.buyer), market)
    page = signed_in(market.province).text("/to-send")
    assert TEXT in page
    assert "/q/" in page
    (letter,) = outbox.page_to_send(1).items
    assert letter.state is MessageState.TO_SEND


def test_the_letter_names_a_place_and_not_the_buyer(
    app: object, market: Market, signed_in: SignIn
) -> None:
    ask_about_product(signed_in(market.buyer), market)
    (letter,) = outbox.page_to_send(1).items
    with app.test_request_context():  # type: ignore[attr-defined]
        text = documents.letter_of(letter)
    assert "Jakarta Selatan" in text
    assert market.outlet.name not in text


def test_a_copy_of_ones_data_holds_questions_and_answers(market: Market) -> None:
    make_question(
        market.product,
        asker=market.outlet,
        answer="Enam bulan.",
        asked_by_id=market.buyer.id,
        answered_by_id=market.maker.id,
    )
    asked = documents.personal_data(market.buyer.id)
    assert [row["text"] for row in asked["questions"]] == [TEXT]
    assert asked["answers"] == []
    answered = documents.personal_data(market.maker.id)
    assert [row["text"] for row in answered["answers"]] == ["Enam bulan."]
    assert answered["questions"] == []
