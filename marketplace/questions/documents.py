"""Questions in the words of a page, a letter and a copy of one's data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.text import N_
from marketplace.demand.models import Need
from marketplace.infra.i18n import say
from marketplace.infra.links import public_url, sign
from marketplace.infra.web import current_actor
from marketplace.notifications.models import OutboxMessage
from marketplace.questions import policies, queries
from marketplace.questions.models import Question
from marketplace.questions.rules import ANSWER_AIM, AnsweredBy, QuestionState, Side
from marketplace.regions.forms import place_name

PURPOSE = "question"
# What a product's own page shows of them; the rest is one link away.
SECTION_SIZE = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A question as this reader may see it: who asked and whose word the answer is, in words.

    `url` leads to its own page, for who may open that; `is_to_answer` where it waits for them.
    """

    question: Question
    who: str
    by: str
    is_late: bool
    url: str | None
    is_to_answer: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The part about questions on the page of a product or a need; the rest is on a page apart."""

    answered: Sequence[Card]
    waiting: Sequence[Card]
    has_more: bool
    ask_url: str | None
    all_url: str
    is_owner: bool


def card_of(question: Question) -> Card:
    actor = current_actor()
    opens = policies.may_see_question(actor, question)
    return Card(
        question=question,
        who=who_asked(actor, question),
        by=who_answered(question),
        is_late=_is_late(question),
        url=url_for("questions.show_question", question_id=question.id) if opens else None,
        is_to_answer=question.state is QuestionState.ASKED and policies.is_owner(actor, question),
    )


def cards_of(questions: Iterable[Question]) -> list[Card]:
    return [card_of(each) for each in questions]


def who_asked(actor: Actor, question: Question) -> str:
    """The name for the office, a kind and a place for others; askers see what others see."""
    if actor.belongs_to(question.asker_id):
        return say(N_("you, shown as %(who)s"), {"who": stranger(question)})
    if policies.may_see_asker(actor, question):
        return question.asker.name
    return stranger(question)


def stranger(question: Question) -> str:
    place = place_name(question.asker.region_code)
    if question.product_id is not None:
        return say(N_("a buyer in %(place)s"), {"place": place})
    return say(N_("a producer in %(place)s"), {"place": place})


def who_answered(question: Question) -> str:
    """A producer's name is public, a buyer's is not; the office says that it was the office."""
    if question.answered_by is AnsweredBy.OFFICE:
        if question.product_id is not None:
            return say(N_("the office for %(name)s"), {"name": question.owner.name})
        return say(N_("the office for the buyer"))
    return question.owner.name if question.product_id is not None else say(N_("the buyer"))


def _is_late(question: Question) -> bool:
    waits = question.state is QuestionState.ASKED
    return waits and question.asked_at < now() - ANSWER_AIM


def about_url(question: Question) -> str:
    if question.product_id is not None:
        return url_for("catalog.show_product", product_id=question.product_id)
    return url_for("demand.show_need", need_id=question.need_id)


def section_of_product(product: Product) -> Section:
    may_ask = policies.may_ask_about_product(current_actor(), product)
    return _section(
        product,
        ask_url=url_for("questions.ask_about_product", product_id=product.id) if may_ask else None,
        all_url=url_for("questions.list_about_product", product_id=product.id),
    )


def section_of_need(need: Need) -> Section:
    may_ask = policies.may_ask_about_need(current_actor(), need)
    return _section(
        need,
        ask_url=url_for("questions.ask_about_need", need_id=need.id) if may_ask else None,
        all_url=url_for("questions.list_about_need", need_id=need.id),
    )


def _section(thing: Product | Need, *, ask_url: str | None, all_url: str) -> Section:
    answered = queries.page_of_answered(thing, size=SECTION_SIZE)
    waiting = waiting_about(thing)
    return Section(
        answered=cards_of(answered.items),
        waiting=waiting[:SECTION_SIZE],
        has_more=answered.has_next or len(waiting) > SECTION_SIZE,
        ask_url=ask_url,
        all_url=all_url,
        is_owner=current_actor().belongs_to(thing.business_id),
    )


def waiting_about(thing: Product | Need) -> Sequence[Card]:
    """Those without an answer that this reader may see: their own, or all as owner or office."""
    actor = current_actor()
    own = actor.business_ids | ({actor.acting_for} if actor.acting_for else set())
    if thing.business_id in own or actor.is_officer:
        found = queries.list_open_about(thing)
    elif own:
        found = queries.list_open_about(thing, own)
    else:
        return []
    return cards_of(each for each in found if policies.may_see_question(actor, each))


def letter_of(message: OutboxMessage) -> str:
    """The text for one side in its language; the owner's has the link to answer by."""
    question = queries.get_question(int(message.params["question_id"]))
    owner = message.side == Side.OWNER.value
    with force_locale(message.locale):
        path = (
            url_for("questions.answer_link", token=sign(PURPOSE, [question.id]))
            if owner
            else about_url(question)
        )
        return render_template(
            f"mail/questions/{message.kind}.txt",
            message=message,
            question=question,
            who=stranger(question),
            by=who_answered(question),
            link=public_url(path),
            office_name=current_app.config["OFFICE_NAME"],
        ).strip()


def personal_data(person_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The questions a person asked and the answers they gave."""
    found = queries.list_of_person(person_id)
    return {
        "questions": [
            {
                "about": each.title,
                "asked_for": each.asker.name,
                "asked_at": _at(each.asked_at),
                "text": each.text,
                "state": each.state.value,
            }
            for each in found
            if each.asked_by_id == person_id
        ],
        "answers": [
            {
                "about": each.title,
                "question": each.text,
                "answered_at": _at(each.answered_at),
                "text": each.answer,
            }
            for each in found
            if each.answered_by_id == person_id
        ],
    }


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None
