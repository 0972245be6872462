"""The timetables of the report are told beside greedy and a plain MIP, on the same bound."""

from bench.figures import OURS, Figure
from bench.timetable import GREEDY, MIP, events, greedy, idle_slots, plain_mip, section
from tests.planning.events import event_of


def figure(who: str, measure: str, value: float) -> Figure:
    return Figure(who, "timetable 1 x 1 x 1", measure, value)


def told(who: str, weight: float, took: float) -> list[Figure]:
    values = {"time s": took, "CPU s": took, "weight": weight, "idle slots": 3.0}
    return [figure(who, measure, value) for measure, value in values.items()]


def test_every_side_is_held_against_the_lowest_bound_that_was_proved() -> None:
    figures = [*told(OURS, 100, 0.5), *told(GREEDY, 90, 0.1), *told(MIP, 100, 9)]
    figures += [figure(OURS, "bound", 110), figure(MIP, "bound", 100)]
    text = "\n".join(section(figures))
    assert "| ours | 0.500 (0.500) | 0.0000% | 3 | <= 1 s, .02 % reached |" in text
    assert "| greedy | 0.100 (0.100) | 10.0000% | 3 |  |" in text


def test_an_aim_that_is_missed_is_called_so() -> None:
    slow = section([*told(OURS, 100, 1.5), figure(OURS, "bound", 100)])
    light = section([*told(OURS, 99, 0.5), figure(OURS, "bound", 100)])
    assert "missed" in "\n".join(slow)
    assert "missed" in "\n".join(light)


def test_changed_meetings_stand_beside_those_that_had_to_change() -> None:
    measures = {"time s": 0.1, "CPU s": 0.1, "changed": 8.0, "own": 7.0}
    figures = [
        figure(OURS, f"buyer absent: {measure}", value) for measure, value in measures.items()
    ]
    assert "| 8 | 7 | <= 2 s, only their own missed |" in "\n".join(section(figures))


def test_nothing_is_told_where_nothing_was_measured() -> None:
    assert section([Figure(OURS, "shopee", "MRR@10", 0.8)]) == []


def test_the_events_are_the_same_ones_each_time() -> None:
    assert list(events(quick=True)) == list(events(quick=True))


def test_the_mip_is_at_least_as_heavy_as_greedy_and_nobody_is_in_two_places() -> None:
    event = event_of(6, 4, 4, 3, 20, present=0.7)
    for planned in (greedy(event), plain_mip(event, 5)):
        seats = [
            (slot, name)
            for request, slot in planned.slots.items()
            for name in (event.asked[request].producer, event.asked[request].buyer)
        ]
        assert len(seats) == len(set(seats))
    weights = [
        sum(event.asked[request].weight for request in planned.slots)
        for planned in (greedy(event), plain_mip(event, 5))
    ]
    assert weights[0] <= weights[1]


def test_idle_slots_are_those_between_the_first_and_the_last_meeting() -> None:
    event = event_of(2, 2, 6, 2, 4)
    one, other = (request.id for request in event.requests if request.producer == "p0")
    planned = greedy(event)
    planned.slots.clear()
    planned.slots.update({one: 0, other: 3})
    assert idle_slots(event, planned) == 2
