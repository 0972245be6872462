"""From a file to the register: what goes in, what comes back, and who may."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.accounts.models import Person
from marketplace.businesses import queries as register
from marketplace.businesses.models import Branch, Business
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core import clock
from marketplace.core.kbli import kbli_text
from marketplace.demand.models import Need, NeedLine
from marketplace.exchange import queries, services
from marketplace.exchange.jobs import apply_import
from marketplace.exchange.rules import ImportState
from marketplace.exchange.sheets import KINDS
from marketplace.infra import jobs, storage
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.exchange.conftest import Importer, cells_in, csv_bytes, xlsx_bytes
from tests.factories import (
    BANGKA,
    JAKARTA_SELATAN,
    PALEMBANG,
    PANGKALPINANG,
    make_outlet,
    make_person,
    make_producer,
)
from tests.support.client import Client

SignIn = Callable[[Person], Client]
Drive = Callable[[Client], Importer]
PRODUCERS = ("Nama UMKM", "Kab/Kota", "No WA", "Omzet", "Tanggal omzet", "Warna kesukaan")
PRODUCTS = ("Nama Usaha", "Nama Produk", "Kategori", "Harga (Rp)", "Satuan")


@pytest.fixture
def province(app: Any, signed_in: SignIn, importer: Drive) -> Importer:
    return importer(signed_in(make_person("province")))


def test_producers_come_in_under_their_headers_meaning(province: Importer) -> None:
    done = province.bring_in(
        "producers",
        csv_bytes(
            ("REKAP UMKM BINAAN 2026", "", "", "", "", ""),
            PRODUCERS,
            ("Dapur Cinta", "Pangkal Pinang", "0812 3456 7890", "1,25 juta", "31/12/2025", "biru"),
            ("Abon Bu Siti", "Kab. Belitung", "81234567891", "", "", ""),
        ),
    )
    assert done.state is ImportState.DONE
    assert done.counts == {"added": 2}
    first, second = session.query(Business).order_by(Business.id)
    assert (first.name, first.region_code) == ("Dapur Cinta", PANGKALPINANG)
    assert (first.phone, first.yearly_sales) == ("+6281234567890", 1_250_000)
    assert second.phone == "+6281234567891"


def test_each_bad_cell_is_named_and_only_good_rows_go_in(province: Importer) -> None:
    number = province.start(
        "producers",
        csv_bytes(
            PRODUCERS,
            ("Dapur Cinta", "Bangka Tngah", "0812", "15,000", "31/12/2025", ""),
            ("", "Pangkalpinang", "", "-5", "", ""),
            ("Abon Bu Siti", "Bangka", "", "", "", ""),
        ),
    )
    one = province.check(number)
    assert one.preview == {
        "added": 1,
        "changed": 0,
        "same": 0,
        "empty": 0,
        "bad": 2,
        "left_out": 0,
    }
    page = province.browser.text(f"/imports/{number}")
    assert "Kab. Bangka Tengah" in page  # the name it most likely meant
    for bad in ("Bangka Tngah", "0812", "15,000", "-5"):
        assert f">{bad}</td>" in page
    assert province.take_in(number).counts == {"added": 1}
    assert [one.name for one in session.query(Business)] == ["Abon Bu Siti"]


def test_the_rows_to_mend_come_back_under_their_own_headers(province: Importer) -> None:
    number = province.start(
        "producers",
        csv_bytes(PRODUCERS, ("Dapur", "Atlantis Raya", "", "", "", "=1+1"), ("Abon", "Bangka")),
    )
    province.check(number)
    answer = province.browser.get(f"/imports/{number}/mend.xlsx")
    header, row = cells_in(answer.data)
    assert tuple(header[:6]) == PRODUCERS
    assert row[0] == "Dapur"
    assert row[5] == "=1+1"
    assert row[6]
    mended = province.bring_in(
        "producers", xlsx_bytes(header, ["Dapur", "Bangka", *row[2:]]), "mend.xlsx"
    )
    assert mended.counts == {"added": 1}


@pytest.mark.both_databases
def test_the_same_file_twice_changes_nothing(province: Importer) -> None:
    make_producer(name="Dapur Cinta")
    data = csv_bytes(
        PRODUCTS,
        ("Dapur Cinta", "Kemplang 250 g", "Kemplang", "18.000", "bungkus"),
        ("DAPUR CINTA", "Getas 1 kg", "getas", "65rb", "pak"),
    )
    assert province.bring_in("products", data).counts == {"added": 2}
    before = {p.id: (p.version, p.updated_at) for p in session.query(Product)}
    number = province.start("products", data)
    assert province.check(number).preview["same"] == 2
    assert province.take_in(number).counts == {"same": 2}
    assert {p.id: (p.version, p.updated_at) for p in session.query(Product)} == before


def test_a_changed_price_is_a_change_and_a_blank_cell_is_none(province: Importer) -> None:
    make_producer(name="Dapur")
    province.bring_in(
        "products",
        csv_bytes((*PRODUCTS, "Umur simpan"), ("Dapur", "Getas", "getas", 5000, "pak", 90)),
    )
    again = province.bring_in(
        "products",
        csv_bytes((*PRODUCTS, "Umur simpan"), ("Dapur", "Getas", "", 6000, "", "")),
    )
    assert again.counts == {"changed": 1}
    product = session.query(Product).one()
    assert (product.price, product.shelf_life_days, product.unit) == (6_000, 90, "pak")


def test_two_rows_of_the_same_product_are_not_both_taken(province: Importer) -> None:
    make_producer(name="Dapur")
    row = ("Dapur", "Getas", "getas", 5000, "pak")
    number = province.start("products", csv_bytes(PRODUCTS, row, row))
    assert province.check(number).preview["bad"] == 1
    page = province.browser.text(f"/imports/{number}")
    assert "2" in page.split("<tbody>")[1]  # the row that says it first
    assert province.take_in(number).counts == {"added": 1}


def test_published_at_once_or_kept_as_drafts(province: Importer) -> None:
    make_producer(name="Dapur")
    data = csv_bytes(PRODUCTS, ("Dapur", "Getas", "getas", 5000, "pak"))
    province.bring_in("products", data)
    assert session.query(Product).one().state is ProductState.DRAFT
    province.bring_in("products", data, publish="1")
    assert session.query(Product).one().state is ProductState.PUBLISHED


def test_who_brought_in_drafts_is_told_that_nobody_sees_them_yet(province: Importer) -> None:
    make_producer(name="Dapur")
    told = "Yang baru disimpan sebagai draf"
    draft = province.bring_in("products", csv_bytes(PRODUCTS, ("Dapur", "Getas", "", 5000, "pak")))
    assert told in province.browser.text(f"/imports/{draft.id}")
    row = ("Dapur", "Kemplang", "Kemplang", 5000, "pak")
    published = province.bring_in("products", csv_bytes(PRODUCTS, row), publish="1")
    assert published.counts == {"added": 1}
    assert told not in province.browser.text(f"/imports/{published.id}")


def test_a_file_without_one_new_row_is_not_left_without_a_word(province: Importer) -> None:
    make_producer(name="Dapur")
    wrong = csv_bytes(PRODUCTS, ("Dapur", "Getas", "", "mahal", "pak"))
    page = province.checked_page("products", wrong)
    assert "Belum ada baris berkas ini yang membawa hal baru" in page
    assert "Masukkan baris yang benar" not in page


def test_a_day_in_a_bad_cell_is_shown_as_people_write_days(province: Importer) -> None:
    """A workbook makes a day of a `3/1` that was meant as anything else."""
    make_producer(name="Dapur")
    data = xlsx_bytes(PRODUCTS, ("Dapur", "Getas", "", date(2026, 1, 3), "pak"))
    page = province.checked_page("products", data, "daftar.xlsx")
    assert "3 Januari 2026" in page
    assert "2026-01-03" not in page


def test_what_cannot_be_published_is_said_before(province: Importer) -> None:
    make_producer(name="Dapur")
    number = province.start("products", csv_bytes(PRODUCTS, ("Dapur", "Getas", "", 5000, "pak")))
    assert province.check(number, publish="1").preview["bad"] == 1


def test_a_foreign_file_is_mapped_by_hand(province: Importer) -> None:
    """A cash register's list: no producer, no unit, shelves of its own."""
    make_producer(name="Getas Jaya")
    make_producer(name="Kopi Tiga Dara")
    number = province.start(
        "products",
        csv_bytes(
            ("category", "product_name", "price_idr"),
            ("RAK GETAS", "Getas ikan tenggiri 250g", 43_500),
            ("RAK GETAS", "Getas ikan 500g", 80_000),
            ("KOPI", "Kopi bubuk robusta 200g", 25_000),
            ("SENDAL", "Sendal jepit", 15_000),
        ),
        "kasir.csv",
    )
    page = province.show(number, **{"col-business": "0", "def-unit": "bungkus"})
    form = province.form(number, page)
    by_value = {
        value: number
        for number, value in enumerate(["RAK GETAS", "KOPI", "SENDAL"])
        if f">{value}</label>" in page
    }
    assert len(by_value) == 3
    assert form["val-category-0"] == "getas"  # what its names suggest
    one = province.check(
        number,
        form,
        **{
            "val-business-0": "Getas Jaya",
            "val-business-1": "Kopi Tiga Dara",
            "val-category-1": "kopi",
            "val-category-2": "-",
        },
        publish="1",
    )
    assert one.preview == {"added": 3, "changed": 0, "same": 0, "empty": 0, "bad": 0, "left_out": 1}
    province.take_in(number)
    found = session.query(Product).order_by(Product.id).all()
    assert [(p.category_code, p.net_amount, p.unit) for p in found] == [
        ("getas", 250, "bungkus"),
        ("getas", 500, "bungkus"),
        ("kopi", 200, "bungkus"),
    ]
    assert len({p.business_id for p in found}) == 2


