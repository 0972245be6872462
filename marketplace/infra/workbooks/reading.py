"""Uploaded tables, read in a process of their own and handed over as a `Sheet`."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marketplace.core.errors import InvalidInput
from marketplace.core.params import Count
from marketplace.core.sheets import Cell, Sheet, sheet_of
from marketplace.core.text import N_

MEGABYTE = 1 << 20
_CHILD = Path(__file__).with_name("child.py")
# Each child may use a gigabyte; two at once in one server process is what a small host can carry.
_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an uploaded table may cost: bytes, bytes once inflated, CPU seconds, bytes of memory."""

    size: int = 20 * MEGABYTE
    inflated: int = 200 * MEGABYTE
    ratio: int = 50
    rows: int = 50_000
    columns: int = 100
    seconds: int = 20
    memory: int = 1024 * MEGABYTE


LIMITS = Limits()

EMPTY = N_("The file is empty")
TOO_BIG = N_("The file is too big: at most %(most)s MB")
NO_ROWS = N_("No filled rows were found under the header")
REASONS = {
    "type": N_("This is not a table: send an Excel (.xlsx, .xls), ODS or CSV file"),
    "webpage": N_("This is a web page saved as a table: open it in Excel and save it as .xlsx"),
    "damaged": N_("The file is damaged: open it in Excel and save it again as .xlsx"),
    "password": N_("The file is protected by a password: save it without one"),
    "nested": N_("The file has another file inside it: copy the table into a new workbook"),
    "markup": N_("The file holds instructions a table does not need: save it again as .xlsx"),
    "bomb": N_("The file becomes too big when it is opened: send fewer rows"),
    "heavy": N_("The file is too heavy to read: copy only the table into a new workbook"),
    "rows": N_("Too many rows: at most %(most)s in one file"),
    "columns": N_("Too many columns: at most %(most)s in one file"),
}


def read_sheet(data: bytes, *, is_known: Callable[[str], bool], limits: Limits = LIMITS) -> Sheet:
    """Return the table of an uploaded .xlsx, .xls, .ods or .csv file.

    The type is read from the content, not the name. Of several visible sheets the one with the most
    known headers is taken. Numbers that are whole come as int, dates as date, all of CSV as text.
    Raises InvalidInput with a reason a person can act on.
    """
    tables = [sheet_of(rows, is_known, name=name) for name, rows in _tables(data, limits)]
    filled = [(sheet, known) for sheet, known in tables if sheet.rows]
    if not filled:
        raise InvalidInput(NO_ROWS)
    return max(filled, key=lambda each: each[1])[0]


def _tables(data: bytes, limits: Limits) -> list[tuple[str, list[list[Cell]]]]:
    if not data.strip():
        raise InvalidInput(EMPTY)
    if len(data) > limits.size:
        raise InvalidInput(TOO_BIG, most=limits.size // MEGABYTE)
    answer = _asked(data, limits)
    if "refused" in answer:
        raise _refusal(str(answer["refused"]), limits)
    return [(sheet["name"], sheet["rows"]) for sheet in answer["sheets"]]


def _asked(data: bytes, limits: Limits) -> dict[str, Any]:
    command = [sys.executable, "-I", str(_CHILD), json.dumps(asdict(limits))]
    with _AT_ONCE:
        try:
            # No shell and our own script; the file itself goes through standard input.
            done = subprocess.run(  # noqa: S603
                command, input=data, capture_output=True, timeout=limits.seconds * 2, check=False
            )
        except subprocess.TimeoutExpired:
            return {"refused": "heavy"}
    if done.returncode != 0:  # killed by a limit, or the parser gave up on hostile bytes
        return {"refused": "heavy" if done.returncode < 0 else "damaged"}
    answer: dict[str, Any] = json.loads(done.stdout, object_hook=_day)
    return answer


def _refusal(code: str, limits: Limits) -> InvalidInput:
    if code in {"rows", "columns"}:
        return InvalidInput(REASONS[code], most=Count(getattr(limits, code)))
    return InvalidInput(REASONS[code])


def _day(value: dict[str, Any]) -> dict[str, Any] | date:
    return date.fromisoformat(value["d"]) if "d" in value else value
