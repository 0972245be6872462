"""Businesses and their papers: states, kinds, size class, checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.core.errors import RuleBroken
from marketplace.core.identifiers import Kbli, Paper, PaperNumber, parse_paper
from marketplace.core.size_class import SizeClass
from marketplace.core.text import N_, fold


class BusinessKind(StrEnum):
    PRODUCER = "producer"
    OUTLET = "outlet"


class OutletFormat(StrEnum):
    """Formats of PP 29/2021, and those that sell local goods besides."""

    MINIMARKET = "minimarket"
    SUPERMARKET = "supermarket"
    HYPERMARKET = "hypermarket"
    DEPARTMENT_STORE = "department_store"
    WHOLESALE = "wholesale"
    SOUVENIR = "souvenir"
    RESTAURANT = "restaurant"
    SHOP = "shop"


class PaperKind(StrEnum):
    NIB = "nib"
    NPWP = "npwp"
    PIRT = "pirt"
    MD = "md"
    ML = "ml"
    HALAL = "halal"
    GS1 = "gs1"
    BRAND = "brand"


# NIB and NPWP cover the business; the others cover products.
BUSINESS_PAPERS = frozenset({PaperKind.NIB, PaperKind.NPWP})
PRODUCT_PAPERS = frozenset(PaperKind) - BUSINESS_PAPERS

PAPER_NAMES: Mapping[PaperKind, str] = {
    PaperKind.NIB: N_("NIB (business number)"),
    PaperKind.NPWP: N_("NPWP (tax number)"),
    PaperKind.PIRT: N_("P-IRT (home industry food)"),
    PaperKind.MD: N_("BPOM MD (food made here)"),
    PaperKind.ML: N_("BPOM ML (imported food)"),
    PaperKind.HALAL: N_("Halal certificate"),
    PaperKind.GS1: N_("GS1 barcode"),
    PaperKind.BRAND: N_("Registered brand"),
}


class PaperState(StrEnum):
    ENTERED = "entered"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"


NEXT_PAPER_STATES: Mapping[PaperState, frozenset[PaperState]] = {
    PaperState.ENTERED: frozenset({PaperState.VERIFIED, PaperState.REJECTED}),
    PaperState.VERIFIED: frozenset({PaperState.REVOKED}),
    PaperState.REJECTED: frozenset(),
    PaperState.REVOKED: frozenset(),
}


def check_paper_transition(now: PaperState, then: PaperState) -> None:
    if then not in NEXT_PAPER_STATES[now]:
        raise RuleBroken(N_("This paper has already been decided on."))


def counts(state: PaperState, valid_to: date | None, today: date) -> bool:
    """A paper counts while it is entered or verified and its last day has not passed."""
    if state not in {PaperState.ENTERED, PaperState.VERIFIED}:
        return False
    return valid_to is None or valid_to >= today


class VisitFinding(StrEnum):
    """What an officer found on site, against what the register says."""

    AS_REGISTERED = "as_registered"
    DIFFERS = "differs"
    NOT_THERE = "not_there"


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """`paper_ids` are those whose originals were seen."""

    visited_on: date
    finding: VisitFinding
    found: str
    paper_ids: tuple[int, ...] = ()


VISIT_FINDING_NAMES: Mapping[VisitFinding, str] = {
    VisitFinding.AS_REGISTERED: N_("as the register says"),
    VisitFinding.DIFFERS: N_("differs from the register"),
    VisitFinding.NOT_THERE: N_("nobody and nothing there"),
}


BUSINESS_KIND_NAMES: Mapping[BusinessKind, str] = {
    BusinessKind.PRODUCER: N_("Producer"),
    BusinessKind.OUTLET: N_("Outlet"),
}

OUTLET_FORMAT_NAMES: Mapping[OutletFormat, str] = {
    OutletFormat.MINIMARKET: N_("Minimarket"),
    OutletFormat.SUPERMARKET: N_("Supermarket"),
    OutletFormat.HYPERMARKET: N_("Hypermarket"),
    OutletFormat.DEPARTMENT_STORE: N_("Department store"),
    OutletFormat.WHOLESALE: N_("Wholesaler"),
    OutletFormat.SOUVENIR: N_("Souvenir shop"),
    OutletFormat.RESTAURANT: N_("Restaurant or hotel"),
    OutletFormat.SHOP: N_("Shop"),
}

SIZE_CLASS_NAMES: Mapping[SizeClass, str] = {
    SizeClass.MICRO: N_("Micro enterprise"),
    SizeClass.SMALL: N_("Small enterprise"),
    SizeClass.MEDIUM: N_("Medium enterprise"),
    SizeClass.LARGE: N_("Large enterprise"),
}

# Where many stand side by side: lists, badges, reasons.
PAPER_SHORT_NAMES: Mapping[PaperKind, str] = {
    PaperKind.NIB: "NIB",
    PaperKind.NPWP: "NPWP",
    PaperKind.PIRT: "P-IRT",
    PaperKind.MD: "BPOM MD",
    PaperKind.ML: "BPOM ML",
    PaperKind.HALAL: "Halal",
    PaperKind.GS1: N_("Barcode"),
    PaperKind.BRAND: N_("Brand"),
}
_PARSED_AS: Mapping[PaperKind, Paper] = {
    PaperKind.NIB: Paper.NIB,
    PaperKind.NPWP: Paper.NPWP,
    PaperKind.PIRT: Paper.PIRT,
    PaperKind.MD: Paper.MD,
    PaperKind.ML: Paper.MD,
    PaperKind.HALAL: Paper.HALAL,
    PaperKind.GS1: Paper.GTIN,
    PaperKind.BRAND: Paper.BRAND,
}
# A number that names a business or person for life is shown whole only to those it concerns.
_MASKED = frozenset({PaperKind.NIB, PaperKind.NPWP})

EXPIRING_SOON_DAYS = 60


def read_number(kind: PaperKind, text: str, today: date) -> PaperNumber:
    """The number as stored and as printed, with what is wrong; InvalidInput where there is none."""
    return parse_paper(_PARSED_AS[kind], text, today)


def show_number(kind: PaperKind, number: str, today: date) -> str:
    """The number as it is printed on the paper; a NIK is masked for everybody."""
    return read_number(kind, number, today).display


def mask_number(kind: PaperKind, number: str) -> str:
    """For those who may know that there is a paper, but not its number: `0220*******01`."""
    if kind not in _MASKED or len(number) < 8:
        return number
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def kind_of_number(kind: PaperKind, normalised: str) -> PaperKind:
    """BPOM's letters say whether food is made here or imported, whatever was chosen."""
    if kind in {PaperKind.MD, PaperKind.ML}:
        return PaperKind.ML if normalised.startswith("ML") else PaperKind.MD
    return kind


