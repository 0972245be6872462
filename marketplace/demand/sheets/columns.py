"""The columns of a table of needs, and the words people put into them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from marketplace.commodities.sheets import category_options, knows_category, unit_options
from marketplace.core.sheet_kinds import Option, SheetColumn
from marketplace.core.sheets import ColumnKind
from marketplace.core.text import N_, fold
from marketplace.demand import rules
from marketplace.regions.sheets import knows_region


def _named(names: Mapping[Any, str]) -> list[Option]:
    return [(code.value, name) for code, name in names.items()]


COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn(
        "business",
        N_("Outlet"),
        ("gerai", "nama gerai", "toko", "nama toko", "pembeli", "buyer", "outlet name"),
        required=True,
        refers_to="outlet",
        is_mappable=True,
        example="Toko Contoh",
        note=N_("Name or NIB of an outlet that is already registered."),
        width=28,
    ),
    SheetColumn(
        "title",
        N_("Item needed"),
        ("barang", "nama barang", "barang yang dicari", "barang dicari", "barang dibutuhkan",
         "kebutuhan", "nama kebutuhan", "yang dicari", "produk", "nama produk", "produk dicari",
         "permintaan", "item", "product"),
        required=True,
        example="Kemplang ikan",
        width=32,
    ),
    SheetColumn(
        "category",
        N_("Category"),
        ("kategori", "jenis", "kelompok"),
        options=category_options,
        is_mappable=True,
        knows=knows_category,
        example="Kemplang",
        width=24,
    ),
    SheetColumn(
        "unit", N_("Unit"), ("satuan", "satuan beli"), options=unit_options, example="bungkus"
    ),
    SheetColumn(
        "pack",
        N_("Content of one unit"),
        ("isi", "isi kemasan", "ukuran", "kemasan", "netto", "berat bersih", "pack size"),
        example="250 g",
        note=N_("For example 250 g, 1 liter or isi 12."),
    ),
    SheetColumn(
        "branch",
        N_("Branch"),
        ("cabang", "nama cabang"),
        note=N_("Name of the branch as registered; empty for a kabupaten/kota."),
        width=24,
    ),
    SheetColumn(
        "region",
        N_("Kabupaten or kota"),
        ("kabupaten", "kota", "kabupaten/kota", "lokasi", "daerah", "wilayah", "region", "city"),
        is_mappable=True,
        knows=knows_region,
        example="Kota Jakarta Selatan",
        note=N_("One row for each place of the same need."),
        width=24,
    ),
    SheetColumn(
        "volume",
        N_("Volume a month"),
        ("volume", "volume per bulan", "jumlah", "jumlah per bulan", "kebutuhan per bulan", "qty",
         "kuantitas"),
        kind=ColumnKind.NUMBER,
        example=200,
        note=N_("Empty where it is not known yet; at least one place of a need says it."),
    ),
    SheetColumn(
        "ceiling_price",
        N_("Highest price, delivered"),
        ("harga maksimal", "harga tertinggi", "harga", "pagu harga", "max price"),
        kind=ColumnKind.MONEY,
        example=18_000,
    ),
    SheetColumn(
        "papers",
        N_("Papers asked for"),
        ("izin", "perizinan", "surat", "dokumen", "sertifikat", "legalitas", "papers"),
        example="P-IRT, Halal",
        words=rules.PAPERS,
        note=N_("Separate with commas: NIB, P-IRT, BPOM MD, Halal, GS1, NPWP."),
    ),
    SheetColumn(
        "min_shelf_life_days",
        N_("Shelf life left at receipt (days)"),
        ("sisa umur simpan", "umur simpan", "minimal kedaluwarsa", "shelf life"),
        kind=ColumnKind.NUMBER,
        example=60,
    ),
    SheetColumn(
        "terms",
        N_("Payment"),
        ("pembayaran", "cara bayar", "syarat bayar", "termin"),
        options=lambda _locale: _named(rules.TERMS_NAMES),
        example="tempo",
    ),
    SheetColumn(
        "terms_days",
        N_("Paid after (days)"),
        ("dibayar setelah (hari)", "tempo hari", "hari tempo", "jatuh tempo"),
        kind=ColumnKind.NUMBER,
        example=30,
    ),
    SheetColumn(
        "commission_percent",
        N_("Commission on consignment (percent)"),
        ("komisi", "komisi konsinyasi"),
        kind=ColumnKind.NUMBER,
    ),
    SheetColumn(
        "storage",
        N_("Coldest storage"),
        ("penyimpanan", "suhu"),
        options=lambda _locale: _named(rules.STORAGE_NAMES),
    ),
    SheetColumn(
        "needed_on",
        N_("Needed by"),
        ("dibutuhkan tanggal", "dibutuhkan sebelum", "batas waktu", "paling lambat", "tanggal",
         "needed on"),
        kind=ColumnKind.DATE,
    ),
    SheetColumn(
        "min_share_percent",
        N_("Smallest share of the volume (percent)"),
        ("porsi minimal", "bagian minimal"),
        kind=ColumnKind.NUMBER,
    ),
    SheetColumn("brand", N_("Brand"), ("merek", "merk")),
    SheetColumn(
        "description", N_("More about it"), ("keterangan", "catatan", "deskripsi"), width=40
    ),
    SheetColumn(
        "state",
        N_("State"),
        ("status", "keadaan"),
        words={code.value: name for code, name in rules.STATE_NAMES.items()},
        note=N_("Only for reading: a row does not change it."),
    ),
)  # fmt: skip

TERMS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in rules.Terms},
        **{fold(name): code.value for code, name in rules.TERMS_NAMES.items()},
        **dict.fromkeys(("beli putus", "tunai", "cash", "cod", "kontan"), "outright"),
        **dict.fromkeys(("dibayar saat diterima", "bayar di tempat"), "outright"),
        **dict.fromkeys(("tempo", "kredit", "hari", "bayar tempo"), "days"),
        **dict.fromkeys(("dibayar beberapa hari kemudian",), "days"),
        **dict.fromkeys(("konsinyasi", "titip jual", "titip"), "consignment"),
    }
)
STORAGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in rules.Storage},
        **{fold(name): code.value for code, name in rules.STORAGE_NAMES.items()},
        **dict.fromkeys(("suhu ruang", "suhu kamar", "kering"), "ambient"),
        **dict.fromkeys(("dingin", "kulkas", "chiller"), "chilled"),
        **dict.fromkeys(("beku", "freezer"), "frozen"),
    }
)
PAPER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in rules.PAPERS},
        **{fold(name): code for code, name in rules.PAPERS.items()},
        **dict.fromkeys(("p irt", "spp-irt"), "pirt"),
        **dict.fromkeys(("bpom",), "md"),
        **dict.fromkeys(("sertifikat halal",), "halal"),
        **dict.fromkeys(("barcode", "ean", "barkode"), "gs1"),
        **dict.fromkeys(("merek", "haki", "merek terdaftar"), "brand"),
    }
)
