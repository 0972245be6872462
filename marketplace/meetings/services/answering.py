"""Both sides' answers; with the second yes a single meeting stands, others wait for a slot."""

from marketplace.audit import services as audit
from marketplace.core.actor import SYSTEM, Actor, ActorKind
from marketplace.core.clock import now
from marketplace.core.errors import NotAllowed, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import policies, queries, rules
from marketplace.meetings.models import Meeting, MeetingEvent, MeetingRequest, Participant
from marketplace.meetings.rules import (
    DeclineReason,
    EventState,
    MeetingState,
    ParticipantState,
    RequestState,
    Side,
)
from marketplace.meetings.services import asking, telling
from marketplace.notifications import services as notifications


def link_subject(request_id: int, side: Side) -> str:
    return f"meeting-request:{request_id}:{side.value}"


def agree(*, actor: Actor, request: MeetingRequest, side: Side) -> None:
    """One side says yes. A second press changes nothing."""
    _may_answer(actor, request, side)
    if request.agreed_at(side) is not None:
        return
    _still_open(request)
    if side is Side.PRODUCER:
        request.producer_agreed_at = now()
    else:
        request.buyer_agreed_at = now()
    _answered(actor, request, side, is_yes=True)
    audit.record(actor, "meeting_request.agreed", request, side=side.value)
    if request.producer_agreed_at and request.buyer_agreed_at:
        rules.check_request(request.state, RequestState.AGREED)
        request.state = RequestState.AGREED
        if request.event_id is None:
            _place_single(actor, request)


def decline(
    *,
    actor: Actor,
    request: MeetingRequest,
    side: Side,
    reason: DeclineReason,
    note: str = "",
) -> None:
    """One side says no; it counts for nothing but this request."""
    _may_answer(actor, request, side)
    _still_open(request)
    close_as_declined(actor, request, side, reason, note)


def close_as_declined(
    actor: Actor, request: MeetingRequest, side: Side, reason: DeclineReason, note: str
) -> None:
    rules.check_request(request.state, RequestState.DECLINED)
    request.state = RequestState.DECLINED
    request.declined_by, request.declined_at = side, now()
    request.decline_reason, request.decline_note = reason, note
    _answered(actor, request, side, is_yes=False)
    if request.event_id is None:
        notifications.cancel_unsent(telling.REQUESTS, request.id)
    audit.record(actor, "meeting_request.declined", request, side=side.value, reason=reason.value)


def _answered(actor: Actor, request: MeetingRequest, side: Side, *, is_yes: bool) -> None:
    if request.first_answer_at is None:
        request.first_answer_at = request.agreed_at(side) or request.declined_at
    if request.event_id is None:
        notifications.mark_replied(telling.REQUESTS, request.id, side.value)
        notifications.cancel_unsent(telling.REQUESTS, request.id, side=side.value)
        return
    participant = queries.find_participant(request.event_id, request.business_id_of(side))
    if participant is not None:
        notifications.mark_replied(telling.PARTICIPANTS, participant.id, side.value)
        # Who says yes to a meeting at an event comes to it.
        if is_yes and participant.state is ParticipantState.INVITED:
            participant.state, participant.answered_at = ParticipantState.CONFIRMED, now()
            audit.record(actor, "participant.confirmed", participant)
        session.flush()
        if participant.state is not ParticipantState.INVITED and not queries.count_waiting(
            participant
        ):
            telling.settle(participant)


def _place_single(actor: Actor, request: MeetingRequest) -> Meeting:
    assert request.starts_at is not None
    assert request.minutes is not None
    assert request.way is not None
    queries.lock_businesses({request.producer_id, request.buyer_id})
    asking.check_free(
        (request.producer, request.buyer),
        request.starts_at,
        request.minutes,
        besides_request=request.id,
    )
    meeting = Meeting(
        request_id=request.id,
        producer=request.producer,
        buyer=request.buyer,
        area_code=request.area_code,
        starts_at=request.starts_at,
        minutes=request.minutes,
        way=request.way,
        place=request.place,
    )
    session.add(meeting)
    session.flush()
    audit.record(actor, "meeting.placed", meeting)
    telling.tell_single(meeting)
    return meeting


