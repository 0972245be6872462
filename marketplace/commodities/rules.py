"""What is traded: the category tree, trade units, local spellings. Facts, without a database.

The tables in `facts/` are the start of what an officer may edit later; the tree is our own, food
first, mapped to KBLI. KBLI 2025 is filled in only where it is known (domain.md, section 1).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from marketplace.core.text import N_

FACTS = Path(__file__).parent / "facts"


class CategoryKind(StrEnum):
    """What body of rules a category falls under: halal and P-IRT concern food and drink only."""

    FOOD = "food"
    DRINK = "drink"
    CRAFT = "craft"
    HOUSEHOLD = "household"
    CARE = "care"
    FASHION = "fashion"


CATEGORY_KIND_NAMES: Mapping[CategoryKind, str] = MappingProxyType(
    {
        CategoryKind.FOOD: N_("Food"),
        CategoryKind.DRINK: N_("Drinks"),
        CategoryKind.CRAFT: N_("Crafts"),
        CategoryKind.HOUSEHOLD: N_("Household"),
        CategoryKind.CARE: N_("Personal care"),
        CategoryKind.FASHION: N_("Fashion"),
    }
)


class UnitKind(StrEnum):
    """Units of one kind can be compared; a pack only through its net content."""

    MASS = "mass"
    VOLUME = "volume"
    LENGTH = "length"
    COUNT = "count"
    PACK = "pack"


class SpellingKind(StrEnum):
    """How a written word relates to the one it means."""

    VARIANT = "variant"
    SYNONYM = "synonym"
    ABBREVIATION = "abbreviation"
    DIALECT = "dialect"


SPELLING_KIND_NAMES: Mapping[SpellingKind, str] = MappingProxyType(
    {
        SpellingKind.VARIANT: N_("Other spelling"),
        SpellingKind.SYNONYM: N_("Same meaning"),
        SpellingKind.ABBREVIATION: N_("Abbreviation"),
        SpellingKind.DIALECT: N_("Local word"),
    }
)


@dataclass(frozen=True, slots=True)
class Category:
    """A branch (`parent` empty) or a leaf of the tree.

    `storage` is the usual one (ambient, chilled, frozen). `pirt_food_type` is the two-digit food
    type of P-IRT (domain.md), empty where none fits; `needs_md` says P-IRT is not allowed.
    """

    code: str
    parent: str
    name_id: str
    name_en: str
    kind: CategoryKind
    kbli2020: str
    kbli2025: str
    storage: str
    pirt_food_type: str
    needs_md: bool

    def name(self, locale: str) -> str:
        return self.name_en if locale.startswith("en") else self.name_id


@dataclass(frozen=True, slots=True)
class TradeUnit:
    """A unit goods are sold in; `factor` is its size in the smallest unit of its kind.

    (gram, millilitre, centimetre, piece); 0 for a pack, whose content its product states.
    """

    code: str
    name_id: str
    name_en: str
    kind: UnitKind
    factor: int

    def name(self, locale: str) -> str:
        return self.name_en if locale.startswith("en") else self.name_id


@dataclass(frozen=True, slots=True)
class Spelling:
    """`written` is read as `means` in search and matching; both lower case, in one step."""

    written: str
    means: str
    kind: SpellingKind
    note: str


@dataclass(frozen=True, slots=True)
class SpellingDraft:
    """A word as an officer enters it, not yet folded."""

    written: str
    means: str
    kind: SpellingKind
    note: str = ""


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


# --- categories -------------------------------------------------------------------------------


@cache
def categories() -> Mapping[str, Category]:
    """The whole tree by code, branches before their leaves, in the order to show."""
    return MappingProxyType(
        {
            row["code"]: Category(
                code=row["code"],
                parent=row["parent"],
                name_id=row["name_id"],
                name_en=row["name_en"],
                kind=CategoryKind(row["kind"]),
                kbli2020=row["kbli2020"],
                kbli2025=row["kbli2025"],
                storage=row["storage"],
                pirt_food_type=row["pirt_food_type"],
                needs_md=bool(row["needs_md"]),
            )
            for row in _rows("categories.csv")
        }
    )


@cache
def leaves() -> tuple[Category, ...]:
    """The categories a product can have: those that are nobody's parent."""
    parents = {category.parent for category in categories().values()}
    return tuple(c for c in categories().values() if c.code not in parents)