def last_day(number: PaperNumber, typed: date | None) -> date | None:
    """Until when the paper holds: the date on it, but never longer than its number says (P-IRT)."""
    known = [day for day in (number.valid_to, typed) if day is not None]
    return min(known) if known else None


def days_left(valid_to: date | None, today: date) -> int | None:
    """Days until the last day, 0 on it, negative after it; None where there is no end."""
    return None if valid_to is None else (valid_to - today).days


def shown_state(state: PaperState, valid_to: date | None, today: date) -> str:
    """The state people see: `expired` once the last day of a paper that counted has passed."""
    live = state in {PaperState.ENTERED, PaperState.VERIFIED}
    return "expired" if live and not counts(state, valid_to, today) else state.value


def is_named(contact: str, full_name: str) -> bool:
    """Does this contact mean that person? However it is written."""
    return bool(fold(contact)) and fold(contact) == fold(full_name)


def kbli_asked(text: str) -> str:
    """The first digits of a KBLI code somebody looks for; "" where that is none."""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    return digits if 2 <= len(digits) <= 5 else ""


# --- what forms and imports hand to the services


@dataclass(frozen=True, slots=True)
class BusinessDraft:
    """What is said about a business; `nib` as typed, format and chain for outlets only.

    `kbli` gives all lines of business, the main one first; None says nothing about them.
    """

    kind: BusinessKind
    name: str
    region_code: str
    address: str = ""
    about: str = ""
    contact_name: str = ""
    phone: str = ""
    nib: str = ""
    outlet_format: OutletFormat | None = None
    is_chain: bool = False
    kbli: tuple[Kbli, ...] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Yearly sales with the day they were declared for, and working capital; rupiah."""

    yearly_sales: int | None
    yearly_sales_on: date | None
    working_capital: int | None


@dataclass(frozen=True, slots=True)
class BranchDraft:
    """A place of delivery; `stores` counts the shops it stands for."""

    name: str
    region_code: str
    address: str = ""
    stores: int = 1


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A paper as handed in: `number` as typed, `scan_id` a stored file."""

    kind: PaperKind
    number: str
    valid_from: date | None = None
    valid_to: date | None = None
    scan_id: int | None = None