def test_something_needed_without_a_column_is_asked_for(province: Importer) -> None:
    number = province.start("products", csv_bytes(("Nama Produk",), ("Getas",)))
    form = province.form(number)
    answer = province.browser.post(f"/imports/{number}/columns", data={**form, "check": "1"})
    assert answer.status_code == 422


@pytest.mark.both_databases
def test_outlets_come_in_branch_by_branch(province: Importer) -> None:
    header = ("Nama Toko", "Cabang", "Kota", "Jumlah toko", "Jenis toko")
    data = csv_bytes(
        header,
        ("Toko Makmur", "Tebet", "Jakarta Selatan", 1, "minimarket"),
        ("Toko Makmur", "Ilir", "Palembang", 12, ""),
        ("Warung Tunggal", "", "Kota Bogor", "", "toko"),
    )
    assert province.bring_in("outlets", data).counts == {"added": 2}
    chain, single = session.query(Business).order_by(Business.id)
    assert (chain.is_chain, single.is_chain) == (True, False)
    found = session.query(Branch.name, Branch.region_code, Branch.stores).order_by(Branch.id).all()
    assert [tuple(row) for row in found] == [
        ("Tebet", JAKARTA_SELATAN, 1),
        ("Ilir", PALEMBANG, 12),
        ("Warung Tunggal", "32.71", 1),
    ]
    assert province.bring_in("outlets", data).counts == {"same": 2}


