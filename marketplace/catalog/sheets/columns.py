"""The columns of a table of products, and the words people put into them."""

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.catalog import rules
from marketplace.catalog.rules import HalalClaim, Storage, Terms
from marketplace.commodities.sheets import (
    category_options,
    knows_category,
    knows_unit,
    unit_options,
)
from marketplace.core.sheet_kinds import SheetColumn
from marketplace.core.sheets import ColumnKind
from marketplace.core.text import N_, fold
from marketplace.regions.rules import ZONE_NAMES

COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn(
        "business",
        N_("Producer"),
        ("produsen", "nama produsen", "nama usaha", "nama umkm", "umkm", "penjual", "business"),
        required=True,
        refers_to="producer",
        is_mappable=True,
        example="Dapur Contoh",
        note=N_("Name or NIB of a producer that is already registered."),
        width=28,
    ),
    SheetColumn(
        "name",
        N_("Name of the product"),
        ("nama produk", "nama barang", "produk", "barang", "nama", "product name", "item"),
        required=True,
        example="Kemplang panggang tenggiri 250 gr",
        width=36,
    ),
    SheetColumn(
        "category",
        N_("Category"),
        ("kategori", "jenis", "jenis produk", "kelompok", "golongan"),
        options=category_options,
        knows=knows_category,
        is_mappable=True,
        example="Kemplang",
        width=24,
    ),
    SheetColumn(
        "price",
        N_("Price"),
        ("harga", "harga jual", "harga satuan", "price idr", "harga (rp)"),
        kind=ColumnKind.MONEY,
        example=23_500,
        note=N_("What a shop pays for one unit."),
    ),
    SheetColumn(
        "unit",
        N_("Unit"),
        ("satuan", "satuan jual", "per"),
        options=unit_options,
        knows=knows_unit,
        is_mappable=True,
        example="bungkus",
    ),
    SheetColumn(
        "pack",
        N_("Content of one unit"),
        ("isi", "isi kemasan", "ukuran", "kemasan", "netto", "berat bersih", "berat", "pack size"),
        example="250 g",
        note=N_("For example 250 g, 1 liter or isi 12. Empty: read from the name."),
    ),
    SheetColumn(
        "weight",
        N_("Weight with packaging"),
        ("berat kotor", "berat kirim", "bobot", "gross weight"),
        example="270 g",
    ),
    SheetColumn("brand", N_("Brand"), ("merek", "merk", "cap")),
    SheetColumn(
        "min_order",
        N_("Minimum order"),
        ("minimal pesan", "minimal order", "moq", "pesanan minimal", "min order"),
        kind=ColumnKind.NUMBER,
        example=20,
    ),
    SheetColumn(
        "capacity_per_month",
        N_("Capacity a month"),
        ("kapasitas", "kapasitas per bulan", "kapasitas produksi", "produksi per bulan"),
        kind=ColumnKind.NUMBER,
        example=1_000,
    ),
    SheetColumn(
        "shelf_life_days",
        N_("Shelf life in days"),
        ("masa simpan", "masa simpan (hari)", "umur simpan", "daya tahan", "kedaluwarsa (hari)"),
        kind=ColumnKind.NUMBER,
        example=120,
    ),
    SheetColumn(
        "lead_days",
        N_("Days to prepare an order"),
        ("lama produksi", "lama pengerjaan (hari)", "waktu siap", "lead time"),
        kind=ColumnKind.NUMBER,
        example=3,
    ),
    SheetColumn(
        "storage",
        N_("How is it kept?"),
        ("penyimpanan", "cara simpan", "suhu"),
        options=lambda _locale: [(code.value, name) for code, name in rules.STORAGE_NAMES.items()],
    ),
    SheetColumn(
        "halal_claim",
        N_("Halal"),
        ("status halal", "kehalalan"),
        options=lambda _locale: [(code.value, name) for code, name in rules.HALAL_NAMES.items()],
    ),
    SheetColumn(
        "zones",
        N_("Delivers to"),
        ("jangkauan", "wilayah kirim", "wilayah layanan", "daerah pengiriman", "zona"),
        example="Jabodetabek, Sumatera",
        words={zone.value: name for zone, name in ZONE_NAMES.items()},
        note=N_("Zones, provinces or kabupaten/kota, with commas between; empty is everywhere."),
    ),
    SheetColumn(
        "terms",
        N_("Payment"),
        ("pembayaran", "cara bayar", "syarat bayar", "termin"),
        example="beli putus, konsinyasi",
        words={code.value: name for code, name in rules.TERMS_NAMES.items()},
    ),
    SheetColumn(
        "price_breaks",
        N_("Price by quantity"),
        ("harga grosir", "harga bertingkat", "harga partai"),
        example="100: 22.500; 500: 21.000",
        note=N_("From how many: price for one; at most five."),
        width=28,
    ),
    SheetColumn("description", N_("Description"), ("deskripsi", "keterangan", "rincian"), width=40),
    SheetColumn(
        "state",
        N_("State"),
        ("status", "keadaan"),
        words={code.value: name for code, name in rules.STATE_NAMES.items()},
        note=N_("Only for reading: a row does not change it."),
    ),
)

STORAGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in Storage},
        **{fold(name): code.value for code, name in rules.STORAGE_NAMES.items()},
        **dict.fromkeys(("suhu ruang", "suhu kamar", "kering"), "ambient"),
        **dict.fromkeys(("dingin", "kulkas", "dingin (kulkas)", "chiller"), "chilled"),
        **dict.fromkeys(("beku", "freezer", "beku (freezer)"), "frozen"),
    }
)
HALAL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in HalalClaim},
        **{fold(name): code.value for code, name in rules.HALAL_NAMES.items()},
        **dict.fromkeys(("ya", "sudah", "y", "halal"), "halal"),
        **dict.fromkeys(("tidak halal", "non halal", "nonhalal", "haram"), "not_halal"),
        **dict.fromkeys(("belum", "tidak tahu", "-", "belum disebutkan"), "unknown"),
    }
)
TERMS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in Terms},
        **{fold(name): code.value for code, name in rules.TERMS_NAMES.items()},
        **dict.fromkeys(("beli putus", "tunai", "cash", "cod", "kontan"), "outright"),
        **dict.fromkeys(("tempo", "kredit", "bayar tempo", "faktur"), "days"),
        **dict.fromkeys(("konsinyasi", "titip jual", "titip"), "consignment"),
    }
)
