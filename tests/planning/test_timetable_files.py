"""Events come as people write them; what cannot be read is refused in one sentence."""

import json
from pathlib import Path

import pytest
from flask import Flask

from marketplace.core.errors import InvalidInput
from marketplace.planning.timetable import plan_timetable
from marketplace.planning.timetable.files import read, read_event, write_timetable


def told(**change: object) -> str:
    event: dict[str, object] = {
        "slots": 3,
        "tables": 2,
        "participants": [
            {"id": "p0", "side": "producer"},
            {"id": "p1", "side": "producer", "available": [0, 1]},
            {"id": "b0", "side": "buyer", "available": [0, 1, 2], "max_meetings": 2},
        ],
        "requests": [
            {"id": "r0", "producer": "p0", "buyer": "b0", "weight": 3},
            {"id": "r1", "producer": "p1", "buyer": "b0", "weight": 2},
        ],
    }
    return json.dumps({**event, **change})


def test_who_names_no_hours_can_always_come() -> None:
    assert read_event(told()).people["p0"].available == {0, 1, 2}


@pytest.mark.parametrize(
    "one",
    ["r1", ["p1", "b0"], ["b0", "p1"], {"request": "r1"}, {"producer": "p1", "buyer": "b0"}],
)
def test_who_must_and_must_not_meet_is_told_by_request_or_by_both(one: object) -> None:
    event = read_event(told(must_meet=[one], must_not_meet=[one]))
    assert event.must == event.never == {"r1"}


@pytest.mark.parametrize(
    "one",
    [
        {"request": "r1", "slot": 2},
        {"request": "r1", "slot": 2, "table": 0},
        {"producer": "p1", "buyer": "b0", "slot": 2},
        {"participant": "p1", "slot": 2},
        ["r1", 2],
        ["p1", 2],
    ],
)
def test_a_forbidden_slot_is_told_of_a_request_of_both_or_of_one_person(one: object) -> None:
    assert read_event(told(forbidden=[one])).forbidden == {("r1", 2)}


@pytest.mark.parametrize("one", ["r1", ["p1", "b0"], {"request": "r1"}])
def test_what_is_forbidden_without_a_slot_has_none(one: object) -> None:
    assert read_event(told(forbidden=[one])).never == {"r1"}


def test_an_earlier_result_is_a_current_timetable_as_it_is() -> None:
    event = read_event(told())
    result = json.loads(write_timetable(plan_timetable(event), event, lambda text, _: text))
    again = read(told(current=result))
    renewed = plan_timetable(again.event)
    answer = json.loads(write_timetable(renewed, again.event, lambda text, _: text, again))
    assert answer["meetings"] == result["meetings"]
    assert answer["changed"] == answer["added"] == []


def test_a_lock_without_a_table_gets_a_free_one() -> None:
    locked = [{"request": "r0", "slot": 1}, {"request": "r1", "slot": 0, "table": 1}]
    assert [lock.table for lock in read_event(told(locked=locked)).locked] == [0, 1]


def test_numbers_serve_as_ids_and_come_back_as_numbers() -> None:
    people = [{"id": 1, "side": "producer"}, {"id": 2, "side": "buyer"}]
    requests = [{"id": 7, "producer": 1, "buyer": 2, "weight": 1}]
    reading = read(told(participants=people, requests=requests))
    timetable = plan_timetable(reading.event)
    answer = json.loads(write_timetable(timetable, reading.event, lambda text, _: text, reading))
    assert [one["request"] for one in answer["meetings"]] == [7]


def test_weights_with_decimals_count_as_they_are() -> None:
    requests = [
        {"id": "r0", "producer": "p0", "buyer": "b0", "weight": 0.75},
        {"id": "r1", "producer": "p1", "buyer": "b0", "weight": 0.5},
    ]
    reading = read(told(requests=requests))
    timetable = plan_timetable(reading.event)
    answer = json.loads(write_timetable(timetable, reading.event, lambda text, _: text, reading))
    assert (answer["objective"], answer["bound"], answer["gap"]) == (1.25, 1.25, 0)


def test_an_event_without_requests_has_an_empty_timetable() -> None:
    for people in ([], json.loads(told())["participants"]):
        timetable = plan_timetable(read_event(told(requests=[], participants=people)))
        assert timetable.meetings == ()
        assert timetable.is_optimal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "one JSON object"),
        ("[]", "one JSON object"),
        (told(slots=None), "missing: slots"),
        (told(participants="all"), "must be a list"),
        (told(requests=["r0"]), 'requests cannot be read: "r0"'),
        (told(requests=[{"id": "r0", "producer": "p0"}]), "missing: buyer"),
        (told(requests=[{"id": "r", "producer": "p0", "buyer": "b0", "weight": -1}]), "below zero"),
        (told(requests=[{"id": "r", "producer": "p0", "buyer": "b0", "weight": 1e99}]), "large"),
        (told(requests=[{"id": "r", "producer": "p0", "buyer": "b0", "weight": "x"}]), "number"),
        (told(requests=2 * [{"id": "r", "producer": "p0", "buyer": "b0"}]), "same id: r"),
        (told(participants=2 * [{"id": "p0", "side": "producer"}]), "same id: p0"),
        (told(participants=[{"id": True, "side": "buyer"}]), "no id"),
        (told(participants=[{"id": "p0", "side": "buyer", "available": [9]}]), "does not exist"),
        (told(breaks=["noon"]), "whole number"),
        (told(must_meet=[1.5]), "must_meet cannot be read"),
        (told(locked=[{"request": "r0"}]), "missing: slot"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_event(text)
    assert said in str(refused.value)


def test_an_answer_that_cannot_be_made_leaves_the_earlier_one_whole(
    app: Flask, tmp_path: Path
) -> None:
    source, target = tmp_path / "event.json", tmp_path / "result.json"
    source.write_text(told(tables=0), encoding="utf-8")
    target.write_text("earlier", encoding="utf-8")
    ran = app.test_cli_runner().invoke(
        args=["plan-meetings", "--input", str(source), "--output", str(target), "--lang", "en"]
    )
    assert ran.exit_code == 2
    assert ran.stderr.count("\n") == 1
    assert target.read_text(encoding="utf-8") == "earlier"
    assert {path.name for path in tmp_path.iterdir()} == {"event.json", "result.json"}
