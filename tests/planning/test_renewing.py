"""After a no-show or a late arrival little changes: held against trying everything."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from marketplace.planning.timetable import Event, Meeting, plan_timetable
from tests.planning.events import event_of
from tests.planning.test_timetable import check_promises, events


@st.composite
def upsets(draw: st.DrawFn) -> Event:
    """A planned event of which something is no longer so."""
    event = draw(events())
    planned = plan_timetable(event, seconds=2).meetings
    locked = [one for one in planned if not draw(st.integers(0, 4))]
    people = list(event.participants)
    for number, person in enumerate(people):
        match draw(st.integers(0, 6)):
            case 0:
                people[number] = replace(person, available=frozenset())
            case 1:
                late = frozenset(slot for slot in person.available if slot > 1)
                people[number] = replace(person, available=late)
            case 2:
                people[number] = replace(person, max_meetings=draw(st.integers(0, 2)))
    tables = max(draw(st.integers(1, event.tables)), *(one.table + 1 for one in locked), 1)
    return replace(event, participants=people, tables=tables, locked=locked, current=planned)


def is_whole(event: Event, meetings: list[Meeting]) -> bool:
    """Whether these meetings could be held together, whatever else there is."""
    locked = set(event.locked)
    held = dict.fromkeys(event.people, 0)
    own = dict.fromkeys(event.people, 0)
    seats: set[object] = set()
    for one in (*locked, *(each for each in meetings if each not in locked)):
        asked = event.asked[one.request]
        pair = (asked.producer, asked.buyer)
        places = {(one.slot, name) for name in (*pair, one.table)}
        if places & seats:
            return False
        seats |= places
        for name in pair:
            held[name] += 1
            own[name] += one in locked
        if one in locked:
            continue
        if one.request in event.never or one.slot in event.breaks or one.table >= event.tables:
            return False
        if (one.request, one.slot) in event.forbidden:
            return False
        if any(one.slot not in event.people[name].available for name in pair):
            return False
    limits = {person.id: person.max_meetings for person in event.participants}
    return all(
        limit is None or held[name] <= max(limit, own[name]) for name, limit in limits.items()
    )


def most_kept(event: Event) -> int:
    """How many current meetings can stay at most, found by trying every choice of them."""
    locked = set(event.locked)
    free = [one for one in event.current if one not in locked]
    for count in range(len(free), -1, -1):
        if any(is_whole(event, list(kept)) for kept in combinations(free, count)):
            return count + len(locked)
    return len(locked)


@given(upsets())
def test_no_timetable_would_change_fewer_meetings(event: Event) -> None:
    after = plan_timetable(event, seconds=2)
    check_promises(event, after)
    assert len(event.current) - len(after.changed) == most_kept(event)
    assert {lock.request for lock in event.locked}.isdisjoint(after.changed)


def heaviest(event: Event, kept: list[Meeting]) -> int:
    """The most that fits beside what is kept, found by trying every place of every request."""
    there = {one.request for one in kept}
    waiting = [name for name in event.asked if name not in there]

    def ways(name: str) -> Iterator[list[Meeting]]:
        yield []
        for slot, table in product(range(event.slots), range(event.tables)):
            yield [Meeting(name, slot, table)]

    best = 0
    todo: list[tuple[int, list[Meeting]]] = [(0, [])]
    while todo:
        depth, placed = todo.pop()
        if depth == len(waiting):
            best = max(best, sum(event.asked[one.request].weight for one in placed))
            continue
        for more in ways(waiting[depth]):
            if not more or is_whole(event, [*kept, *placed, *more]):
                todo.append((depth + 1, [*placed, *more]))
    return best


@given(upsets())
def test_what_fits_beside_the_kept_meetings_is_the_heaviest_there_is(event: Event) -> None:
    event = replace(event, must=frozenset())
    after = plan_timetable(event, seconds=2)
    changed = set(after.changed)
    kept = [one for one in event.current if one.request not in changed]
    kept += [lock for lock in event.locked if lock not in kept]
    if len(event.asked) - len(kept) > 4:
        return
    beside = sum(event.asked[one.request].weight for one in kept)
    assert after.objective == beside + heaviest(event, kept)


def test_a_late_arrival_costs_only_the_meetings_they_miss() -> None:
    event = event_of(40, 20, 12, 20, 300, present=0.8)
    before = plan_timetable(event)
    late = [
        replace(person, available=frozenset(slot for slot in person.available if slot > 3))
        if person.id == "b3"
        else person
        for person in event.participants
    ]
    after = plan_timetable(replace(event, participants=late, current=before.meetings))
    asked = {request.id: request for request in event.requests}
    missed = {
        one.request for one in before.meetings if one.slot <= 3 and asked[one.request].buyer == "b3"
    }
    assert set(after.changed) == missed
