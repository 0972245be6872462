"""Files as spreadsheet programs and people leave them behind."""

import gzip
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from marketplace.core.errors import InvalidInput
from marketplace.matching import listfiles
from marketplace.matching.listfiles import is_large, read_table, write_table

TABLE = [["id", "title"], ["k1", "Kemplang"], ["k2", "Getas"]]


def rows_of(path: Path) -> list[tuple[object, ...]]:
    """Number, id and title of every row."""
    return [
        row
        for chunk in read_table(path)
        for row in zip(chunk.numbers, chunk.columns["id"], chunk.columns["title"], strict=True)
    ]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


EXPECTED = [(2, "k1", "Kemplang"), (3, "k2", "Getas")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_are_parted_as_the_header_says(tmp_path: Path, mark: str, end: str) -> None:
    text = end.join(mark.join(row) for row in TABLE)
    assert rows_of(written(tmp_path / "a.csv", text)) == EXPECTED
    assert rows_of(written(tmp_path / "b.csv", f"\ufeff{text}{end}")) == EXPECTED


def test_a_first_line_that_names_the_mark_is_no_header(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\ufeffsep=;\r\nid;title\r\nk1;Kemplang\r\n")
    assert rows_of(path) == [(3, "k1", "Kemplang")]


def test_a_comma_in_a_file_with_semicolons_parts_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'Id;Title\nk1;Kemplang, panggang\nk2;"Getas; asin"\n')
    assert [title for _, _, title in rows_of(path)] == ["Kemplang, panggang", "Getas; asin"]


@pytest.mark.parametrize("name", ["A.CSV", "A.Csv.GZ", "A.XLSX"])
def test_the_ending_may_be_written_large(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, TABLE[0], TABLE[1:])
    assert rows_of(tmp_path / name) == EXPECTED
    begin = (tmp_path / name).read_bytes()[:2]
    assert begin == {"A.CSV": b"id", "A.Csv.GZ": b"\x1f\x8b", "A.XLSX": b"PK"}[name]


def test_a_large_file_is_known_whatever_its_ending_looks_like(tmp_path: Path) -> None:
    assert is_large(written(tmp_path / "A.CSV", b"x" * 4_000_000))


def test_blank_rows_above_the_header_count_as_rows(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n\nid,title\nk1,Kemplang\n\nk2,Getas\n")
    assert rows_of(path) == [(4, "k1", "Kemplang"), (6, "k2", "Getas")]
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(TABLE, 3):
            sheet.write_row(number, 0, row)
    assert rows_of(tmp_path / "a.xlsx") == [(5, "k1", "Kemplang"), (6, "k2", "Getas")]


def test_a_file_of_blank_rows_is_empty(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        rows_of(written(tmp_path / "a.csv", "\n,,\n\n"))


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5])
def test_a_file_ends_anywhere_in_a_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(listfiles, "ROWS", rows)
    assert rows_of(written(tmp_path / "a.csv", "id,title\nk1,Kemplang\nk2,Getas\n")) == EXPECTED


def test_a_very_long_cell_does_not_cost_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"id,title\nk1,{'x' * 200_000}\nk2,Getas\n")
    assert rows_of(path)[1] == (3, "k2", "Getas")


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 4096])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_quotation_mark_that_never_closes_loses_no_rows_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, end: str
) -> None:
    monkeypatch.setattr(listfiles, "ROWS", rows)
    path = written(tmp_path / "a.csv", f'id,title\nk1,Kemplang\nk2,"Getas\nk3,Kopi\nk4,Lada{end}')
    with pytest.raises(InvalidInput, match="quotation mark") as refused:
        rows_of(path)
    assert refused.value.params["row"] == 3


@pytest.mark.parametrize("end", ["", "\n"])
def test_quotation_marks_that_close_may_hold_lines(tmp_path: Path, end: str) -> None:
    path = written(tmp_path / "a.csv", f'id,title\nk1,Kemplang 5" tenggiri\nk2,"Getas\n"{end}')
    assert rows_of(path) == [(2, "k1", 'Kemplang 5" tenggiri'), (3, "k2", "Getas\n")]


def test_damaged_gzip_is_refused_in_one_sentence(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"id,title\n" + b"k1,Kemplang\n" * 100))
    for place in range(12, len(packed), 3):
        damaged = packed.copy()
        damaged[place] ^= 0xFF
        with pytest.raises(InvalidInput):
            rows_of(written(tmp_path / "a.csv.gz", bytes(damaged)))


def test_a_sheet_that_cannot_hold_the_result_is_refused_and_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listfiles, "_MOST_SHEET_ROWS", 3)
    write_table(tmp_path / "a.xlsx", TABLE[0], TABLE[1:])
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert book.get_sheet_by_index(0).to_python() == TABLE
    with pytest.raises(InvalidInput, match="rows"):
        write_table(tmp_path / "a.xlsx", TABLE[0], [*TABLE[1:], ["k3", "Kopi"]])
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("name", ["no/a.csv", "no/a.csv.gz", "no/a.xlsx"])
def test_a_place_that_is_not_there_is_told_in_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_table(tmp_path / name, TABLE[0], TABLE[1:])


def workbook(path: Path, sheets: dict[str, list[list[str]]], hidden: str = "") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == hidden:
                sheet.hide()
            elif hidden:
                sheet.activate()
                sheet.set_first_sheet()
    return path


@pytest.mark.parametrize(
    ("sheets", "hidden", "read", "others"),
    [
        ({"A": TABLE}, "", "A", []),
        ({"A": TABLE, "B": []}, "", "A", []),
        ({"A": TABLE, "B": TABLE}, "", "A", ["B"]),
        # A cover, notes or what somebody put away are not the table.
        ({"A": [], "B": TABLE}, "", "B", []),
        ({"A": [["How to fill this in"]], "B": TABLE, "C": TABLE[:1]}, "", "B", ["A", "C"]),
        ({"A": [["id", "title"], ["old", "old"]], "B": TABLE}, "A", "B", []),
    ],
)
def test_of_a_workbook_the_sheet_that_holds_the_table_is_read(
    tmp_path: Path, sheets: dict[str, list[list[str]]], hidden: str, read: str, others: list[str]
) -> None:
    path = workbook(tmp_path / "book.xlsx", sheets, hidden)
    first = next(read_table(path))
    assert (first.sheet, list(first.other_sheets)) == (read, others)
    assert rows_of(path) == EXPECTED


def test_a_workbook_without_such_a_sheet_is_read_from_its_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"A": [["kode", "nama"], ["1", "x"]], "B": [["?"]]})
    assert set(next(read_table(path)).columns) == {"kode", "nama"}
