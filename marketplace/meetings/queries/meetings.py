"""Reads of meetings that have their place."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.meetings.models import Meeting, MeetingEvent, MeetingRequest
from marketplace.meetings.rules import LIVE_MEETINGS, MeetingState, RequestState

# Who looks where to go now finds it among what is to come.
JUST_BEGUN = timedelta(minutes=30)
_PARTIES = (joinedload(Meeting.producer), joinedload(Meeting.buyer))
_EVENT = joinedload(Meeting.event).options(
    selectinload(MeetingEvent.days), selectinload(MeetingEvent.breaks)
)


def get_meeting(meeting_id: int) -> Meeting:
    found = session.scalar(
        select(Meeting)
        .options(*_PARTIES, _EVENT, joinedload(Meeting.request))
        .where(Meeting.id == meeting_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such meeting."))
    return found


def live_meetings(event_id: int) -> Sequence[Meeting]:
    """Everything that takes up a slot of the event."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.event_id == event_id, Meeting.state.in_(LIVE_MEETINGS))
        .order_by(Meeting.slot, Meeting.table_number)
    ).all()


def page_of_timetable(
    event_id: int, number: int, *, business_id: int | None = None, area: str = ""
) -> Page[Meeting]:
    """The timetable in order of time and table; of one participant, or of one kabupaten/kota."""
    statement = (
        select(Meeting)
        .options(*_PARTIES)
        .where(
            Meeting.event_id == event_id,
            Meeting.state.in_([*LIVE_MEETINGS, MeetingState.NO_SHOW]),
        )
    )
    if business_id is not None:
        statement = statement.where(
            or_(Meeting.producer_id == business_id, Meeting.buyer_id == business_id)
        )
    if area:
        statement = statement.where(lies_in(Meeting.area_code, area))
    return paged(
        statement.order_by(Meeting.slot, Meeting.table_number, Meeting.id), number=number, size=60
    )


def count_live(event_id: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Meeting)
            .where(Meeting.event_id == event_id, Meeting.state.in_(LIVE_MEETINGS))
        )
        or 0
    )


def highest_table(event_id: int) -> int:
    return (
        session.scalar(
            select(func.max(Meeting.table_number)).where(
                Meeting.event_id == event_id, Meeting.state.in_(LIVE_MEETINGS)
            )
        )
        or 0
    )


def placed_of(event_id: int, business_id: int) -> Sequence[Meeting]:
    """What still stands on the calendar of one participant, in order of time."""
    return session.scalars(
        select(Meeting)
        .options(*_PARTIES, _EVENT)
        .where(
            Meeting.event_id == event_id,
            Meeting.state == MeetingState.PLACED,
            or_(Meeting.producer_id == business_id, Meeting.buyer_id == business_id),
        )
        .order_by(Meeting.slot)
    ).all()


def not_begun(event_id: int, moment: datetime) -> Sequence[Meeting]:
    """What still stands on the timetable of an event after this moment."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.event_id == event_id,
            Meeting.state == MeetingState.PLACED,
            Meeting.starts_at > moment,
        )
        .order_by(Meeting.id)
    ).all()


def to_come_of(event_id: int, business_id: int, moment: datetime) -> list[Meeting]:
    """Those of them that are not over: what came of the others is still on paper."""
    return [one for one in placed_of(event_id, business_id) if one.ends_at > moment]


def page_of_own_meetings(
    business_ids: Collection[int], number: int, moment: datetime
) -> Page[Meeting]:
    """Meetings of these businesses: those to come first, then the past, newest first."""
    to_come = and_(Meeting.state == MeetingState.PLACED, Meeting.starts_at > moment - JUST_BEGUN)
    return paged(
        select(Meeting)
        .options(*_PARTIES, _EVENT)
        .where(
            or_(Meeting.producer_id.in_(business_ids), Meeting.buyer_id.in_(business_ids)),
            Meeting.state != MeetingState.MOVED,
        )
        .order_by(
            to_come.desc(),
            case((to_come, Meeting.starts_at)),
            Meeting.starts_at.desc(),
            Meeting.id,
        ),
        number=number,
    )


def busy_elsewhere(
    business_ids: Collection[int],
    moment: datetime,
    *,
    event_id: int | None = None,
    besides_request: int | None = None,
) -> dict[int, list[tuple[datetime, datetime]]]:
    """From when to when each business has something else: meetings, and times held for answers.

    A time is held as long as its request may still be answered; then it is free again, whether or
    not the worker has marked it.
    """
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    meetings = select(
        Meeting.producer_id, Meeting.buyer_id, Meeting.starts_at, Meeting.minutes
    ).where(
        Meeting.state == MeetingState.PLACED,
        Meeting.starts_at > moment - timedelta(hours=8),
        or_(Meeting.producer_id.in_(business_ids), Meeting.buyer_id.in_(business_ids)),
    )
    if event_id is not None:
        meetings = meetings.where(or_(Meeting.event_id.is_(None), Meeting.event_id != event_id))
    held = select(
        MeetingRequest.producer_id,
        MeetingRequest.buyer_id,
        MeetingRequest.starts_at,
        MeetingRequest.minutes,
    ).where(
        MeetingRequest.event_id.is_(None),
        MeetingRequest.state == RequestState.ASKED,
        MeetingRequest.expires_at > moment,
        MeetingRequest.id != (besides_request or 0),
        or_(
            MeetingRequest.producer_id.in_(business_ids),
            MeetingRequest.buyer_id.in_(business_ids),
        ),
    )
    for statement in (meetings, held):
        for producer_id, buyer_id, starts_at, minutes in session.execute(statement):
            assert starts_at is not None  # of single meetings and placed ones always there
            span = (starts_at, starts_at + timedelta(minutes=minutes or 0))
            for business_id in (producer_id, buyer_id):
                found.setdefault(business_id, []).append(span)
    return found


def meetings_of_ids(meeting_ids: Collection[int]) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(meeting_ids))
        .order_by(Meeting.id)
        .execution_options(populate_existing=True)
    ).all()
