"""Meetings as a calendar file (RFC 5545), as any telephone reads it."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from marketplace.core.clock import now
from marketplace.infra.links import public_url
from marketplace.meetings.documents.own_part import other_of
from marketplace.meetings.models import Meeting
from marketplace.meetings.rules import LIVE_MEETINGS, MeetingWay, Side

JAKARTA = ZoneInfo("Asia/Jakarta")
REMIND_BEFORE = timedelta(minutes=30)
MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(name: str, meetings: Iterable[tuple[Meeting, Side]], place: str = "") -> bytes:
    """Each meeting as its side sees it; `place` is the event's. Names of businesses, no contacts.

    The number of a meeting is its UID and its version the SEQUENCE: fetched again, a moved meeting
    moves in the telephone, and one that was called off disappears from it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Temu Gerai//Temu bisnis//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    host = urlsplit(public_url("/")).hostname or "temu-gerai"
    for meeting, side in meetings:
        calendar.add_component(_event(meeting, side, place, host))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, side: Side, place: str, host: str) -> Event:
    starts = meeting.starts_at.astimezone(JAKARTA)
    stands = meeting.state in LIVE_MEETINGS
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{host}")
    event.add("sequence", meeting.version)
    event.add("dtstamp", now())
    event.add("last-modified", meeting.updated_at)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=meeting.minutes))
    event.add("summary", _("Business meeting: %(name)s", name=other_of(meeting, side).name))
    event.add("location", _where(meeting, place))
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    if stands:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _("Business meeting in 30 minutes"))
        alarm.add("trigger", -REMIND_BEFORE)
        event.add_component(alarm)
    return event


def _where(meeting: Meeting, place: str) -> str:
    if meeting.way is MeetingWay.CALL:
        return str(_("WhatsApp call"))
    parts = [meeting.place or place]
    if meeting.table_number is not None:
        parts.append(_("table %(table)s", table=meeting.table_number))
    return ", ".join(part for part in parts if part)
