"""Tables in files for list matching: CSV, CSV.gz and XLSX, by the ending of the name."""

import csv
import gzip
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import TextIOWrapper
from itertools import chain, count, islice
from pathlib import Path
from typing import IO, cast

import python_calamine
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.matching.batch import ROWS

Cell = object
Watch = Callable[[int, int], None]
# The columns no table can do without.
REQUIRED = ("id", "title")
ENDINGS = (".csv", ".csv.gz", ".xlsx")
# From so many bytes on a second process reads more than it costs.
_LARGE = {".csv": 4_000_000, ".gz": 1_000_000}
_MOST_SHEET_BYTES = 500_000_000
_MOST_SHEET_ROWS = 1_048_576
# What parts the cells; spreadsheet programs that write decimals with a comma use a semicolon.
_MARKS = (",", ";", "\t")
# A first line that tells a spreadsheet program the same; the header tells it too.
_HINT = re.compile(r'"?sep=.?"?', re.IGNORECASE)
# A line after the last one: a quotation mark that was never closed swallows it.
_END = "\x00"
# A long text is cut where it is read; the reader of lines must not refuse the file for it.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table: their numbers in the file, and a list of cells for every column.

    `repeated` are the names that stand over several columns; the first of them is given. Of a
    workbook the first chunk of all tells which sheet was read and which others hold something.
    """

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Cell]]
    repeated: frozenset[str] = frozenset()
    sheet: str = ""
    other_sheets: Sequence[str] = ()


def nobody(done: int, total: int) -> None:
    """Watches nothing."""


def is_large(path: Path) -> bool:
    """Is this a file that several processes read sooner than one? A workbook is read at once."""
    least = _LARGE.get(path.suffix.lower())
    return least is not None and path.is_file() and path.stat().st_size >= least


def read_table(
    path: Path, watch: Watch = nobody, share: int = 0, shares: int = 1
) -> Iterator[Chunk]:
    """A table in chunks of some thousand rows, at least one; blank rows are left out.

    The header is the first row that holds anything; column names are lower-cased, and a cell that
    is missing is None. Raises InvalidInput with one sentence where nothing can be read. `watch` is
    told how many bytes of how many were read so far. Of every `shares` chunks only number `share`
    is given; the last one of all is empty and given to everyone.
    """
    check_ending(path)
    if not path.is_file():
        raise InvalidInput(N_("There is no file %(name)s"), name=path.name)
    try:
        book = _read_xlsx(path) if _is_xlsx(path) else None
        found = book.rows if book is not None else _read_csv(path, watch)
        number, names = _header(found, path)
        for turn in count():
            taken = list(islice(found, ROWS))
            if not taken:
                break
            if turn % shares == share:
                chunk = _chunk(names, taken, number)
                if turn == 0 and book is not None:
                    chunk = replace(chunk, sheet=book.name, other_sheets=book.others)
                yield chunk
            number += len(taken)
        yield _chunk(names, [], number)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            N_("The file %(name)s is not UTF-8: save it as CSV UTF-8 or as .xlsx"), name=path.name
        ) from error
    except _UNREADABLE as error:
        raise InvalidInput(N_("The file %(name)s cannot be read"), name=path.name) from error


_UNREADABLE = (OSError, EOFError, zlib.error, csv.Error, python_calamine.CalamineError)


def _header(rows: Iterator[Sequence[Cell]], path: Path) -> tuple[int, list[str]]:
    """The names of the columns, and the number of the row after them."""
    for number, row in enumerate(rows, 2):
        if _holds_anything(row):
            return number, _names(row)
    raise InvalidInput(N_("The file %(name)s is empty"), name=path.name)


def _names(row: Sequence[Cell]) -> list[str]:
    return [str(cell or "").strip().lower() for cell in row]


def _holds_anything(row: Sequence[Cell]) -> bool:
    return any(map(_is_filled, row))


def _is_filled(cell: Cell) -> bool:
    return cell not in (None, "")


def _chunk(names: Sequence[str], rows: Sequence[Sequence[Cell]], first: int) -> Chunk:
    """These rows by column, `first` being the number of the first; blank ones are left out."""
    numbers: Sequence[int] = range(first, first + len(rows))
    if not all(map(any, rows)):
        filled = [place for place, row in enumerate(rows) if _holds_anything(row)]
        numbers, rows = [first + place for place in filled], [rows[place] for place in filled]
    width = len(names)
    if any(len(row) < width for row in rows):
        # A short row ends in cells of None. What lies beyond the header has no name.
        rows = [[*row, *([None] * (width - len(row)))] for row in rows]
    cells = [[row[place] for row in rows] for place in range(width)]
    repeated = frozenset(name for name in names if names.count(name) > 1)
    return Chunk(numbers, dict(zip(reversed(names), reversed(cells), strict=True)), repeated)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table by the ending of the name; a broken-off run leaves no half file behind."""
    check_ending(path)
    started = path.with_name(f".{path.name}.{os.getpid()}.part{path.suffix}")
    try:
        started.touch()  # fails here and now, if at all
        if _is_xlsx(path):
            _write_xlsx(started, columns, rows)
        else:
            _write_csv(started, columns, rows)
        started.replace(path)
    except (OSError, XlsxWriterException) as error:
        raise InvalidInput(N_("The file %(name)s cannot be written"), name=path.name) from error
    finally:
        started.unlink(missing_ok=True)


