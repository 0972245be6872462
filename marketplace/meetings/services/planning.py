"""One press, one timetable: read, compute outside any transaction, then apply it whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import guards, policies, queries
from marketplace.meetings.models import Meeting, MeetingEvent, MeetingRequest, TimetableRun
from marketplace.meetings.rules import EventState, MeetingState, RunKind, idle_slots
from marketplace.meetings.rules.telling import to_json
from marketplace.meetings.services import telling
from marketplace.meetings.services.survey import Survey, survey
from marketplace.planning import timetable as planner

SECONDS = 10.0
REPLAN_SECONDS = 2.0
REMEDIES_KEPT = 20  # of the weightiest requests without a place, with each run
CHANGED_MEANWHILE = N_(
    "Somebody changed something of this event while the timetable was computed. Nothing was "
    "changed by this press: press again."
)


@dataclass(frozen=True)
class Plan:
    """A timetable that was computed and not applied yet."""

    kind: RunKind
    survey: Survey
    aside: frozenset[int]  # meetings that stay outside of it
    result: planner.Timetable
    evidence: list[dict[str, Any]]
    seconds: float


def compute(event: MeetingEvent, kind: RunKind) -> Plan:
    """Nothing is written here; on an event of 400 x 150 it takes about a second."""
    _can_be_planned(event)
    begun = perf_counter()
    seen = survey(event, now())
    if not seen.to_place():
        raise RuleBroken(
            N_("There is nothing to place yet: no request of people who come has both yeses.")
        )
    asked, aside = seen.plan(keep=kind is RunKind.REPLAN)
    if not any(person.available for person in asked.participants) and not seen.live:
        raise RuleBroken(
            N_("Nobody can come in any slot still to come. Look at the hours and the availability.")
        )
    limit = REPLAN_SECONDS if kind is RunKind.REPLAN else SECONDS
    result = planner.plan_timetable(asked, seconds=limit)
    evidence = _evidence(asked, result)
    stays = frozenset(meeting.id for meeting in aside)
    return Plan(kind, seen, stays, result, evidence, perf_counter() - begun)


def _can_be_planned(event: MeetingEvent) -> None:
    if event.state is EventState.CLOSED:
        raise RuleBroken(N_("This event is over: its timetable stays as it was."))


def _evidence(asked: planner.Event, result: planner.Timetable) -> list[dict[str, Any]]:
    """Why each request has no place and, for the weightiest, what would place it."""
    desk = planner.Desk(asked, result.meetings)
    heaviest = sorted(result.unplaced, key=lambda one: -asked.asked[one[0]].weight)
    return [
        {
            "request": int(request),
            "reasons": [to_json(reason) for reason in reasons],
            "would": [
                [to_json(change) for change in remedy.changes]
                for remedy in planner.find_remedies(desk, request, most=2)
            ]
            if place < REMEDIES_KEPT
            else [],
        }
        for place, (request, reasons) in enumerate(heaviest)
    ]


def apply(*, actor: Actor, event_id: int, plan: Plan) -> TimetableRun:
    """Put the timetable in force, if nothing it was made of has changed since."""
    event = queries.lock_event(event_id)
    require(policies.may_run_event(actor, event))
    _can_be_planned(event)
    queries.lock_businesses(plan.survey.people.keys())
    present = survey(event, plan.survey.at)
    if present.digest != plan.survey.digest:
        raise Conflict(CHANGED_MEANWHILE)
    changed = _carry_out(actor, event, present, plan)
    aside = [one for one in present.live if one.id in plan.aside]
    weight = sum(present.requests[one.request_id].weight for one in aside)
    run = TimetableRun(
        event_id=event.id,
        kind=plan.kind,
        objective=plan.result.objective + weight,
        bound=max(plan.result.bound, plan.result.objective) + weight,
        idle_slots=_idle(present, plan, aside),
        placed=len(plan.result.meetings) + len(aside),
        unplaced=plan.evidence,
        changed=changed,
        seconds=round(plan.seconds, 2),
        made_by_id=actor.person_id,
        made_by_name=actor.name,
    )
    session.add(run)
    session.flush()
    audit.record(
        actor,
        "timetable.planned",
        run,
        event=event.id,
        kind=plan.kind.value,
        placed=run.placed,
        unplaced=len(run.unplaced),
        changed=len(changed),
    )
    return run


def _carry_out(
    actor: Actor, event: MeetingEvent, present: Survey, plan: Plan
) -> list[dict[str, Any]]:
    """Move, end and add meetings; returns what changed, as it is kept with the run."""
    at = now()
    standing = {one.request_id: one for one in present.live if not present.is_fixed(one)}
    fixed = {one.request_id for one in present.live if present.is_fixed(one)}
    wanted = {int(one.request): one for one in plan.result.meetings}
    changed: list[dict[str, Any]] = []
    moves: list[guards.Place] = []
    dropped: list[Meeting] = []
    for request_id, meeting in standing.items():
        place = wanted.get(request_id)
        if place is None:
            dropped.append(meeting)
            changed.append(_change(meeting, request_id, None))
        elif (place.slot, place.table + 1) != (meeting.slot, meeting.table_number):
            moves.append(_place(present, meeting.id, place))
            changed.append(_change(meeting, request_id, place))
    lifted = [move.meeting_id for move in moves] + [one.id for one in dropped]
    if not guards.lift(lifted, at):
        raise Conflict(CHANGED_MEANWHILE)
    guards.put(moves, at)
    for meeting in queries.meetings_of_ids(lifted):
        gone = meeting.state is MeetingState.MOVED
        audit.record(actor, "meeting.lost_place" if gone else "meeting.moved", meeting)
    added = [
        (new_meeting(event, present.requests[request_id], present, place), place)
        for request_id, place in wanted.items()
        if request_id not in standing and request_id not in fixed
    ]
    session.flush()  # the audit entries name their meetings
    for meeting, place in added:
        audit.record(actor, "meeting.placed", meeting)
        changed.append({**_change(None, meeting.request_id, place), "meeting": meeting.id})
    tell_changed(event, present, [change["request"] for change in changed])
    return changed


def _idle(present: Survey, plan: Plan, aside: Sequence[Meeting]) -> int:
    """Idle slots of everybody together, meetings outside of the plan counted in."""
    busy: dict[int, list[int]] = {}
    slots = [(int(one.request), one.slot) for one in plan.result.meetings]
    for request_id, slot in [*slots, *((one.request_id, one.slot or 0) for one in aside)]:
        request = present.requests[request_id]
        for business_id in (request.producer_id, request.buyer_id):
            busy.setdefault(business_id, []).append(slot)
    return sum(idle_slots(own, present.grid) for own in busy.values())


def new_meeting(
    event: MeetingEvent, request: MeetingRequest, seen: Survey, place: planner.Meeting
) -> Meeting:
    """A meeting for a request, not flushed yet; one put off before is named."""
    before = request.meetings[0] if request.meetings else None
    meeting = Meeting(
        request_id=request.id,
        event_id=event.id,
        producer_id=request.producer_id,
        buyer_id=request.buyer_id,
        area_code=request.area_code,
        slot=place.slot,
        table_number=place.table + 1,
        starts_at=seen.grid[place.slot].starts_at,
        minutes=event.slot_minutes,
        place=event.place,
        moved_from_id=before.id if before and before.state is MeetingState.MOVED else None,
    )
    session.add(meeting)
    return meeting


def tell_changed(event: MeetingEvent, seen: Survey, request_ids: Sequence[int]) -> int:
    """Both sides of changed meetings, once everybody was told the timetable."""
    if event.announced_at is None:
        return 0
    businesses = {
        business_id
        for request_id in request_ids
        for business_id in (
            seen.requests[request_id].producer_id,
            seen.requests[request_id].buyer_id,
        )
    }
    return telling.tell_changes(
        one for one in seen.people.values() if one.business_id in businesses
    )


def announce(*, actor: Actor, event: MeetingEvent) -> int:
    """Everybody who has meetings gets a text with them; from now on changes are told too."""
    require(policies.may_run_event(actor, event))
    _can_be_planned(event)
    live = queries.live_meetings(event.id)
    if not live:
        raise RuleBroken(N_("There is no timetable to tell yet."))
    busy = {one.producer_id for one in live} | {one.buyer_id for one in live}
    people = [one for one in queries.participants_at(event.id) if one.business_id in busy]
    for participant in people:
        telling.tell_times(participant)
    event.announced_at = now()
    audit.record(actor, "timetable.announced", event, people=len(people))
    return len(people)


def _place(present: Survey, meeting_id: int, place: planner.Meeting) -> guards.Place:
    return guards.Place(meeting_id, place.slot, place.table + 1, present.grid[place.slot].starts_at)


def _change(
    meeting: Meeting | None, request_id: int, place: planner.Meeting | None
) -> dict[str, Any]:
    return {
        "meeting": meeting.id if meeting is not None else None,
        "request": request_id,
        "from": [meeting.slot, meeting.table_number] if meeting is not None else None,
        "to": [place.slot, place.table + 1] if place is not None else None,
    }
