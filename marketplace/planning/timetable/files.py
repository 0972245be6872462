"""The contract in files: an event as JSON in, a timetable as JSON out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.entries import (
    as_told,
    entries,
    entry,
    listed,
    missing,
    read_each,
    read_object,
)
from marketplace.planning.timetable.entries import identifier, meetings, whole
from marketplace.planning.timetable.event import MOST_WEIGHT, Event, Participant, Request
from marketplace.planning.timetable.plan import Timetable

# A msgid with its parameters to what is read.
Say = Callable[[str, Mapping[str, object]], str]
_DECIMALS = 6


@dataclass(frozen=True)
class Reading:
    """An event, with what the file called its requests and how much weights were stretched."""

    event: Event
    ids: Mapping[str, object] = field(default_factory=dict)
    stretch: int = 1


def read_event(text: str) -> Event:
    """An event from JSON text; raises InvalidInput with one sentence for anything unusable."""
    return read(text).event


def read(text: str) -> Reading:
    """The same with what is needed to answer in the words of the file."""
    told = read_object(text)
    for name in ("slots", "tables", "participants", "requests"):
        if told.get(name) is None:
            raise missing(name)
    slots, tables = whole(told["slots"]), whole(told["tables"])
    rows = entries(told, "requests")
    weights = read_each(told, "requests", _weight)
    stretch = 10 ** max((_places(weight) for weight in weights), default=0)
    names = read_each(told, "requests", _names)
    requests = [
        Request(*found, int(weight * stretch)) for found, weight in zip(names, weights, strict=True)
    ]
    forbidden, barred = _forbidden(told, requests)
    event = Event(
        slots=slots,
        tables=tables,
        participants=read_each(told, "participants", lambda row: _participant(row, slots)),
        requests=requests,
        locked=meetings(told, "locked", tables),
        current=meetings(told, "current", tables),
        forbidden=forbidden,
        must=_named(told, "must_meet", requests),
        never=_named(told, "must_not_meet", requests) | barred,
        breaks=frozenset(whole(slot) for slot in listed(told, "breaks")),
    )
    return Reading(event, {str(row["id"]): row["id"] for row in rows}, stretch)


def _participant(row: Mapping[str, Any], slots: int) -> Participant:
    name = identifier(row, "id")
    side = row.get("side")
    if side not in ("producer", "buyer"):
        raise InvalidInput(N_("%(name)s is neither producer nor buyer"), name=name)
    most = row.get("max_meetings")
    if row.get("available") is None:
        available = frozenset(range(min(slots, 10_000)))
    else:
        available = frozenset(whole(slot) for slot in listed(row, "available"))
    return Participant(name, side, available, None if most is None else whole(most))


def _names(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """The id of a request, and of the two who are to meet."""
    return identifier(row, "id"), identifier(row, "producer"), identifier(row, "buyer")


def _weight(row: Mapping[str, Any]) -> Decimal:
    told = row.get("weight")
    if told is None:
        told = 1
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise InvalidInput(N_("%(value)s is not a number"), value=as_told(told))
    if not abs(told) <= MOST_WEIGHT:  # nan too
        raise InvalidInput(
            N_("Request %(name)s has a weight that is too large"), name=str(row.get("id"))
        )
    return round(Decimal(str(told)), _DECIMALS).normalize()


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _pairs(requests: list[Request]) -> dict[frozenset[str], set[str]]:
    found: dict[frozenset[str], set[str]] = {}
    for request in requests:
        found.setdefault(frozenset({request.producer, request.buyer}), set()).add(request.id)
    return found


def _named(told: Mapping[str, Any], name: str, requests: list[Request]) -> frozenset[str]:
    """Requests by their id, or by the two who asked: `"r1"`, `["p1", "b1"]` or an object."""
    pairs = _pairs(requests)
    found: set[str] = set()
    for one in listed(told, name):
        if isinstance(one, list) and len(one) == 2:
            found |= pairs.get(frozenset(map(str, one)), set())
        elif isinstance(one, dict) and "request" not in one:
            pair = frozenset({identifier(one, "producer"), identifier(one, "buyer")})
            found |= pairs.get(pair, set())
        elif isinstance(one, dict | str | int):
            found.add(identifier(one, "request") if isinstance(one, dict) else str(one))
        else:
            raise entry(name, one)
    return frozenset(found)


def _forbidden(
    told: Mapping[str, Any], requests: list[Request]
) -> tuple[frozenset[tuple[str, int]], frozenset[str]]:
    """Places that may not be used, and requests that may have none: those told without a slot.

    `{"request", "slot"}`, `["r1", 3]`, the two who asked with a slot, or a participant with a slot.
    """
    pairs = _pairs(requests)
    of_person: dict[str, set[str]] = {}
    for request in requests:
        for who in (request.producer, request.buyer):
            of_person.setdefault(who, set()).add(request.id)
    known = {request.id for request in requests}
    places: set[tuple[str, int]] = set()
    barred: set[str] = set()
    for one in listed(told, "forbidden"):
        slot: object = None
        if isinstance(one, dict):
            slot = one.get("slot")
            if "request" in one:
                names = {identifier(one, "request")}
            elif "participant" in one:
                names = of_person.get(identifier(one, "participant"), set())
            else:
                pair = frozenset({identifier(one, "producer"), identifier(one, "buyer")})
                names = pairs.get(pair, set())
        elif isinstance(one, list) and len(one) == 2:
            names = pairs.get(frozenset(map(str, one)), set())
            if not names and isinstance(one[1], int):
                first, slot = str(one[0]), one[1]
                names = {first} if first in known else of_person.get(first, set())
        elif isinstance(one, str):
            names = {one}
        else:
            raise entry("forbidden", one)
        if slot is None:
            barred |= names
        else:
            places |= {(name, whole(slot)) for name in names}
    return frozenset(places), frozenset(barred)


def write_timetable(
    timetable: Timetable, event: Event, say: Say, reading: Reading | None = None
) -> str:
    """The timetable as JSON text; reasons are said by `say`, requests called as in the file."""
    reading = reading or Reading(event)

    def called(name: str) -> object:
        return reading.ids.get(name, name)

    def weight(value: int) -> float:
        return value if reading.stretch == 1 else value / reading.stretch

    told: dict[str, object] = {
        "status": "optimal" if timetable.is_optimal else "feasible",
        "objective": weight(timetable.objective),
        "bound": weight(timetable.bound),
        "gap": round(timetable.gap, 8),
        "idle_slots": timetable.idle_slots,
        "meetings": [
            {"request": called(one.request), "slot": one.slot, "table": one.table}
            for one in timetable.meetings
        ],
        "unplaced": [
            {
                "request": called(name),
                "code": reasons[0].code,
                "reason": "; ".join(say(one.sentence, one.params) for one in reasons),
            }
            for name, reasons in timetable.unplaced
        ],
    }
    if event.current:
        told["changed"] = [called(name) for name in timetable.changed]
        told["added"] = [called(name) for name in timetable.added]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
