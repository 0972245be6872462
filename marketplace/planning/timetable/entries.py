"""Reading the ids, numbers and meetings of an event file."""

from collections.abc import Mapping
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.planning.entries import as_told, entries, missing
from marketplace.planning.timetable.event import Meeting


def identifier(row: Mapping[str, Any], name: str) -> str:
    """An id; numbers serve as well as texts."""
    found = row.get(name)
    if found is None:
        raise missing(name)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise InvalidInput(N_("%(value)s is no id"), value=as_told(found))
    return str(found)


def whole(value: object) -> int:
    """A whole number; `8.0` is one too."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(N_("%(value)s is not a whole number"), value=as_told(value))
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
