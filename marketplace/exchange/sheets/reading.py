"""From the rows of a table to drafts a room can apply, and what is wrong with the others."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale

from marketplace.core.actor import Actor
from marketplace.core.params import Count
from marketplace.core.sheet_kinds import Outcome, Problem, Scope, SheetColumn, SheetKind
from marketplace.core.sheets import Cell, HeaderMatch, Sheet, is_example, match_headers
from marketplace.core.text import fold
from marketplace.exchange.rules import BY_NAME, ColumnMap, said, values_of
from marketplace.exchange.sheets.meaning import category_of
from marketplace.exchange.sheets.tables import RowProblem, shown_columns
from marketplace.infra.i18n import LOCALES, say

TRIAL_CHUNK = 500


@dataclass(slots=True)
class Item:
    """One record of the file: what it says, and the rows (from 0) that say it."""

    draft: Any
    rows: list[int]


@dataclass(slots=True)
class ReadTable:
    """What a table holds under a mapping; `left_out` counts rows nobody wants or the example."""

    items: list[Item] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    left_out: int = 0


def guess_columns(kind: SheetKind, table: Sheet) -> HeaderMatch:
    """Which column of the file holds what, by the meaning of the headers."""
    return match_headers(table.headers, shown_columns(kind))


def read_rows(kind: SheetKind, table: Sheet, mapping: ColumnMap, scope: Scope) -> ReadTable:
    """Read every row without a database; rows of one record are joined, doubles refused."""
    found = ReadTable()
    by_key: dict[Hashable, Item] = {}
    keys = [column.key for column in kind.columns]
    example = {column.key: column.example for column in kind.columns}
    match = HeaderMatch(found=dict(mapping.columns))
    labels = {column.key: _labels(column) for column in kind.columns if column.options}
    listed = {column.key: _words(column) for column in kind.columns if column.words}
    for index, row in enumerate(table.rows):
        values = values_of(row, mapping, keys)
        if values is None or is_example(row, match, example):
            found.left_out += 1
            continue
        for key, words in labels.items():
            values[key] = words.get(fold(said(values[key])), values[key])
        for key, words in listed.items():
            values[key] = _translated(values[key], words)
        if values.get("category") == BY_NAME:
            values["category"] = category_of(said(values.get("name") or values.get("title")))
        parsed = kind.parse_row(values, scope)
        if parsed.problems:
            found.problems.extend(RowProblem(index, each) for each in parsed.problems)
            continue
        _add(kind, found, by_key, index, parsed.draft, table.row_numbers)
    return found


def _labels(column: SheetColumn) -> dict[str, str]:
    """What the drop-downs of our own templates say, in both languages, with its code."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        with force_locale(locale):
            options = column.options(locale) if column.options else ()
            found |= {fold(say(label)): code for code, label in options}
    return found


def _words(column: SheetColumn) -> dict[str, str]:
    """What our own exports write for the codes of this column, in every language."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        with force_locale(locale):
            found |= {fold(say(label)): code for code, label in column.words.items()}
    return found


def _translated(cell: Cell, words: Mapping[str, str]) -> Cell:
    """The codes of the words of a list; what is not known stands as it was written."""
    parts = [part.strip() for part in re.split(r"[,;\n]", said(cell))]
    if not any(fold(part) in words for part in parts):
        return cell
    return ", ".join(words.get(fold(part), part) for part in parts)


def _add(
    kind: SheetKind,
    found: ReadTable,
    by_key: dict[Hashable, Item],
    index: int,
    draft: Any,
    numbers: Sequence[int],
) -> None:
    known = by_key.get(draft.key)
    if known is None:
        item = Item(draft, [index])
        by_key[draft.key] = item
        found.items.append(item)
        return
    joined = kind.merge(known.draft, draft)
    if isinstance(joined, Problem):
        first = Count(numbers[known.rows[0]])
        problem = Problem(joined.column, joined.msgid, {"row": first, **joined.params})
        found.problems.append(RowProblem(index, problem))
    else:
        known.draft = joined
        known.rows.append(index)


def try_out(
    kind: SheetKind,
    actor: Actor,
    items: Sequence[Item],
    scope: Scope,
    *,
    tell: Callable[[int], None] = lambda _done: None,
) -> tuple[dict[Outcome, int], list[RowProblem]]:
    """What the items would do, without writing: how many of each outcome, and refused rows."""
    counts = dict.fromkeys(Outcome, 0)
    problems: list[RowProblem] = []
    for start in range(0, len(items), TRIAL_CHUNK):
        chunk = items[start : start + TRIAL_CHUNK]
        answers = kind.apply_rows(actor, [item.draft for item in chunk], scope, is_trial=True)
        for item, answer in zip(chunk, answers, strict=True):
            if isinstance(answer, Problem):
                problems.extend(RowProblem(row, answer) for row in item.rows)
            else:
                counts[answer] += 1
        tell(min(start + TRIAL_CHUNK, len(items)))
    return counts, problems


def missing_columns(kind: SheetKind, mapping: ColumnMap, scope: Scope) -> list[str]:
    """Keys of required columns the mapping leaves without any source."""
    return [
        column.key
        for column in kind.columns
        if column.required
        and column.key not in mapping.columns
        and not mapping.defaults.get(column.key)
        and not (column.refers_to and scope.business_id is not None)
    ]
