"""What an office's own columns mean to `match-list`: the words the web's import knows them by."""

from collections.abc import Iterator, Mapping, Sequence

from marketplace.catalog.sheets.columns import COLUMNS as PRODUCTS
from marketplace.core.sheet_kinds import SheetColumn
from marketplace.core.sheets import Column
from marketplace.demand.sheets.columns import COLUMNS as NEEDS
from marketplace.matching.listmeaning import Meanings
from marketplace.regions.rules import find_regency

_IDS = ("kode", "kode barang", "kode produk", "sku", "nomor", "nomor urut", "urut")
_REGIONS = ("kabupaten", "kota", "kabupaten/kota", "wilayah", "daerah", "lokasi", "asal")
# Columns whose cells an office writes freely; papers, zones and terms are codes of the contract.
_OFFERS: Mapping[str, str] = {
    "name": "title",
    "pack": "pack_size",
    "description": "description",
    "category": "category",
    "brand": "brand",
    "price": "price",
    "unit": "unit",
    "capacity_per_month": "capacity_per_month",
    "min_order": "min_order",
    "shelf_life_days": "shelf_life_days",
}
_NEEDS: Mapping[str, str] = {
    "title": "title",
    "pack": "pack_size",
    "description": "description",
    "category": "category",
    "brand": "brand",
    "unit": "unit",
    "ceiling_price": "max_price",
    "volume": "volume_per_month",
    "min_shelf_life_days": "min_shelf_life_days",
}


def list_meanings() -> Meanings:
    return Meanings(tuple(_columns(PRODUCTS, _OFFERS)), tuple(_columns(NEEDS, _NEEDS)), _find)


def _columns(known: Sequence[SheetColumn], wanted: Mapping[str, str]) -> Iterator[Column]:
    yield Column("id", "id", _IDS)
    yield Column("region", "region", _REGIONS)
    for column in known:
        if column.key in wanted:
            yield Column(wanted[column.key], column.label, column.synonyms)


def _find(name: str) -> str:
    found = find_regency(name)
    return found.code if found is not None else ""
