"""Who does not come, or comes late: their meetings free their places for a new plan."""

from collections.abc import Sequence
from datetime import date

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import business_day, now, today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import policies, queries, rules
from marketplace.meetings.models import Meeting, Participant
from marketplace.meetings.rules import EventState, MeetingState, NoShow, ParticipantState, Side
from marketplace.meetings.rules.grid import Grid
from marketplace.meetings.rules.telling import slot_name
from marketplace.meetings.services import telling


def note_absent(*, actor: Actor, participant: Participant) -> int:
    """They did not come that day: what is left of it is missed. Returns how many meetings.

    Before the event that is its first day; on the other days they may still come.
    """
    participant = _on_the_day(actor, participant)
    grid = participant.event.grid()
    day = max(today(), grid[0].on)
    to_come = queries.to_come_of(participant.event_id, participant.business_id, now())
    missed = [one for one in to_come if business_day(one.starts_at) == day]
    who = NoShow.PRODUCER if participant.side is Side.PRODUCER else NoShow.BUYER
    for meeting in missed:
        rules.check_meeting(meeting.state, MeetingState.NO_SHOW)
        meeting.state, meeting.no_show_by = MeetingState.NO_SHOW, who
        _end(actor, meeting)
        audit.record(actor, "meeting.no_show", meeting, who=who.value)
    participant.available = sorted(slot for slot in participant.slots(grid) if grid[slot].on != day)
    if not participant.available:
        telling.forget(participant)
    _tell_others(participant, missed)
    audit.record(actor, "participant.absent", participant, missed=len(missed))
    session.flush()
    return len(missed)


def note_late(*, actor: Actor, participant: Participant, from_slot: int) -> int:
    """They come later: what lies before is put off and waits for a new place.

    Who was noted as absent and comes after all may have slots again. Returns how many were put off.
    """
    participant = _on_the_day(actor, participant)
    grid = participant.event.grid()
    if not grid.has(from_slot):
        raise InvalidInput(N_("There is no such slot or table."))
    could = participant.slots(grid) | _of_a_day_lost(participant, grid, grid[from_slot].on)
    later = sorted(slot for slot in could if slot >= from_slot)
    if not later:
        raise InvalidInput(
            N_("From %(time)s on they can come in no slot."), time=slot_name(grid, from_slot)
        )
    participant.available = later
    put_off: list[Meeting] = []
    for meeting in queries.to_come_of(participant.event_id, participant.business_id, now()):
        if meeting.slot is not None and meeting.slot < from_slot and not meeting.is_locked:
            rules.check_meeting(meeting.state, MeetingState.MOVED)
            meeting.state = MeetingState.MOVED
            _end(actor, meeting)
            audit.record(actor, "meeting.put_off", meeting)
            put_off.append(meeting)
    _tell_others(participant, put_off)
    audit.record(actor, "participant.late", participant, from_slot=from_slot)
    session.flush()
    return len(put_off)


def _of_a_day_lost(participant: Participant, grid: Grid, day: date) -> frozenset[int]:
    """All slots of a day on which they have none: whoever comes after all can be met in them."""
    slots = frozenset(slot.number for slot in grid.slots if slot.on == day)
    return frozenset() if slots & participant.slots(grid) else slots


def _on_the_day(actor: Actor, participant: Participant) -> Participant:
    """The participant as they are now, while nobody else changes the timetable."""
    require(policies.may_run_for_participant(actor, participant))
    event = queries.lock_event(participant.event_id)
    participant = queries.get_participant(participant.id)
    if event.state is EventState.CLOSED:
        raise RuleBroken(N_("This event is over."))
    if participant.state not in {ParticipantState.CONFIRMED, ParticipantState.WALK_IN}:
        raise RuleBroken(N_("Only who said yes can be late or missing."))
    return participant


def _tell_others(participant: Participant, meetings: Sequence[Meeting]) -> None:
    """Who loses a meeting by it is told, also where the new plan has no other one for them."""
    if participant.event.announced_at is None:
        return
    others = {
        one.buyer_id if participant.side is Side.PRODUCER else one.producer_id for one in meetings
    }
    people = queries.participants_at(participant.event_id)
    telling.tell_changes(one for one in people if one.business_id in others)


def _end(actor: Actor, meeting: Meeting) -> None:
    meeting.ended_at, meeting.ended_by_name = now(), actor.name
