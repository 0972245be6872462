"""Tables for download: text stays text, whatever it starts with, and numbers stay numbers."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from marketplace.core.errors import InvalidInput
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_

CELL_MAX = 32_767  # characters; spreadsheet programs cut what is longer without a word
TOO_LONG = N_("A text in column %(column)s is longer than a spreadsheet cell can hold")
_TEMPLATE_ROWS = 5_000
_EXACT = 10**15  # spreadsheets keep 15 digits of a number

# What a spreadsheet takes for a formula when a CSV is opened: OWASP's list, the full-width forms
# that some programs fold to it, and the apostrophe itself so that it can be taken off again.
_RISKY = re.compile("'|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\\t\\r\\n]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_FORMATS: dict[ColumnKind, str] = {
    ColumnKind.TEXT: "@",
    ColumnKind.MONEY: "#,##0",
    ColumnKind.NUMBER: "General",
    ColumnKind.DATE: "dd/mm/yyyy",
}


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    example: Mapping[str, Cell] | None = None,
    notes: Mapping[str, str] | None = None,
    title: str = "Data",
    notes_title: str = "Petunjuk",
) -> bytes:
    """Return a workbook with one sheet of `rows` (cells in the order of `columns`).

    `choices` gives drop-downs by column key; `example` one italic row under the header; `notes` a
    second sheet with a line of help per column key. Text columns are formatted as text down to the
    template's last row, so that a phone number typed there keeps its zero. Raises InvalidInput for
    text over 32,767 characters.
    """
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        styles = _Styles(book)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, _width(column), styles.of[column.kind])
        _offer_choices(book, sheet, columns, choices or {})
        for index, column in enumerate(columns):
            mark = " *" if column.required else ""
            sheet.write_string(0, index, f"{column.label}{mark}", styles.header)
        sheet.freeze_panes(1, 0)
        at = 1
        if example is not None:
            row = [example.get(column.key) for column in columns]
            _write_row(sheet, at, row, columns, styles, is_example=True)
            at += 1
        for number, row_cells in enumerate(rows, start=at):
            _write_row(sheet, number, row_cells, columns, styles)
        _write_notes(book, columns, notes or {}, notes_title, styles)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet of a book: `lines` stand above the header, such as a letter's number."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[Sequence[str]] = ()


def write_book(leaves: Sequence[Leaf]) -> bytes:
    """Return a workbook with several sheets, each with its header row frozen."""
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        styles = _Styles(book)
        for leaf in leaves:
            sheet = book.add_worksheet(_sheet_name(leaf.title))
            for index, column in enumerate(leaf.columns):
                sheet.set_column(index, index, _width(column), styles.of[column.kind])
            for at, line in enumerate(leaf.lines):
                for index, text in enumerate(line):
                    sheet.write_string(at, index, text, styles.quoted)
            head = len(leaf.lines) + bool(leaf.lines)
            for index, column in enumerate(leaf.columns):
                sheet.write_string(head, index, column.label, styles.header)
            sheet.freeze_panes(head + 1, 0)
            for number, cells in enumerate(leaf.rows, start=head + 1):
                _write_row(sheet, number, cells, leaf.columns, styles)
    return target.getvalue()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with a byte-order mark, separated by semicolons as Indonesian Excel expects.

    Text that a spreadsheet could run gets an apostrophe in front; `read_sheet` takes it off again.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.label) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig", "ignore")


class _Styles:
    """The cell formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self.header: Format = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
        )
        self.of = {kind: book.add_format({"num_format": fmt}) for kind, fmt in _FORMATS.items()}
        self.example = {
            kind: book.add_format({"num_format": fmt, "italic": True, "font_color": "#6b6b6b"})
            for kind, fmt in _FORMATS.items()
        }
        # The spreadsheet's own mark for "text, even if it looks like a formula".
        self.quoted: Format = book.add_format({"num_format": "@", "quote_prefix": True})


def _write_row(
    sheet: Worksheet,
    number: int,
    cells: Sequence[Cell],
    columns: Sequence[Column],
    styles: _Styles,
    *,
    is_example: bool = False,
) -> None:
    formats = styles.example if is_example else styles.of
    for index, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        style = formats[column.kind]
        if cell is None:
            continue
        if isinstance(cell, datetime | date):
            day = cell.date() if isinstance(cell, datetime) else cell
            sheet.write_datetime(number, index, day, formats[ColumnKind.DATE])
        elif isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < _EXACT:
            sheet.write_number(number, index, cell, style)
        else:
            text = _NOT_XML.sub("", str(cell))
            if len(text) > CELL_MAX:
                raise InvalidInput(TOO_LONG, column=column.label)
            sheet.write_string(number, index, text, styles.quoted if _RISKY.match(text) else style)


def _offer_choices(
    book: Workbook,
    sheet: Worksheet,
    columns: Sequence[Column],
    choices: Mapping[str, Sequence[str]],
) -> None:
    """Drop-downs from a hidden sheet: a list inside the rule itself ends at 255 characters."""
    offered = [(index, column) for index, column in enumerate(columns) if choices.get(column.key)]
    if not offered:
        return
    lists = book.add_worksheet("_lists")
    lists.hide()
    longest = max(len(choices[column.key]) for _, column in offered)
    for row in range(longest):  # row by row: rows are written out as soon as the next begins
        for place, (_, column) in enumerate(offered):
            if row < len(choices[column.key]):
                lists.write_string(row, place, choices[column.key][row])
    for place, (index, column) in enumerate(offered):
        letter = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
        source = f"=_lists!{letter}$1:{letter}${len(choices[column.key])}"
        # A warning, not a wall: the import understands more spellings than the list shows.
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, index, _TEMPLATE_ROWS, index, rule)


def _write_notes(
    book: Workbook,
    columns: Sequence[Column],
    notes: Mapping[str, str],
    title: str,
    styles: _Styles,
) -> None:
    if not notes:
        return
    sheet = book.add_worksheet(_sheet_name(title))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 80)
    for number, column in enumerate(each for each in columns if each.key in notes):
        sheet.write_string(number, 0, column.label, styles.header)
        sheet.write_string(number, 1, notes[column.key], wrapped)


def _sheet_name(title: str) -> str:
    """A name spreadsheet programs accept: 31 characters, without []:*?/\\ and outer apostrophes."""
    name = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:31].strip(" '")
    return name or "Data"


def _width(column: Column) -> int:
    return column.width or min(max(len(column.label) + 4, 12), 40)


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _harmless(str(cell))


def _harmless(text: str) -> str:
    text = text.replace("\x00", "")
    return f"'{text}" if _RISKY.match(text) else text
