"""What a timetable promises, on events nobody thought of."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.planning.timetable import (
    Event,
    Meeting,
    Participant,
    Request,
    Slots,
    Timetable,
    plan_timetable,
)
from marketplace.planning.timetable.files import read_event
from tests.planning.events import event_of


def check_promises(event: Event, timetable: Timetable) -> None:
    """Written from the promises, not from the code that keeps them."""
    people = {person.id: person for person in event.participants}
    asked = {request.id: request for request in event.requests}
    locked = {meeting.request: meeting for meeting in event.locked}
    seats: Counter[object] = Counter()
    held: Counter[str] = Counter()
    for meeting in timetable.meetings:
        request = asked[meeting.request]
        assert 0 <= meeting.slot < event.slots
        assert 0 <= meeting.table < event.tables
        seats[meeting.slot, "table", meeting.table] += 1
        seats["request", meeting.request] += 1
        for name in (request.producer, request.buyer):
            seats[meeting.slot, "person", name] += 1
            held[name] += 1
        if meeting.request in locked:
            assert meeting == locked[meeting.request]
            continue
        assert meeting.request not in event.never
        assert meeting.slot not in event.breaks
        assert (meeting.request, meeting.slot) not in event.forbidden
        for name in (request.producer, request.buyer):
            assert meeting.slot in people[name].available
    assert not seats or max(seats.values()) == 1
    placed = {meeting.request for meeting in timetable.meetings}
    assert locked.keys() <= placed
    for name, count in held.items():
        limit = people[name].max_meetings
        own = sum(name in {asked[one].producer, asked[one].buyer} for one in locked)
        assert limit is None or count <= max(limit, own)
    assert placed.isdisjoint(name for name, _ in timetable.unplaced)
    assert placed | {name for name, _ in timetable.unplaced} == asked.keys()
    assert timetable.objective == sum(asked[name].weight for name in placed)
    assert timetable.objective <= timetable.bound


@st.composite
def events(draw: st.DrawFn) -> Event:
    slots, tables = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    some_slots = st.frozensets(st.integers(0, slots - 1))
    limits = st.none() | st.integers(0, 5)
    people = [
        Participant(f"{side[0]}{number}", side, draw(some_slots), draw(limits))
        for side in ("producer", "buyer")
        for number in range(draw(st.integers(1, 5)))
    ]
    producers = [person.id for person in people if person.side == "producer"]
    buyers = [person.id for person in people if person.side == "buyer"]
    pairs = st.tuples(st.sampled_from(producers), st.sampled_from(buyers))
    requests = [
        Request(f"r{number}", producer, buyer, draw(st.integers(0, 50)))
        for number, (producer, buyer) in enumerate(draw(st.lists(pairs, max_size=14)))
    ]
    names = [request.id for request in requests]
    some = st.frozensets(st.sampled_from(names), max_size=3) if names else st.just(frozenset())
    places = [(name, slot) for name in names for slot in range(slots)]
    barred = st.frozensets(st.sampled_from(places), max_size=4) if places else st.just(frozenset())
    return Event(
        slots,
        tables,
        people,
        requests,
        forbidden=draw(barred),
        must=draw(some),
        never=draw(some),
        breaks=draw(st.frozensets(st.integers(0, slots - 1), max_size=2)),
    )


@given(events())
def test_whatever_is_asked_every_promise_is_kept(event: Event) -> None:
    check_promises(event, plan_timetable(event, seconds=2))


@given(events(), st.data())
def test_after_an_absence_locked_meetings_stay_and_every_promise_is_kept(
    event: Event, data: st.DataObject
) -> None:
    before = plan_timetable(event, seconds=2)
    locked = [one for one in before.meetings if data.draw(st.booleans())][:3]
    absent = data.draw(st.sampled_from([person.id for person in event.participants]))
    people = [
        replace(person, available=frozenset()) if person.id == absent else person
        for person in event.participants
    ]
    again = replace(event, participants=people, locked=locked, current=before.meetings)
    after = plan_timetable(again, seconds=2)
    check_promises(again, after)
    assert {one.request for one in locked}.isdisjoint(after.changed)


@pytest.mark.parametrize(
    ("present", "tables"), [(1.0, 20), (1.0, 10), (0.5, 20), (0.5, 10), (0.7, 8)]
)
def test_an_event_of_forty_producers_and_twenty_buyers_gets_a_proven_best_timetable(
    present: float, tables: int
) -> None:
    event = event_of(40, 20, 12, tables, 300, present=present)
    timetable = plan_timetable(event, seconds=20)
    check_promises(event, timetable)
    assert timetable.is_optimal


def test_a_producer_who_does_not_come_changes_only_meetings_of_their_own() -> None:
    event = event_of(40, 20, 12, 20, 300)
    before = plan_timetable(event)
    people = [
        replace(person, available=frozenset()) if person.id == "p7" else person
        for person in event.participants
    ]
    after = plan_timetable(replace(event, participants=people, current=before.meetings))
    asked = {request.id: request for request in event.requests}
    kept = {meeting.request: meeting for meeting in after.meetings}
    for meeting in before.meetings:
        if asked[meeting.request].producer == "p7":
            assert meeting.request not in kept
        else:
            assert kept[meeting.request] == meeting


def test_those_who_must_meet_do_even_where_their_meeting_weighs_least() -> None:
    slot = frozenset({0})
    people = [
        Participant("p0", "producer", slot),
        Participant("p1", "producer", slot),
        Participant("b0", "buyer", slot),
    ]
    asked = [Request("light", "p0", "b0", 1), Request("heavy", "p1", "b0", 99)]
    timetable = plan_timetable(Event(1, 1, people, asked, must=frozenset({"light"})))
    assert [meeting.request for meeting in timetable.meetings] == ["light"]


def _alone(**given: object) -> Timetable:
    people = [
        Participant("p0", "producer", frozenset({0, 1}), given.get("limit")),  # type: ignore[arg-type]
        Participant("p1", "producer", frozenset({0, 1})),
        Participant("b0", "buyer", frozenset(given.get("buyer", {0, 1}))),  # type: ignore[call-overload]
        Participant("b1", "buyer", frozenset({0, 1})),
    ]
    asked = [
        Request("a", "p0", "b0", 1),
        Request("b", "p0", "b1", 9),
        Request("c", "p1", "b1", 9),
    ]
    never = given.get("never", frozenset())
    return plan_timetable(Event(2, given.get("tables", 2), people, asked, never=never))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"buyer": set()}, "no_common_slot"),
        ({"limit": 1}, "quota"),
        ({"never": frozenset({"a"})}, "not_wanted"),
        ({"tables": 1}, "tables_full"),
    ],
)
def test_a_request_without_a_place_says_why(given_: dict[str, object], code: str) -> None:
    why = dict(_alone(**given_).unplaced)
    (reason,) = why["a"]
    assert reason.code == code
    assert reason.sentence % reason.params


def test_where_each_is_busy_when_the_other_is_free_both_free_times_are_named() -> None:
    people = [
        Participant("p0", "producer", frozenset({0, 1})),
        Participant("p1", "producer", frozenset({1})),
        Participant("b0", "buyer", frozenset({0, 1})),
        Participant("b1", "buyer", frozenset({0})),
    ]
    asked = [Request("a", "p0", "b0", 1), Request("b", "p0", "b1", 9), Request("c", "p1", "b0", 9)]
    ((name, why),) = plan_timetable(Event(2, 2, people, asked)).unplaced
    assert (name, why[0].code) == ("a", "never_together")
    assert (why[0].params["producer_free"], why[0].params["buyer_free"]) == (
        Slots((1,)),
        Slots((0,)),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slots": 0}, "between 1"),
        ({"tables": 0}, "between 1"),
        ({"requests": [{"id": "r", "producer": "p9", "buyer": "b0"}]}, "does not take part"),
        ({"requests": [{"id": "r", "producer": "b0", "buyer": "p0"}]}, "r has b0 on the wrong"),
        (
            {"requests": [{"id": "r", "buyer": "b0"}]},
            "requests, entry 1 (r): Something is missing: producer",
        ),
        ({"participants": [{"id": "p0", "side": "guest", "available": []}]}, "neither"),
        (
            {"participants": [{"id": "p0", "side": "producer", "available": [None]}]},
            "participants, entry 1 (p0): null is not a whole number",
        ),
        ({"slots": "many"}, "whole number"),
        ({"locked": [{"request": "r0", "slot": 9, "table": 0}]}, "no such slot"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_in_words(
    change: dict[str, object], said: str
) -> None:
    told = {
        "slots": 2,
        "tables": 1,
        "participants": [
            {"id": "p0", "side": "producer", "available": [0]},
            {"id": "b0", "side": "buyer", "available": [0]},
        ],
        "requests": [{"id": "r0", "producer": "p0", "buyer": "b0", "weight": 1}],
    }
    with pytest.raises(InvalidInput) as refused:
        read_event(json.dumps({**told, **change}))
    assert said in str(refused.value)


def test_a_lock_outside_somebodys_hours_holds_all_the_same() -> None:
    event = event_of(2, 2, 3, 2, 4)
    people = [replace(person, available=frozenset({0})) for person in event.participants]
    lock = Meeting("r0", 2, 1)
    timetable = plan_timetable(replace(event, participants=people, locked=[lock]))
    assert lock in timetable.meetings


def test_a_file_goes_in_and_a_timetable_with_reasons_comes_out(app: Flask, tmp_path: Path) -> None:
    source, target = tmp_path / "event.json", tmp_path / "result.json"
    people = [{"id": "p0", "side": "producer", "available": [0]}]
    people += [{"id": f"b{number}", "side": "buyer", "available": [0]} for number in (0, 1)]
    asked = [
        {"id": f"r{number}", "producer": "p0", "buyer": f"b{number}", "weight": 5 - number}
        for number in (0, 1)
    ]
    told = {"slots": 1, "tables": 3, "participants": people, "requests": asked}
    source.write_text(json.dumps(told), encoding="utf-8")
    ran = app.test_cli_runner().invoke(
        args=["plan-meetings", "--input", str(source), "--output", str(target), "--lang", "en"]
    )
    assert ran.exit_code == 0, ran.output
    result = json.loads(target.read_text(encoding="utf-8"))
    assert result["meetings"] == [{"request": "r0", "slot": 0, "table": 0}]
    assert (result["status"], result["objective"], result["gap"]) == ("optimal", 5, 0)
    assert "p0" in result["unplaced"][0]["reason"]


def test_a_missing_file_is_said_and_ends_with_two(app: Flask, tmp_path: Path) -> None:
    ran = app.test_cli_runner().invoke(
        args=["plan-meetings", "--input", str(tmp_path / "none"), "--output", str(tmp_path / "out")]
    )
    assert ran.exit_code == 2


def test_a_weight_of_a_thousand_millions_hides_no_small_one() -> None:
    event = event_of(6, 4, 4, 2, 20, present=0.5, seed=39)
    requests = [replace(event.requests[0], weight=10**9), *event.requests[1:]]
    timetable = plan_timetable(replace(event, requests=requests))
    assert timetable.is_optimal
