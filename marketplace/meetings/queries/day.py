"""Reads of the day itself: who is there, what is at which table, what goes on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from marketplace.businesses.models import Business
from marketplace.core.text import fold
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.meetings.models import Meeting, Participant
from marketplace.meetings.rules import LIVE_MEETINGS, MeetingState, ParticipantState, Side

_PARTIES = (joinedload(Meeting.producer), joinedload(Meeting.buyer))
# What a timetable on paper shows: a missed meeting stays on it, one put off or called off does not.
_SHOWN = (*LIVE_MEETINGS, MeetingState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Arrivals:
    arrived: int
    expected: int


@dataclass(frozen=True, slots=True)
class Seat:
    """Who meets whom at a table, by business name and nothing else."""

    table: int
    starts_at: datetime
    minutes: int
    producer: str
    buyer: str


def _of_area(area: str) -> tuple[ColumnElement[bool], ...]:
    return (Participant.side == Side.PRODUCER, lies_in(Business.region_code, area)) if area else ()


def page_to_check_in(
    event_id: int, number: int, *, text: str = "", area: str = ""
) -> Page[Participant]:
    """Those still to come first, by name; found by business or by the person who comes for it."""
    statement = (
        select(Participant)
        .join(Participant.business)
        .options(joinedload(Participant.business))
        .where(Participant.event_id == event_id, *_of_area(area))
    )
    if text:
        statement = statement.where(
            or_(
                Business.folded_name.contains(fold(text), autoescape=True),
                func.lower(Participant.person_name).contains(text.lower(), autoescape=True),
            )
        )
    return paged(
        statement.order_by(
            Participant.arrived_at.is_not(None),
            Participant.state == ParticipantState.DECLINED,
            Business.folded_name,
            Participant.id,
        ),
        number=number,
        size=25,
    )


def count_arrivals(event_id: int, area: str = "") -> Arrivals:
    """Who is there, of those who did not say no."""
    arrived, expected = session.execute(
        select(func.count(Participant.arrived_at), func.count())
        .select_from(Participant)
        .join(Participant.business)
        .where(
            Participant.event_id == event_id,
            Participant.state != ParticipantState.DECLINED,
            *_of_area(area),
        )
    ).one()
    return Arrivals(arrived, expected)


def timetable_of(
    event_id: int, *, business_id: int | None = None, table: int | None = None, area: str = ""
) -> Sequence[Meeting]:
    """Everything that stands on the timetable in order of time, whole: it is for paper."""
    statement = (
        select(Meeting)
        .options(*_PARTIES)
        .where(Meeting.event_id == event_id, Meeting.state.in_(_SHOWN))
        .order_by(Meeting.slot, Meeting.table_number, Meeting.id)
    )
    if business_id is not None:
        statement = statement.where(
            or_(Meeting.producer_id == business_id, Meeting.buyer_id == business_id)
        )
    if table is not None:
        statement = statement.where(Meeting.table_number == table)
    if area:
        statement = statement.where(lies_in(Meeting.area_code, area))
    return session.scalars(statement).all()


def seats_from(event_id: int, moment: datetime, until: datetime) -> list[Seat]:
    """Meetings that are not over and begin before `until`, in order of time."""
    producer, buyer = aliased(Business), aliased(Business)
    rows = session.execute(
        select(Meeting.table_number, Meeting.starts_at, Meeting.minutes, producer.name, buyer.name)
        .join(producer, producer.id == Meeting.producer_id)
        .join(buyer, buyer.id == Meeting.buyer_id)
        .where(
            Meeting.event_id == event_id,
            Meeting.state.in_(LIVE_MEETINGS),
            Meeting.starts_at > moment - timedelta(hours=8),
            Meeting.starts_at < until,
        )
        .order_by(Meeting.starts_at, Meeting.table_number)
    )
    seats = [
        Seat(table or 0, starts_at, minutes, *names) for table, starts_at, minutes, *names in rows
    ]
    return [seat for seat in seats if seat.starts_at + timedelta(minutes=seat.minutes) > moment]


def calendar_of(event_id: int, business_id: int) -> Sequence[Meeting]:
    """Meetings of one participant for their calendar, called-off ones too: calendars drop them."""
    return session.scalars(
        select(Meeting)
        .options(*_PARTIES)
        .where(
            Meeting.event_id == event_id,
            Meeting.state.in_([*LIVE_MEETINGS, MeetingState.CANCELLED, MeetingState.MOVED]),
            or_(Meeting.producer_id == business_id, Meeting.buyer_id == business_id),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def meetings_of_request(request_id: int) -> Sequence[Meeting]:
    """What a request became, called-off meetings too."""
    return session.scalars(
        select(Meeting)
        .options(*_PARTIES)
        .where(Meeting.request_id == request_id)
        .order_by(Meeting.id)
    ).all()
