"""What both sides agreed: parties, goods, price, conditions; what a signature asks."""

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.params import Phrase
from marketplace.core.quantity import Kind, Quantity, content_of
from marketplace.core.text import N_
from marketplace.deals.rules.lines import LineDraft, check_apart, check_ramp
from marketplace.deals.rules.months import add_months, last_day_of, month_of
from marketplace.demand.rules import Terms

MONTHS_MAX = 36
COMMISSION_MAX = 90


@dataclass(frozen=True, slots=True)
class Commitment:
    """The first word: who with whom, about what. Everything else may still be open."""

    title: str
    note: str = ""
    product_id: int | None = None
    price: int | None = None
    volume: int | None = None  # a month, at full size


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """One kind of goods: its product, rupiah per sales unit delivered, units a month in all."""

    product_id: int
    price: int | None = None
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class DealDraft:
    """All a deal says, as it is written in its form."""

    title: str
    note: str = ""
    items: tuple[ItemDraft, ...] = ()
    lines: tuple[LineDraft, ...] = ()
    ramp: tuple[int, ...] = ()
    terms: str = ""
    terms_days: int | None = None
    commission_percent: int | None = None
    returns: str = ""
    trading_terms_percent: int | None = None
    listing_fee: int | None = None
    development: str = ""
    settlement: str = ""
    starts_on: date | None = None
    months: int | None = None


def last_day(starts_on: date, months: int) -> date:
    """The last day of a deal; begun inside a month it ends with its last month."""
    return last_day_of(add_months(month_of(starts_on), months - 1))


def months_until(starts_on: date, last: date) -> int:
    """How many months a deal from one day to another touches; raises where it ends before."""
    if last < starts_on:
        message = N_("The deal would end before it starts.")
        raise InvalidInput(N_("Please mend the marked fields."), fields={"ends_on": message})
    return (last.year - starts_on.year) * 12 + last.month - starts_on.month + 1


def check_draft(draft: DealDraft) -> None:
    """What holds even for a vague commitment; raises InvalidInput that names each field."""
    wrong: dict[str, str] = {}
    if not draft.title:
        wrong["title"] = N_("Please fill this in.")
    if draft.commission_percent is not None and draft.terms != Terms.CONSIGNMENT:
        wrong["commission_percent"] = N_("A commission goes with consignment only.")
    if draft.terms_days is not None and draft.terms == Terms.OUTRIGHT:
        wrong["terms_days"] = N_("Paid on delivery has no days to wait.")
    if draft.months is not None and not 1 <= draft.months <= MONTHS_MAX:
        wrong["ends_on"] = N_("A deal lasts at most 36 months. Make a new one after that.")
    if any(line.item >= len(draft.items) for line in draft.lines):
        wrong["lines"] = N_("Say which goods the lines are about.")
    products = [item.product_id for item in draft.items]
    if len(set(products)) < len(products):
        wrong["items"] = N_("The same product is written twice.")
    if wrong:
        raise InvalidInput(N_("Please mend the marked fields."), fields=wrong)
    check_apart(draft.lines)
    check_ramp(draft.ramp, draft.months)


def missing_for_signature(draft: DealDraft) -> list[str]:
    """What the deal does not say yet, in the order of its form; empty when it adds up."""
    missing: list[str] = []
    if not draft.items:
        missing.append(N_("which product it is about"))
    if any(item.price is None for item in draft.items):
        missing.append(N_("the price of each product"))
    if not draft.lines:
        missing.append(N_("where the goods go, line by line"))
    if any(item.volume is None for item in draft.items):
        missing.append(N_("the volume a month"))
    elif draft.lines and not lines_add_up(draft):
        missing.append(N_("lines that add up to the volume a month"))
    if not draft.terms:
        missing.append(N_("how the buyer pays"))
    elif draft.terms == Terms.DAYS and not draft.terms_days:
        missing.append(N_("after how many days the buyer pays"))
    elif draft.terms == Terms.CONSIGNMENT and draft.commission_percent is None:
        missing.append(N_("the commission on consignment"))
    if draft.terms == Terms.CONSIGNMENT and not draft.returns:
        missing.append(N_("what becomes of returned and expired goods"))
    if draft.starts_on is None:
        missing.append(N_("the day it starts"))
    if draft.months is None:
        missing.append(N_("how long it lasts"))
    return missing


def lines_add_up(draft: DealDraft) -> bool:
    """True where the lines of every item sum up to what the item says a month."""
    return all(
        sum(line.volume for line in draft.lines if line.item == number) == item.volume
        for number, item in enumerate(draft.items)
    )


def check_signable(draft: DealDraft) -> None:
    """Raise RuleBroken that names the first thing missing."""
    missing = missing_for_signature(draft)
    if missing:
        raise RuleBroken(
            N_("This deal cannot be signed yet. Still missing: %(what)s."), what=Phrase(missing[0])
        )


def ceiling_of(
    unit: str,
    pack: Quantity | None,
    *,
    ceiling: int,
    need_unit: str,
    need_pack: Quantity | None,
) -> int | None:
    """What a need's ceiling allows for one sales unit; None where they do not compare.

    Packs of different content are compared by what is in them (a 500 g pack against 250 g).
    """
    offer, need = content_of(unit, pack), content_of(need_unit, need_pack)
    for kind in (Kind.MASS, Kind.VOLUME):
        if kind in offer and kind in need:
            return math.floor(ceiling * offer[kind] / need[kind])
    if pack is not None and need_pack is not None and pack.kind is need_pack.kind:
        return math.floor(ceiling * Fraction(pack.amount) / need_pack.amount)
    if unit == need_unit and (pack is None or need_pack is None):
        return ceiling
    return None
