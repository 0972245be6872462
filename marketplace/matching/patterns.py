"""Simple conditions under which an office rejects nearly always: drafts of rules of its own.

A pattern is a limit (limits.py) that decided pairs pass or fail: "all 14 pairs with more than 5
days on the way were rejected". It is offered only where it is wide (support), nearly always true,
not about one producer or one need alone, and too strong for chance against the usual share of
rejections. A person decides what becomes of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, lgamma, log

from marketplace.matching.case import Case, Question
from marketplace.matching.limits import (
    HIGH_IS_BAD,
    KIND,
    LINE_QUANTITIES,
    PAIR_QUANTITIES,
    Limit,
    branches_of,
    measure,
)
from marketplace.matching.offers import Need, Offer
from marketplace.matching.settings import Settings
from marketplace.matching.world import World

LEAST_SUPPORT = 8
LEAST_SHARE = 0.9
# How often chance alone may look like this, at the usual share of rejections.
MOST_CHANCE = 0.001
_LEAST_SIDES = 2  # producers, and needs
_MOST_BOUNDS = 20
_QUANTITIES = sorted(LINE_QUANTITIES | PAIR_QUANTITIES)


@dataclass(frozen=True, slots=True)
class Seen:
    """One decided pair as a pattern sees it; a quantity that was not known is left out."""

    id: int
    producer: str
    need: str
    rejected: bool
    reason: str = ""
    measured: Mapping[str, int] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    outlet: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A limit and what was decided about the pairs that fail it; `usual` is the share of all."""

    limit: Limit
    support: int
    rejected: int
    usual: float
    reasons: Mapping[str, int]
    ids: tuple[int, ...]


def seen_of(
    number: int, offer: Offer, need: Need, world: World, settings: Settings, reason: str | None
) -> Seen:
    """The pair as it was decided on; `reason` is why it was rejected, None where accepted."""
    case = Case(offer, Question(need, world, settings))
    zones = {world.zone_of(region) for region in case.question.regions}
    return Seen(
        id=number,
        producer=offer.producer or offer.id,
        need=need.id,
        rejected=reason is not None,
        reason=reason or "",
        measured={
            quantity: value
            for quantity in _QUANTITIES
            if (value := _best(case, quantity)) is not None
        },
        categories=branches_of(case),
        outlet=need.outlet,
        zone=zones.pop() if len(zones) == 1 else "",
    )


def _best(case: Case, quantity: str) -> int | None:
    """The best a line comes to, since a pair falls out only with its last line."""
    regions = case.question.regions if quantity in LINE_QUANTITIES else ("",)
    values = [measure(case, quantity, region) for region in regions]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return min(known) if quantity in HIGH_IS_BAD else max(known)


def find_patterns(seen: Sequence[Seen]) -> list[Pattern]:
    """The patterns in these decisions, those that explain most rejections first.

    Of conditions that speak of mostly the same pairs only the widest and simplest is kept.
    """
    if not seen:
        return []
    usual = sum(row.rejected for row in seen) / len(seen)
    found = [
        pattern
        for limits in _families(seen)
        if (pattern := _widest(limits, seen, usual)) is not None
    ]
    found.sort(key=lambda one: (-one.rejected, _scopes(one.limit), repr(one.limit)))
    kept: list[Pattern] = []
    told: set[int] = set()
    for pattern in found:
        if 2 * len(told.intersection(pattern.ids)) < pattern.support:
            kept.append(pattern)
            told.update(pattern.ids)
    return kept


def chance(support: int, rejected: int, usual: float) -> float:
    """How likely at least `rejected` of `support` are where each is rejected with `usual`."""
    if usual <= 0 or usual >= 1:
        return float(usual >= 1 or rejected == 0)
    return sum(
        exp(
            lgamma(support + 1)
            - lgamma(count + 1)
            - lgamma(support - count + 1)
            + count * log(usual)
            + (support - count) * log(1 - usual)
        )
        for count in range(rejected, support + 1)
    )


def _families(seen: Sequence[Seen]) -> Iterator[list[Limit]]:
    """Limits that differ in their bound only; of each family at most one is offered."""
    categories = sorted({code for row in seen for code in row.categories})
    outlets = sorted({row.outlet for row in seen} - {""})
    zones = sorted({row.zone for row in seen} - {""})
    for quantity in _QUANTITIES:
        bounds = _bounds(quantity, seen)
        scopes = [Limit(quantity)]
        scopes += [Limit(quantity, category=code) for code in categories]
        scopes += [Limit(quantity, outlet=code) for code in outlets]
        for scope in scopes:
            yield [_bounded(scope, bound) for bound in bounds]
    for category in ("", *categories):
        for outlet in ("", *outlets):
            for zone in ("", *zones):
                if 0 < sum(map(bool, (category, outlet, zone))) <= 2:
                    yield [Limit(KIND, category=category, outlet=outlet, zone=zone)]


def _bounds(quantity: str, seen: Sequence[Seen]) -> list[int]:
    if quantity == "unverified":
        return [0]
    values = sorted({row.measured[quantity] for row in seen if quantity in row.measured})
    step = -(-len(values) // _MOST_BOUNDS)
    return values[:: max(step, 1)]


def _bounded(scope: Limit, bound: int) -> Limit:
    if scope.quantity in HIGH_IS_BAD:
        return replace(scope, above=bound)
    return replace(scope, below=bound)


def _widest(limits: Sequence[Limit], seen: Sequence[Seen], usual: float) -> Pattern | None:
    found: Pattern | None = None
    for limit in limits:
        rows = [row for row in seen if _fails(limit, row)]
        rejected = sum(row.rejected for row in rows)
        if found is not None and rejected <= found.rejected:
            continue
        if _is_telling(rows, rejected, usual, len(seen)):
            reasons = Counter(row.reason for row in rows if row.rejected)
            ids = tuple(sorted(row.id for row in rows))
            found = Pattern(limit, len(rows), rejected, usual, dict(sorted(reasons.items())), ids)
    return found


def _is_telling(rows: Sequence[Seen], rejected: int, usual: float, total: int) -> bool:
    if len(rows) < LEAST_SUPPORT or len(rows) == total or rejected < LEAST_SHARE * len(rows):
        return False
    sides: tuple[Callable[[Seen], str], ...] = (lambda row: row.producer, lambda row: row.need)
    if any(len({side(row) for row in rows}) < _LEAST_SIDES for side in sides):
        return False
    return chance(len(rows), rejected, usual) <= MOST_CHANCE


def _fails(limit: Limit, row: Seen) -> bool:
    if limit.category and limit.category not in row.categories:
        return False
    if (limit.outlet and limit.outlet != row.outlet) or (limit.zone and limit.zone != row.zone):
        return False
    if limit.quantity == KIND:
        return True
    value = row.measured.get(limit.quantity)
    if value is None:
        return False
    return value > limit.above if limit.above is not None else value < (limit.below or 0)


def _scopes(limit: Limit) -> int:
    return sum(map(bool, (limit.category, limit.outlet, limit.zone)))