@pytest.mark.both_databases
def test_needs_come_in_place_by_place(province: Importer) -> None:
    make_outlet(name="Toko Makmur", branches=(JAKARTA_SELATAN,))
    header = ("Gerai", "Barang", "Kategori", "Satuan", "Cabang", "Kota", "Jumlah", "Izin", "Harga")
    data = csv_bytes(
        header,
        (
            "Toko Makmur",
            "Kemplang",
            "Kemplang",
            "bungkus",
            "Cabang 1",
            "",
            100,
            "PIRT, halal",
            "20rb",
        ),
        ("Toko Makmur", "Kemplang", "", "", "", "Palembang", 250, "", ""),
        ("Toko Makmur", "Kemplang", "", "", "", "Palembang", 99, "", ""),
    )
    number = province.start("needs", data)
    assert province.check(number, publish="1").preview["bad"] == 1
    assert province.take_in(number).counts == {"added": 1}
    need = session.query(Need).one()
    assert (need.ceiling_price, need.papers_required) == (20_000, "pirt|halal")
    assert {line.region_code: line.volume_per_month for line in session.query(NeedLine)} == {
        JAKARTA_SELATAN: 100,
        PALEMBANG: 250,
    }
    assert province.bring_in("needs", data, publish="1").counts == {"same": 1}


