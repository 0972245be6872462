"""What would place a request that has no meeting: the smallest changes, each true when made."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from marketplace.planning.timetable.desk import Desk
from marketplace.planning.timetable.event import Event, Meeting
from marketplace.planning.timetable.told import Reason, Slot, Table, Who

# What a change asks of people: a meeting moved asks two, a meeting given up costs two.
_COST = {"move": 2, "raise_limit": 3, "come": 3, "add_table": 3, "allow_slot": 4, "allow_pair": 4}
_COST["drop"] = 8
MOST = 5


@dataclass(frozen=True, slots=True)
class Remedy:
    """Make `changes`, and the request has its place: `meeting`. No change means it fits already."""

    changes: tuple[Reason, ...]
    meeting: Meeting

    @property
    def cost(self) -> tuple[int, int, int]:
        asked = sum(_COST[change.code] for change in self.changes)
        return len(self.changes), asked, self.meeting.slot


def find_remedies(desk: Desk, request: str, *, most: int = MOST) -> tuple[Remedy, ...]:
    """Up to `most` remedies of different kinds, the smallest first; empty where it is placed.

    Empty too where every slot is a break or is held by locked meetings.
    """
    if request in desk.meetings:
        return ()
    best: dict[tuple[str, ...], Remedy] = {}
    for slot in range(desk.event.slots):
        for found in _in_slot(desk, request, slot):
            kind = tuple(sorted(change.code for change in found.changes))
            if kind not in best or found.cost < best[kind].cost:
                best[kind] = found
    # Whoever needs only one thing is not asked for it and another.
    smallest = [
        found
        for kind, found in best.items()
        if not any(Counter(less) < Counter(kind) for less in best)
    ]
    return tuple(sorted(smallest, key=lambda one: one.cost)[:most])


def apply_remedy(
    event: Event, meetings: Sequence[Meeting], remedy: Remedy
) -> tuple[Event, tuple[Meeting, ...]]:
    """The event and its timetable after the changes, with the request in its place."""
    after = {one.request: one for one in meetings}
    for change in remedy.changes:
        told: Any = change.params
        if change.code == "move":
            after[told["request"]] = Meeting(told["request"], told["slot"].n, told["table"].n)
        elif change.code == "drop":
            del after[told["request"]]
        else:
            event = _changed(event, change, remedy.meeting.request)
    after[remedy.meeting.request] = remedy.meeting
    return event, tuple(sorted(after.values(), key=lambda one: (one.slot, one.table)))


def _changed(event: Event, change: Reason, request: str) -> Event:
    told: Any = change.params
    if change.code == "add_table":
        return replace(event, tables=event.tables + 1)
    if change.code == "allow_pair":
        return replace(event, never=event.never - {request})
    if change.code == "allow_slot":
        allowed = {one for one in event.forbidden if one != (request, told["slot"].n)}
        return replace(event, forbidden=frozenset(allowed))
    people = list(event.participants)
    place = next(n for n, person in enumerate(people) if person.id == told["who"].id)
    if change.code == "raise_limit":
        people[place] = replace(people[place], max_meetings=told["most"])
    else:
        available = people[place].available | {told["slot"].n}
        people[place] = replace(people[place], available=available)
    return replace(event, participants=people)


def _in_slot(desk: Desk, request: str, slot: int) -> Iterator[Remedy]:
    obstacles = desk.obstacles(request, slot)
    codes = {obstacle.code for obstacle in obstacles}
    if "break" in codes or any(one.params.get("is_locked") for one in obstacles):
        return
    simple = [_lifted(one, slot) for one in obstacles if one.code in _LIFTED]
    # One meeting stands in the way twice where the same two asked twice.
    blocking = list(
        dict.fromkeys(str(one.params["request"]) for one in obstacles if one.code == "busy")
    )
    quotas = [one for one in obstacles if one.code == "quota"]
    ways: list[list[Reason]] = [_give_way(desk, one, slot) for one in blocking]
    ways += [_within_limits(desk, one) for one in quotas]
    if "tables_taken" in codes and not blocking:
        ways.append(_make_room(desk, slot))
    for chosen in product(*ways):
        changes = _settled(desk, [*simple, *chosen])
        if changes is not None:
            yield Remedy(tuple(changes), Meeting(request, slot, _table(desk, slot, changes)))


_LIFTED = {"not_available": "come", "forbidden": "allow_slot", "not_wanted": "allow_pair"}


def _lifted(obstacle: Reason, slot: int) -> Reason:
    told = {"slot": Slot(slot)}
    who = {"who": obstacle.params["who"]} if "who" in obstacle.params else {}
    return Reason(_LIFTED[obstacle.code], {**who, **told})


def _give_way(desk: Desk, request: str, slot: int) -> list[Reason]:
    """How a meeting leaves its slot: to another one where that is possible, or altogether."""
    moved = _moved(desk, request)
    return [*([moved] if moved else []), _dropped(desk, request)]


def _within_limits(desk: Desk, quota: Reason) -> list[Reason]:
    """One more meeting for who is full, or one less of those they have."""
    who: Any = quota.params["who"]
    raised = Reason("raise_limit", {"who": who, "most": desk.met[who.id] + 1})
    if quota.params["met"] != quota.params["most"]:
        return [raised]  # locks put them above their limit: one less would not do
    own = [
        desk.asked(one)
        for one in desk.meetings
        if one not in desk.locked and who.id in desk.pair(one)
    ]
    lightest = min(own, key=lambda one: (one.weight, one.id), default=None)
    return [raised, *([_dropped(desk, lightest.id)] if lightest else [])]


def _make_room(desk: Desk, slot: int) -> list[Reason]:
    """A table more, or a meeting of others moved away."""
    ways = [Reason("add_table", {"slot": Slot(slot), "tables": desk.event.tables + 1})]
    for request in desk.tables[slot].values():
        moved = None if request in desk.locked else _moved(desk, request)
        if moved is not None:
            return [moved, *ways]
    return ways


def _moved(desk: Desk, request: str) -> Reason | None:
    """The nearest other slot that a meeting could go to as things stand."""
    here = desk.meetings[request]
    others = (slot for slot in range(desk.event.slots) if slot != here.slot)
    for slot in sorted(others, key=lambda slot: (abs(slot - here.slot), slot)):
        if desk.roomy >> slot & 1 and not desk.obstacles(request, slot):
            table = desk.free_tables(slot)[0]
            return Reason(
                "move", {**_named(desk, request), "slot": Slot(slot), "table": Table(table)}
            )
    return None


def _dropped(desk: Desk, request: str) -> Reason:
    return Reason("drop", {**_named(desk, request), "weight": desk.asked(request).weight})


def _named(desk: Desk, request: str) -> dict[str, object]:
    producer, buyer = desk.pair(request)
    was = Slot(desk.meetings[request].slot)
    return {"request": request, "producer": Who(producer), "buyer": Who(buyer), "was": was}


def _settled(desk: Desk, changes: Sequence[Reason]) -> list[Reason] | None:
    """Changes that go together: no meeting twice, no limit raised in vain, no table given twice."""
    dropped = {str(one.params["request"]) for one in changes if one.code == "drop"}
    found: dict[tuple[object, ...], Reason] = {}
    taken: set[tuple[int, int]] = set()
    for change in changes:
        told: Any = change.params
        if change.code == "raise_limit":
            who = told["who"].id
            left = desk.met[who] - sum(who in desk.pair(request) for request in dropped)
            if left < (desk.person(who).max_meetings or 0):
                continue
            change = Reason("raise_limit", {**told, "most": left + 1})
        elif change.code == "move":
            if told["request"] in dropped:
                return None
            slot = told["slot"].n
            free = [n for n in desk.free_tables(slot) if (slot, n) not in taken]
            if not free:
                return None
            taken.add((slot, free[0]))
            change = Reason("move", {**told, "table": Table(free[0])})
        found[change.code, told.get("who"), told.get("request")] = change
    return list(found.values())


def _table(desk: Desk, slot: int, changes: Sequence[Reason]) -> int:
    gone = {one.params["request"] for one in changes if one.code in {"move", "drop"}}
    free = desk.free_tables(slot, {str(one) for one in gone})
    return free[0] if free else desk.event.tables
