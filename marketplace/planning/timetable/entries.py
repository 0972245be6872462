"""Reading the entries of an event file: each thing that cannot be read is named where it stands."""

from collections.abc import Mapping
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.timetable.event import Meeting


def listed(told: Mapping[str, Any], name: str) -> list[Any]:
    """A list that may be left out."""
    found = told.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise InvalidInput(N_("%(name)s must be a list"), name=name)
    return found


def entries(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects."""
    found = listed(told, name)
    for one in found:
        if not isinstance(one, dict):
            raise entry(name, one)
    return found


def entry(name: str, one: object) -> InvalidInput:
    """What is said of an entry of a list that has no known form."""
    return InvalidInput(N_("An entry of %(name)s cannot be read: %(value)s"), name=name, value=one)


def missing(name: str) -> InvalidInput:
    return InvalidInput(N_("Something is missing: %(name)s"), name=name)


def identifier(row: Mapping[str, Any], name: str) -> str:
    """An id; numbers serve as well as texts."""
    found = row.get(name)
    if found is None:
        raise missing(name)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise InvalidInput(N_("%(value)s is no id"), value=str(found))
    return str(found)


def whole(value: object) -> int:
    """A whole number; `8.0` is one too."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(N_("%(value)s is not a whole number"), value=str(value))
    return value


def meetings(told: Mapping[str, Any], name: str, tables: int) -> tuple[Meeting, ...]:
    """Meetings with their places; a whole earlier result will do, and a table may be left open."""
    found = told.get(name)
    rows = entries(
        found if isinstance(found, dict) else told, "meetings" if isinstance(found, dict) else name
    )
    taken = {(row.get("slot"), row.get("table")) for row in rows}
    made = []
    for row in rows:
        if row.get("slot") is None:
            raise missing("slot")
        slot, table = whole(row["slot"]), row.get("table")
        if table is None:
            free = (number for number in range(tables) if (slot, number) not in taken)
            table = next(free, 0)
            taken.add((slot, table))
        made.append(Meeting(identifier(row, "request"), slot, whole(table)))
    return tuple(made)
