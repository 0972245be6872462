"""One answer for all: by the owner signed in or by link, or by the office; and hiding."""

import pytest
from flask import Flask

from marketplace.audit.models import AuditEntry
from marketplace.infra.db import session
from marketplace.infra.links import sign
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.questions.models import Question
from marketplace.questions.rules import AnsweredBy, QuestionState, Side
from marketplace.questions.services import asking
from tests.conftest import SignIn
from tests.factories import make_question
from tests.questions.conftest import Market, actor_of, only_question
from tests.support.client import Client

ANSWER = "Enam bulan, di tempat kering."


@pytest.fixture
def question(market: Market) -> Question:
    """Asked by the buyer, with its letter in the tray."""
    with transaction():
        return asking.ask_about_product(
            actor=actor_of(market.buyer),
            product=market.product,
            asker_id=market.outlet.id,
            text="Tahan berapa lama?",
        )


def link(question: Question) -> str:
    return "/q/" + sign("question", [question.id])


def letters() -> list[tuple[str, str]]:
    return [(each.kind, each.to_phone) for each in outbox.page_to_send(1).items]


def test_opening_the_link_changes_nothing(client: Client, question: Question) -> None:
    for _ in range(3):
        assert "Tahan berapa lama?" in client.text(link(question))
    assert only_question().state is QuestionState.ASKED
    assert letters()[0][0] == "asked"


def test_the_owner_answers_by_link_and_the_asker_is_told(
    client: Client, market: Market, question: Question
) -> None:
    assert client.post(link(question), data={"answer": ANSWER}).status_code == 302
    row = only_question()
    assert (row.state, row.answer) == (QuestionState.ANSWERED, ANSWER)
    assert row.answered_by is AnsweredBy.OWNER
    assert row.answered_by_id is None
    assert letters() == [("answered", market.outlet.phone)]
    asked = outbox.list_of_subject("questions", question.id)[0]
    assert asked.replied_at is not None
    assert ANSWER in client.text(link(question))


def test_a_used_link_shows_the_answer_and_keeps_a_second_text(
    client: Client, question: Question
) -> None:
    client.post(link(question), data={"answer": ANSWER})
    again = client.post(link(question), data={"answer": "Tujuh bulan."})
    assert again.status_code == 409
    assert ANSWER in again.text
    assert "Tujuh bulan." in again.text
    assert only_question().answer == ANSWER
    assert len(letters()) == 1


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzFd.forged", "%00", "é" * 50])
def test_a_forged_link_is_not_found(client: Client, question: Question, token: str) -> None:
    assert client.get(f"/q/{token}").status_code == 404
    assert client.post(f"/q/{token}", data={"answer": ANSWER}).status_code == 404
    assert only_question().state is QuestionState.ASKED


def test_a_link_of_another_purpose_or_row_is_not_found(client: Client, question: Question) -> None:
    other = sign("introduction", [question.id, "producer"])
    assert client.get(f"/q/{other}").status_code == 404
    assert client.get("/q/" + sign("question", [question.id + 1])).status_code == 404
    assert client.get("/a/" + sign("question", [question.id])).status_code == 404


def test_the_link_of_one_question_answers_no_other(
    client: Client, market: Market, question: Question
) -> None:
    other = make_question(market.product, asker=market.outlet)
    client.post(link(question), data={"answer": ANSWER})
    session.expire_all()
    assert session.get_one(Question, other.id).state is QuestionState.ASKED


@pytest.mark.parametrize("step", ["withdraw", "hide"])
def test_a_link_to_what_was_taken_away_says_so(
    client: Client, market: Market, question: Question, signed_in: SignIn, step: str
) -> None:
    who = market.buyer if step == "withdraw" else market.province
    signed_in(who).post(f"/questions/{question.id}/{step}", data={"reason": "tidak sopan"})
    assert client.get(link(question)).status_code == 404
    assert client.post(link(question), data={"answer": ANSWER}).status_code == 404
    assert "Tahan berapa lama?" not in client.get(link(question)).text
    assert letters() == []


def test_the_owner_answers_signed_in(market: Market, question: Question, signed_in: SignIn) -> None:
    maker = signed_in(market.maker)
    assert "Tahan berapa lama?" in maker.text("/questions")
    path = f"/questions/{question.id}/answer"
    assert maker.post(path, data={"answer": ANSWER}).status_code == 302
    row = only_question()
    assert (row.answered_by, row.answered_by_id) == (AnsweredBy.OWNER, market.maker.id)


@pytest.mark.parametrize("step", ["withdraw", "hide"])
@pytest.mark.parametrize("text", [ANSWER, ""])
def test_what_was_taken_away_is_not_read_by_answering_it(
    market: Market, question: Question, signed_in: SignIn, step: str, text: str
) -> None:
    who = market.buyer if step == "withdraw" else market.province
    signed_in(who).post(f"/questions/{question.id}/{step}", data={"reason": "tidak sopan"})
    refused = signed_in(market.maker).post(
        f"/questions/{question.id}/answer", data={"answer": text}
    )
    assert refused.status_code == 404
    assert "Tahan berapa lama?" not in refused.text
    assert "tidak sopan" not in refused.text


