"""Kinds of gaps: what a blocking rule, and the change that would mend it, mean to a producer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from marketplace.businesses.rules import PAPER_NAMES, PaperKind
from marketplace.core.text import N_


class GapKind(StrEnum):
    """`paper` and `unchecked` name the kind of paper as their detail; the others have none."""

    PAPER = "paper"
    BARCODE = "barcode"
    UNCHECKED = "unchecked"
    SHELF_LIFE = "shelf_life"
    PACKAGING = "packaging"
    CAPACITY = "capacity"
    PRICE = "price"
    CAPITAL = "capital"
    MIN_ORDER = "min_order"
    TERMS = "terms"
    ZONE = "zone"
    STORAGE = "storage"
    OFFICE_RULE = "office_rule"


GAP_NAMES: Mapping[GapKind, str] = MappingProxyType(
    {
        GapKind.PAPER: N_("Paper missing"),
        GapKind.BARCODE: N_("Barcode missing"),
        GapKind.UNCHECKED: N_("Paper not yet checked"),
        GapKind.SHELF_LIFE: N_("Shelf life too short"),
        GapKind.PACKAGING: N_("Packaging not good enough"),
        GapKind.CAPACITY: N_("Capacity too small"),
        GapKind.PRICE: N_("Price at the door too high"),
        GapKind.CAPITAL: N_("Working capital too small"),
        GapKind.MIN_ORDER: N_("Minimum order too high"),
        GapKind.TERMS: N_("Payment terms not accepted"),
        GapKind.ZONE: N_("Region not served"),
        GapKind.STORAGE: N_("Needs colder storage than the outlet has"),
        GapKind.OFFICE_RULE: N_("A rule of the office"),
    }
)
# What a training or coaching can close; the rest the producer decides at once or nobody can.
TRAINABLE = frozenset(
    {
        GapKind.PAPER,
        GapKind.BARCODE,
        GapKind.SHELF_LIFE,
        GapKind.PACKAGING,
        GapKind.CAPACITY,
        GapKind.PRICE,
        GapKind.CAPITAL,
    }
)
_BY_FIELD: Mapping[str, GapKind] = MappingProxyType(
    {
        "shelf_life_days": GapKind.SHELF_LIFE,
        "capacity_per_month": GapKind.CAPACITY,
        "price": GapKind.PRICE,
        "working_capital": GapKind.CAPITAL,
        "min_order": GapKind.MIN_ORDER,
        "terms": GapKind.TERMS,
        "zones": GapKind.ZONE,
        "storage": GapKind.STORAGE,
    }
)
_BY_RULE: Mapping[str, GapKind] = MappingProxyType(
    {
        "landed_price": GapKind.PRICE,
        "share": GapKind.CAPACITY,
        "shelf_life": GapKind.SHELF_LIFE,
        "cash": GapKind.CAPITAL,
        "storage": GapKind.STORAGE,
    }
)
# Where several needs ask for different amounts, this one satisfies all of them.
LEAST = frozenset({GapKind.PRICE, GapKind.MIN_ORDER})
# Told to the office only: the price that would do gives away what the buyer pays at most.
SECRET_AMOUNTS = frozenset({GapKind.PRICE})


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing for one need. `wanted` is what would do: days, units a month, rupiah."""

    kind: GapKind
    detail: str = ""
    rule: str = ""
    basis: str = ""
    legal: bool = False
    wanted: int | None = None


def gaps_of_fix(rule: str, fix: Mapping[str, Any], basis: str, legal: bool) -> list[Gap] | None:
    """The gaps a change of the offer closes; None where it would be another product."""
    field = str(fix["field"])
    if field == "category":
        return None
    if field == "papers":
        return [_paper_gap(rule, str(kind), basis, legal) for kind in fix["add"]]
    wanted = next((fix[word] for word in ("at_least", "at_most") if word in fix), None)
    return [Gap(_BY_FIELD[field], "", rule, basis, legal, wanted)]


def _paper_gap(rule: str, kind: str, basis: str, legal: bool) -> Gap:
    if rule.startswith("limit_unverified"):
        return Gap(GapKind.UNCHECKED, kind, rule, basis, legal)
    if kind == PaperKind.GS1:
        return Gap(GapKind.BARCODE, "", rule, basis, legal)
    return Gap(GapKind.PAPER, kind, rule, basis, legal)


def gap_of(
    rule: str, fix: Mapping[str, Any] | None, basis: str = "", legal: bool = False
) -> list[Gap] | None:
    """The gaps of one blocking verdict, with the changes that go along with mending it.

    None where what is missing is that it is another kind of goods: no work on readiness helps.
    """
    if rule == "category":
        return None
    if fix is None:
        return [Gap(_BY_RULE.get(rule, GapKind.OFFICE_RULE), "", rule, basis, legal)]
    found: list[Gap] = []
    for each in (fix, *fix.get("also", ())):
        more = gaps_of_fix(rule, each, basis, legal)
        if more is None:
            return None
        found += more
    return found


def merged(gaps: list[Gap]) -> list[Gap]:
    """Each thing once: two rules that ask for the same paper are one gap, of law if either is."""
    found: dict[tuple[GapKind, str], Gap] = {}
    for gap in gaps:
        key = gap.kind, gap.detail
        before = found.get(key)
        found[key] = gap if before is None else _both(before, gap)
    return list(found.values())


def _both(one: Gap, other: Gap) -> Gap:
    amounts = [each.wanted for each in (one, other) if each.wanted is not None]
    choose = min if one.kind in LEAST else max
    legal = one if one.legal or not other.legal else other
    return Gap(
        one.kind,
        one.detail,
        legal.rule,
        legal.basis or one.basis or other.basis,
        one.legal or other.legal,
        choose(amounts) if amounts else None,
    )


def detail_name(kind: GapKind, detail: str) -> str:
    """What exactly is missing, as a msgid; empty where the kind says all."""
    if kind in {GapKind.PAPER, GapKind.UNCHECKED} and detail in set(PaperKind):
        return PAPER_NAMES[PaperKind(detail)]
    return ""
