"""Products: states, what publishing asks, what a gap costs, prices by quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Protocol

from marketplace.commodities.rules import UNITS, leaves
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.quantity import Quantity
from marketplace.core.text import N_

MOST_PRICE_BREAKS = 5
MOST_RUPIAH = 10**12  # per sales unit: dearer than anything a shop orders by the piece
MOST_GRAMS = 10**8
MOST_UNITS = 10**9
MOST_DAYS = 3_650


class ProductState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[ProductState, str] = {
    ProductState.DRAFT: N_("Draft"),
    ProductState.PUBLISHED: N_("Published"),
    ProductState.PAUSED: N_("Paused"),
    ProductState.WITHDRAWN: N_("Withdrawn"),
}
NEXT_STATES: Mapping[ProductState, frozenset[ProductState]] = {
    ProductState.DRAFT: frozenset({ProductState.PUBLISHED}),
    ProductState.PUBLISHED: frozenset({ProductState.PAUSED, ProductState.WITHDRAWN}),
    ProductState.PAUSED: frozenset({ProductState.PUBLISHED, ProductState.WITHDRAWN}),
    ProductState.WITHDRAWN: frozenset(),
}


class Storage(StrEnum):
    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


STORAGE_NAMES: Mapping[Storage, str] = {
    Storage.AMBIENT: N_("Room temperature"),
    Storage.CHILLED: N_("Chilled (refrigerator)"),
    Storage.FROZEN: N_("Frozen (freezer)"),
}


class HalalClaim(StrEnum):
    """What the producer declares; the certificate is a paper of its own."""

    UNKNOWN = "unknown"
    HALAL = "halal"
    NOT_HALAL = "not_halal"


HALAL_NAMES: Mapping[HalalClaim, str] = {
    HalalClaim.UNKNOWN: N_("Not stated"),
    HalalClaim.HALAL: N_("Halal"),
    HalalClaim.NOT_HALAL: N_("Not halal (says so on the label)"),
}


class Terms(StrEnum):
    """How a shop pays that the producer accepts."""

    OUTRIGHT = "outright"
    DAYS = "days"
    CONSIGNMENT = "consignment"


TERMS_NAMES: Mapping[Terms, str] = {
    Terms.OUTRIGHT: N_("Paid on delivery"),
    Terms.DAYS: N_("Paid some days later (invoice)"),
    Terms.CONSIGNMENT: N_("Consignment: paid when sold"),
}


def check_transition(now: ProductState, then: ProductState) -> None:
    if then not in NEXT_STATES[now]:
        raise RuleBroken(N_("A product in this state cannot be changed that way."))


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What a form or a row of a file says of a product; None and empty mean not stated.

    Prices are rupiah per sales unit, `price_breaks` are (from how many units, price) in order of
    quantity. `paper_ids` are papers of the same business, None leaves them as they are.
    """

    name: str
    category: str = ""
    price: int | None = None
    unit: str = ""
    pack: Quantity | None = None
    weight_g: int | None = None
    brand: str = ""
    description: str = ""
    min_order: int | None = None
    capacity_per_month: int | None = None
    shelf_life_days: int | None = None
    lead_days: int | None = None
    storage: Storage | None = None
    halal_claim: HalalClaim = HalalClaim.UNKNOWN
    zones: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    price_breaks: tuple[tuple[int, int], ...] = ()
    paper_ids: frozenset[int] | None = None


def in_order(draft: ProductDraft, *, papers: frozenset[int] | None = None) -> ProductDraft:
    """The form in which drafts that say the same compare equal; `papers` where it names none."""
    return replace(
        draft,
        zones=tuple(sorted(set(draft.zones))),
        terms=tuple(sorted(set(draft.terms))),
        price_breaks=tuple(sorted(draft.price_breaks)),
        paper_ids=draft.paper_ids if draft.paper_ids is not None else papers,
    )


def filled_up(draft: ProductDraft, known: ProductDraft) -> ProductDraft:
    """`draft` with what is known already in place of what it leaves empty."""
    unsaid = {"", None, (), HalalClaim.UNKNOWN}
    said = {
        each.name: value
        for each in fields(draft)
        if (value := getattr(draft, each.name)) not in unsaid
    }
    # The name is the key: its spelling of before stays.
    return replace(known, **{**said, "name": known.name})


def per_month(amount: int, *, weekly: bool) -> int:
    """Sales units a month; a month is 52/12 weeks (domain.md, decisions), rounded down."""
    return amount * 52 // 12 if weekly else amount


def joined(words: Sequence[str]) -> str:
    """Words as one column: `|`-separated, in order, each once."""
    return "|".join(dict.fromkeys(words))


def split(column: str) -> tuple[str, ...]:
    return tuple(word for word in column.split("|") if word)


# --- what publishing asks -------------------------------------------------------------------------

_REQUIRED: Mapping[str, str] = {
    "name": N_("Write the name of the product."),
    "category": N_("Choose a category."),
    "price": N_("Write the price of one unit."),
    "unit": N_("Choose the unit the price is for."),
}


def check_publishable(draft: ProductDraft) -> None:
    """Raise InvalidInput naming each of name, category, price and unit that is not there."""
    missing = {field: said for field, said in _REQUIRED.items() if not getattr(draft, field)}
    if missing:
        raise InvalidInput(
            N_("To publish, a product needs a name, a category, a price and a unit."),
            fields=missing,
        )


