"""Steps over the whole square of states, and the grid of slots."""

from datetime import date
from enum import StrEnum
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.meetings import rules
from marketplace.meetings.rules import (
    Break,
    Day,
    EventDraft,
    EventKind,
    EventState,
    MeetingState,
    ParticipantState,
    RequestState,
    grid_of,
)
from marketplace.meetings.rules.telling import from_json, slots_name, to_json
from marketplace.planning.timetable import Reason, Slot, Slots, Table, Who

TODAY = date(2026, 11, 26)
DAY = Day(date(2026, 12, 3), 9 * 60, 12 * 60)

STEPS = [
    (rules.check_event, EventState, {("draft", "open"), ("open", "running"), ("open", "closed"),
                                     ("running", "closed")}),
    (rules.check_participant, ParticipantState, {
        ("invited", "confirmed"), ("invited", "declined"), ("confirmed", "declined"),
        ("declined", "confirmed"), ("declined", "walk_in"), ("walk_in", "declined")}),
    (rules.check_request, RequestState, {("asked", "agreed"), ("asked", "declined"),
                                         ("asked", "expired")}),
    (rules.check_meeting, MeetingState, {("placed", "held"), ("placed", "no_show"),
                                         ("placed", "moved"), ("placed", "cancelled")}),
]  # fmt: skip


@pytest.mark.parametrize(("check", "states", "allowed"), STEPS)
def test_only_the_steps_of_the_table_are_taken(  # type: ignore[no-untyped-def]
    check, states: type[StrEnum], allowed: set[tuple[str, str]]
) -> None:
    taken = set()
    for now in states:
        for then in states:
            try:
                check(now, then)
            except RuleBroken:
                continue
            taken.add((now.value, then.value))
    assert taken == allowed


def test_a_break_costs_no_half_slot_and_the_next_begins_after_it() -> None:
    grid = grid_of([DAY], [Break(10 * 60 + 10, 10 * 60 + 30)], 20)
    begins = [slot.starts for slot in grid.slots]
    assert begins == [540, 560, 580, 630, 650, 670, 690]


def test_slots_count_on_over_the_days_in_order() -> None:
    later = Day(date(2026, 12, 4), 8 * 60, 9 * 60)
    grid = grid_of([later, DAY], [], 30)
    assert [slot.on.day for slot in grid.slots] == [3] * 6 + [4] * 2
    assert [slot.number for slot in grid.slots] == list(range(8))


@given(
    starts=st.integers(0, 1_400),
    length=st.integers(1, 600),
    pauses=st.lists(st.tuples(st.integers(0, 1_400), st.integers(1, 120)), max_size=4),
    minutes=st.sampled_from(rules.SLOT_MINUTES),
)
def test_no_slot_lies_in_a_break_or_outside_the_day_or_over_another(
    starts: int, length: int, pauses: list[tuple[int, int]], minutes: int
) -> None:
    day = Day(DAY.on, starts, min(1_440, starts + length))
    breaks = [Break(begin, min(1_440, begin + long)) for begin, long in pauses]
    slots = grid_of([day], breaks, minutes).slots
    for slot in slots:
        assert day.starts <= slot.starts < slot.ends <= day.ends
        assert slot.ends - slot.starts == minutes
        assert not any(one.starts < slot.ends and slot.starts < one.ends for one in breaks)
    for one, other in pairwise(slots):
        assert one.ends <= other.starts


def draft(**given: object) -> EventDraft:
    values: dict[str, object] = {
        "name": "Temu",
        "kind": EventKind.OWN,
        "region_code": "19.71",
        "place": "Aula",
        "slot_minutes": 20,
        "tables": 4,
        "spare_tables": 0,
        "days": (DAY,),
        **given,
    }
    return EventDraft(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"tables": 0}, "tables"),
        ({"days": ()}, "days"),
        ({"days": (Day(date(2026, 11, 25), 540, 720),)}, "days"),
        ({"days": (Day(DAY.on, 720, 540),)}, "days"),
        ({"days": (DAY, DAY)}, "days"),
        ({"days": (Day(DAY.on, 540, 550),)}, "days"),
        ({"days": (DAY,), "breaks": (Break(540, 720),)}, "days"),
        ({"breaks": (Break(700, 600),)}, "breaks"),
        ({"slot_minutes": 17}, "slot_minutes"),
        ({"name": ""}, "name"),
        ({"region_code": ""}, "region"),
        ({"days": (Day(date(2099, 1, 1), 540, 720),)}, "days"),
        ({"tables": 499, "spare_tables": 2}, "tables"),
    ],
)
def test_an_event_at_which_nobody_could_meet_is_refused_at_its_field(
    given: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.check_event_draft(draft(**given), TODAY)
    assert set(refused.value.fields) == {field}


def test_an_ordinary_event_is_accepted() -> None:
    rules.check_event_draft(draft(breaks=(Break(600, 615),)), TODAY)


def test_availability_goes_along_when_the_hours_change() -> None:
    before = grid_of([DAY], [], 30)  # 9.00, 9.30, 10.00, ... 11.30
    after = grid_of([Day(DAY.on, 9 * 60, 13 * 60)], [], 20)
    kept = rules.remap([0, 1], before, after)
    assert kept is not None
    told = {after[number].starts for number in kept}
    # 9.00-10.00 as said, and 12.00-13.00, which nobody was asked about.
    assert told == {540, 560, 580, 720, 740, 760}
    assert rules.remap(None, before, after) is None


def test_waiting_is_counted_within_a_day_and_not_over_night() -> None:
    grid = grid_of([DAY, Day(date(2026, 12, 4), 9 * 60, 12 * 60)], [], 30)  # six slots a day
    assert rules.idle_slots([], grid) == 0
    assert rules.idle_slots([0, 1, 4], grid) == 2
    assert rules.idle_slots([1, 5, 6, 9], grid) == 3 + 2


def test_runs_of_slots_read_as_hours() -> None:
    grid = grid_of([DAY], [], 20)
    assert slots_name(grid, (0, 1, 2, 5)) == "09.00-10.00, 10.40-11.00"
    assert slots_name(grid, ()) == "–"


def test_a_reason_kept_with_a_run_reads_the_same_later() -> None:
    reason = Reason(
        "busy", {"who": Who("3"), "slot": Slot(2), "free": Slots((1, 2)), "table": Table(0), "n": 4}
    )
    assert from_json(to_json(reason)) == reason
