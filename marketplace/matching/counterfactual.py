"""What would have to change: the fixes of an excluded pair, held against the rules themselves.

A fix mends its own rule. What it changes may bring other rules to bear (goods of another category
need other papers, more goods tie up more cash): the changes that then follow go with it as `also`.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from marketplace.matching.case import Case, Fix
from marketplace.matching.eligibility import Assessment, assess
from marketplace.matching.offers import HeldPaper, Offer
from marketplace.matching.outcome import Pairing, Verdict

# Every round mends all that fails; what one change brings with it is mended in the next.
_ROUNDS = 8


def true_verdicts(assessment: Assessment) -> tuple[Verdict, ...]:
    """The verdicts of an excluded pair, their fixes such that all of them together make it fit.

    Where no set of changes is known that does, at least one of them has no fix.
    """
    verdicts = assessment.verdicts
    places = [place for place, verdict in enumerate(verdicts) if verdict.blocks]
    if any(verdicts[place].fix is None for place in places):
        return verdicts
    more = _what_follows(assessment)
    if more == []:
        return verdicts
    place = places[-1]
    fix = {**(verdicts[place].fix or {}), "also": more} if more is not None else None
    return (*verdicts[:place], replace(verdicts[place], fix=fix), *verdicts[place + 1 :])


def _what_follows(assessment: Assessment) -> list[Fix] | None:
    """Changes needed beside the fixes of the verdicts; None where some rule cannot be mended."""
    case = assessment.case
    offer = apply_all(case.offer, assessment.verdicts)
    more: list[Fix] = []
    for _ in range(_ROUNDS):
        after = assess(Case(offer, case.question))
        if after.eligible:
            return more
        blocking = [verdict for verdict in after.verdicts if verdict.blocks]
        fixes = [verdict.fix for verdict in blocking if verdict.fix is not None]
        if len(fixes) < len(blocking):
            return None
        more += fixes
        offer = apply_all(offer, blocking)
    return None


def apply_fix(offer: Offer, fix: Fix) -> Offer:
    """The offer as it would be; a fix names a field and one of add, set, at_least, at_most."""
    offer = replace(offer, **_changed(offer, fix))
    for more in fix.get("also", ()):
        offer = replace(offer, **_changed(offer, more))
    return offer


def _changed(offer: Offer, fix: Fix) -> dict[str, Any]:
    field = fix["field"]
    if field == "papers":
        added = tuple(HeldPaper(kind, verified=True) for kind in fix["add"])
        return {field: offer.papers + added}
    if field in {"zones", "terms"}:
        return {field: getattr(offer, field) | set(fix["add"])}
    if field == "price":
        most = fix["at_most"]
        breaks = tuple(replace(step, price=min(step.price, most)) for step in offer.price_breaks)
        return {field: most, "price_breaks": breaks}
    return {field: next(fix[word] for word in ("set", "at_least", "at_most") if word in fix)}


def fixes_of(pairing: Pairing) -> tuple[Verdict, ...] | None:
    """The smallest set of changes that would make an excluded pair fit; None where none would."""
    blocking = pairing.blocking
    return blocking if all(verdict.fix is not None for verdict in blocking) else None


def apply_all(offer: Offer, verdicts: Iterable[Verdict]) -> Offer:
    """The offer with the fix of every blocking one of these verdicts applied."""
    for verdict in verdicts:
        if verdict.blocks and verdict.fix is not None:
            offer = apply_fix(offer, verdict.fix)
    return offer
