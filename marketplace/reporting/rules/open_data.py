"""What anybody may download, column by column; the names in the files are the same everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.text import N_


class OpenTable(StrEnum):
    CATALOGUE = "katalog"
    DELIVERIES = "kiriman"
    DESTINATIONS = "tujuan"
    PAYMENTS = "penerimaan"
    BAZAARS = "bazar"


@dataclass(frozen=True, slots=True)
class OpenRule:
    name: str  # msgid, like `about`
    about: str
    columns: tuple[str, ...]


COLUMNS: Mapping[str, str] = {
    "triwulan": N_("quarter, such as 2026-Q3; only quarters that are over"),
    "kode_wilayah": N_("kabupaten/kota by its Kemendagri code; empty in a row of totals"),
    "kode_bps": N_("the same by its BPS code, which differs: never compare bare numbers"),
    "wilayah": N_("name of the kabupaten/kota, “semua” in a row of totals"),
    "kategori": N_("main category of the goods, “semua” in a row of totals"),
    "zona": N_("where goods went: jabodetabek, sumatera (without the own province), own, other"),
    "produsen": N_("different producers behind the row; they do not add up over rows"),
    "produk": N_("published products on the day of the download"),
    "kiriman": N_("deliveries the outlet accepted"),
    "pembayaran": N_("payments that reached producers"),
    "nilai_rupiah": N_("whole rupiah"),
    "bazar": N_("a bazaar that is over and closed"),
    "mulai": N_("first day"),
    "selesai": N_("last day"),
    "lapak": N_("stalls that took part"),
    "hari_lapak_wajib": N_("stall-days that owed a figure"),
    "hari_lapak_dilaporkan": N_("stall-days that gave one: the coverage of the turnover"),
    "perkiraan_rupiah": N_("what the organiser estimates; another figure, never to be added"),
    "disembunyikan": N_(
        "“ya”: fewer than five producers or stalls, or it would give such a row away"
    ),
}

RULES: Mapping[OpenTable, OpenRule] = {
    OpenTable.CATALOGUE: OpenRule(
        N_("Published products"),
        N_("Products on offer by kabupaten/kota and main category, today."),
        (
            "kode_wilayah", "kode_bps", "wilayah", "kategori", "produsen", "produk",
            "disembunyikan",
        ),
    ),
    OpenTable.DELIVERIES: OpenRule(
        N_("Deliveries by origin"),
        N_("Goods that outlets accepted, by quarter and the producer's kabupaten/kota then."),
        (
            "triwulan", "kode_wilayah", "kode_bps", "wilayah", "produsen", "kiriman",
            "nilai_rupiah", "disembunyikan",
        ),
    ),
    OpenTable.DESTINATIONS: OpenRule(
        N_("Deliveries by destination"),
        N_("Goods that outlets accepted, by quarter and zone of delivery."),
        ("triwulan", "zona", "produsen", "kiriman", "nilai_rupiah", "disembunyikan"),
    ),
    OpenTable.PAYMENTS: OpenRule(
        N_("Money received"),
        N_("Payments to producers, by quarter and the producer's kabupaten/kota then."),
        (
            "triwulan", "kode_wilayah", "kode_bps", "wilayah", "produsen", "pembayaran",
            "nilai_rupiah", "disembunyikan",
        ),
    ),
    OpenTable.BAZAARS: OpenRule(
        N_("Bazaars"),
        N_(
            "Turnover that stalls of bazaars, and of expos where goods are sold, reported, with "
            "its coverage; the organiser's estimate apart."
        ),
        (
            "bazar", "kode_wilayah", "kode_bps", "wilayah", "mulai", "selesai", "lapak",
            "hari_lapak_wajib", "hari_lapak_dilaporkan", "nilai_rupiah", "perkiraan_rupiah",
            "disembunyikan",
        ),
    ),
}  # fmt: skip
