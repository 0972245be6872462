"""What would have to change: apply the fix of a verdict to an offer and look again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from marketplace.matching.offers import HeldPaper, Offer
from marketplace.matching.outcome import Pairing, Verdict


def apply_fix(offer: Offer, fix: Mapping[str, Any]) -> Offer:
    """The offer as it would be; a fix names a field and one of add, set, at_least, at_most."""
    field = fix["field"]
    if field == "papers":
        added = tuple(HeldPaper(kind, verified=True) for kind in fix["add"])
        return replace(offer, papers=offer.papers + added)
    if field in {"zones", "terms"}:
        return replace(offer, **{field: getattr(offer, field) | set(fix["add"])})
    if field == "price":
        most = fix["at_most"]
        breaks = tuple(replace(step, price=min(step.price, most)) for step in offer.price_breaks)
        return replace(offer, price=most, price_breaks=breaks)
    value = next(fix[word] for word in ("set", "at_least", "at_most") if word in fix)
    return replace(offer, **{field: value})


def fixes_of(pairing: Pairing) -> tuple[Verdict, ...] | None:
    """The smallest set of changes that would make an excluded pair fit; None where none would."""
    blocking = pairing.blocking
    return blocking if all(verdict.fix is not None for verdict in blocking) else None


def apply_all(offer: Offer, verdicts: Iterable[Verdict]) -> Offer:
    """The offer with every fix of these verdicts applied."""
    for verdict in verdicts:
        if verdict.fix is not None:
            offer = apply_fix(offer, verdict.fix)
    return offer