@pytest.mark.parametrize("volume", ["-5", "0", "1,5", "banyak", "1e308", "NaN", "9" * 40])
def test_a_volume_that_is_none_is_refused(province: Importer, volume: str) -> None:
    make_outlet(name="Toko")
    number = province.start(
        "needs", csv_bytes(("Gerai", "Barang", "Kota", "Jumlah"), ("Toko", "Kopi", "Depok", volume))
    )
    assert province.check(number).preview["bad"] == 1


def test_days_come_in_as_shops_write_them(province: Importer) -> None:
    make_outlet(name="Toko Makmur")
    header = ("Toko", "Barang dicari", "Sisa umur simpan", "Pembayaran", "Batas waktu")
    data = csv_bytes(
        header,
        ("Toko Makmur", "Kemplang", "6 bulan", "Tempo 30 hari", "31 Desember 2099"),
        ("Toko Makmur", "Getas", "90", "14 hari", ""),
        ("Toko Makmur", "Kopi", "", "tunai", ""),
        ("Toko Makmur", "Lada", "", "tempo 900 hari", ""),
    )
    number = province.start("needs", data)
    checked = province.check(number)
    assert (checked.preview["added"], checked.preview["bad"]) == (3, 1)
    province.take_in(number)
    told = {need.title: (need.min_shelf_life_days, need.terms) for need in session.query(Need)}
    assert told == {
        "Kemplang": (180, "days:30"),
        "Getas": (90, "days:14"),
        "Kopi": (None, "outright"),
    }


def test_a_kabupaten_officer_brings_in_their_own_area_only(
    app: Any, signed_in: SignIn, importer: Drive
) -> None:
    officer = importer(signed_in(make_person("regency", area=PANGKALPINANG)))
    make_producer(name="Dapur Sini")
    make_producer(name="Dapur Sana", region_code=BANGKA)
    number = officer.start(
        "products",
        csv_bytes(
            PRODUCTS,
            ("Dapur Sini", "Getas", "getas", 1000, "pak"),
            ("Dapur Sana", "Getas", "getas", 1000, "pak"),
        ),
    )
    assert officer.check(number).preview["bad"] == 1
    assert officer.take_in(number).counts == {"added": 1}
    number = officer.start(
        "producers", csv_bytes(PRODUCERS[:2], ("Baru", "Bangka"), ("Lama", "Pangkalpinang"))
    )
    assert officer.check(number).preview == {
        "added": 1, "changed": 0, "same": 0, "empty": 0, "bad": 1, "left_out": 0
    }  # fmt: skip
    assert officer.browser.get("/import/outlets").status_code == 404


def test_a_producer_brings_in_their_own_products(
    app: Any, signed_in: SignIn, importer: Drive
) -> None:
    own, other = make_producer(name="Punyaku"), make_producer(name="Punyanya")
    browser = importer(signed_in(make_person("producer", works_for=own)))
    done = browser.bring_in(
        "products", csv_bytes(PRODUCTS[1:], ("Getas", "getas", 1000, "pak")), publish="1"
    )
    assert done.counts == {"added": 1}
    assert session.query(Product).one().business_id == own.id
    number = browser.start(
        "products", csv_bytes(PRODUCTS, (other.name, "Kopi", "kopi", 1000, "pak"))
    )
    form = browser.form(number)
    browser.check(number, {**form, "col-business": "0"})
    browser.take_in(number)
    assert {product.business_id for product in session.query(Product)} == {own.id}
    for kind in ("producers", "outlets", "needs"):
        assert browser.browser.get(f"/import/{kind}").status_code == 404


