"""Tables people fill in: headers found by meaning, never by too bold a guess."""

from datetime import date

import pytest

from marketplace.core.sheets import (
    Cell,
    Column,
    find_header,
    is_example,
    known_headers,
    match_headers,
    sheet_of,
)

COLUMNS = (
    Column("name", "Nama Usaha", ("Nama Produsen", "Business name"), required=True),
    Column("whatsapp", "Nomor WhatsApp", ("No HP", "Telepon"), required=True),
    Column("price", "Harga", ("Harga Jual",), required=True),
    Column("floor_price", "Harga (grosir)"),
    Column("week", "Kapasitas per minggu"),
    Column("month", "Kapasitas per bulan"),
    Column("min_order", "Pesanan Minimal"),
)


def found(*headers: str) -> dict[str, int]:
    return match_headers(headers, COLUMNS).found


@pytest.mark.parametrize(
    "header",
    ["Nama Usaha", "NAMA USAHA *", "nama  usaha:", "Nama UMKM", "nama_umkm", "Nama IKM", "name",
     "Nama Perusahaan", "Business Name", "Ｎａｍａ Usaha", "Nama Usha", "Nama Uasha"],
)  # fmt: skip
def test_a_name_column_is_found_by_its_meaning(header: str) -> None:
    assert found("No", header) == {"name": 1}


@pytest.mark.parametrize("header", ["No. HP", "NO HP", "Nomor Handphone", "No. WA", "no telp"])
def test_a_phone_column_is_found_by_its_meaning(header: str) -> None:
    assert found(header) == {"whatsapp": 0}


@pytest.mark.parametrize(
    "header",
    ["Nama", "Nama Pemilik", "Warga", "Kapasitas", "Kapasitas per hari", "Harga Beli", "No", "",
     "Usaha", "Nomor", "x" * 10_000],
)  # fmt: skip
def test_another_column_is_not_taken_for_ours(header: str) -> None:
    match = match_headers([header], COLUMNS)
    assert match.found == {}
    assert match.unmatched == ((0,) if header else ())


def test_two_columns_of_like_names_are_kept_apart() -> None:
    assert found("Kapasitas per bulan", "Kapasitas per minggu") == {"month": 0, "week": 1}
    assert found("Harga (grosir)", "Harga (Rp)") == {"floor_price": 0, "price": 1}
    assert found("Harga Jual", "Harga") == {"price": 0}
    assert found("Harga (Rp)") == {"price": 0}
    assert found("Harga (eceran)", "Harga (reseller)") == {}


def test_a_column_is_used_once_and_the_rest_is_left_over() -> None:
    match = match_headers(["Nama Usaha", "Nama UMKM", "Alamat"], COLUMNS)
    assert match.found == {"name": 0}
    assert match.unmatched == (1, 2)
    assert [column.key for column in match.missing] == ["whatsapp", "price"]


def test_a_guess_is_named_as_one_and_two_candidates_are_none() -> None:
    assert match_headers(["Pesanan Minimla"], COLUMNS).guessed == {"min_order"}
    assert match_headers(["Pesanan Minimla", "Pesanan Mnimal"], COLUMNS).found == {}
    assert match_headers(["Harga (per lusin)"], COLUMNS).guessed == {"price"}
    assert match_headers(["Pesanan Min."], COLUMNS).guessed == frozenset()


def test_the_header_is_the_row_with_most_known_names() -> None:
    rows: list[list[Cell]] = [
        ["DAFTAR NAMA USAHA BINAAN"],
        [None, "Tahun", 2026, None],
        ["No", "Nama UMKM", "Harga", "Alamat"],
        [1, "Harga", "5000", "Nama Usaha lain"],
    ]
    assert find_header(rows, known_headers(COLUMNS)) == (2, 2)


def test_without_a_known_name_the_row_with_most_text_is_the_header() -> None:
    rows: list[list[Cell]] = [["Judul"], ["Satu", "Dua"], ["a", 5]]
    assert find_header(rows, known_headers(COLUMNS)) == (1, 0)
    assert find_header([[1, 2], [None]], known_headers(COLUMNS)) == (-1, 0)


def test_rows_keep_the_numbers_people_see_and_the_width_of_the_header() -> None:
    rows: list[list[Cell]] = [
        [],
        ["Nama\nUsaha", None, "Harga", "  "],
        ["A"],
        ["  ", None],
        ["B", 1, 2, "lebih", "lagi"],
    ]
    sheet, known = sheet_of(rows, known_headers(COLUMNS), name="Data")
    assert sheet.headers == ("Nama Usaha", "", "Harga")
    assert sheet.rows == [["A", None, None], ["B", 1, 2]]
    assert sheet.row_numbers == [3, 5]
    assert (sheet.name, sheet.header_row, known) == ("Data", 2, 2)
    assert sheet_of([], known_headers(COLUMNS))[0].rows == []


def test_the_example_row_is_recognised_until_it_is_changed() -> None:
    match = match_headers(["Nama Usaha", "Harga"], COLUMNS)
    example: dict[str, Cell] = {"name": "Contoh", "price": 15_000, "month": None}
    assert is_example(["Contoh", 15_000], match, example)
    assert is_example(["Contoh ", "15000"], match, example)
    assert not is_example(["Contoh", 20_000], match, example)
    assert not is_example(["Contoh", 15_000], match, {})


def test_a_cell_of_a_missing_column_is_none() -> None:
    match = match_headers(["Nama Usaha", "Harga"], COLUMNS)
    assert match.cell(["A", date(2026, 1, 1)], "price") == date(2026, 1, 1)
    assert match.cell(["A"], "price") is None
    assert match.cell(["A"], "month") is None