@cache
def kbli_2025_of(code2020: str) -> tuple[str, ...]:
    """What a code of KBLI 2020 became, as far as it is known: none, one or several."""
    return tuple(sorted({c.kbli2025 for c in leaves() if c.kbli2020 == code2020 and c.kbli2025}))


def ancestors(code: str) -> tuple[str, ...]:
    """The codes above `code`, nearest first; KeyError on an unknown code."""
    above: list[str] = []
    parent = categories()[code].parent
    while parent:
        above.append(parent)
        parent = categories()[parent].parent
    return tuple(above)


def is_within(code: str, branch: str) -> bool:
    """True where `code` is `branch` or lies under it; "" is the whole tree."""
    return not branch or code == branch or branch in ancestors(code)


# Made of fish or meat: kept chilled, they need an MD (BPOM, domain.md section 1).
ANIMAL_GOODS = frozenset(
    [
        "terasi",
        "rusip",
        "abon",
        "ikan-kering",
        "otak-otak",
        "pempek",
        "bakso",
        "seafood-beku",
        "siap-olah-beku",
        "lauk-kemasan",
    ]
)
# Unprocessed: neither a food permit nor a halal certificate is asked of them.
FRESH_GOODS = frozenset({"segar"})


def is_food_or_drink(code: str) -> bool:
    """True where halal, P-IRT and shelf life apply at all."""
    return categories()[code].kind in {CategoryKind.FOOD, CategoryKind.DRINK}


# --- units --------------------------------------------------------------------------------------

_UNITS = (
    TradeUnit("pcs", "buah", "piece", UnitKind.COUNT, 1),
    TradeUnit("bungkus", "bungkus", "packet", UnitKind.PACK, 0),
    TradeUnit("pak", "pak", "pack", UnitKind.PACK, 0),
    TradeUnit("botol", "botol", "bottle", UnitKind.PACK, 0),
    TradeUnit("toples", "toples", "jar", UnitKind.PACK, 0),
    TradeUnit("kotak", "kotak", "box", UnitKind.PACK, 0),
    TradeUnit("karton", "karton", "carton", UnitKind.PACK, 0),
    TradeUnit("dus", "dus", "case", UnitKind.PACK, 0),
    TradeUnit("lusin", "lusin", "dozen", UnitKind.COUNT, 12),
    TradeUnit("kg", "kg", "kg", UnitKind.MASS, 1_000),
    TradeUnit("gram", "gram", "gram", UnitKind.MASS, 1),
    TradeUnit("liter", "liter", "litre", UnitKind.VOLUME, 1_000),
    TradeUnit("ml", "ml", "ml", UnitKind.VOLUME, 1),
    TradeUnit("lembar", "lembar", "sheet", UnitKind.COUNT, 1),
    TradeUnit("meter", "meter", "metre", UnitKind.LENGTH, 100),
    TradeUnit("set", "set", "set", UnitKind.PACK, 0),
    TradeUnit("ekor", "ekor", "whole fish or animal", UnitKind.COUNT, 1),
    TradeUnit("ikat", "ikat", "bunch", UnitKind.PACK, 0),
    TradeUnit("sachet", "saset", "sachet", UnitKind.PACK, 0),
)

UNITS: Mapping[str, TradeUnit] = MappingProxyType({unit.code: unit for unit in _UNITS})


# --- words --------------------------------------------------------------------------------------


@cache
def spellings() -> tuple[Spelling, ...]:
    """The start list of spellings; `written` is unique, and no `means` is itself rewritten."""
    return tuple(
        Spelling(row["written"], row["means"], SpellingKind(row["kind"]), row["note"])
        for row in _rows("spellings.csv")
    )


@cache
def protected_words() -> frozenset[str]:
    """Product nouns a stemmer must leave whole: it cuts kerupuk to rupuk, terasi to asi."""
    return frozenset(row["word"] for row in _rows("protected.csv"))


@cache
def labelled_names() -> tuple[tuple[str, str], ...]:
    """Invented product names as sellers write them, each with its leaf: fits the suggestion."""
    return tuple((row["name"], row["category"]) for row in _rows("labelled_names.csv"))