def test_anothers_import_is_not_there(province: Importer, signed_in: SignIn) -> None:
    number = province.start("producers", csv_bytes(PRODUCERS[:2], ("A", "Bangka")))
    stranger = signed_in(make_person("province"))
    for path in ("", "/columns", "/mend.xlsx"):
        assert stranger.get(f"/imports/{number}{path}").status_code == 404
    for path in ("/columns", "/confirm", "/resume"):
        assert stranger.post(f"/imports/{number}{path}").status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "kosong.xlsx"),
        (b"%PDF-1.7 not a table", "surat.xlsx"),
        (b"\x89PNG\r\n\x1a\n....", "foto.csv"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "halaman.xls"),
        (b"PK\x03\x04 broken", "rusak.xlsx"),
        (b"Nama UMKM;Kota\n", "tanpa-isi.csv"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(
    province: Importer, data: bytes, name: str
) -> None:
    answer = province.send("producers", data, name)
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_a_bomb_is_refused_in_words(province: Importer) -> None:
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert len(sheet.getvalue()) < 100_000
    answer = province.send("producers", sheet.getvalue(), "bom.xlsx")
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_sending_no_file_is_said(province: Importer) -> None:
    answer = province.browser.post("/import/producers", data={})
    assert answer.status_code == 422


def test_too_many_rows_are_refused(province: Importer) -> None:
    data = b"Nama UMKM;Kota\n" + b"A;Bangka\n" * 50_001
    answer = province.send("producers", data)
    assert answer.status_code == 422
    assert "50.000" in answer.get_data(as_text=True)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(province: Importer) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body += b"a" * (21 * 1024 * 1024) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = province.browser.post("/import/producers", data=body, content_type=kind)
    assert answer.status_code == 413
    # Other pages keep the lower limit.
    answer = province.browser.post("/import", data=body[: 11 * 1024 * 1024], content_type=kind)
    assert answer.status_code in {405, 413}


def test_the_template_takes_itself_back(province: Importer) -> None:
    for kind in ("producers", "products", "outlets", "needs"):
        answer = province.browser.get(f"/import/{kind}/template.xlsx")
        assert answer.status_code == 200
        rows = cells_in(answer.data)
        assert len([row for row in rows if any(row)]) == 2  # headers and one example
        number = province.start(kind, answer.data, "template.xlsx")
        form = province.form(number)
        assert all(form[name] != "" for name in form if name.startswith("col-")), (
            f"{kind}: a header of our own template was not understood"
        )
        assert province.check(number).preview["left_out"] == 1


def test_a_file_whose_columns_are_all_known_is_checked_from_the_top_of_the_page(
    province: Importer,
) -> None:
    straight = "Periksa langsung"
    table = csv_bytes(("Nama Usaha", "Kabupaten", "NIB"), ("Dapur Lurus", "Pangkalpinang", ""))
    page = province.browser.text(f"/imports/{province.start('producers', table)}/columns")
    assert straight in page.split("<fieldset", 1)[0]
    # Somebody must say where Atlantis lies; a guessed header is to be looked at.
    for head, place in (("Kabupaten", "Atlantis"), ("Kabupaten (asal)", "Pangkalpinang")):
        table = csv_bytes(("Nama Usaha", head), ("Dapur Lurus", place))
        page = province.browser.text(f"/imports/{province.start('producers', table)}/columns")
        assert straight not in page


def test_only_units_nobody_knows_are_asked_about(province: Importer) -> None:
    make_producer(name="Dapur Lurus")
    table = csv_bytes(
        PRODUCTS,
        ("Dapur Lurus", "Getas 250 g", "Getas, keritcu & ampiang", 15_000, "bks"),
        ("Dapur Lurus", "Getas 500 g", "Getas, keritcu & ampiang", 28_000, "bungkus"),
    )
    page = province.browser.text(f"/imports/{province.start('products', table)}/columns")
    assert "Periksa langsung" in page
    odd = csv_bytes(PRODUCTS, ("Dapur Lurus", "Getas 1 kg", "", 15_000, "gelondong"))
    page = province.browser.text(f"/imports/{province.start('products', odd)}/columns")
    assert ">gelondong</label>" in page


@pytest.mark.parametrize(
    ("kind", "head", "wrong", "choice"),
    [
        ("products", "Pembayaran", "hutang", "Dibayar saat barang diterima"),
        ("products", "Penyimpanan", "di luar", "Suhu ruang"),
        ("products", "Halal", "kurang tahu", "Halal"),
        ("needs", "Pembayaran", "hutang", "Dibayar saat barang diterima"),
        ("needs", "Izin", "surat sakti", "Barcode GS1"),
    ],
)
def test_the_words_to_choose_from_are_in_the_readers_language(
    province: Importer, kind: str, head: str, wrong: str, choice: str
) -> None:
    first = {"products": "Nama Usaha", "needs": "Gerai"}[kind]
    table = csv_bytes((first, "Nama Barang", head), ("Dapur Lurus", "Getas", wrong))
    page = province.checked_page(kind, table)
    told = re.search(r"tidak ada dalam daftar\. Pilih salah satu: ([^<]+)", page)
    assert told is not None
    assert choice in told[1].split(", ")


def test_columns_nobody_takes_in_are_named(province: Importer) -> None:
    table = csv_bytes(
        ("No", "Nama Usaha", "Kabupaten", "Jumlah karyawan"),
        ("1", "Dapur Lurus", "Pangkalpinang", "4"),
    )
    page = province.browser.text(f"/imports/{province.start('producers', table)}/columns")
    assert "tidak ikut dimasukkan: No, Jumlah karyawan." in page


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_came_in_is_one_press_away(province: Importer, kind: str) -> None:
    template = province.browser.get(f"/import/{kind}/template.xlsx").data
    number = province.start(kind, template, "templat.xlsx")
    with transaction():
        queries.get_import(number).state = ImportState.DONE
    page = province.browser.text(f"/imports/{number}")
    there = re.search(r'href="([^"]+)">Lihat daftarnya', page)
    assert there is not None
    assert province.browser.get(there[1]).status_code == 200


def test_a_killed_job_goes_on_where_it_stopped(
    province: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_producer(name="Dapur")
    rows = [("Dapur", f"Getas {n}", "getas", 1000 + n, "pak") for n in range(120)]
    number = province.start("products", csv_bytes(PRODUCTS, *rows))
    province.check(number)
    province.browser.post(f"/imports/{number}/confirm")
    job = jobs.get_job(province.now(number).job_id or 0)

    class Killed(BaseException):
        pass

    def dies(done: int, _total: int) -> None:
        if done >= 100:
            raise Killed

    with pytest.raises(Killed):
        apply_import(job.args, dies)
    assert province.now(number).applied == 100
    session.rollback()
    province.run_jobs()
    done = province.now(number)
    assert done.state is ImportState.DONE
    assert done.counts == {"added": 120}
    assert session.query(Product).count() == 120


def a_month_later(monkeypatch: pytest.MonkeyPatch, days: int = 31) -> None:
    then = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: then)


@pytest.mark.both_databases
def test_the_rows_of_a_finished_file_are_kept_for_thirty_days_and_its_counts_for_good(
    province: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_producer(name="Dapur")
    rows = [("Dapur", "Getas", "getas", 1000, "pak"), ("Dapur", "Kemplang", "kemplang", -5, "pak")]
    number = province.bring_in("products", csv_bytes(PRODUCTS, *rows)).id
    place = storage.path_of(province.now(number).table)
    with monkeypatch.context() as later:
        a_month_later(later, days=29)
        with transaction():
            assert services.forget_old_rows() == 0
    assert place.exists()
    a_month_later(monkeypatch)
    with transaction():
        assert services.forget_old_rows() == 1
    with transaction():
        assert services.forget_old_rows() == 0
    assert not place.exists()
    assert province.now(number).counts == {"added": 1}
    page = province.browser.text(f"/imports/{number}")
    assert "30 hari" in page or "30 days" in page
    assert province.browser.get(f"/imports/{number}/mend.xlsx").status_code == 404
    assert session.query(storage.StoredFile).count() == 1


def test_a_file_that_was_never_confirmed_goes_whole(
    province: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = province.start("producers", csv_bytes(PRODUCERS, ("Dapur", "Depok", "", "", "", "")))
    a_month_later(monkeypatch)
    with transaction():
        assert services.forget_old_rows() == 1
    assert session.query(storage.StoredFile).count() == 0
    assert province.browser.get(f"/imports/{number}").status_code == 404


def test_one_record_the_database_refuses_does_not_keep_the_others_out(
    province: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marketplace.catalog import services as catalog

    make_producer(name="Dapur")
    rows = [("Dapur", f"Getas {n}", "getas", 1000, "pak") for n in range(5)]
    number = province.start("products", csv_bytes(PRODUCTS, *rows))
    province.check(number)
    add = catalog._add

    def sometimes(actor: Any, business: Any, draft: Any, *rest: Any) -> Any:
        if draft.name == "Getas 3":
            raise ZeroDivisionError
        return add(actor, business, draft, *rest)

    monkeypatch.setattr(catalog, "_add", sometimes)
    done = province.take_in(number)
    assert done.counts == {"added": 4}
    assert len(done.refused) == 1
    assert "5" in province.browser.text(f"/imports/{number}")


def test_a_confirmed_import_is_not_confirmed_twice(province: Importer) -> None:
    number = province.start("producers", csv_bytes(PRODUCERS[:2], ("A", "Bangka")))
    province.check(number)
    for _press in range(2):
        assert province.browser.post(f"/imports/{number}/confirm").status_code == 302
    # The work runs as a job, not in the request, and is queued once.
    assert session.query(jobs.Job).filter_by(kind=services.APPLY_JOB).count() == 1
    province.run_jobs()
    assert province.now(number).counts == {"added": 1}


def test_lists_go_out_harmless_and_come_back_the_same(province: Importer) -> None:
    odd = '=HYPERLINK("http://x")'
    make_producer(name=odd, phone="+6281234567890")
    for fmt in ("xlsx", "csv"):
        answer = province.browser.get(f"/export/producers.{fmt}")
        assert answer.status_code == 200
        number = province.start("producers", answer.data, f"x.{fmt}")
        assert province.check(number).preview["same"] == 1, fmt
    xlsx = province.browser.get("/export/producers.xlsx").data
    assert cells_in(xlsx)[1][0] == odd
    assert "'=HYPERLINK" in province.browser.get("/export/producers.csv").data.decode("utf-8-sig")


def test_an_export_holds_what_the_list_shows(
    app: Any, signed_in: SignIn, province: Importer
) -> None:
    here = make_producer(name="Dapur Sini")
    make_producer(name="Dapur Sana", region_code=BANGKA)
    own = make_producer(name="Punyaku")
    names = lambda answer: {row[0] for row in cells_in(answer.data)[1:]}  # noqa: E731
    regency = signed_in(make_person("regency", area=PANGKALPINANG))
    assert names(regency.get("/export/producers.xlsx")) == {here.name, own.name}
    assert len(names(province.browser.get("/export/producers.xlsx"))) == 3
    assert names(province.browser.get("/export/producers.xlsx?q=sana")) == {"Dapur Sana"}
    producer = signed_in(make_person("producer", works_for=own))
    assert producer.get("/export/producers.xlsx").status_code == 403
    assert producer.get("/export/needs.csv").status_code == 403
    assert producer.get("/export/products.csv").status_code == 200
    assert province.browser.get("/export/products.pdf").status_code == 404
    assert province.browser.get("/export/people.csv").status_code == 404


def test_lines_of_business_come_in_with_their_edition_and_go_out_again(province: Importer) -> None:
    header = ("Nama UMKM", "Kab/Kota", "Kode KBLI")
    rows = (
        ("Dapur Cinta", "Pangkal Pinang", "10213, KBLI 2020: 10794"),
        ("Lada Contoh", "Pangkal Pinang", 1281),
        ("Madu Contoh", "Pangkal Pinang", ""),
        ("Abon Contoh", "Pangkal Pinang", "1021"),
    )
    done = province.bring_in("producers", xlsx_bytes(header, *rows), "daftar.xlsx")
    assert done.counts == {"added": 3}
    first, second, third = session.query(Business).order_by(Business.id)
    shown = [kbli_text(register.kbli_of(each.id)) for each in (first, second, third)]
    assert shown == ["KBLI 2025: 10213; KBLI 2020: 10794", "KBLI 2025: 01281", ""]
    for fmt in ("xlsx", "csv"):
        answer = province.browser.get(f"/export/producers.{fmt}")
        number = province.start("producers", answer.data, f"x.{fmt}")
        assert province.check(number).preview["same"] == 3, fmt
    # A blank cell says nothing; another list replaces the one that is there.
    again = xlsx_bytes(header, ("Dapur Cinta", "Pangkal Pinang", ""))
    assert province.bring_in("producers", again, "x.xlsx").counts == {"same": 1}
    again = xlsx_bytes(header, ("Dapur Cinta", "Pangkal Pinang", "10711"))
    assert province.bring_in("producers", again, "x.xlsx").counts == {"changed": 1}
    session.expire_all()
    assert kbli_text(register.kbli_of(first.id)) == "KBLI 2025: 10711"
