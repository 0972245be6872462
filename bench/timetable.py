"""The timetable of a temu bisnis beside greedy and a plain MIP, and what a renewed one changes.

python -m bench.timetable OUT ours|greedy|"plain MIP" [--quick]

Six events, the same ones each time (`tests/planning/events.py`): weights 1..100, a table for every
buyer, everybody there all day or each in half of the slots.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.figures import OURS, Figure, Sheet
from marketplace.planning.program import Program, solve
from marketplace.planning.timetable import Desk, Event, Meeting, plan_timetable
from tests.planning.events import event_of

GREEDY, MIP = "greedy", "plain MIP"
WHOS = (OURS, GREEDY, MIP)
_SIZES = ((40, 20, 12, 300), (150, 60, 16, 1_000), (400, 150, 24, 3_600))
# Seconds the plain MIP may take, and how often the others run.
_MIP_SECONDS, _MIP_SECONDS_QUICK, _RUNS = 60.0, 1.5, 3
_AIM_SECONDS, _AIM_GAP, _AIM_RENEW = 1.0, 0.0002, 2.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A timetable by whichever side, as slots of requests."""

    slots: dict[str, int]
    bound: float | None = None


def events(*, quick: bool) -> Iterator[tuple[str, Event]]:
    for producers, buyers, slots, requests in _SIZES[:1] if quick else _SIZES:
        for present in (1.0, 0.5):
            name = f"{producers} x {buyers} x {slots}{'' if present == 1 else ', half there'}"
            yield name, event_of(producers, buyers, slots, buyers, requests, present=present)


def greedy(event: Event) -> Planned:
    """The heaviest first, each into the first slot in which both and a table are free."""
    free = {person.id: set(person.available) for person in event.participants}
    load = [0] * event.slots
    found: dict[str, int] = {}
    for request in sorted(event.requests, key=lambda one: (-one.weight, one.id)):
        both = free[request.producer] & free[request.buyer]
        slot = min((slot for slot in both if load[slot] < event.tables), default=None)
        if slot is not None:
            found[request.id] = slot
            load[slot] += 1
            free[request.producer].discard(slot)
            free[request.buyer].discard(slot)
    return Planned(found)


def plain_mip(event: Event, seconds: float) -> Planned:
    """A yes or no for every request and slot, given to HiGHS as it is."""
    people = {person.id: person for person in event.participants}
    number = {name: place for place, name in enumerate(people)}
    places = [
        (place, slot)
        for place, request in enumerate(event.requests)
        for slot in sorted(people[request.producer].available & people[request.buyer].available)
    ]
    once, there = len(event.requests), len(people) * event.slots
    rows = [
        row
        for place, slot in places
        for row in (
            place,
            once + number[event.requests[place].producer] * event.slots + slot,
            once + number[event.requests[place].buyer] * event.slots + slot,
            once + there + slot,
        )
    ]
    most = np.ones(once + there + event.slots)
    most[once + there :] = event.tables
    count = len(places)
    program = Program(
        gains=np.array([float(event.requests[place].weight) for place, _ in places]),
        lower=np.zeros(count),
        upper=np.ones(count),
        rows=np.array(rows, np.int64),
        columns=np.repeat(np.arange(count), 4),
        values=np.ones(len(rows)),
        least=np.full(len(most), -np.inf),
        most=most,
        whole=np.ones(count, bool),
    )
    found = solve(program, seconds=seconds)
    if found is None:
        return Planned({})
    chosen = [place for place, value in zip(places, found.values, strict=True) if value > 0.5]
    return Planned({event.requests[place].id: slot for place, slot in chosen}, found.bound)


def ours(event: Event) -> Planned:
    made = plan_timetable(event)
    return Planned({one.request: one.slot for one in made.meetings}, made.bound)


def idle_slots(event: Event, planned: Planned) -> int:
    """Slots without a meeting between a person's first and last one, counted here for all sides."""
    held: dict[str, list[int]] = {}
    for name, slot in planned.slots.items():
        request = event.asked[name]
        held.setdefault(request.producer, []).append(slot)
        held.setdefault(request.buyer, []).append(slot)
    return sum(max(slots) - min(slots) + 1 - len(slots) for slots in held.values())


def measure(out: Path, who: str, *, quick: bool) -> None:
    sheet = Sheet(out, who)
    plan_timetable(event_of(8, 4, 4, 2, 20, present=0.5))  # loads the solver and the kernels
    most = _MIP_SECONDS_QUICK if quick else _MIP_SECONDS
    sides: dict[str, Callable[[Event], Planned]] = {
        OURS: ours,
        GREEDY: greedy,
        MIP: lambda event: plain_mip(event, most),
    }
    for name, event in events(quick=quick):
        took, spent, planned = _timed(lambda: sides[who](event), 1 if who == MIP else _RUNS)  # noqa: B023 (called at once)
        where = f"timetable {name}"
        weight = sum(event.asked[request].weight for request in planned.slots)
        sheet.write(where, "time s", took)
        sheet.write(where, "CPU s", spent)
        sheet.write(where, "weight", float(weight))
        sheet.write(where, "idle slots", float(idle_slots(event, planned)))
        if planned.bound is not None:
            sheet.write(where, "bound", float(planned.bound))
        if who == OURS:
            _renewed(sheet, where, event)


