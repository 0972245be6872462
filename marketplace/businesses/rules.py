"""Businesses and their papers: states, kinds, size class, checks."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_


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