def check_ending(path: Path) -> None:
    """Raise InvalidInput for a file that is none of those read and written here."""
    if not path.name.lower().endswith(ENDINGS):
        raise InvalidInput(
            N_("The file %(name)s must end in .csv, .csv.gz or .xlsx"), name=path.name
        )


def _is_xlsx(path: Path) -> bool:
    return path.suffix.lower() == ".xlsx"


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _read_csv(path: Path, watch: Watch) -> Iterator[Sequence[Cell]]:
    size = path.stat().st_size
    with path.open("rb") as packed:
        unpacked = gzip.GzipFile(fileobj=packed) if _is_packed(path) else packed
        # Spreadsheet programs begin UTF-8 with a mark that belongs to no column name.
        lines = TextIOWrapper(cast("IO[bytes]", unpacked), encoding="utf-8-sig", newline="")
        first = ""
        skipped = 0
        for first in lines:
            if first.strip() and not _HINT.fullmatch(first.strip()):
                break
            skipped += 1
            yield []
        rows = csv.reader(chain([first], lines, [_END]), delimiter=_mark(first))
        number, taken = skipped, [[""]]
        while taken and taken[-1] != [_END]:
            taken = list(islice(rows, ROWS))
            number += len(taken)
            yield from taken[:-1] if taken and taken[-1] == [_END] else taken
            watch(packed.tell(), size)
        if not taken:
            raise InvalidInput(
                N_("In %(name)s a quotation mark of row %(row)s is never closed"),
                name=path.name,
                row=number,
            )
    watch(size, size)


def _mark(header: str) -> str:
    """What parts the cells of a file that begins with this line."""
    for mark in _MARKS:
        names = next(csv.reader([header], delimiter=mark), [])
        if any(name.strip().lower() == "id" for name in names):
            return mark
    # No column of the contract to tell it by: what parts the line into most cells.
    return max(_MARKS, key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet of a workbook that is read, and the names of others that hold something."""

    name: str
    rows: Iterator[Sequence[Cell]]
    others: Sequence[str]


def _read_xlsx(path: Path) -> _Sheet:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(item.file_size for item in packed.infolist())
    except zipfile.BadZipFile as error:
        raise InvalidInput(N_("The file %(name)s is not an Excel file"), name=path.name) from error
    if size > _MOST_SHEET_BYTES:
        raise InvalidInput(N_("The file %(name)s is too large when unpacked"), name=path.name)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return _sheet_of(book)


def _sheet_of(book: python_calamine.CalamineWorkbook) -> _Sheet:
    """The first sheet whose header names what every table here has, else the first with a header.

    Hidden sheets hold what somebody put away; they count only where all are hidden.
    """
    visible = python_calamine.SheetVisibleEnum.Visible
    told = [
        one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    names = [one.name for one in told if one.visible == visible] or [one.name for one in told]
    if len(names) == 1:
        return _Sheet(names[0], book.get_sheet_by_name(names[0]).iter_rows(), ())
    headers = {name: _first(book.get_sheet_by_name(name).iter_rows()) for name in names}
    filled = [name for name in names if headers[name]]
    fitting = [name for name in filled if set(REQUIRED) <= set(_names(headers[name]))]
    chosen = (fitting or filled or names)[0]
    others = [name for name in filled if name != chosen]
    return _Sheet(chosen, book.get_sheet_by_name(chosen).iter_rows(), others)


def _first(rows: Iterator[Sequence[Cell]]) -> Sequence[Cell]:
    """The first row that holds anything; an empty one where none does."""
    return next(filter(_holds_anything, rows), ())


def _open_text(path: Path) -> IO[str]:
    if _is_packed(path):
        return cast("IO[str]", gzip.open(path, "wt", encoding="utf-8", newline=""))
    return path.open("w", encoding="utf-8", newline="")


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with _open_text(path) as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(chain([columns], rows)):
            if number >= _MOST_SHEET_ROWS:
                raise InvalidInput(
                    N_("A sheet holds %(most)s rows, the result has more: write it as .csv"),
                    most=_MOST_SHEET_ROWS,
                )
            sheet.write_row(number, 0, list(row))
