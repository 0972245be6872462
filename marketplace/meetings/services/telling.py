"""Texts of temu bisnis for the tray: one per participant, however many ask for them."""

from collections.abc import Iterable

from marketplace.meetings.models import Meeting, MeetingRequest, Participant
from marketplace.meetings.queries import events
from marketplace.meetings.rules import Side
from marketplace.notifications import queries as outbox
from marketplace.notifications import services as notifications
from marketplace.notifications.rules import MessageState

PARTICIPANTS = "event_participants"
REQUESTS = "meeting_requests"
MEETINGS = "meetings"
# A text that shows everything that waits makes these needless while it is still in the tray.
_SHOW_ALL = frozenset({"meeting_invitation", "meeting_requests", "meeting_reminder"})
_SHOW_TIMES = frozenset({"meeting_timetable", "meeting_changed"})


def invite(participant: Participant) -> None:
    _to_participant(participant, "meeting_invitation", _SHOW_ALL)


def ask(participant: Participant) -> None:
    """There is something to answer; one text holds the link to all of it."""
    _to_participant(participant, "meeting_requests", _SHOW_ALL)


def remind(participant: Participant) -> None:
    _to_participant(participant, "meeting_reminder", _SHOW_ALL)


def tell_times(participant: Participant) -> None:
    _to_participant(participant, "meeting_timetable", _SHOW_TIMES)


def tell_changes(participants: Iterable[Participant]) -> int:
    """Whoever was told their meetings is told the new ones; returns to how many."""
    told = 0
    for participant in participants:
        _to_participant(participant, "meeting_changed", _SHOW_TIMES)
        told += 1
    return told


def _to_participant(participant: Participant, kind: str, same: frozenset[str]) -> None:
    for message in outbox.list_of_subject(PARTICIPANTS, participant.id):
        if message.state is MessageState.TO_SEND and message.kind in same:
            return  # it is written when it is sent, so it will say this too
    notifications.enqueue(
        kind=kind,
        params={"participant_id": participant.id},
        to_name=participant.person_name or participant.business.name,
        to_phone=participant.phone,
        subject_type=PARTICIPANTS,
        subject_id=participant.id,
        side=participant.side.value,
        area_code=events.province_of_event(participant.event_id),
    )


def settle(participant: Participant) -> None:
    """Who answered everything is not asked again by a text that still lies in the tray."""
    for message in outbox.list_of_subject(PARTICIPANTS, participant.id):
        if message.state is MessageState.TO_SEND and message.kind in _SHOW_ALL:
            message.state = MessageState.CANCELLED


def forget(participant: Participant) -> None:
    """Nothing more is asked of who does not come."""
    notifications.cancel_unsent(PARTICIPANTS, participant.id)


def ask_single(request: MeetingRequest, side: Side, *, kind: str = "meeting_single") -> None:
    to = request.producer if side is Side.PRODUCER else request.buyer
    notifications.enqueue(
        kind=kind,
        params={"request_id": request.id, "side": side.value},
        to_name=to.contact_name or to.name,
        to_phone=to.phone,
        subject_type=REQUESTS,
        subject_id=request.id,
        side=side.value,
        area_code=request.area_code[:2],
    )


def tell_single(meeting: Meeting, kind: str = "meeting_placed") -> None:
    """Both sides of a meeting outside events: it stands, or it was called off."""
    for side, to in ((Side.PRODUCER, meeting.producer), (Side.BUYER, meeting.buyer)):
        notifications.enqueue(
            kind=kind,
            params={"meeting_id": meeting.id, "side": side.value},
            to_name=to.contact_name or to.name,
            to_phone=to.phone,
            subject_type=MEETINGS,
            subject_id=meeting.id,
            side=side.value,
            area_code=meeting.area_code[:2],
        )
