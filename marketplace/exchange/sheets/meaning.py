"""What the values of a foreign file probably mean here: shown to a person, who decides."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketplace.businesses.queries import tables as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.commodities.queries import sure_category
from marketplace.core.sheet_kinds import SheetColumn, SheetKind
from marketplace.core.sheets import Sheet
from marketplace.exchange.rules import (
    BY_NAME,
    VALUES_MOST,
    ColumnMap,
    distinct_values,
    said,
)

_SAMPLE = 12  # names looked at for each category of a file
_SURE = 0.6  # share of them that must agree


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a column that is not understood as it is; `meant` is our guess or the answer."""

    number: int
    text: str
    count: int
    meant: str


@lru_cache(maxsize=50_000)
def category_of(name: str) -> str:
    """The category a name surely means; "" where it is not sure, so that a person says it."""
    return sure_category(name) if name else ""


def values_to_map(
    kind: SheetKind, table: Sheet, mapping: ColumnMap, column: SheetColumn
) -> list[Value] | None:
    """The values of a mappable column a person must say the meaning of; None for too many."""
    index = mapping.columns.get(column.key)
    if index is None or not column.is_mappable:
        return []
    counted = distinct_values(table.rows, index)
    strange = _not_understood(column, [value for value, _count in counted])
    if len(strange) > VALUES_MOST:
        return None
    answers = mapping.values.get(column.key, {})
    guesses = _guesses(kind, table, mapping, column, strange - answers.keys())
    return [
        Value(number, value, count, answers.get(value, guesses.get(value, "")))
        for number, (value, count) in enumerate(counted)
        if value in strange
    ]


def _not_understood(column: SheetColumn, values: Sequence[str]) -> set[str]:
    if column.refers_to:
        known = businesses.find_named(BusinessKind(column.refers_to), values)
        return {value for value in values if value not in known}
    if column.knows is not None:
        return {value for value in values if not column.knows(value)}
    return set(values)


def _guesses(
    kind: SheetKind, table: Sheet, mapping: ColumnMap, column: SheetColumn, values: set[str]
) -> Mapping[str, str]:
    if column.key == "category":
        return _category_guesses(table, mapping, values)
    return {}


def _category_guesses(table: Sheet, mapping: ColumnMap, values: set[str]) -> Mapping[str, str]:
    """By the names under each category of the file, and by its own name where they agree."""
    index = mapping.columns["category"]
    name_at = mapping.columns.get("name", mapping.columns.get("title"))
    names: dict[str, list[str]] = {value: [] for value in values}
    for row in table.rows:
        value = said(row[index])
        if name_at is not None and value in names and len(names[value]) < _SAMPLE:
            names[value].append(said(row[name_at]))
    return {value: _agreed(value, names[value]) for value in values}


def _agreed(value: str, names: Sequence[str]) -> str:
    if not names:
        return category_of(value)
    code, votes = Counter(category_of(name) for name in names).most_common(1)[0]
    return code if code and votes >= _SURE * len(names) else BY_NAME
