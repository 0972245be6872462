"""Introductions: a text for each side, an answer from each side, contacts once both agreed."""

from collections.abc import Sequence
from datetime import timedelta

from marketplace.audit import services as audit
from marketplace.core.actor import SYSTEM, Actor, ActorKind
from marketplace.core.clock import end_of_day, now, today
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.infra import options
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.notifications.rules import MessageState
from marketplace.suggestions import queries, rules
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.policies import side_of
from marketplace.suggestions.rules import DeclineReason, IntroductionState, Side

SUBJECT = "introductions"


def introduce(*, actor: Actor, suggestion: Suggestion) -> Introduction:
    """Open an introduction and prepare the two texts for the tray."""
    days = options.get_int("introduction_days", rules.INTRODUCTION_DAYS)
    introduction = Introduction(
        suggestion_id=suggestion.id,
        suggestion=suggestion,
        expires_at=end_of_day(today() + timedelta(days=days)),
    )
    session.add(introduction)
    session.flush()
    for side in Side:
        _prepare(introduction, suggestion, side, "introduction")
    audit.record(actor, "introduction.opened", introduction, suggestion=suggestion.id)
    return introduction


def undo(*, actor: Actor, suggestion: Suggestion) -> None:
    """Take an introduction back while no message of it has left the house."""
    introduction = suggestion.introduction
    if introduction is None:
        return
    messages = outbox.list_of_subject(SUBJECT, introduction.id)
    if any(message.state is MessageState.SENT for message in messages):
        raise RuleBroken(N_("The first message was already sent: this cannot be undone."))
    rules.check_introduction(introduction.state, IntroductionState.UNDONE)
    introduction.state = IntroductionState.UNDONE
    notifications.cancel_unsent(SUBJECT, introduction.id)
    audit.record(actor, "introduction.undone", introduction)


def agree(*, actor: Actor, introduction: Introduction, side: Side) -> None:
    """One side agrees; with the second yes the contacts open."""
    _may_answer(actor, introduction, side)
    _still_open(introduction)
    if side is Side.PRODUCER:
        if introduction.producer_agreed_at is not None:
            return  # a second press changes nothing
        introduction.producer_agreed_at = now()
    else:
        if introduction.buyer_agreed_at is not None:
            return
        introduction.buyer_agreed_at = now()
    both = introduction.producer_agreed_at and introduction.buyer_agreed_at
    then = IntroductionState.AGREED if both else IntroductionState.AGREED_BY_ONE
    rules.check_introduction(introduction.state, then)
    introduction.state = then
    notifications.mark_replied(SUBJECT, introduction.id, side.value)
    notifications.cancel_unsent(SUBJECT, introduction.id, side=side.value)  # it is answered already
    audit.record(actor, "introduction.agreed", introduction, side=side.value)
    if both:
        for each in Side:
            _prepare(introduction, introduction.suggestion, each, "contacts_open")


def decline(
    *,
    actor: Actor,
    introduction: Introduction,
    side: Side,
    reason: DeclineReason,
    note: str = "",
) -> None:
    _may_answer(actor, introduction, side)
    _still_open(introduction)
    rules.check_introduction(introduction.state, IntroductionState.DECLINED)
    introduction.state = IntroductionState.DECLINED
    introduction.declined_by = side
    introduction.declined_at = now()
    introduction.decline_reason = reason
    introduction.decline_note = note
    notifications.mark_replied(SUBJECT, introduction.id, side.value)
    notifications.cancel_unsent(SUBJECT, introduction.id)
    audit.record(actor, "introduction.declined", introduction, side=side.value, reason=reason.value)


def expire_old() -> int:
    """Close introductions nobody answered in time."""
    old = queries.list_expired_introductions(now())
    for introduction in old:
        expire(introduction)
    return len(old)


def close_for(suggestion_ids: Sequence[int]) -> None:
    """The product or the need is gone: open introductions about it end, unsent texts go."""
    for introduction in queries.list_open_introductions(suggestion_ids):
        expire(introduction)


def expire(introduction: Introduction) -> None:
    rules.check_introduction(introduction.state, IntroductionState.EXPIRED)
    introduction.state = IntroductionState.EXPIRED
    notifications.cancel_unsent(SUBJECT, introduction.id)
    audit.record(SYSTEM, "introduction.expired", introduction)


def is_over(introduction: Introduction) -> bool:
    """True where no answer is awaited any more, also when the worker has not yet marked it."""
    return introduction.state not in rules.OPEN_INTRODUCTIONS or introduction.expires_at < now()


def _may_answer(actor: Actor, introduction: Introduction, side: Side) -> None:
    if actor.kind is ActorKind.LINK:
        require(actor.link_subject == link_subject(introduction.id, side))
        return
    require(
        side_of(actor, introduction.suggestion) is not None and _is_side(actor, introduction, side)
    )


def _is_side(actor: Actor, introduction: Introduction, side: Side) -> bool:
    suggestion = introduction.suggestion
    business_id = (
        suggestion.product.business_id if side is Side.PRODUCER else suggestion.need.business_id
    )
    return actor.belongs_to(business_id)


def link_subject(introduction_id: int, side: Side) -> str:
    return f"introduction:{introduction_id}:{side.value}"


def _still_open(introduction: Introduction) -> None:
    if introduction.state is IntroductionState.EXPIRED or (
        introduction.state in rules.OPEN_INTRODUCTIONS and introduction.expires_at < now()
    ):
        raise RuleBroken(N_("The time to answer is over. Ask the office to introduce you again."))
    if introduction.state not in rules.OPEN_INTRODUCTIONS:
        raise RuleBroken(N_("This introduction is already closed."))


def _prepare(introduction: Introduction, suggestion: Suggestion, side: Side, kind: str) -> None:
    to = suggestion.product.business if side is Side.PRODUCER else suggestion.need.business
    notifications.enqueue(
        kind=kind,
        params={"introduction_id": introduction.id, "side": side.value},
        to_name=to.contact_name or to.name,
        to_phone=to.phone,
        subject_type=SUBJECT,
        subject_id=introduction.id,
        side=side.value,
        area_code=suggestion.area_code[:2],
    )
