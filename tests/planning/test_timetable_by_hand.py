"""What an officer can do to a timetable by hand, and what would place who has no meeting."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.planning.timetable import (
    Desk,
    Event,
    Meeting,
    Participant,
    Request,
    apply_remedy,
    find_remedies,
    plan_timetable,
    why_unplaced,
)
from tests.planning.test_timetable import events


def breaks_a_promise(event: Event, meetings: list[Meeting]) -> bool:
    """Written from the promises, not from the code that keeps them."""
    people = {person.id: person for person in event.participants}
    asked = {request.id: request for request in event.requests}
    locks = {lock.request: lock for lock in event.locked}
    seats: list[object] = []
    held: list[str] = []
    for one in meetings:
        request = asked[one.request]
        seats += [(one.slot, request.producer), (one.slot, request.buyer), (one.slot, one.table)]
        held += [request.producer, request.buyer]
        if one.request in locks:
            if locks[one.request] != one:
                return True
            continue
        if one.request in event.never or one.slot in event.breaks:
            return True
        if (one.request, one.slot) in event.forbidden or one.table >= event.tables:
            return True
        for name in (request.producer, request.buyer):
            if one.slot not in people[name].available:
                return True
    full = any(
        person.max_meetings is not None and held.count(person.id) > person.max_meetings
        for person in event.participants
    )
    return full or len(set(seats)) < len(seats)


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    """A timetable from which an officer took some meetings, and locked others."""
    event = draw(events())
    planned = plan_timetable(event, seconds=2).meetings
    kept = [one for one in planned if draw(st.integers(0, 3))]
    locked = [one for one in kept if not draw(st.integers(0, 3))]
    return Desk(replace(event, locked=locked), kept)


@given(desks())
def test_a_slot_and_table_is_offered_exactly_where_the_meeting_keeps_every_promise(
    desk: Desk,
) -> None:
    for request in desk.event.asked:
        others = [one for one in desk.meetings.values() if one.request != request]
        for choice in desk.choices(request):
            offered = {
                table
                for table in range(desk.event.tables)
                if not desk.obstacles(request, choice.slot, table)
            }
            true = {
                table
                for table in range(desk.event.tables)
                if not breaks_a_promise(desk.event, [*others, Meeting(request, choice.slot, table)])
            }
            assert offered == true
            if request not in desk.locked:
                assert set(choice.tables) == true
            assert choice.is_feasible == bool(true)


@given(desks())
def test_two_meetings_may_change_places_exactly_where_every_promise_holds_afterwards(
    desk: Desk,
) -> None:
    for one in desk.meetings.values():
        for other in desk.meetings.values():
            if one == other:
                continue
            rest = [each for each in desk.meetings.values() if each not in (one, other)]
            after = [
                *rest,
                replace(one, request=other.request),
                replace(other, request=one.request),
            ]
            refused = desk.swap_obstacles(one.request, other.request)
            assert bool(refused) == breaks_a_promise(desk.event, after)


@given(desks())
def test_every_remedy_does_what_it_says(desk: Desk) -> None:
    meetings = tuple(desk.meetings.values())
    for request in desk.event.asked.keys() - desk.meetings.keys():
        for remedy in find_remedies(desk, request):
            event, after = apply_remedy(desk.event, meetings, remedy)
            assert remedy.meeting in after
            assert not breaks_a_promise(event, list(after))
            again = plan_timetable(replace(event, current=after), seconds=2)
            assert set(after) <= set(again.meetings)


@given(desks())
def test_only_breaks_and_locked_meetings_leave_nobody_a_remedy(desk: Desk) -> None:
    for request in desk.event.asked.keys() - desk.meetings.keys():
        if find_remedies(desk, request):
            continue
        for choice in desk.choices(request):
            codes = {one.code for one in choice.obstacles}
            assert codes & {"break", "busy"}


@given(desks())
def test_every_reason_of_a_request_without_a_meeting_is_true(desk: Desk) -> None:
    event = desk.event
    for request in event.asked.keys() - desk.meetings.keys():
        asked = event.asked[request]
        people = [event.people[asked.producer], event.people[asked.buyer]]
        could = people[0].available & people[1].available - event.breaks
        may = {slot for slot in could if (request, slot) not in event.forbidden}
        taken = [
            {one.slot for one in desk.meetings.values() if person.id in desk.pair(one.request)}
            for person in people
        ]
        reasons = why_unplaced(desk, request)
        feasible = any(choice.is_feasible for choice in desk.choices(request))
        assert feasible == (reasons[0].code == "fits")
        for reason in reasons:
            told = reason.params
            match reason.code:
                case "not_wanted":
                    assert request in event.never
                case "no_common_slot":
                    assert not could
                case "only_forbidden":
                    assert could
                    assert not may
                case "quota":
                    person = event.people[told["who"].id]
                    own = taken[people.index(person)]
                    assert told["met"] == len(own) >= person.max_meetings == told["most"]
                case "all_busy":
                    assert may <= taken[people.index(event.people[told["who"].id])]
                case "never_together":
                    assert set(told["producer_free"].n) == may - taken[0] != set()
                    assert set(told["buyer_free"].n) == may - taken[1] != set()
                    assert may <= taken[0] | taken[1]
                case "tables_full":
                    assert set(told["slots"].n) == may - taken[0] - taken[1]
                    for slot in told["slots"].n:
                        here = [one for one in desk.meetings.values() if one.slot == slot]
                        assert len(here) == event.tables
                case "fits":
                    assert all(desk.choices(request)[slot].is_feasible for slot in told["slots"].n)
                case _:
                    raise AssertionError(reason.code)


def small() -> Event:
    """Two producers, two buyers, three slots (the last a break), one table."""
    all_day = frozenset({0, 1, 2})
    people = [
        Participant("p0", "producer", all_day, 1),
        Participant("p1", "producer", all_day),
        Participant("b0", "buyer", all_day),
        Participant("b1", "buyer", frozenset({0})),
    ]
    asked = [Request("a", "p0", "b0"), Request("b", "p1", "b0"), Request("c", "p0", "b1")]
    return Event(3, 1, people, asked, breaks=frozenset({2}))


def test_each_slot_says_what_stands_in_the_way() -> None:
    desk = Desk(small(), [Meeting("a", 0, 0)])
    said = [
        [reason.sentence % reason.params for reason in choice.obstacles]
        for choice in desk.choices("c")
    ]
    assert said == [
        [
            "p0 meets b0 in slot 1",
            "p0 is full: 1 of 1 meetings",
            "All tables are taken in slot 1: 1 of 1",
        ],
        ["b1 cannot come in slot 2", "p0 is full: 1 of 1 meetings"],
        ["Slot 3 is a break"],
    ]


def test_a_meeting_may_stay_where_it_is_and_move_to_what_is_free() -> None:
    desk = Desk(small(), [Meeting("a", 0, 0), Meeting("b", 1, 0)])
    assert [choice.is_present for choice in desk.choices("a")] == [True, False, False]
    assert [choice.is_feasible for choice in desk.choices("a")] == [True, False, False]
    assert desk.swap_obstacles("a", "b") == ()


def test_what_would_place_a_request_is_told_with_who_and_how_many() -> None:
    desk = Desk(small(), [Meeting("a", 0, 0)])
    said = [
        [change.sentence % change.params for change in remedy.changes]
        for remedy in find_remedies(desk, "c")
    ]
    assert said[0] == ["Give up the meeting of p0 and b0 in slot 1"]
    assert ["b1 comes in slot 2 too", "p0 takes one more meeting: 2"] in said


def test_a_request_or_place_that_does_not_exist_is_refused_in_words() -> None:
    desk = Desk(small(), [])
    with pytest.raises(NotFound):
        desk.choices("zzz")
    with pytest.raises(InvalidInput):
        desk.obstacles("a", 9)


@given(desks())
def test_no_remedy_asks_for_all_of_another_one_and_more(desk: Desk) -> None:
    for request in desk.event.asked.keys() - desk.meetings.keys():
        kinds = [
            sorted(change.code for change in remedy.changes)
            for remedy in find_remedies(desk, request)
        ]
        for one, other in permutations(kinds, 2):
            assert not Counter(one) <= Counter(other)