_MOST_ZONES = 200  # characters of the column: some thirty kabupaten/kota, or a zone instead


def check_draft(draft: ProductDraft) -> None:
    """Raise InvalidInput for what no product may say, published or not."""
    wrong: dict[str, str] = {}
    if not draft.name:
        wrong["name"] = _REQUIRED["name"]
    if draft.category and draft.category not in {leaf.code for leaf in leaves()}:
        wrong["category"] = N_("There is no such category.")
    if draft.unit and draft.unit not in UNITS:
        wrong["unit"] = N_("There is no such unit.")
    if len(joined(draft.zones)) > _MOST_ZONES:
        wrong["zones"] = N_("These are too many places: choose a zone instead.")
    if wrong:
        raise InvalidInput(N_("Some of this cannot be used."), fields=wrong)
    check_price_breaks(draft.price, draft.price_breaks)


def check_price_breaks(price: int | None, breaks: Sequence[tuple[int, int]]) -> None:
    """More must cost less per unit, from two units on, each quantity named once."""
    if not breaks:
        return
    if price is None:
        raise InvalidInput(
            N_("Write the price of one unit first, then the prices by quantity."),
            fields={"price": N_("Write the price of one unit.")},
        )
    before = (1, price)
    for quantity, per_unit in breaks:
        if quantity == before[0]:
            raise _refuse_breaks(N_("The same quantity is named twice."))
        if per_unit >= before[1]:
            raise _refuse_breaks(N_("A larger quantity must have a lower price per unit."))
        before = (quantity, per_unit)


def _refuse_breaks(msgid: str) -> InvalidInput:
    return InvalidInput(msgid, fields={"price_breaks": msgid})


# --- what a gap costs -----------------------------------------------------------------------------


class Facts(Protocol):
    """What the list of gaps looks at: a product, or one that was only just described."""

    @property
    def net_amount(self) -> int | None: ...
    @property
    def weight_g(self) -> int | None: ...
    @property
    def photo_id(self) -> int | None: ...
    @property
    def capacity_per_month(self) -> int | None: ...
    @property
    def shelf_life_days(self) -> int | None: ...
    @property
    def min_order(self) -> int | None: ...
    @property
    def lead_days(self) -> int | None: ...
    @property
    def storage(self) -> Storage | None: ...
    @property
    def halal_claim(self) -> HalalClaim: ...
    @property
    def terms(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A thing not said yet; `field` is where to say it, `cost` what its absence costs."""

    field: str
    label: str
    cost: str


_GAPS: Sequence[Gap] = (
    Gap("photo", N_("Photo"), N_("Buyers see a drawing instead of your product.")),
    Gap(
        "pack",
        N_("Contents of the pack"),
        N_("Buyers cannot compare your price per kilogram or litre."),
    ),
    Gap("weight", N_("Weight"), N_("The freight to a shop cannot be worked out.")),
    Gap(
        "capacity",
        N_("Capacity a month"),
        N_("Nobody can tell whether you can fill an order."),
    ),
    Gap(
        "shelf_life_days",
        N_("Shelf life"),
        N_("Outlets asking for a shelf life will not know whether yours is enough."),
    ),
    Gap("storage", N_("Storage"), N_("Outlets without a freezer cannot know they can keep it.")),
    Gap(
        "halal_claim",
        N_("Halal or not"),
        N_("Food and drink without a word on halal is passed over."),
    ),
    Gap("min_order", N_("Minimum order"), N_("Small shops do not know whether they may order.")),
    Gap("lead_days", N_("Days to prepare"), N_("The day of delivery cannot be told.")),
    Gap("terms", N_("Payment"), N_("Outlets that pay later cannot know whether you accept it.")),
    Gap(
        "papers",
        N_("Papers"),
        N_("Most chains ask for P-IRT or MD and halal: without them you are left out."),
    ),
)
_FOOD_ONLY = frozenset({"shelf_life_days", "storage", "halal_claim", "papers"})


def gaps_of(product: Facts, *, food: bool, has_papers: bool) -> list[Gap]:
    """What is still unsaid of a product, what costs most first; some is asked of food only."""
    unsaid = {
        "photo": product.photo_id is None,
        "pack": product.net_amount is None,
        # The pack weighs in where no gross weight is stated.
        "weight": product.weight_g is None and product.net_amount is None,
        "capacity": product.capacity_per_month is None,
        "shelf_life_days": product.shelf_life_days is None,
        "storage": product.storage is None,
        "halal_claim": product.halal_claim is HalalClaim.UNKNOWN,
        "min_order": product.min_order is None,
        "lead_days": product.lead_days is None,
        "terms": not product.terms,
        "papers": not has_papers,
    }
    return [gap for gap in _GAPS if unsaid[gap.field] and (food or gap.field not in _FOOD_ONLY)]


# --- how the catalogue is ordered -----------------------------------------------------------------


class Sort(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    NAME = "name"


SORT_NAMES: Mapping[Sort, str] = {
    Sort.BEST: N_("Best match"),
    Sort.NEWEST: N_("Newest"),
    Sort.CHEAPEST: N_("Lowest price"),
    Sort.DEAREST: N_("Highest price"),
    Sort.NAME: N_("Name, A to Z"),
}
