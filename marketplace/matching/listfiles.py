"""Tables in files for list matching: CSV, CSV.gz and XLSX, by the ending of the name."""

import csv
import gzip
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, count, islice
from pathlib import Path
from typing import IO, cast

import python_calamine
import xlsxwriter

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.matching.batch import ROWS

Cell = object
Watch = Callable[[int, int], None]
ENDINGS = (".csv", ".csv.gz", ".xlsx")
# From so many bytes on a second process reads more than it costs.
_LARGE = {".csv": 4_000_000, ".gz": 1_000_000}
_MOST_SHEET_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table: their numbers in the file, and a list of cells for every column."""

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Cell]]


def nobody(done: int, total: int) -> None:
    """Watches nothing."""


def is_large(path: Path) -> bool:
    """Is this a file that several processes read sooner than one? A workbook is read at once."""
    least = _LARGE.get(path.suffix)
    return least is not None and path.is_file() and path.stat().st_size >= least


def read_table(
    path: Path, watch: Watch = nobody, share: int = 0, shares: int = 1
) -> Iterator[Chunk]:
    """A table in chunks of some thousand rows, at least one; blank rows are left out.

    The header is row 1; column names are lower-cased, and a cell that is missing is None. Raises
    InvalidInput with one sentence where nothing can be read. `watch` is told how many bytes of how
    many were read so far. Of every `shares` chunks only number `share` is given; the last one of
    all is empty and given to everyone.
    """
    _check_ending(path)
    if not path.is_file():
        raise InvalidInput(N_("There is no file %(name)s"), name=path.name)
    try:
        found = _read_xlsx(path) if path.suffix == ".xlsx" else _read_csv(path, watch)
        header = next(found, None)
        if header is None:
            raise InvalidInput(N_("The file %(name)s is empty"), name=path.name)
        names = [str(cell or "").strip().lower() for cell in header]
        number = 2
        for turn in count():
            taken = list(islice(found, ROWS))
            if not taken:
                break
            if turn % shares == share:
                yield _chunk(names, taken, number)
            number += len(taken)
        yield _chunk(names, [], number)
    except UnicodeDecodeError as error:
        raise InvalidInput(N_("The file %(name)s is not UTF-8"), name=path.name) from error
    except (OSError, EOFError, csv.Error, python_calamine.CalamineError) as error:
        raise InvalidInput(N_("The file %(name)s cannot be read"), name=path.name) from error


def _is_filled(cell: Cell) -> bool:
    return cell not in (None, "")


def _chunk(names: Sequence[str], rows: Sequence[Sequence[Cell]], first: int) -> Chunk:
    """These rows by column, `first` being the number of the first; blank ones are left out."""
    numbers: Sequence[int] = range(first, first + len(rows))
    if not all(map(any, rows)):
        filled = [place for place, row in enumerate(rows) if any(map(_is_filled, row))]
        numbers, rows = [first + place for place in filled], [rows[place] for place in filled]
    width = len(names)
    if any(len(row) < width for row in rows):
        # A short row ends in cells of None. What lies beyond the header has no name.
        rows = [[*row, *([None] * (width - len(row)))] for row in rows]
    cells = [[row[place] for row in rows] for place in range(width)]
    return Chunk(numbers, dict(zip(names, cells, strict=True)))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table by the ending of the name; a broken-off run leaves no half file behind."""
    _check_ending(path)
    started = path.with_name(f".{path.name}.part{path.suffix}")
    try:
        if path.suffix == ".xlsx":
            _write_xlsx(started, columns, rows)
        else:
            _write_csv(started, columns, rows)
        started.replace(path)
    except OSError as error:
        raise InvalidInput(N_("The file %(name)s cannot be written"), name=path.name) from error
    finally:
        started.unlink(missing_ok=True)


def _check_ending(path: Path) -> None:
    if not path.name.endswith(ENDINGS):
        raise InvalidInput(
            N_("The file %(name)s must end in .csv, .csv.gz or .xlsx"), name=path.name
        )


def _read_csv(path: Path, watch: Watch) -> Iterator[Sequence[Cell]]:
    size = path.stat().st_size
    with path.open("rb") as packed:
        unpacked = gzip.GzipFile(fileobj=packed) if path.suffix == ".gz" else packed
        # Spreadsheet programs begin UTF-8 with a mark that belongs to no column name.
        lines = TextIOWrapper(cast("IO[bytes]", unpacked), encoding="utf-8-sig", newline="")
        for number, row in enumerate(csv.reader(lines)):
            yield row
            if number % ROWS == 0:
                watch(packed.tell(), size)
    watch(size, size)


def _read_xlsx(path: Path) -> Iterator[Sequence[Cell]]:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(item.file_size for item in packed.infolist())
    except zipfile.BadZipFile as error:
        raise InvalidInput(N_("The file %(name)s is not an Excel file"), name=path.name) from error
    if size > _MOST_SHEET_BYTES:
        raise InvalidInput(N_("The file %(name)s is too large when unpacked"), name=path.name)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    yield from book.get_sheet_by_index(0).iter_rows()


def _open_text(path: Path) -> IO[str]:
    if path.suffix == ".gz":
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
            sheet.write_row(number, 0, list(row))
