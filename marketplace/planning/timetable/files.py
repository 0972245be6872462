"""The contract in files: an event as JSON in, a timetable as JSON out."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.timetable.event import Event, Meeting, Participant, Request
from marketplace.planning.timetable.plan import Timetable

# A msgid with its parameters to what is read.
Say = Callable[[str, Mapping[str, object]], str]


def read_event(text: str) -> Event:
    """An event from JSON text; raises InvalidInput with one sentence for anything unusable.

    `must_meet` and `must_not_meet` name requests by id, or pairs as [producer, buyer]; `forbidden`
    holds {"request", "slot"}.
    """
    try:
        told = json.loads(text)
    except ValueError as error:
        raise InvalidInput(N_("The file is not JSON: %(why)s"), why=str(error)) from error
    if not isinstance(told, dict):
        raise InvalidInput(N_("The file must hold one JSON object"))
    try:
        return _event(told)
    except KeyError as error:
        raise InvalidInput(N_("Something is missing: %(name)s"), name=str(error.args[0])) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(N_("A value cannot be read: %(why)s"), why=str(error)) from error


def _event(told: Mapping[str, Any]) -> Event:
    requests = [
        Request(
            str(one["id"]), str(one["producer"]), str(one["buyer"]), _whole(one.get("weight", 1))
        )
        for one in told["requests"]
    ]
    return Event(
        slots=_whole(told["slots"]),
        tables=_whole(told["tables"]),
        participants=[_participant(one) for one in told["participants"]],
        requests=requests,
        locked=_meetings(told.get("locked")),
        current=_meetings(told.get("current")),
        forbidden=frozenset(
            (str(one["request"]), _whole(one["slot"])) for one in told.get("forbidden") or ()
        ),
        must=_named(told.get("must_meet"), requests),
        never=_named(told.get("must_not_meet"), requests),
        breaks=frozenset(_whole(slot) for slot in told.get("breaks") or ()),
    )


def _participant(one: Mapping[str, Any]) -> Participant:
    side = one["side"]
    if side not in {"producer", "buyer"}:
        raise InvalidInput(N_("%(name)s is neither producer nor buyer"), name=str(one["id"]))
    most = one.get("max_meetings")
    available = frozenset(_whole(slot) for slot in one["available"])
    return Participant(str(one["id"]), side, available, None if most is None else _whole(most))


def _meetings(told: Iterable[Mapping[str, Any]] | None) -> tuple[Meeting, ...]:
    return tuple(
        Meeting(str(one["request"]), _whole(one["slot"]), _whole(one["table"]))
        for one in told or ()
    )


def _named(told: Iterable[Any] | None, requests: Iterable[Request]) -> frozenset[str]:
    by_pair: dict[tuple[str, str], list[str]] = {}
    for request in requests:
        by_pair.setdefault((request.producer, request.buyer), []).append(request.id)
    found: set[str] = set()
    for one in told or ():
        if isinstance(one, list | tuple):
            first, second = (str(name) for name in one)
            found.update(by_pair.get((first, second), ()), by_pair.get((second, first), ()))
        else:
            found.add(str(one))
    return frozenset(found)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(N_("%(value)s is not a whole number"), value=str(value))
    return value


def write_timetable(timetable: Timetable, event: Event, say: Say) -> str:
    """The timetable as JSON text; reasons are said by `say`."""
    told: dict[str, object] = {
        "status": "optimal" if timetable.is_optimal else "feasible",
        "objective": timetable.objective,
        "bound": timetable.bound,
        "gap": round(timetable.gap, 8),
        "idle_slots": timetable.idle_slots,
        "meetings": [
            {"request": one.request, "slot": one.slot, "table": one.table}
            for one in timetable.meetings
        ],
        "unplaced": [
            {
                "request": name,
                "code": reasons[0].code,
                "reason": "; ".join(say(one.sentence, one.params) for one in reasons),
            }
            for name, reasons in timetable.unplaced
        ],
    }
    if event.current:
        told["changed"] = list(timetable.changed)
        told["added"] = list(timetable.added)
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
