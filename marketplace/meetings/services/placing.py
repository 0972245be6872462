"""The officer's hand: place, move, swap, lock, take off. Only what is feasible, else why not."""

from collections.abc import Sequence

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import guards, policies, queries, rules
from marketplace.meetings.models import Meeting, MeetingEvent, MeetingRequest
from marketplace.meetings.rules import EventState, MeetingState, RequestState
from marketplace.meetings.rules.telling import slot_name, tell
from marketplace.meetings.services import planning, telling
from marketplace.meetings.services.survey import Survey, survey
from marketplace.planning import timetable as planner


def place(*, actor: Actor, request: MeetingRequest, slot: int, table: int | None = None) -> Meeting:
    """Give a request its meeting by hand; `table` counts from 1, None takes the first free one."""
    assert request.event_id is not None
    event = _locked(actor, request.event_id)
    if request.state is not RequestState.AGREED:
        raise RuleBroken(N_("Nothing is placed before both sides said yes."))
    seen = survey(event, now())
    desk = seen.desk()
    if str(request.id) in desk.meetings:
        raise Conflict(N_("Someone else placed this meeting meanwhile."))
    _check(seen, desk.obstacles(str(request.id), *_wanted(seen, slot, table)), slot)
    chosen = planner.Meeting(str(request.id), slot, _table(desk, request.id, slot, table))
    known = seen.requests[request.id]
    meeting = planning.new_meeting(event, known, seen, chosen)
    session.flush()
    audit.record(actor, "meeting.placed", meeting)
    planning.tell_changed(event, seen, [request.id])
    return meeting


def move(*, actor: Actor, meeting: Meeting, slot: int, table: int | None, version: int) -> None:
    """To another slot or table; refused where someone else changed the meeting meanwhile."""
    assert meeting.event_id is not None
    event = _locked(actor, meeting.event_id)
    meeting = _present(meeting.id, version, event)
    seen = survey(event, now())
    desk = seen.desk()
    _check(seen, desk.obstacles(str(meeting.request_id), *_wanted(seen, slot, table)), slot)
    target = _table(desk, meeting.request_id, slot, table, keep=meeting)
    before = (meeting.slot, meeting.table_number)
    meeting.slot, meeting.table_number = slot, target + 1
    meeting.starts_at = seen.grid[slot].starts_at
    session.flush()
    audit.record(actor, "meeting.moved", meeting, before=list(before))
    if before[0] != slot or before[1] != target + 1:
        planning.tell_changed(event, seen, [meeting.request_id])


def swap(*, actor: Actor, meeting: Meeting, other: Meeting, versions: tuple[int, int]) -> None:
    """Two meetings change places, tables included."""
    assert meeting.event_id is not None
    event = _locked(actor, meeting.event_id)
    meeting = _present(meeting.id, versions[0], event)
    other = _present(other.id, versions[1], event)
    if other.event_id != meeting.event_id:
        raise InvalidInput(N_("These two are not at the same event."))
    seen = survey(event, now())
    obstacles = seen.desk().swap_obstacles(str(meeting.request_id), str(other.request_id))
    _check(seen, obstacles, None)
    places = [_of(meeting.id, other), _of(other.id, meeting)]
    if not guards.lift([meeting.id, other.id], now()):
        raise Conflict(planning.CHANGED_MEANWHILE)
    guards.put(places, now())
    for each in queries.meetings_of_ids([meeting.id, other.id]):
        audit.record(actor, "meeting.moved", each, swapped=True)
    planning.tell_changed(event, seen, [meeting.request_id, other.request_id])


def set_lock(*, actor: Actor, meeting: Meeting, locked: bool, version: int) -> None:
    """A locked meeting stays where it is, whatever is planned anew."""
    assert meeting.event_id is not None
    event = _locked(actor, meeting.event_id)
    meeting = _present(meeting.id, version, event)
    if meeting.is_locked == locked:
        return
    meeting.is_locked = locked
    audit.record(actor, "meeting.locked" if locked else "meeting.unlocked", meeting)


def call_off(*, actor: Actor, meeting: Meeting, reason: str, version: int) -> None:
    """It does not take place; the request gets no new place unless somebody gives it one."""
    require(policies.may_move_meeting(actor, meeting))
    if not reason:
        message = N_("Say why it is called off.")
        raise InvalidInput(message, fields={"reason": message})
    event = _locked(actor, meeting.event_id) if meeting.event_id is not None else None
    meeting = _present(meeting.id, version, event)
    rules.check_meeting(meeting.state, MeetingState.CANCELLED)
    meeting.state = MeetingState.CANCELLED
    meeting.ended_at, meeting.ended_by_name, meeting.end_reason = now(), actor.name, reason
    audit.record(actor, "meeting.cancelled", meeting)
    if event is None:
        telling.tell_single(meeting, "meeting_called_off")
    else:
        planning.tell_changed(event, survey(event, now()), [meeting.request_id])


def _locked(actor: Actor, event_id: int) -> MeetingEvent:
    event = queries.lock_event(event_id)
    require(policies.may_run_event(actor, event))
    if event.state is EventState.CLOSED:
        raise RuleBroken(N_("This event is over: its timetable stays as it was."))
    return event


def _present(meeting_id: int, version: int, event: MeetingEvent | None) -> Meeting:
    """The meeting as it is now; refuses where it is not what the officer looked at."""
    meeting = queries.get_meeting(meeting_id)
    if meeting.state is not MeetingState.PLACED:
        rules.check_meeting(meeting.state, MeetingState.MOVED)
    if meeting.version != version:
        where = slot_name(event.grid(), meeting.slot or 0) if event is not None else "–"
        raise Conflict(
            N_(
                "Someone else changed this meeting meanwhile: it is now at %(time)s, table "
                "%(table)s. What you chose is still chosen below."
            ),
            time=where,
            table=str(meeting.table_number or "–"),
        )
    return meeting


def _wanted(seen: Survey, slot: int, table: int | None) -> tuple[int, int | None]:
    if not seen.grid.has(slot) or not 1 <= (table or 1) <= seen.event.all_tables:
        raise InvalidInput(N_("There is no such slot or table."))
    return slot, None if table is None else table - 1


def _check(seen: Survey, obstacles: Sequence[planner.Reason], slot: int | None) -> None:
    if slot is not None and seen.grid[slot].starts_at <= seen.at:
        raise RuleBroken(N_("%(time)s is past."), time=slot_name(seen.grid, slot))
    if obstacles:
        told = tell(obstacles[0], seen.names, seen.grid)
        raise RuleBroken(told.msgid, **told.params)


def _table(
    desk: planner.Desk, request_id: int, slot: int, table: int | None, keep: Meeting | None = None
) -> int:
    if table is not None:
        return table - 1
    free = desk.free_tables(slot, {str(request_id)})
    own = (keep.table_number or 0) - 1 if keep is not None else -1
    return own if own in free else free[0]


def _of(meeting_id: int, where: Meeting) -> guards.Place:
    assert where.slot is not None
    assert where.table_number is not None
    return guards.Place(meeting_id, where.slot, where.table_number, where.starts_at)
