"""How a gap is closed, as pages tell it: the province's text, else the shipped one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.businesses.rules import PaperKind
from marketplace.core.text import N_
from marketplace.infra.i18n import say, show_money, show_number
from marketplace.readiness import queries
from marketplace.readiness.models import Remedy
from marketplace.readiness.rules import SHIPPED, GapKind, RemedyDraft

Written = Mapping[tuple[str, str], Remedy]


@dataclass(frozen=True, slots=True)
class Told:
    """A remedy in the reader's words; `cost` and `days` are empty where nobody knows them."""

    how: str
    why: str
    cost: str
    days: str
    basis: str
    source: str
    seen_on: date | None
    is_verified: bool
    is_edited: bool


def remedy_of(kind: GapKind, detail: str, written: Written | None = None) -> Told | None:
    """What closes a gap; for a paper without a text of its own the text of its kind."""
    rows = queries.list_remedies() if written is None else written
    for key in ((kind.value, detail), (kind.value, "")):
        if key in rows:
            return _told(rows[key], edited=True)
        if key in SHIPPED:
            return _told(SHIPPED[key], edited=False)
    return None


def _told(source: Remedy | RemedyDraft, *, edited: bool) -> Told:
    words = (lambda text: text) if edited else say
    return Told(
        words(source.how),
        words(source.why) if source.why else "",
        cost_text(source.cost_low, source.cost_high),
        days_text(source.days_low, source.days_high),
        source.basis,
        source.source,
        source.seen_on,
        source.is_verified,
        edited,
    )


def cost_text(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if not low and not high:
        return say(N_("at no cost"))
    if low == high or low is None or high is None:
        return show_money(high if low is None else low)
    if low == 0:
        return say(N_("free to %(high)s"), {"high": show_money(high)})
    return say(N_("%(low)s to %(high)s"), {"low": show_money(low), "high": show_money(high)})


def days_text(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if not low and not high:
        return say(N_("at once"))
    if low == high or low is None or high is None:
        return say(N_("%(days)s days"), {"days": show_number(high if low is None else low)})
    return say(N_("%(low)s to %(high)s days"), {"low": show_number(low), "high": show_number(high)})


def remedy_keys() -> list[tuple[GapKind, str]]:
    """Every gap a remedy can be written for, in the order of the kinds."""
    keys = {*SHIPPED, *(("paper", kind.value) for kind in PaperKind if kind is not PaperKind.GS1)}
    order = list(GapKind)
    return sorted(
        ((GapKind(kind), detail) for kind, detail in keys),
        key=lambda key: (order.index(key[0]), key[1]),
    )


def remedy_rows() -> list[dict[str, Any]]:
    """All of them for the office's list."""
    written = queries.list_remedies()
    return [
        {"kind": kind, "detail": detail, "told": remedy_of(kind, detail, written)}
        for kind, detail in remedy_keys()
    ]
