"""A question is put, taken back, or closed with what it was about."""

from marketplace.audit import services as audit
from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.core.actor import SYSTEM, Actor
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.demand import queries as demand
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra import options
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.notifications import services as notifications
from marketplace.questions import guards, policies, queries, rules
from marketplace.questions.models import Question
from marketplace.questions.rules import QuestionState, Side

SUBJECT = "questions"


def ask_about_product(*, actor: Actor, product: Product, asker_id: int, text: str) -> Question:
    """A buyer's question to a producer; the tray gets the letter that tells them."""
    asker = businesses.get_business(asker_id)
    require(policies.may_ask_about_product(actor, product))
    require(policies.may_ask_as(actor, asker, BusinessKind.OUTLET))
    area = product.business.region_code
    return _ask(actor, Question(product=product, area_code=area), product, asker, text)


def ask_about_need(*, actor: Actor, need: Need, asker_id: int, text: str) -> Question:
    """A producer's question to a buyer, whose name stays unknown to them."""
    asker = businesses.get_business(asker_id)
    require(policies.may_ask_about_need(actor, need))
    require(policies.may_ask_as(actor, asker, BusinessKind.PRODUCER))
    return _ask(actor, Question(need=need, area_code=asker.region_code), need, asker, text)


def _ask(
    actor: Actor, question: Question, thing: Product | Need, asker: Business, text: str
) -> Question:
    title = thing.name if isinstance(thing, Product) else thing.title
    rules.check_text("text", text, names=(asker.name, asker.contact_name), about=title)
    queries.lock_asker(asker.id)
    most = options.get_int(rules.OPEN_MAX_OPTION, rules.OPEN_MAX)
    if queries.count_open_of(asker.id, thing) >= most:
        raise RuleBroken(
            N_("You have %(count)s questions here without an answer: please wait for one."),
            count=most,
        )
    question.asker = asker
    question.asked_by_id = actor.person_id
    question.text = text
    session.add(question)
    session.flush()
    audit.record(actor, "question.asked", question, about=thing.__tablename__, of=thing.id)
    tell(question, Side.OWNER)
    return question


def withdraw(*, actor: Actor, question: Question) -> None:
    """The asker takes back a question nobody has answered yet."""
    require(policies.may_withdraw(actor, question))
    _take_back(actor, question)


def _take_back(actor: Actor, question: Question) -> None:
    if not guards.move(question, QuestionState.WITHDRAWN):
        rules.check_step(question.state, QuestionState.WITHDRAWN)
    notifications.cancel_unsent(SUBJECT, question.id)
    audit.record(actor, "question.withdrawn", question)


def close_of_product(product_id: int) -> None:
    """A product gone for good leaves nothing to answer; one that pauses may come back."""
    for question in queries.list_unanswered_of(catalog.get_product(product_id)):
        _take_back(SYSTEM, question)


def close_of_need(need_id: int) -> None:
    need = demand.get_need(need_id)
    if need.state is NeedState.CLOSED:
        for question in queries.list_unanswered_of(need):
            _take_back(SYSTEM, question)


def tell(question: Question, side: Side) -> None:
    """Prepare the letter to one side for the tray."""
    to = question.owner if side is Side.OWNER else question.asker
    notifications.enqueue(
        kind="asked" if side is Side.OWNER else "answered",
        params={"question_id": question.id},
        to_name=to.contact_name or to.name,
        to_phone=to.phone,
        subject_type=SUBJECT,
        subject_id=question.id,
        side=side.value,
        area_code=question.area_code[:2],
    )
