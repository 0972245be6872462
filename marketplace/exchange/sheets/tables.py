"""The table of an upload and what is wrong with it, as they are kept between two pages."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.params import Count, from_json, to_json
from marketplace.core.sheet_kinds import Problem, SheetKind
from marketplace.core.sheets import Cell, Column, Sheet, known_headers
from marketplace.infra.i18n import say
from marketplace.infra.workbooks import LIMITS, read_sheet
from marketplace.infra.workbooks.reading import REASONS


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem of the row with this index (from 0) in the table."""

    row: int
    problem: Problem


def shown_columns(kind: SheetKind) -> list[Column]:
    """The kind's columns with their labels in the reader's language."""
    return [column.shown(say) for column in kind.columns]


def read_upload(data: bytes, kind: SheetKind) -> Sheet:
    """The table of an uploaded file. Raises InvalidInput with a reason a person can act on."""
    table = read_sheet(data, is_known=known_headers(shown_columns(kind)))
    if len(table.rows) > LIMITS.rows:
        raise InvalidInput(REASONS["rows"], most=Count(LIMITS.rows))
    return table


def dump_table(sheet: Sheet) -> bytes:
    return json.dumps(
        {
            "headers": sheet.headers,
            "rows": sheet.rows,
            "numbers": sheet.row_numbers,
            "name": sheet.name,
            "header_row": sheet.header_row,
        },
        default=lambda cell: {"d": cell.isoformat()},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def load_table(data: bytes) -> Sheet:
    kept = json.loads(data)
    rows = [[_cell(cell) for cell in row] for row in kept["rows"]]
    return Sheet(tuple(kept["headers"]), rows, kept["numbers"], kept["name"], kept["header_row"])


def dump_problems(problems: Iterable[RowProblem]) -> bytes:
    return json.dumps([problem_as_json(each) for each in problems]).encode()


def load_problems(data: bytes) -> list[RowProblem]:
    return [problem_from_json(each) for each in json.loads(data)]


def problem_as_json(each: RowProblem) -> list[Any]:
    return [each.row, each.problem.column, each.problem.msgid, to_json(each.problem.params)]


def problem_from_json(kept: Sequence[Any]) -> RowProblem:
    return RowProblem(kept[0], Problem(kept[1], kept[2], from_json(kept[3])))


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["d"])
    found: Cell = cell
    return found
