"""Where an event, a participant, a request and a meeting can stand, and the steps between."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.suggestions.rules import RequestedBy, Side


class EventKind(StrEnum):
    EXPO = "expo"
    OWN = "own"


class EventState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"  # invitations and requests go out and come in
    RUNNING = "running"  # the day itself
    CLOSED = "closed"


NEXT_EVENT_STATES: Mapping[EventState, frozenset[EventState]] = {
    EventState.DRAFT: frozenset({EventState.OPEN}),
    EventState.OPEN: frozenset({EventState.RUNNING, EventState.CLOSED}),
    EventState.RUNNING: frozenset({EventState.CLOSED}),
    EventState.CLOSED: frozenset(),
}


class ParticipantState(StrEnum):
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WALK_IN = "walk_in"  # came without an invitation


NEXT_PARTICIPANT_STATES: Mapping[ParticipantState, frozenset[ParticipantState]] = {
    ParticipantState.INVITED: frozenset({ParticipantState.CONFIRMED, ParticipantState.DECLINED}),
    ParticipantState.CONFIRMED: frozenset({ParticipantState.DECLINED}),
    # Who said no may think again; who comes all the same is a walk-in.
    ParticipantState.DECLINED: frozenset({ParticipantState.CONFIRMED, ParticipantState.WALK_IN}),
    ParticipantState.WALK_IN: frozenset({ParticipantState.DECLINED}),
}


class PairWish(StrEnum):
    MUST = "must"
    MUST_NOT = "must_not"


class RequestState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"


NEXT_REQUEST_STATES: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.ASKED: frozenset(
        {RequestState.AGREED, RequestState.DECLINED, RequestState.EXPIRED}
    ),
    RequestState.AGREED: frozenset(),
    RequestState.DECLINED: frozenset(),
    RequestState.EXPIRED: frozenset(),
}

# A pair asks once per event as long as the answer is open or yes.
LIVE_REQUESTS = frozenset({RequestState.ASKED, RequestState.AGREED})


class DeclineReason(StrEnum):
    NO_TIME = "no_time"
    NOT_OUR_GOODS = "not_our_goods"
    NO_CAPACITY = "no_capacity"
    ALREADY_PARTNERS = "already_partners"
    NOT_COMING = "not_coming"
    OTHER = "other"


class MeetingState(StrEnum):
    PLACED = "placed"
    HELD = "held"
    NO_SHOW = "no_show"
    MOVED = "moved"  # put off: another meeting stands for it (`moved_from_id` of that one)
    CANCELLED = "cancelled"


NEXT_MEETING_STATES: Mapping[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLACED: frozenset(
        {
            MeetingState.HELD,
            MeetingState.NO_SHOW,
            MeetingState.MOVED,
            MeetingState.CANCELLED,
        }
    ),
    MeetingState.HELD: frozenset(),
    MeetingState.NO_SHOW: frozenset(),
    MeetingState.MOVED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}

# These take up their slot and table: nobody else can have them.
LIVE_MEETINGS = frozenset({MeetingState.PLACED, MeetingState.HELD})


class MeetingWay(StrEnum):
    IN_PERSON = "in_person"
    CALL = "call"  # WhatsApp


class NoShow(StrEnum):
    """Who did not come."""

    PRODUCER = "producer"
    BUYER = "buyer"
    BOTH = "both"


class Interest(StrEnum):
    NONE = "none"
    SOME = "some"
    STRONG = "strong"


class Owner(StrEnum):
    """Who does the next step."""

    PRODUCER = "producer"
    BUYER = "buyer"
    OFFICE = "office"


class RunKind(StrEnum):
    PLAN = "plan"  # everything but the locked meetings anew
    REPLAN = "replan"  # as few changes as possible


def check_event(now: EventState, then: EventState) -> None:
    if then not in NEXT_EVENT_STATES[now]:
        raise RuleBroken(N_("The event is no longer at this step. Look at it again."))


def check_participant(now: ParticipantState, then: ParticipantState) -> None:
    if then not in NEXT_PARTICIPANT_STATES[now]:
        raise RuleBroken(N_("This invitation was already answered."))


def check_request(now: RequestState, then: RequestState) -> None:
    if then not in NEXT_REQUEST_STATES[now]:
        raise RuleBroken(N_("This request was already answered."))


def check_meeting(now: MeetingState, then: MeetingState) -> None:
    if then not in NEXT_MEETING_STATES[now]:
        raise RuleBroken(N_("This meeting is already over or was called off."))


def other_side(side: Side) -> Side:
    return Side.BUYER if side is Side.PRODUCER else Side.PRODUCER


__all__ = [
    "LIVE_MEETINGS",
    "LIVE_REQUESTS",
    "NEXT_EVENT_STATES",
    "NEXT_MEETING_STATES",
    "NEXT_PARTICIPANT_STATES",
    "NEXT_REQUEST_STATES",
    "DeclineReason",
    "EventKind",
    "EventState",
    "Interest",
    "MeetingState",
    "MeetingWay",
    "NoShow",
    "Owner",
    "PairWish",
    "ParticipantState",
    "RequestState",
    "RequestedBy",
    "RunKind",
    "Side",
    "check_event",
    "check_meeting",
    "check_participant",
    "check_request",
    "other_side",
]
