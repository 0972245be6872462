"""What one row of a table of products says, and how a product is written as a row."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.catalog import rules
from marketplace.catalog.models import Product
from marketplace.catalog.rules import HalalClaim, ProductDraft, ProductState, Storage
from marketplace.catalog.sheets.columns import HALAL_WORDS, STORAGE_WORDS, TERMS_WORDS
from marketplace.commodities import rules as commodities
from marketplace.commodities.sheets import read_category, read_unit
from marketplace.core.errors import InvalidInput
from marketplace.core.money import format_rupiah, parse_rupiah, rupiah_of, whole_number_of
from marketplace.core.quantity import BASE_UNIT, Kind, Quantity, parse_pack
from marketplace.core.sheet_kinds import (
    Parsed,
    RowReader,
    Scope,
    Values,
    days_of,
    key_of,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, PARAGRAPH_MAX, fold
from marketplace.regions.rules import (
    ZONE_NAMES,
    Zone,
    find_province,
    find_regency,
    provinces,
    region_name,
)

BAD_PACK = N_("Write the content of one unit, like 250 g, 1 liter or isi 12.")
BAD_WEIGHT = N_("Write the weight in grams or kilograms, like 300 g or 1,2 kg.")
BAD_BREAKS = N_("Write from how many and the price for one, like 100: 22.500; 500: 21.000")
_BETWEEN = re.compile(r"[,;/|+&\n]| dan ")


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product as written; `business` is the producer's name or NIB, "" where none is named."""

    business: str
    said: ProductDraft
    is_withdrawn: bool = False

    @property
    def key(self) -> Hashable:
        return key_of(self.business, self.said.name, self.said.pack and self.said.pack.token)


def parse_row(values: Values, scope: Scope) -> Parsed:
    """Read one row; every bad cell is named. A pack that has no cell is read from the name."""
    row = RowReader(values)
    business = row.text("business", required=scope.business_id is None)
    name = row.text("name", required=True)
    pack = row.value("pack", _pack) if row.has("pack") else _pack_in(name)
    said = ProductDraft(
        name=name,
        category=read_category(row, "category"),
        price=row.value("price", _price),
        unit=read_unit(row, "unit"),
        pack=pack,
        weight_g=row.value("weight", _weight),
        brand=row.text("brand", limit=80),
        description=row.text("description", limit=PARAGRAPH_MAX),
        min_order=_whole(row, "min_order", rules.MOST_UNITS, least=1),
        capacity_per_month=_whole(row, "capacity_per_month", rules.MOST_UNITS),
        shelf_life_days=_days(row, "shelf_life_days", least=1),
        lead_days=_days(row, "lead_days"),
        storage=_storage(row),
        halal_claim=_halal(row),
        zones=_words(row, "zones", _zone, [*map(str, ZONE_NAMES.values())]),
        terms=_words(row, "terms", _terms, [*rules.TERMS_NAMES.values()]),
        price_breaks=row.value("price_breaks", _price_breaks, none=()) or (),
    )
    if row.problems:
        return Parsed(problems=tuple(row.problems))
    return Parsed(ProductRow(business, said, row.text("state") == ProductState.WITHDRAWN))


def cells_of(product: Product) -> list[Cell]:
    """A product in the order of COLUMNS (loads: business, price_breaks)."""
    category = commodities.categories().get(product.category_code or "")
    unit = commodities.UNITS.get(product.unit)
    halal = product.halal_claim
    breaks = [f"{step.min_quantity}: {format_rupiah(step.price)}" for step in product.price_breaks]
    return [
        product.business.name,
        product.name,
        category.name_id if category else None,
        product.price,
        unit.name_id if unit else None,
        _size(product.net_amount, product.net_kind),
        _size(product.weight_g, Kind.MASS),
        product.brand or None,
        product.min_order,
        product.capacity_per_month,
        product.shelf_life_days,
        product.lead_days,
        rules.STORAGE_NAMES[product.storage] if product.storage else None,
        rules.HALAL_NAMES[halal] if halal is not HalalClaim.UNKNOWN else None,
        ", ".join(map(_place, rules.split(product.zones))) or None,
        ", ".join(rules.TERMS_NAMES[rules.Terms(t)] for t in rules.split(product.terms)) or None,
        "; ".join(breaks) or None,
        product.description or None,
        rules.STATE_NAMES[product.state],
    ]


