"""The columns of tables of participants and of turnover, and the words people put into them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from marketplace.commodities import rules as commodities
from marketplace.commodities.sheets import category_options
from marketplace.core.sheet_kinds import Option, SheetColumn
from marketplace.core.sheets import ColumnKind
from marketplace.core.text import N_, fold
from marketplace.regions.sheets import knows_region

_PROGRAM = SheetColumn(
    "program",
    N_("Bazaar or expo"),
    ("bazar", "bazaar", "kegiatan", "nama kegiatan", "nama bazar", "pameran", "acara", "event"),
    required=True,
    example="Bazar Contoh",
    note=N_("Its number or its whole name, as it stands among the programmes."),
    width=32,
)
_STALL = SheetColumn(
    "stall",
    N_("Stall"),
    ("lapak", "no lapak", "nomor lapak", "nomor stan", "stan", "stand", "booth"),
    example="1",
    note=N_("Number or name of the stall."),
)
_NAME_WORDS = (
    "nama usaha", "nama umkm", "usaha", "umkm", "peserta", "nama peserta", "pelaku usaha", "nama",
    "business",
)  # fmt: skip


def _yes(_locale: str) -> Sequence[Option]:
    return [("yes", N_("yes"))]


HOLDER_COLUMNS: tuple[SheetColumn, ...] = (
    _PROGRAM,
    SheetColumn(
        "name",
        N_("Name of the business"),
        _NAME_WORDS,
        required=True,
        refers_to="producer",
        example="Dapur Contoh",
        note=N_("Name or NIB. Who is in no register yet takes part all the same."),
        width=32,
    ),
    _STALL,
    SheetColumn("contact_name", N_("Contact person"), ("nama kontak", "kontak", "pemilik")),
    SheetColumn("phone", N_("WhatsApp"), ("no hp", "telepon", "nomor whatsapp", "wa", "phone")),
    SheetColumn(
        "region",
        N_("Kabupaten or kota"),
        ("kabupaten", "kota", "kabupaten/kota", "daerah", "wilayah", "asal", "region"),
        is_mappable=True,
        knows=knows_region,
        width=24,
    ),
    SheetColumn(
        "sells", N_("What they sell"), ("jualan", "dagangan", "produk", "barang"), width=28
    ),
    SheetColumn(
        "category", N_("Category"), ("kategori", "jenis"), options=category_options, width=24
    ),
)

TURNOVER_COLUMNS: tuple[SheetColumn, ...] = (
    _PROGRAM,
    _STALL,
    SheetColumn(
        "name",
        N_("Name of the business"),
        _NAME_WORDS,
        example="Dapur Contoh",
        note=N_("Needed only where the stall has no number."),
        width=32,
    ),
    SheetColumn(
        "day",
        N_("Day"),
        ("tanggal", "hari", "tgl", "date"),
        required=True,
        kind=ColumnKind.DATE,
        example="24/11/2026",
    ),
    SheetColumn(
        "amount",
        N_("Turnover"),
        ("omzet", "omset", "penjualan", "jumlah penjualan", "pendapatan", "nilai"),
        kind=ColumnKind.MONEY,
        example=1_500_000,
        note=N_("0 where nothing was sold; empty where it is not known."),
        width=18,
    ),
    SheetColumn(
        "transactions",
        N_("Buyers"),
        ("jumlah pembeli", "pembeli", "transaksi", "jumlah transaksi"),
        kind=ColumnKind.NUMBER,
    ),
    SheetColumn(
        "best_sellers",
        N_("What sold best"),
        ("terlaris", "produk terlaris", "paling laku"),
        note=N_("With commas between."),
        width=32,
    ),
    SheetColumn(
        "sure",
        N_("Amount is right"),
        ("jumlah benar", "sudah diperiksa"),
        options=_yes,
        note=N_("Write yes where an odd amount was asked back and is right."),
    ),
    SheetColumn(
        "replace",
        N_("Replace the figure"),
        ("ganti", "ganti angka"),
        options=_yes,
        note=N_("Write yes where another figure stands already and yours is the right one."),
    ),
)

YES_WORDS: Mapping[str, str] = MappingProxyType(
    {fold(word): "yes" for word in ("yes", "ya", "benar", "ok", "1", "x")}
)


def _category_words() -> Mapping[str, str]:
    """Names of leaves and branches, in both languages."""
    return MappingProxyType(
        {
            fold(word): one.code
            for one in commodities.categories().values()
            for word in (one.code, one.name_id, one.name_en)
        }
    )


CATEGORY_WORDS = _category_words()
