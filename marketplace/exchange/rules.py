"""An import on its way: states, which column means what, what each value of a column means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from marketplace.core.errors import RuleBroken
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, clean_text


class ImportState(StrEnum):
    """`mapping` -> `checking` -> `checked` -> `applying` -> `done`.

    From `checked` one may go back to the columns; a job that failed is started once more.
    """

    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"


NEXT_STATES: Mapping[ImportState, frozenset[ImportState]] = MappingProxyType(
    {
        ImportState.MAPPING: frozenset({ImportState.CHECKING}),
        ImportState.CHECKING: frozenset({ImportState.CHECKING, ImportState.CHECKED}),
        ImportState.CHECKED: frozenset({ImportState.CHECKING, ImportState.APPLYING}),
        ImportState.APPLYING: frozenset({ImportState.APPLYING, ImportState.DONE}),
        ImportState.DONE: frozenset(),
    }
)

# How long the rows of a file are kept after it was taken in or last touched: they hold numbers and
# sums of people, and what was taken in stands in the register by then.
KEPT_FOR = timedelta(days=30)

# Rows whose value is mapped to this are not wanted: they count as left out, not as wrong.
LEAVE_OUT = "-"
# The category follows from the name of each record.
BY_NAME = "*"
# So many different values of one column are mapped by hand; more are a column to be cleaned first.
VALUES_MOST = 100
VALUE_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a file is read. Keys are the columns of the kind.

    `columns` says in which column of the file a key is found, `values` what its values mean,
    `defaults` what holds where the file says nothing.
    """

    columns: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    publish: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "values": {key: dict(table) for key, table in self.values.items()},
            "defaults": dict(self.defaults),
            "publish": self.publish,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "ColumnMap":
        return cls(
            {str(key): int(index) for key, index in stored.get("columns", {}).items()},
            stored.get("values", {}),
            stored.get("defaults", {}),
            bool(stored.get("publish")),
        )


def check_transition(now: ImportState, then: ImportState) -> None:
    if then not in NEXT_STATES[now]:
        raise RuleBroken(N_("This import has already gone on. Look at it again."))


def said(cell: Cell) -> str:
    """A cell as a value to be mapped: one line, spaces folded; a whole float as its digits."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean_text(str(cell))[:VALUE_LONGEST]


def values_of(
    row: Sequence[Cell], mapping: ColumnMap, keys: Iterable[str]
) -> dict[str, Cell] | None:
    """The cells of one row by key, values translated, gaps filled; None for a row to leave out."""
    found: dict[str, Cell] = {}
    for key in keys:
        index = mapping.columns.get(key)
        cell = row[index] if index is not None and index < len(row) else None
        table = mapping.values.get(key)
        if table is not None and cell is not None:
            meant = table.get(said(cell), "")
            if meant == LEAVE_OUT:
                return None
            cell = meant or cell
        if said(cell) == "" and mapping.defaults.get(key):
            cell = mapping.defaults[key]
        found[key] = cell
    return found


def distinct_values(rows: Iterable[Sequence[Cell]], index: int) -> list[tuple[str, int]]:
    """Different values of a column and how often each stands there, most frequent first.

    Stops one above VALUES_MOST, so that the caller sees that there are too many.
    """
    counts: dict[str, int] = {}
    for row in rows:
        value = said(row[index]) if index < len(row) else ""
        if value and (value in counts or len(counts) <= VALUES_MOST):
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