def _size(amount: int | None, kind: str) -> str | None:
    return f"{amount} {BASE_UNIT[Kind(kind)]}" if amount is not None else None


def _place(word: str) -> str:
    if word in set(Zone):
        return ZONE_NAMES[Zone(word)]
    return provinces()[word].name if word in provinces() else region_name(word)


def _pack(cell: Any) -> Quantity:
    found = parse_pack(str(cell)[:60])
    if found is None or str(cell).lstrip().startswith("-"):
        raise InvalidInput(BAD_PACK)
    return found


def _pack_in(name: str) -> Quantity | None:
    """A size in a name counts where it is a weight or a volume: "isi 3" may be anything."""
    found = parse_pack(name)
    return found if found and found.kind is not Kind.COUNT else None


def _weight(cell: Any) -> int:
    grams = cell if isinstance(cell, int) else None
    if isinstance(cell, str) and not cell.lstrip().startswith("-"):
        found = parse_pack(cell[:60])
        grams = found.amount if found and found.kind is Kind.MASS else None
        if cell.strip().isdigit():
            grams = int(cell.strip()[:12])
    if grams is None or not 0 < grams <= rules.MOST_GRAMS:
        raise InvalidInput(BAD_WEIGHT)
    return grams


def _price(cell: Any) -> int:
    price = rupiah_of(cell)
    if not 0 < price <= rules.MOST_RUPIAH:
        raise InvalidInput(N_("This amount is too large or zero. Check the zeros."))
    return price


def _price_breaks(cell: Any) -> tuple[tuple[int, int], ...]:
    steps = []
    for part in filter(str.strip, re.split(r"[;\n|]", str(cell)[:400])):
        quantity, colon, price = part.partition(":")
        if not colon:
            raise InvalidInput(BAD_BREAKS)
        try:
            count = whole_number_of(quantity.strip(), max=rules.MOST_UNITS, min=2)
            steps.append((count, parse_rupiah(price.strip())))
        except InvalidInput as error:
            raise InvalidInput(BAD_BREAKS) from error
    if len(steps) > rules.MOST_PRICE_BREAKS or any(price <= 0 for _count, price in steps):
        raise InvalidInput(BAD_BREAKS)
    return tuple(sorted(steps))


def _whole(row: RowReader, column: str, most: int, *, least: int = 0) -> int | None:
    number: int | None = row.value(column, lambda cell: whole_number_of(cell, max=most, min=least))
    return number


def _days(row: RowReader, column: str, *, least: int = 0) -> int | None:
    days: int | None = row.value(column, lambda cell: days_of(cell, max=rules.MOST_DAYS, min=least))
    return days


def _storage(row: RowReader) -> Storage | None:
    shown = list(rules.STORAGE_NAMES.values())
    code = row.choice("storage", STORAGE_WORDS, shown=shown)
    return Storage(code) if code else None


def _halal(row: RowReader) -> HalalClaim:
    code = row.choice("halal_claim", HALAL_WORDS, shown=list(rules.HALAL_NAMES.values()))
    return HalalClaim(code) if code else HalalClaim.UNKNOWN


_ZONE_WORDS: Mapping[str, str] = {
    "jabodetabek": "jabodetabek",
    "greater jakarta": "jabodetabek",
    "sumatera": "sumatera",
    "sumatra": "sumatera",
    "other": "other",
    "other regions": "other",
    "wilayah lain": "other",
    "lainnya": "other",
}


def _zone(word: str) -> str | None:
    if fold(word) in _ZONE_WORDS:
        return _ZONE_WORDS[fold(word)]
    province = find_province(word)
    if province is not None:
        return province.code
    regency = find_regency(word)
    return regency.code if regency else None


def _terms(word: str) -> str | None:
    return TERMS_WORDS.get(fold(word))


def _words(row: RowReader, column: str, code_of: Any, shown: list[str]) -> tuple[str, ...]:
    codes = []
    for word in filter(None, map(str.strip, _BETWEEN.split(row.text(column)))):
        code = code_of(word)
        if code is None:
            row.refuse_word(column, word, shown)
        else:
            codes.append(code)
    return tuple(dict.fromkeys(codes))