@pytest.mark.parametrize(
    "text",
    ["", "a" * 501, "Telepon 0812 3456 7890", "Salam, Ibu Melati", "Untuk Gerai Rembulan: ya"],
)
def test_an_answer_with_contacts_or_names_is_refused_with_the_text_kept(
    client: Client, question: Question, text: str
) -> None:
    refused = client.post(link(question), data={"answer": text})
    assert refused.status_code == 422
    assert text[:400] in refused.text
    assert only_question().state is QuestionState.ASKED


def test_a_producer_may_say_the_name_of_the_house_since_it_is_public(
    client: Client, question: Question
) -> None:
    text = "Produk Dapur Kanari tahan enam bulan."
    assert client.post(link(question), data={"answer": text}).status_code == 302


def test_a_buyer_may_not_say_the_name_of_the_outlet(market: Market, signed_in: SignIn) -> None:
    question = make_question(need=market.need, asker=market.producer)
    buyer = signed_in(market.buyer)
    path = f"/questions/{question.id}/answer"
    assert buyer.post(path, data={"answer": "Kirim ke Gerai Rembulan"}).status_code == 422
    assert buyer.post(path, data={"answer": "Kirim ke pusat"}).status_code == 302


def test_the_office_of_the_area_answers_for_the_producer_and_it_shows(
    client: Client, market: Market, question: Question, signed_in: SignIn
) -> None:
    path = f"/questions/{question.id}/answer"
    assert signed_in(market.elsewhere).post(path, data={"answer": ANSWER}).status_code == 404
    assert signed_in(market.regency).post(path, data={"answer": ANSWER}).status_code == 302
    row = only_question()
    assert (row.answered_by, row.answered_by_id) == (AnsweredBy.OFFICE, market.regency.id)
    assert "dinas mewakili Dapur Kanari" in client.text(f"/products/{market.product.id}")
    entry = session.query(AuditEntry).filter_by(action="question.answered").one()
    assert (entry.actor_id, entry.details) == (market.regency.id, {"by": "office"})
    # The producer has not answered: its clock does not stop for the office's word.
    assert outbox.list_of_subject("questions", question.id)[0].replied_at is None


def test_only_the_province_answers_for_an_outlet(market: Market, signed_in: SignIn) -> None:
    question = make_question(need=market.need, asker=market.producer)
    path = f"/questions/{question.id}/answer"
    assert signed_in(market.regency).post(path, data={"answer": ANSWER}).status_code == 404
    assert signed_in(market.province).post(path, data={"answer": ANSWER}).status_code == 302


def test_an_officer_acting_for_the_owner_still_answers_as_the_office(
    market: Market, question: Question, signed_in: SignIn
) -> None:
    officer = signed_in(market.regency)
    officer.post(f"/businesses/{market.producer.id}/act")
    officer.post(f"/questions/{question.id}/answer", data={"answer": ANSWER})
    assert only_question().answered_by is AnsweredBy.OFFICE


def test_hiding_needs_a_reason_and_an_officer_of_the_area(
    client: Client, market: Market, question: Question, signed_in: SignIn
) -> None:
    path = f"/questions/{question.id}/hide"
    for person in (market.maker, market.buyer, market.elsewhere):
        assert signed_in(person).post(path, data={"reason": "x"}).status_code == 404
    officer = signed_in(market.regency)
    assert officer.post(path, data={"reason": ""}).status_code == 422
    assert officer.post(path, data={"reason": "menghina"}).status_code == 302
    assert only_question().state is QuestionState.HIDDEN
    assert officer.post(path, data={"reason": "lagi"}).status_code == 409
    # The asker reads why; the owner and the public read nothing any more.
    assert "menghina" in signed_in(market.buyer).text(f"/questions/{question.id}")
    assert signed_in(market.maker).get(f"/questions/{question.id}").status_code == 404
    assert "Tahan berapa lama?" not in signed_in(market.maker).text("/questions")


def test_an_answer_can_be_hidden_too_and_leaves_the_page(
    client: Client, market: Market, signed_in: SignIn
) -> None:
    question = make_question(market.product, asker=market.outlet, answer=ANSWER)
    path = f"/products/{market.product.id}"
    assert ANSWER in client.text(path)
    signed_in(market.province).post(f"/questions/{question.id}/hide", data={"reason": "keliru"})
    assert ANSWER not in client.text(path)
    assert ANSWER not in client.text(f"{path}/questions")


def test_a_letter_already_sent_stays_sent(
    app: Flask, client: Client, market: Market, question: Question
) -> None:
    with transaction():
        notifications.mark_sent(
            actor=actor_of(market.province), message=outbox.page_to_send(1).items[0]
        )
    client.post(link(question), data={"answer": ANSWER})
    sides = {
        each.side: each.state.value for each in outbox.list_of_subject("questions", question.id)
    }
    assert sides == {Side.OWNER.value: "sent", Side.ASKER.value: "to_send"}
