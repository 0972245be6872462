"""Who takes part: invitations, what they can, walk-ins, and who must or must not meet."""

from collections.abc import Collection

from marketplace.audit import services as audit
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import policies, queries, rules
from marketplace.meetings.models import MeetingEvent, PairRule, Participant
from marketplace.meetings.rules import (
    DeclineReason,
    EventState,
    PairWish,
    ParticipantDraft,
    ParticipantState,
    RequestState,
    Side,
)
from marketplace.meetings.services import answering, telling
from marketplace.notifications import services as notifications

CHANGED_MEANWHILE = N_(
    "Someone else changed this participant meanwhile. Your words stand below; look at both and "
    "save again."
)


def side_of_business(business: Business) -> Side:
    return Side.PRODUCER if business.kind is BusinessKind.PRODUCER else Side.BUYER


def invite(*, actor: Actor, event: MeetingEvent, business_ids: Collection[int]) -> int:
    """Put businesses of the register on the list; who is there already stays as they are.

    Texts go to the tray at once where invitations are out, else when the event is opened.
    """
    require(policies.may_run_event(actor, event))
    _still_open(event)
    there = {one.business_id for one in queries.participants_at(event.id)}
    added = 0
    for business in queries.businesses_of(set(business_ids) - there):
        if not policies.may_invite(actor, business):
            continue
        participant = _add(event, business, ParticipantState.INVITED)
        audit.record(actor, "participant.invited", participant, event=event.id)
        if event.state is not EventState.DRAFT:
            telling.invite(participant)
        added += 1
    return added


def add_walk_in(
    *, actor: Actor, event: MeetingEvent, business: Business, draft: ParticipantDraft
) -> Participant:
    """Somebody who came without an invitation, or all the same after a no."""
    require(policies.may_run_event(actor, event) and policies.may_invite(actor, business))
    _still_open(event)
    rules.check_participant_draft(draft, event.grid())
    participant = queries.find_participant(event.id, business.id)
    if participant is None:
        participant = _add(event, business, ParticipantState.WALK_IN)
    else:
        rules.check_participant(participant.state, ParticipantState.WALK_IN)
        participant.state = ParticipantState.WALK_IN
    _fill(participant, draft)
    participant.arrived_at, participant.arrived_by_name = now(), actor.name
    session.flush()
    audit.record(actor, "participant.walked_in", participant, event=event.id)
    return participant


def _add(event: MeetingEvent, business: Business, state: ParticipantState) -> Participant:
    participant = Participant(
        event_id=event.id,
        business_id=business.id,
        business=business,
        side=side_of_business(business),
        state=state,
        person_name=business.contact_name,
        phone=business.phone,
    )
    session.add(participant)
    session.flush()
    return participant


def change_participant(
    *, actor: Actor, participant: Participant, draft: ParticipantDraft, version: int
) -> None:
    """Who comes, when and for how many meetings."""
    require(policies.may_edit_participant(actor, participant))
    _still_open(participant.event)
    if participant.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    rules.check_participant_draft(draft, participant.event.grid())
    _fill(participant, draft)
    participant.updated_at = now()
    session.flush()
    audit.record(actor, "participant.changed", participant)


def _fill(participant: Participant, draft: ParticipantDraft) -> None:
    participant.person_name, participant.phone = draft.person_name, draft.phone
    participant.available = None if draft.available is None else sorted(draft.available)
    participant.max_meetings = draft.max_meetings


def link_subject(participant_id: int) -> str:
    return f"participant:{participant_id}"


def confirm(*, actor: Actor, participant: Participant) -> None:
    """They come. A second press changes nothing."""
    _may_answer(actor, participant)
    _still_open(participant.event)
    if participant.state in {ParticipantState.CONFIRMED, ParticipantState.WALK_IN}:
        return
    rules.check_participant(participant.state, ParticipantState.CONFIRMED)
    participant.state = ParticipantState.CONFIRMED
    participant.answered_at = now()
    participant.decline_note = ""
    audit.record(actor, "participant.confirmed", participant)
    notifications.mark_replied(telling.PARTICIPANTS, participant.id, participant.side.value)
    if not queries.count_waiting(participant):
        telling.settle(participant)


def decline(*, actor: Actor, participant: Participant, note: str = "") -> int:
    """They do not come: what was asked of them is declined, meetings to come are called off.

    Returns how many meetings fell away; the other sides of them are told by who calls.
    """
    _may_answer(actor, participant)
    _still_open(participant.event)
    if participant.state is ParticipantState.DECLINED:
        return 0
    rules.check_participant(participant.state, ParticipantState.DECLINED)
    participant.state = ParticipantState.DECLINED
    participant.answered_at = now()
    participant.decline_note = note
    notifications.mark_replied(telling.PARTICIPANTS, participant.id, participant.side.value)
    telling.forget(participant)
    audit.record(actor, "participant.declined", participant)
    for request in queries.requests_of_participant(participant):
        if request.state is RequestState.ASKED:
            answering.close_as_declined(
                actor, request, participant.side, DeclineReason.NOT_COMING, note
            )
    return answering.call_off_all(actor, participant, note)


def _may_answer(actor: Actor, participant: Participant) -> None:
    if actor.kind is ActorKind.LINK:
        require(actor.link_subject == link_subject(participant.id))
        return
    require(policies.may_answer_invitation(actor, participant))


def _still_open(event: MeetingEvent) -> None:
    if event.state is EventState.CLOSED:
        raise RuleBroken(N_("This event is over."))


# --- who must, and who must not meet


def set_pair(
    *,
    actor: Actor,
    event: MeetingEvent,
    producer: Participant,
    buyer: Participant,
    wish: PairWish,
    reason: str = "",
) -> PairRule:
    """The second word on a pair replaces the first."""
    require(policies.may_run_event(actor, event))
    if (producer.event_id, buyer.event_id) != (event.id, event.id) or (
        producer.side is not Side.PRODUCER or buyer.side is not Side.BUYER
    ):
        raise InvalidInput(N_("Choose a producer and a buyer of this event."))
    rule = queries.find_pair_rule(producer.id, buyer.id)
    if rule is None:
        rule = PairRule(
            event_id=event.id, producer_participant_id=producer.id, buyer_participant_id=buyer.id
        )
        session.add(rule)
    rule.wish, rule.reason = wish, reason
    rule.set_by_name, rule.set_at = actor.name, now()
    session.flush()
    audit.record(actor, "pair.set", rule, wish=wish.value, event=event.id)
    return rule


def drop_pair(*, actor: Actor, rule: PairRule) -> None:
    require(policies.may_change_pair(actor, rule))
    audit.record(actor, "pair.dropped", rule, wish=rule.wish.value, event=rule.event_id)
    session.delete(rule)
