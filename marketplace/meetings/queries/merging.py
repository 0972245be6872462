"""Which rows can change hands when an entry of the register is merged into another."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from marketplace.infra.db import session
from marketplace.meetings.models import Meeting, MeetingRequest, Participant
from marketplace.meetings.rules import LIVE_MEETINGS, LIVE_REQUESTS


def participants_to_hand_over(merged_id: int, survivor_id: int) -> Sequence[int]:
    """Chairs at events to which the survivor is not invited."""
    there = select(Participant.event_id).where(Participant.business_id == survivor_id)
    return session.scalars(
        select(Participant.id)
        .where(Participant.business_id == merged_id, Participant.event_id.not_in(there))
        .order_by(Participant.id)
    ).all()


def requests_to_hand_over(column: str, merged_id: int, survivor_id: int) -> Sequence[int]:
    """Requests of this entry but those of events where it keeps its own chair."""
    side = getattr(MeetingRequest, column)
    other = MeetingRequest.buyer_id if column == "producer_id" else MeetingRequest.producer_id
    kept = select(Participant.event_id).where(Participant.business_id == merged_id)
    rows = session.execute(
        select(MeetingRequest.id, MeetingRequest.event_id, other, MeetingRequest.state)
        .where(
            side == merged_id,
            or_(MeetingRequest.event_id.is_(None), MeetingRequest.event_id.not_in(kept)),
        )
        .order_by(MeetingRequest.id)
    ).all()
    taken = {
        (event_id, partner)
        for event_id, partner in session.execute(
            select(MeetingRequest.event_id, other).where(
                side == survivor_id,
                MeetingRequest.event_id.is_not(None),
                MeetingRequest.state.in_(LIVE_REQUESTS),
            )
        )
    }
    return [
        row_id
        for row_id, event_id, partner, state in rows
        if state not in LIVE_REQUESTS or (event_id, partner) not in taken
    ]


def meetings_to_hand_over(column: str, merged_id: int, survivor_id: int) -> Sequence[int]:
    """Meetings of this entry but those of such events, and those at a time the survivor has one."""
    side = getattr(Meeting, column)
    kept = select(Participant.event_id).where(Participant.business_id == merged_id)
    busy = set(
        session.scalars(
            select(Meeting.starts_at).where(side == survivor_id, Meeting.state.in_(LIVE_MEETINGS))
        )
    )
    rows = session.execute(
        select(Meeting.id, Meeting.starts_at, Meeting.state)
        .where(side == merged_id, or_(Meeting.event_id.is_(None), Meeting.event_id.not_in(kept)))
        .order_by(Meeting.id)
    )
    return [
        row_id
        for row_id, starts_at, state in rows
        if state not in LIVE_MEETINGS or starts_at not in busy
    ]
