"""Tables in and out: hostile files are refused before they cost anything, harmless ones survive."""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.core.sheets import Cell, Column, ColumnKind, known_headers
from marketplace.infra.workbooks import LIMITS, Limits, read_sheet, write_csv, write_xlsx
from marketplace.infra.workbooks.reading import EMPTY, NO_ROWS, REASONS, TOO_BIG
from marketplace.infra.workbooks.writing import CELL_MAX, TOO_LONG

COLUMNS = (
    Column("name", "Nama Usaha", ("Nama UMKM",), required=True),
    Column("price", "Harga", kind=ColumnKind.MONEY),
    Column("start", "Tanggal Mulai", kind=ColumnKind.DATE),
    Column("whatsapp", "WhatsApp"),
)
ROWS: list[list[Cell]] = [
    ["Kemplang Contoh", 15_000, date(2026, 1, 31), "081234567890"],
    ['=HYPERLINK("http://x")', 500, None, "+6281234567890"],
]
WRITTEN = write_xlsx(COLUMNS, ROWS)
RISKY = ["=1+1", "+62812", "-x", "@x", "\tx", "\rx", "\nx", "＝1", " =1", "'=1", "'x", "''", "＠x"]


def read(data: bytes, limits: Limits = LIMITS) -> list[list[Cell]]:
    return read_sheet(data, is_known=known_headers(COLUMNS), limits=limits).rows


def refusal(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(InvalidInput) as refused:
        read(data, limits)
    assert str(refused.value)
    return refused.value.msgid


def workbook(fill: Callable[[xlsxwriter.Workbook], object], **options: object) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, **options}) as book:
        fill(book)
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part put in or exchanged."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return target.getvalue()


def sheet_with(cell: str) -> bytes:
    xml = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><sheetData>{cell}</sheetData></worksheet>'
    )
    return with_part(write_xlsx(COLUMNS, []), "xl/worksheets/sheet1.xml", xml.encode())


def test_a_workbook_comes_back_as_it_was_written() -> None:
    sheet = read_sheet(write_xlsx(COLUMNS, ROWS), is_known=known_headers(COLUMNS))
    assert sheet.headers == ("Nama Usaha *", "Harga", "Tanggal Mulai", "WhatsApp")
    assert sheet.rows == ROWS
    assert sheet.row_numbers == [2, 3]


def test_a_csv_comes_back_as_text() -> None:
    assert read(write_csv(COLUMNS, ROWS)) == [
        ["Kemplang Contoh", "15000", "2026-01-31", "081234567890"],
        ['=HYPERLINK("http://x")', "500", None, "+6281234567890"],
    ]


@pytest.mark.parametrize("text", RISKY)
def test_no_text_becomes_a_formula_and_none_is_changed(text: str) -> None:
    rows: list[list[Cell]] = [[text, 1, None, "x"]]
    with zipfile.ZipFile(io.BytesIO(write_xlsx(COLUMNS, rows))) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert read(write_xlsx(COLUMNS, rows))[0][0] == text
    written = write_csv(COLUMNS, rows).decode("utf-8-sig")
    field = list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))[1][0]
    assert field.startswith("'")
    assert read(write_csv(COLUMNS, rows))[0][0] == text


def test_a_header_cannot_be_a_formula_either() -> None:
    columns = [Column("a", "=1+1"), Column("b", "Biasa")]
    assert write_csv(columns, []).decode("utf-8-sig").startswith("'=1+1;Biasa")


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
        .filter(str.strip)
        .filter(lambda text: not set(text) & set("\ufffe\uffff")),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_survives_both_formats(texts: list[str]) -> None:
    rows: list[list[Cell]] = [[text, 1, None, "ujung"] for text in texts]
    assert [row[0] for row in read(write_csv(COLUMNS, rows))] == texts
    assert [row[0] for row in read(write_xlsx(COLUMNS, rows))] == texts


def test_a_number_stays_a_number_and_a_phone_keeps_its_zero() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nama UMKM", "Harga", "Tanggal Mulai", "WhatsApp"])
        sheet.write_row(1, 0, ["A", 5000.0, 2.5])
        sheet.write_string(1, 3, "0812345")
        sheet.write_number(2, 3, 81234567890)
        sheet.write_boolean(2, 0, True)

    assert read(workbook(fill)) == [["A", 5000, 2.5, "0812345"], ["TRUE", None, None, 81234567890]]


