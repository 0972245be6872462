"""The day itself: the code at the entrance, now and next at each table, what goes on paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from markupsafe import Markup

from marketplace.infra.links import public_url, sign
from marketplace.infra.qr import qr_svg
from marketplace.meetings.models import Meeting, MeetingEvent, Participant
from marketplace.meetings.queries.day import Seat

CODE_LINK = "meeting-code"
WALL_LINK = "meeting-wall"


@dataclass(frozen=True, slots=True)
class TableNow:
    """A table of the wall: who sits there now, who comes next and when."""

    number: int
    now: Seat | None
    next: Seat | None


def code_link(participant: Participant) -> str:
    """What the code of a participant opens: the officer at the door checks them in with it."""
    return public_url(url_for("meetings.show_code", token=sign(CODE_LINK, [participant.id])))


def code_of(participant: Participant) -> Markup:
    return qr_svg(code_link(participant))


def wall_link(event: MeetingEvent) -> str:
    """The secret address of the wall, for a screen in the hall."""
    return public_url(url_for("meetings.show_wall_by_link", token=sign(WALL_LINK, [event.id])))


def tables_now(seats: Iterable[Seat], tables: int, moment: datetime) -> list[TableNow]:
    """Every table, free ones too; `seats` in order of time."""
    current: dict[int, Seat] = {}
    coming: dict[int, Seat] = {}
    for seat in seats:
        if seat.starts_at <= moment < seat.starts_at + timedelta(minutes=seat.minutes):
            current.setdefault(seat.table, seat)
        elif seat.starts_at > moment:
            coming.setdefault(seat.table, seat)
    return [TableNow(one, current.get(one), coming.get(one)) for one in range(1, tables + 1)]


def by_business(meetings: Sequence[Meeting]) -> Mapping[int, list[Meeting]]:
    """Each side's own meetings, in the order given."""
    found: dict[int, list[Meeting]] = {}
    for meeting in meetings:
        found.setdefault(meeting.producer_id, []).append(meeting)
        found.setdefault(meeting.buyer_id, []).append(meeting)
    return found


def by_table(meetings: Sequence[Meeting]) -> list[tuple[int, list[Meeting]]]:
    """Table by table, each in order of time."""
    found: dict[int, list[Meeting]] = {}
    for meeting in sorted(meetings, key=lambda one: (one.table_number or 0, one.starts_at)):
        found.setdefault(meeting.table_number or 0, []).append(meeting)
    return sorted(found.items())


def by_time(meetings: Sequence[Meeting]) -> list[tuple[datetime, list[Meeting]]]:
    found: dict[datetime, list[Meeting]] = {}
    for meeting in meetings:
        found.setdefault(meeting.starts_at, []).append(meeting)
    return sorted(found.items(), key=lambda pair: pair[0])
