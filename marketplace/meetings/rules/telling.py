"""Reasons of the planner in names and hours: it knows people and slots by number only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.meetings.rules.grid import Grid
from marketplace.planning.timetable import Reason, Slot, Slots, Table, Who
from marketplace.planning.timetable.told import SENTENCES


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence to translate, with words for its parameters."""

    msgid: str
    params: Mapping[str, object]


def hours(minute: int) -> str:
    """`09.20`, as Indonesians write it."""
    return f"{minute // 60:02}.{minute % 60:02}"


def slot_name(grid: Grid, number: int) -> str:
    """`09.20`, with its day where the event has several."""
    slot = grid[number]
    several = len({one.on for one in grid.slots}) > 1
    return f"{slot.on.day}/{slot.on.month} {hours(slot.starts)}" if several else hours(slot.starts)


def slots_name(grid: Grid, numbers: tuple[int, ...]) -> str:
    """`09.00-10.20, 13.00-13.20`: runs of slots from beginning to end; `–` where there is none."""
    runs: list[list[int]] = []
    for number in numbers:
        last = runs[-1][1] if runs else None
        if last is not None and number == last + 1 and grid[number].on == grid[last].on:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = [f"{slot_name(grid, low)}-{hours(grid[high].ends)}" for low, high in runs]
    return ", ".join(said) or "–"


def tell(reason: Reason, names: Mapping[str, str], grid: Grid) -> Told:
    """`names`: a participant's number as the planner knows it -> the business."""
    return Told(
        SENTENCES[reason.code],
        {key: _word(value, names, grid) for key, value in reason.params.items()},
    )


def _word(value: object, names: Mapping[str, str], grid: Grid) -> object:
    if isinstance(value, Who):
        return names.get(value.id, value.id)
    if isinstance(value, Slot):
        return slot_name(grid, value.n) if grid.has(value.n) else str(value)
    if isinstance(value, Slots):
        return slots_name(grid, value.n)
    if isinstance(value, Table):
        return str(value)
    return value


def to_json(reason: Reason) -> dict[str, Any]:
    """A reason as it is kept with a run."""
    return {
        "code": reason.code,
        "params": {key: _plain(value) for key, value in reason.params.items()},
    }


def _plain(value: object) -> Any:
    if isinstance(value, Who):
        return {"who": value.id}
    if isinstance(value, Slot):
        return {"slot": value.n}
    if isinstance(value, Slots):
        return {"slots": list(value.n)}
    if isinstance(value, Table):
        return {"table": value.n}
    return value


def from_json(kept: Mapping[str, Any]) -> Reason:
    return Reason(kept["code"], {key: _typed(value) for key, value in kept["params"].items()})


def _typed(value: Any) -> object:
    if isinstance(value, dict):
        ((kind, held),) = value.items()
        if kind == "slots":
            return Slots(tuple(held))
        return {"who": Who, "slot": Slot, "table": Table}[kind](held)
    return value