def is_over(request: MeetingRequest) -> bool:
    """No answer is awaited any more, also when the worker has not yet marked it."""
    if request.state is not RequestState.ASKED or request.expires_at <= now():
        return True
    return request.event is not None and request.event.state is EventState.CLOSED


def is_closed(request: MeetingRequest) -> bool:
    """Declined or out of time: these two may be asked again."""
    return request.state not in rules.LIVE_REQUESTS


def expire_old() -> int:
    """Close requests nobody answered in time: the time held for them is free again."""
    old = queries.list_expired_requests(now())
    for request in old:
        _expire(SYSTEM, request)
        if request.event_id is None:
            notifications.cancel_unsent(telling.REQUESTS, request.id)
    return len(old)


def end_all(actor: Actor, event: MeetingEvent, reason: str) -> int:
    """With the event its open requests end, and meetings that have not begun; both sides are told.

    Returns how many meetings fell away.
    """
    for request in queries.asked_requests(event.id):
        _expire(actor, request)
    fallen = queries.not_begun(event.id, now())
    for meeting in fallen:
        _call_off(actor, meeting, reason)
    lost = {meeting.producer_id for meeting in fallen} | {meeting.buyer_id for meeting in fallen}
    people = queries.participants_at(event.id)
    telling.tell_changes(one for one in people if one.business_id in lost)
    return len(fallen)


def _expire(actor: Actor, request: MeetingRequest) -> None:
    rules.check_request(request.state, RequestState.EXPIRED)
    request.state = RequestState.EXPIRED
    audit.record(actor, "meeting_request.expired", request)


def call_off_all(actor: Actor, participant: Participant, reason: str) -> int:
    """Meetings to come of who does not come end; the other sides are told. Returns how many."""
    fallen = queries.to_come_of(participant.event_id, participant.business_id, now())
    others = set()
    for meeting in fallen:
        _call_off(actor, meeting, reason)
        others.add(meeting.buyer_id if participant.side is Side.PRODUCER else meeting.producer_id)
    if participant.event.announced_at is not None:
        people = queries.participants_at(participant.event_id)
        telling.tell_changes(one for one in people if one.business_id in others)
    return len(fallen)


def _call_off(actor: Actor, meeting: Meeting, reason: str) -> None:
    rules.check_meeting(meeting.state, MeetingState.CANCELLED)
    meeting.state = MeetingState.CANCELLED
    meeting.ended_at, meeting.ended_by_name = now(), actor.name or "–"
    meeting.end_reason = reason
    audit.record(actor, "meeting.cancelled", meeting)


def _may_answer(actor: Actor, request: MeetingRequest, side: Side) -> None:
    if actor.kind is ActorKind.LINK:
        if actor.link_subject == link_subject(request.id, side):
            return
        require(_by_participant_link(actor, request, side))
        return
    if actor.belongs_to(request.business_id_of(side)):
        return
    if not policies.may_answer_for(actor, request, side):
        raise NotAllowed(N_("You may not do this."))


def _by_participant_link(actor: Actor, request: MeetingRequest, side: Side) -> bool:
    """The link to everything asked of one participant answers each request of theirs."""
    if request.event_id is None:
        return False
    participant = queries.find_participant(request.event_id, request.business_id_of(side))
    return participant is not None and actor.link_subject == f"participant:{participant.id}"


def _still_open(request: MeetingRequest) -> None:
    if request.state is RequestState.EXPIRED or (
        request.state is RequestState.ASKED and is_over(request)
    ):
        raise RuleBroken(N_("The time to answer is over. Ask the office for a new request."))
    if request.state is not RequestState.ASKED:
        raise RuleBroken(N_("This request was already answered."))
