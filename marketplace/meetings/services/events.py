"""Events: prepare, change, open, start, close."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.i18n import say
from marketplace.infra.web import require
from marketplace.meetings import policies, queries, rules
from marketplace.meetings.models import EventBreak, EventDay, MeetingEvent
from marketplace.meetings.rules import EventDraft, EventState, ParticipantState
from marketplace.meetings.services import answering, telling

CHANGED_MEANWHILE = N_(
    "Someone else changed this event meanwhile. Your words stand below; look at both and save "
    "again."
)

ENDED_EARLY = N_("The event was ended before this meeting.")


def create_event(*, actor: Actor, draft: EventDraft) -> MeetingEvent:
    require(policies.may_create_event(actor))
    rules.check_event_draft(draft, today())
    if actor.office_id is None:
        raise NotAllowed(N_("Only an office can hold an event."))
    event = MeetingEvent(
        office_id=actor.office_id,
        kind=draft.kind,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
        name=draft.name,
        region_code=draft.region_code,
        place=draft.place,
        slot_minutes=draft.slot_minutes,
        tables=draft.tables,
        spare_tables=draft.spare_tables,
        note=draft.note,
    )
    event.days = [EventDay(day_on=day.on, starts=day.starts, ends=day.ends) for day in draft.days]
    event.breaks = [EventBreak(starts=one.starts, ends=one.ends) for one in draft.breaks]
    session.add(event)
    session.flush()
    audit.record(actor, "event.created", event, name=event.name)
    return event


def draft_of(event: MeetingEvent) -> EventDraft:
    return EventDraft(
        name=event.name,
        kind=event.kind,
        region_code=event.region_code,
        place=event.place,
        slot_minutes=event.slot_minutes,
        tables=event.tables,
        spare_tables=event.spare_tables,
        days=tuple(rules.Day(day.day_on, day.starts, day.ends) for day in event.days),
        breaks=tuple(rules.Break(one.starts, one.ends) for one in event.breaks),
        note=event.note,
    )


def change_event(*, actor: Actor, event: MeetingEvent, draft: EventDraft, version: int) -> None:
    """Hours stay as they are while meetings stand in them; what was said of them goes along."""
    require(policies.may_run_event(actor, event))
    if event.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    if event.state is EventState.CLOSED:
        raise RuleBroken(N_("This event is over: it stays as it was."))
    before = draft_of(event)
    same_hours = (before.days, before.breaks, before.slot_minutes) == (
        draft.days,
        draft.breaks,
        draft.slot_minutes,
    )
    # Days gone by are no mistake of who corrects the name of an event under way.
    first = min((day.on for day in draft.days), default=today())
    rules.check_event_draft(draft, min(first, today()) if same_hours else today())
    if not same_hours:
        _change_hours(event, before, draft)
    if draft.tables + draft.spare_tables < queries.highest_table(event.id):
        message = N_("There are meetings at tables beyond that number. Move them first.")
        raise InvalidInput(message, fields={"tables": message})
    event.name, event.kind, event.note = draft.name, draft.kind, draft.note
    event.region_code, event.place = draft.region_code, draft.place
    event.tables, event.spare_tables = draft.tables, draft.spare_tables
    event.updated_at = now()
    session.flush()
    audit.record(actor, "event.changed", event)


def _change_hours(event: MeetingEvent, before: EventDraft, draft: EventDraft) -> None:
    if queries.count_live(event.id):
        message = N_(
            "Meetings already stand in these hours. Take them off the timetable first, then "
            "change the hours."
        )
        raise InvalidInput(message, fields={"days": message})
    old, new = before.grid(), draft.grid()
    for participant in queries.participants_at(event.id):
        participant.available = rules.remap(participant.available, old, new)
    event.days.clear()
    event.breaks.clear()
    session.flush()  # the same day again is no double
    event.slot_minutes = draft.slot_minutes
    event.days = [EventDay(day_on=day.on, starts=day.starts, ends=day.ends) for day in draft.days]
    event.breaks = [EventBreak(starts=one.starts, ends=one.ends) for one in draft.breaks]


def open_event(*, actor: Actor, event: MeetingEvent) -> int:
    """Invitations go to the tray; returns how many."""
    require(policies.may_run_event(actor, event))
    rules.check_event(event.state, EventState.OPEN)
    event.state = EventState.OPEN
    audit.record(actor, "event.opened", event)
    invited = [
        one for one in queries.participants_at(event.id) if one.state is ParticipantState.INVITED
    ]
    for participant in invited:
        telling.invite(participant)
    return len(invited)


def start_event(*, actor: Actor, event: MeetingEvent) -> None:
    """It is under way, from its first day on: there is no way back from here."""
    require(policies.may_run_event(actor, event))
    if event.state is EventState.RUNNING:
        return  # one press too many
    first = event.grid()[0].on
    if today() < first:
        raise RuleBroken(N_("This event is on %(day)s. It begins on that day."), day=first)
    rules.check_event(event.state, EventState.RUNNING)
    event.state = EventState.RUNNING
    audit.record(actor, "event.started", event)


def close_event(*, actor: Actor, event: MeetingEvent) -> int:
    """It is over. What had not begun does not take place; returns how many meetings that were."""
    require(policies.may_run_event(actor, event))
    rules.check_event(event.state, EventState.CLOSED)
    event.state = EventState.CLOSED
    audit.record(actor, "event.closed", event)
    for participant in queries.participants_at(event.id):
        telling.forget(participant)
    return answering.end_all(actor, event, say(ENDED_EARLY))
