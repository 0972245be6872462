"""The columns of tables of producers and of outlets with their branches."""

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.businesses.rules import OUTLET_FORMAT_NAMES, OutletFormat
from marketplace.core.sheet_kinds import SheetColumn
from marketplace.core.sheets import ColumnKind
from marketplace.core.text import N_, fold
from marketplace.regions.sheets import knows_region

_REGION_WORDS = (
    "kabupaten", "kota", "kab/kota", "kabupaten/kota", "wilayah", "daerah", "region", "city",
)  # fmt: skip
_CONTACT = (
    SheetColumn(
        "contact_name",
        N_("Contact person"),
        ("nama pemilik", "pemilik", "penanggung jawab", "nama kontak", "kontak", "owner"),
        example="Ibu Contoh",
    ),
    SheetColumn(
        "phone",
        N_("WhatsApp number"),
        ("nomor whatsapp", "no wa", "wa", "no hp", "nomor hp", "telepon", "nomor telepon", "phone"),
        example="0812-3456-7890",
    ),
    SheetColumn(
        "nib",
        N_("NIB"),
        ("nomor induk berusaha", "nomor nib"),
        note=N_("13 digits, or empty."),
        width=18,
    ),
    SheetColumn(
        "kbli",
        N_("KBLI"),
        ("kode kbli", "nomor kbli", "kbli 2025", "kbli code"),
        note=N_(
            "5 digits each, the main one first, commas between; KBLI 2020: before an old code."
        ),
        width=24,
    ),
)

PRODUCER_COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn(
        "name",
        N_("Name of the business"),
        ("nama usaha", "nama umkm", "nama produsen", "usaha", "produsen", "business name"),
        required=True,
        example="Dapur Contoh",
        width=32,
    ),
    SheetColumn(
        "region",
        N_("Kabupaten or kota"),
        _REGION_WORDS,
        required=True,
        is_mappable=True,
        knows=knows_region,
        example="Kota Pangkalpinang",
        width=24,
    ),
    SheetColumn("address", N_("Address"), ("alamat", "alamat usaha"), width=36),
    *_CONTACT,
    SheetColumn(
        "yearly_sales",
        N_("Sales in a year"),
        ("omzet setahun", "omzet", "omset", "penjualan setahun", "hasil penjualan tahunan"),
        kind=ColumnKind.MONEY,
    ),
    SheetColumn(
        "yearly_sales_on",
        N_("Sales up to"),
        ("tanggal omzet", "omzet per tanggal"),
        kind=ColumnKind.DATE,
        note=N_("The day the year of sales ended; needed where sales are given."),
    ),
    SheetColumn("working_capital", N_("Working capital"), ("modal kerja",), kind=ColumnKind.MONEY),
    SheetColumn("about", N_("About the business"), ("keterangan", "deskripsi", "profil"), width=40),
)

OUTLET_COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn(
        "name",
        N_("Name of the outlet"),
        ("nama gerai", "gerai", "nama toko", "toko", "nama usaha", "outlet", "chain"),
        required=True,
        example="Toko Contoh",
        width=32,
    ),
    SheetColumn(
        "format",
        N_("Kind of outlet"),
        ("jenis gerai", "jenis toko", "bentuk", "format"),
        options=lambda _locale: [(code.value, name) for code, name in OUTLET_FORMAT_NAMES.items()],
        is_mappable=True,
        knows=lambda value: fold(value) in FORMAT_WORDS,
        example="toko oleh-oleh",
    ),
    SheetColumn(
        "branch",
        N_("Branch"),
        ("cabang", "nama cabang"),
        example="Cabang Contoh Tebet",
        note=N_("One row for each branch of a chain; empty for a single shop."),
        width=28,
    ),
    SheetColumn(
        "region",
        N_("Kabupaten or kota"),
        _REGION_WORDS,
        required=True,
        is_mappable=True,
        knows=knows_region,
        example="Kota Jakarta Selatan",
        note=N_("Of the branch; in the first row also the seat of the outlet."),
        width=24,
    ),
    SheetColumn("address", N_("Address"), ("alamat", "alamat toko"), width=36),
    SheetColumn(
        "stores",
        N_("Number of stores"),
        ("jumlah toko", "jumlah gerai", "stores"),
        kind=ColumnKind.NUMBER,
        note=N_("How many shops the branch stands for; empty is one."),
    ),
    *_CONTACT,
)

FORMAT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{fold(code): code for code in OutletFormat},
        **{fold(name): code.value for code, name in OUTLET_FORMAT_NAMES.items()},
        **dict.fromkeys(("mini market", "swalayan kecil"), "minimarket"),
        **dict.fromkeys(("swalayan", "super market"), "supermarket"),
        **dict.fromkeys(("hyper market",), "hypermarket"),
        **dict.fromkeys(("toserba", "toko serba ada"), "department_store"),
        **dict.fromkeys(("grosir", "pusat grosir"), "wholesale"),
        **dict.fromkeys(("oleh-oleh", "toko oleh-oleh", "suvenir"), "souvenir"),
        **dict.fromkeys(("restoran", "rumah makan", "hotel", "restoran atau hotel", "kafe"),
                        "restaurant"),
        **dict.fromkeys(("toko", "warung", "kios"), "shop"),
    }
)  # fmt: skip
