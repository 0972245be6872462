"""Paper: per person, per table, the whole day, and blank sheets for results. And calendar files."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.core.clock import now
from marketplace.infra.downloads import file_response
from marketplace.infra.paging import Page
from marketplace.infra.web import allow, current_actor, page_number, public
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import day as shown
from marketplace.meetings.documents.calendars import MEDIA_TYPE, calendar_file
from marketplace.meetings.documents.own_part import other_of
from marketplace.meetings.models import MeetingEvent, Participant
from marketplace.meetings.queries import day as reads
from marketplace.meetings.rules import MeetingState, ParticipantState, Side
from marketplace.meetings.views.blueprint import bp
from marketplace.meetings.views.links import participant_behind, request_behind

SHEETS = 100


def _paper(template: str, event: MeetingEvent, **given: Any) -> ResponseReturnValue:
    return render_template(
        template,
        event=event,
        letterhead={"name": event.office.name, "lines": [event.name]},
        printed_at=now(),
        **given,
    )


@bp.get("/events/<int:event_id>/print/people")
@allow(policies.may_see_event, queries.get_event)
def print_people(event_id: int) -> ResponseReturnValue:
    """A sheet for everybody who comes, with their code; `?participant=` for one of them.

    A hundred at a time: drawing five hundred codes would keep the printer, and everybody, waiting.
    """
    event = queries.get_event(event_id)
    area = policies.area_at(current_actor(), event)
    own = shown.by_business(reads.timetable_of(event_id, area=area))
    wanted = request.args.get("participant", "")
    people = [
        one
        for one in queries.participants_at(event_id, area=area)
        if one.state is not ParticipantState.DECLINED and wanted in {"", str(one.id)}
    ]
    number = page_number()
    part = people[(number - 1) * SHEETS : number * SHEETS]
    return _paper(
        "meetings/print_people.html",
        event,
        page=Page(part, number, SHEETS, len(people)),
        sheets=[(one, own.get(one.business_id, []), shown.code_of(one)) for one in part],
        other_of=other_of,
    )


@bp.get("/participants/<int:participant_id>/print")
@allow(policies.may_answer_invitation, queries.get_participant)
def print_own(participant_id: int) -> ResponseReturnValue:
    """One's own sheet."""
    person = queries.get_participant(participant_id)
    meetings = reads.timetable_of(person.event_id, business_id=person.business_id)
    return _paper(
        "meetings/print_people.html",
        queries.get_event(person.event_id),
        page=None,
        sheets=[(person, meetings, shown.code_of(person))],
        other_of=other_of,
    )


@bp.get("/events/<int:event_id>/print/tables")
@allow(policies.may_see_event, queries.get_event)
def print_tables(event_id: int) -> ResponseReturnValue:
    """A sheet to stand on each table."""
    event = queries.get_event(event_id)
    meetings = reads.timetable_of(event_id, area=policies.area_at(current_actor(), event))
    return _paper("meetings/print_tables.html", event, tables=shown.by_table(meetings))


@bp.get("/events/<int:event_id>/print/day")
@allow(policies.may_see_event, queries.get_event)
def print_day(event_id: int) -> ResponseReturnValue:
    """The whole timetable, hour by hour, and everybody who comes to tick off at the door."""
    event = queries.get_event(event_id)
    area = policies.area_at(current_actor(), event)
    meetings = reads.timetable_of(event_id, area=area)
    return _paper(
        "meetings/print_day.html",
        event,
        times=shown.by_time(meetings),
        people=[
            one
            for one in queries.participants_at(event_id, area=area)
            if one.state is not ParticipantState.DECLINED
        ],
    )


@bp.get("/events/<int:event_id>/print/results")
@allow(policies.may_see_event, queries.get_event)
def print_results(event_id: int) -> ResponseReturnValue:
    """Blank sheets, table by table, to be filled in by hand and typed in later."""
    event = queries.get_event(event_id)
    meetings = reads.timetable_of(event_id, area=policies.area_at(current_actor(), event))
    open_ones = [one for one in meetings if one.state is not MeetingState.NO_SHOW]
    return _paper(
        "meetings/print_results.html",
        event,
        tables=shown.by_table(open_ones),
    )


# --- calendar files


def _participant_file(person: Participant) -> ResponseReturnValue:
    meetings = reads.calendar_of(person.event_id, person.business_id)
    data = calendar_file(
        person.event.name, [(one, person.side) for one in meetings], person.event.place
    )
    return file_response(data, f"temu-bisnis-{person.event_id}.ics", MEDIA_TYPE)


@bp.get("/participants/<int:participant_id>/calendar.ics")
@allow(policies.may_answer_invitation, queries.get_participant)
def participant_calendar(participant_id: int) -> ResponseReturnValue:
    return _participant_file(queries.get_participant(participant_id))


@bp.get("/t/<token>/calendar.ics")
@public
def calendar_by_link(token: str) -> ResponseReturnValue:
    """The same by the participant's own link, without signing in."""
    participant, _actor = participant_behind(token)
    return _participant_file(participant)


@bp.get("/meetings/<int:meeting_id>/calendar.ics")
@allow(policies.may_see_meeting, queries.get_meeting)
def meeting_calendar(meeting_id: int) -> ResponseReturnValue:
    """One meeting, for the side that asks; an officer gets it as the producer has it."""
    meeting = queries.get_meeting(meeting_id)
    side = policies.side_of(current_actor(), meeting) or Side.PRODUCER
    place = meeting.event.place if meeting.event is not None else ""
    name = f"temu-bisnis-{meeting.id}.ics"
    return file_response(calendar_file("Temu Gerai", [(meeting, side)], place), name, MEDIA_TYPE)


@bp.get("/r/<token>/calendar.ics")
@public
def meeting_calendar_by_link(token: str) -> ResponseReturnValue:
    """A meeting outside events, by the link of one side."""
    wanted, side, _actor = request_behind(token)
    meetings = [(one, side) for one in reads.meetings_of_request(wanted.id)]
    name = f"temu-bisnis-r{wanted.id}.ics"
    return file_response(calendar_file("Temu Gerai", meetings), name, MEDIA_TYPE)
