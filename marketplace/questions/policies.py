"""Who asks, answers, hides and reads questions (the table "who sees" in domain.md)."""

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import Actor, ActorKind
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.questions.models import Question
from marketplace.questions.rules import QuestionState


def may_ask_about_product(actor: Actor, product: Product) -> bool:
    """Buyers ask about what everybody can find, and not about goods of their own."""
    buyer = bool(actor.outlet_ids) or actor.acting_kind == BusinessKind.OUTLET
    on_offer = product.state is ProductState.PUBLISHED
    return buyer and on_offer and not actor.belongs_to(product.business_id)


def may_ask_about_need(actor: Actor, need: Need) -> bool:
    """Producers ask about needs they can see, and not about needs of their own outlet."""
    producer = bool(actor.producer_ids) or actor.acting_kind == BusinessKind.PRODUCER
    is_open = need.state is NeedState.OPEN
    return producer and is_open and not actor.belongs_to(need.business_id)


def may_ask_as(actor: Actor, asker: Business, kind: BusinessKind) -> bool:
    return asker.kind is kind and actor.belongs_to(asker.id)


def may_list_questions(actor: Actor) -> bool:
    return bool(actor.business_ids) or actor.acting_for is not None or actor.is_officer


def is_owner(actor: Actor, question: Question) -> bool:
    """Those asked, or who holds the link they were sent."""
    if actor.kind is ActorKind.LINK:
        return actor.link_subject == f"question:{question.id}"
    return actor.belongs_to(question.owner.id)


def _is_of_office(actor: Actor, question: Question) -> bool:
    return actor.is_officer and actor.covers(question.area_code)


def may_see_question(actor: Actor, question: Question) -> bool:
    """Its own page: who asked, who was asked, and the office of the area."""
    if actor.belongs_to(question.asker_id) or _is_of_office(actor, question):
        return True
    told = question.state in {QuestionState.ASKED, QuestionState.ANSWERED}
    return told and is_owner(actor, question)


def may_see_asker(actor: Actor, question: Question) -> bool:
    """By name: the asker's own people and the office; the other side not before agreement."""
    return actor.belongs_to(question.asker_id) or _is_of_office(actor, question)


def may_answer_for_owner(actor: Actor, question: Question) -> bool:
    """The office of the area answers for a producer, the province for an outlet."""
    if question.product_id is None:
        return actor.is_province_officer
    return _is_of_office(actor, question)


def may_answer(actor: Actor, question: Question) -> bool:
    """Nobody answers what is not theirs to read any more."""
    return may_see_question(actor, question) and _is_asked(actor, question)


def _is_asked(actor: Actor, question: Question) -> bool:
    return is_owner(actor, question) or may_answer_for_owner(actor, question)


def may_withdraw(actor: Actor, question: Question) -> bool:
    return actor.belongs_to(question.asker_id)


def may_hide(actor: Actor, question: Question) -> bool:
    return _is_of_office(actor, question)