def _renewed(sheet: Sheet, where: str, event: Event) -> None:
    """A producer and a buyer do not come: how long a renewed timetable takes, what it changes."""
    before = plan_timetable(event).meetings
    busiest = Desk(event, before).met
    for side in ("producer", "buyer"):
        names = [person.id for person in event.participants if person.side == side]
        absent = max(names, key=lambda name: busiest[name])
        people = [
            replace(person, available=frozenset()) if person.id == absent else person
            for person in event.participants
        ]
        again = replace(event, participants=people, current=before)
        took, spent, changed = _timed(lambda: plan_timetable(again).changed, _RUNS)  # noqa: B023 (called at once)
        sheet.write(where, f"{side} absent: time s", took)
        sheet.write(where, f"{side} absent: CPU s", spent)
        sheet.write(where, f"{side} absent: changed", float(len(changed)))
        own = [one for one in before if absent in _pair(event, one)]
        sheet.write(where, f"{side} absent: own", float(len(own)))


def _pair(event: Event, meeting: Meeting) -> tuple[str, str]:
    request = event.asked[meeting.request]
    return request.producer, request.buyer


Found = TypeVar("Found")


def _timed(work: Callable[[], Found], runs: int) -> tuple[float, float, Found]:
    """Seconds by the clock and of the processor, each the middle one of the runs."""
    took, spent = [], []
    for _ in range(runs):
        begun, used = time.perf_counter(), time.process_time()
        found = work()
        took.append(time.perf_counter() - begun)
        spent.append(time.process_time() - used)
    return sorted(took)[runs // 2], sorted(spent)[runs // 2], found


def commands(*, quick: bool) -> Iterator[tuple[list[str], str]]:
    """What `bench` runs, each in a process of its own: arguments and whose figures they are."""
    for who in WHOS:
        yield ["bench.timetable", "OUT", who, *(["--quick"] if quick else [])], who


def glance(figures: Sequence[Figure]) -> list[str]:
    """In how many of the events ours is heaviest, and in how many it leaves the fewest gaps."""
    values = {
        (one.who, one.where, one.measure): one.value
        for one in figures
        if one.where.startswith("timetable ") and one.value is not None
    }
    events = [where for who, where, measure in values if (who, measure) == (OURS, "weight")]
    if not events:
        return []
    heaviest = idle = 0
    for where in events:
        others = [who for who in WHOS if who != OURS and (who, where, "weight") in values]
        ours = values[OURS, where, "weight"]
        heaviest += all(ours >= values[who, where, "weight"] for who in others)
        idle += all(
            values[OURS, where, "idle slots"] <= values[who, where, "idle slots"] for who in others
        )
    return [
        f"Timetables: none is heavier than ours in {heaviest} of {len(events)} events, none has"
        f" fewer idle slots in {idle} of {len(events)}.",
        "",
    ]


def section(figures: Sequence[Figure]) -> list[str]:
    """The part of the report: six events, then what a renewed timetable takes and changes."""
    values = {
        (one.who, one.where, one.measure): one.value
        for one in figures
        if one.where.startswith("timetable ") and one.value is not None
    }
    places = list(dict.fromkeys(where for _, where, _ in values))
    if not places:
        return []
    lines = ["", "## Timetable", ""]
    lines.append("| event | | time, s (CPU) | below the bound | idle slots | aim |")
    lines.append("|---|---|---:|---:|---:|---|")
    for where in places:
        bounds = [bound for who in WHOS if (bound := values.get((who, where, "bound")))]
        for who in WHOS:
            took, weight = values.get((who, where, "time s")), values.get((who, where, "weight"))
            if took is None or weight is None:
                continue
            gap = 1 - weight / min(bounds) if bounds else 0.0
            met = took <= _AIM_SECONDS and gap <= _AIM_GAP
            aim = f"<= 1 s, .02 % {'reached' if met else 'missed'}" if who == OURS else ""
            spent, idle = values[who, where, "CPU s"], values[who, where, "idle slots"]
            lines.append(
                f"| {where.removeprefix('timetable ') if who == OURS else ''} | {who} |"
                f" {took:.3f} ({spent:.3f}) | {gap:.4%} | {idle:,.0f} | {aim} |"
            )
    lines += [
        "",
        "| one does not come | who | time, s (CPU) | meetings changed | their own | aim |",
    ]
    lines.append("|---|---|---:|---:|---:|---|")
    for where in places:
        for side in ("producer", "buyer"):
            told = [
                values.get((OURS, where, f"{side} absent: {measure}"))
                for measure in ("time s", "CPU s", "changed", "own")
            ]
            if None in told:
                continue
            took, spent, changed, own = (value or 0.0 for value in told)
            aim = "reached" if took <= _AIM_RENEW and changed == own else "missed"
            lines.append(
                f"| {where.removeprefix('timetable ')} | {side} | {took:.3f} ({spent:.3f}) |"
                f" {changed:.0f} | {own:.0f} | <= 2 s, only their own {aim} |"
            )
    lines += [
        "",
        "Below the bound: of the lowest bound that ours or the MIP proved. The plain MIP may take"
        f" {_MIP_SECONDS:.0f} s ({_MIP_SECONDS_QUICK:.1f} in the quick form) on one core and does"
        " not look at idle slots. Idle slots are counted for all sides alike: slots without a"
        " meeting between a person's first and last one, those in which they cannot come too.",
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("who", choices=WHOS)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    measure(options.out, options.who, quick=options.quick)


if __name__ == "__main__":
    main()