def test_titles_above_the_header_and_blank_rows_are_passed_over() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Data")
        sheet.merge_range(1, 0, 1, 3, "DAFTAR UMKM KABUPATEN BANGKA TENGAH")
        sheet.write_row(4, 1, ["No", "Nama UMKM", "Harga (Rp)"])
        sheet.write_row(5, 1, [1, "Satu", 1000])
        sheet.write_row(8, 1, [2, "Dua", 2000])
        sheet.write_blank(60, 1, None, book.add_format({"bold": True}))

    sheet = read_sheet(workbook(fill), is_known=known_headers(COLUMNS))
    assert sheet.headers == ("", "No", "Nama UMKM", "Harga (Rp)")
    assert sheet.rows == [[None, 1, "Satu", 1000], [None, 2, "Dua", 2000]]
    assert sheet.row_numbers == [6, 9]
    assert sheet.header_row == 5


def test_of_several_sheets_the_one_with_known_headers_is_read() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Petunjuk").write_column(0, 0, ["Baca ini", "Isi lembar kedua"])
        data = book.add_worksheet("Isian")
        data.write_row(0, 0, ["Nama UMKM", "Harga"])
        data.write_row(1, 0, ["Satu", 1000])
        hidden = book.add_worksheet("Tersembunyi")
        hidden.write_row(0, 0, ["Nama Usaha", "Harga", "WhatsApp"])
        hidden.write_row(1, 0, ["Rahasia", 1, "x"])
        hidden.hide()

    sheet = read_sheet(workbook(fill), is_known=known_headers(COLUMNS))
    assert (sheet.name, sheet.rows) == ("Isian", [["Satu", 1000]])


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_its_delimiter_and_encoding(mark: str, code: str) -> None:
    lines = [["Daftar"], ["Nama UMKM", "Harga"], ["Café “Dua”", "1.250.000"], ["B, C; D", "65rb"]]
    target = io.StringIO()
    csv.writer(target, delimiter=mark).writerows(lines)
    assert read(target.getvalue().encode(code)) == lines[2:]


def test_excels_own_delimiter_hint_is_followed() -> None:
    assert read(b"sep=;\r\nNama UMKM;Harga\r\nA,B,C;5\r\n") == [["A,B,C", "5"]]


def test_a_template_offers_choices_and_explains_itself() -> None:
    provinces = [f"Pilihan panjang nomor {number}" for number in range(200)]
    data = write_xlsx(
        COLUMNS,
        [],
        choices={"name": provinces},
        example={"name": "=Contoh", "price": 15_000},
        notes={"price": "Rupiah bulat"},
        title="Impor: [UMKM]",
    )
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert "_lists!$A$1:$A$200" in xml
    assert 'state="frozen"' in xml
    assert 'name="Impor   UMKM"' in book
    assert 'name="_lists" sheetId="2" state="hidden"' in book
    assert read(data) == [["=Contoh", 15_000, None, None]]


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    assert read(write_xlsx(COLUMNS, [["x" * CELL_MAX, 1, None, "a"]]))[0][0] == "x" * CELL_MAX
    with pytest.raises(InvalidInput) as refused:
        write_xlsx(COLUMNS, [["x" * (CELL_MAX + 1), 1, None, "a"]])
    assert refused.value.msgid == TOO_LONG
    assert refused.value.params == {"column": "Nama Usaha"}


def test_what_xml_cannot_hold_is_left_out_and_long_numbers_stay_exact() -> None:
    rows: list[list[Cell]] = [["a\x00b\ud800c", 10**15 + 1, None, "x"]]
    assert read(write_xlsx(COLUMNS, rows)) == [["abc", "1000000000000001", None, "x"]]
    assert read(write_csv(COLUMNS, rows))[0][0] == "abc"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", EMPTY),
        (b" \n ", EMPTY),
        (b"%PDF-1.7 ...", REASONS["type"]),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), REASONS["type"]),
        (b"MZ\x90" + bytes(200), REASONS["type"]),
        (bytes(range(256)) * 4, REASONS["type"]),
        (b"<html><table><tr><td>Nama</td></tr></table></html>", REASONS["webpage"]),
        (b"PK\x03\x04" + b"x" * 100, REASONS["damaged"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), REASONS["damaged"]),
        (b"Nama Usaha;Harga\r\n", NO_ROWS),
        (b";;;\r\n;;;\r\n", NO_ROWS),
        (b"x" * 1000, NO_ROWS),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_a_zip_of_something_else_is_no_table() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as other:
        other.writestr("setup.exe", b"MZ")
    assert refusal(target.getvalue()) == REASONS["type"]


def test_a_file_over_the_size_is_refused_unread() -> None:
    assert refusal(b"a;b\n" * 100, replace(LIMITS, size=100)) == TOO_BIG


