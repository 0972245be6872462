"""Two people, two processes, one question: one answer; and a limit that holds."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.audit.models import AuditEntry
from marketplace.catalog import queries as catalog
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.questions import queries
from marketplace.questions.models import Question
from marketplace.questions.rules import OPEN_MAX, QuestionState
from marketplace.questions.services import answering, asking
from tests.factories import make_question
from tests.questions.conftest import Market, actor_of
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def answer(question_id: int, person_id: int, text: str) -> str:
    actor = actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            question = queries.get_question(question_id)
            answering.answer(actor=actor, question=question, text=text)
    except DomainError as error:
        return error.msgid
    return text


def withdraw(question_id: int, person_id: int) -> str:
    actor = actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            asking.withdraw(actor=actor, question=queries.get_question(question_id))
    except DomainError as error:
        return error.msgid
    return "withdrawn"


def step(question_id: int, person_id: int, text: str) -> str:
    return answer(question_id, person_id, text) if text else withdraw(question_id, person_id)


def ask(product_id: int, person_id: int, outlet_id: int) -> str:
    actor = actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            product = catalog.get_product(product_id)
            asking.ask_about_product(
                actor=actor, product=product, asker_id=outlet_id, text="Tahan lama?"
            )
    except DomainError as error:
        return type(error).__name__
    return "asked"


def test_of_two_answers_at_once_one_counts_and_the_other_is_told(
    app: Flask, market: Market
) -> None:
    question = make_question(market.product, asker=market.outlet)
    calls = [
        (question.id, (market.maker if n % 2 else market.regency).id, f"Jawaban {n}")
        for n in range(6)
    ]
    answers = in_processes(app, answer, calls)
    won = [text for text in answers if text.startswith("Jawaban")]
    assert len(won) == 1
    assert set(answers) - set(won) == {"This question is already answered."}
    session.rollback()
    row = queries.get_question(question.id)
    assert (row.state, row.answer) == (QuestionState.ANSWERED, won[0])
    assert outbox.count_to_send() == 1
    assert session.query(AuditEntry).filter_by(action="question.answered").count() == 1


def test_an_answer_and_a_taking_back_at_once_leave_one_of_the_two(
    app: Flask, market: Market
) -> None:
    question = make_question(market.product, asker=market.outlet)
    calls = [
        (question.id, (market.maker if n % 2 else market.buyer).id, "Enam bulan." if n % 2 else "")
        for n in range(6)
    ]
    steps = in_processes(app, step, calls)
    assert sum(each in {"Enam bulan.", "withdrawn"} for each in steps) == 1
    session.rollback()
    row = queries.get_question(question.id)
    answered = row.state is QuestionState.ANSWERED
    assert answered or row.state is QuestionState.WITHDRAWN
    assert outbox.count_to_send() == int(answered)


def test_the_limit_of_open_questions_holds_when_all_are_asked_at_once(
    app: Flask, market: Market
) -> None:
    calls = [(market.product.id, market.buyer.id, market.outlet.id)] * (OPEN_MAX + 3)
    asked = in_processes(app, ask, calls)
    assert asked.count("asked") == OPEN_MAX
    assert asked.count("RuleBroken") == 3
    session.rollback()
    assert session.query(Question).count() == OPEN_MAX