def test_a_cut_off_workbook_is_refused() -> None:
    whole = write_xlsx(COLUMNS, ROWS)
    assert refusal(whole[: len(whole) // 2]) == REASONS["damaged"]


def test_too_many_rows_or_columns_are_refused() -> None:
    few = replace(LIMITS, rows=50, columns=10)
    many = write_csv(COLUMNS, [["A", 1, None, "x"]] * 200)
    assert refusal(many, few) == REASONS["rows"]
    wide = [Column(f"k{i}", f"Kolom {i}") for i in range(11)]
    assert refusal(write_xlsx(wide, [[1] * 11]), few) == REASONS["columns"]
    assert refusal(write_csv(wide, [[1] * 11]), few) == REASONS["columns"]


def test_a_bomb_is_refused_while_it_is_measured() -> None:
    bomb = with_part(write_xlsx(COLUMNS, ROWS), "xl/media/x.bin", bytes(12 << 20))
    assert len(bomb) < 40_000
    assert refusal(bomb) == REASONS["bomb"]
    assert refusal(write_xlsx(COLUMNS, ROWS), replace(LIMITS, inflated=1000)) == REASONS["bomb"]


@pytest.mark.parametrize("lie", [0, 10, 2**31])
def test_a_size_that_lies_is_refused(lie: int) -> None:
    size = 1_234_567
    honest = with_part(write_xlsx(COLUMNS, ROWS), "xl/media/x.bin", bytes(size))
    said = size.to_bytes(4, "little")
    assert honest.count(said) == 2
    assert refusal(honest.replace(said, lie.to_bytes(4, "little"))) == REASONS["damaged"]


def test_a_lying_size_with_a_matching_checksum_is_refused_too() -> None:
    """The checksum of the declared part: a reader that trusts the directory sees no fault."""
    content = b"x" * 1_234_567
    honest = with_part(write_xlsx(COLUMNS, ROWS), "xl/media/x.bin", content)
    lie = honest
    for true, false in ((len(content), 10), (zlib.crc32(content), zlib.crc32(content[:10]))):
        lie = lie.replace(true.to_bytes(4, "little"), false.to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(lie)) as fooled:
        assert len(fooled.read("xl/media/x.bin")) == 10
    assert refusal(lie) == REASONS["damaged"]


def test_a_file_inside_the_file_is_refused() -> None:
    inner = write_xlsx(COLUMNS, ROWS)
    assert refusal(with_part(inner, "xl/embeddings/a.bin", inner)) == REASONS["nested"]


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_entities_are_refused(code: str) -> None:
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    )
    xxe = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'
    )
    for xml in (laughs, xxe):
        hostile = with_part(write_xlsx(COLUMNS, ROWS), "xl/sharedStrings.xml", xml.encode(code))
        assert refusal(hostile) == REASONS["markup"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "columns"),
        ('<row r="1048576"><c r="A1048576" s="1" t="n"><v>1</v></c></row>', "rows"),
        ("<row r='1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>", "columns"),
    ],
)
def test_one_cell_far_out_does_not_cost_the_whole_rectangle(cell: str, reason: str) -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert refusal(sheet_with(near + cell)) == REASONS[reason]


def test_a_far_cell_hidden_from_the_measure_only_costs_the_child() -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    far = '<row r="1048576"><c\n\tt="n"   r = "XFD1048576" ><v>1</v></c></row>'
    few = replace(LIMITS, memory=256 << 20)
    assert refusal(sheet_with(near + far), few) in set(REASONS.values())


def test_empty_formatted_cells_far_out_are_let_through() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Nama UMKM</t></is></c></row>'
        '<row r="2"><c r="A2"><v>7</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" s="1"/><c r="A1048576" s="1"></c></row>'
    )
    assert read(sheet_with(rows)) == [[7]]


def test_a_child_that_hangs_is_ended() -> None:
    slow = write_csv(COLUMNS, [["A", 1, None, "x"]] * 200_000)
    assert refusal(slow, replace(LIMITS, rows=10**9, seconds=0)) == REASONS["heavy"]


@settings(max_examples=15, deadline=None)
@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
def test_any_bytes_are_a_table_or_a_refusal(tail: bytes, head: bytes) -> None:
    try:
        read(head + tail)
    except InvalidInput:
        return


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_workbook_with_any_byte_changed_is_a_table_or_a_refusal(data: st.DataObject) -> None:
    whole = bytearray(WRITTEN)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=5)):
        whole[at] = data.draw(st.integers(0, 255))
    try:
        read(bytes(whole))
    except InvalidInput:
        return
