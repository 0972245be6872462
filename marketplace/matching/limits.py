"""Limits an office sets itself: "not more than five days on the way", as data of the rulebook.

A limit names a quantity of the pair, a bound, and whom it concerns. It is a rule with the check
`limit` (of the whole pair) or `line_limit` (of one place of the need), and these params:
`quantity`, `above` or `below` (a bound that fails the pair where it is passed), and the scope
`category`, `outlet`, `zone` ("" concerns all). The quantity `kind` has no bound: it fails all it
concerns.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import ceil, floor
from types import MappingProxyType
from typing import Any

from marketplace.core.params import Days, PaperKind, Percent
from marketplace.matching.case import Case
from marketplace.matching.outcome import Outcome, Params, Severity
from marketplace.matching.rulebook import Rule

PREFIX = "limit_"
KIND = "kind"
_COUNTED = frozenset({"pirt", "md", "ml", "halal"})


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; of `above` and `below` at most one is set, none for the quantity `kind`."""

    quantity: str
    above: int | None = None
    below: int | None = None
    category: str = ""
    outlet: str = ""
    zone: str = ""

    @property
    def of_a_line(self) -> bool:
        """True where places of one need may differ in it."""
        return self.quantity in LINE_QUANTITIES or bool(self.zone)

    def as_rule(self, number: int, severity: Severity) -> Rule:
        """The rule of the engine; an office's own rule is never one of law."""
        check = "line_limit" if self.of_a_line else "limit"
        return Rule(f"{PREFIX}{self.quantity}_{number}", check, severity, params=asdict(self))


def judge(
    case: Case, params: Mapping[str, Any], region: str
) -> tuple[Outcome, Params, Mapping[str, Any] | None] | None:
    """Outcome, params and fix of a limit; None where it does not concern this pair and place."""
    if not _concerns(case, params, region):
        return None
    quantity = str(params["quantity"])
    if quantity == KIND:
        return "fail", {}, None
    above, below = params.get("above"), params.get("below")
    bound = int(above if above is not None else below or 0)
    typed = _TYPES[quantity]
    value = measure(case, quantity, region)
    if value is None:
        return "unknown", {"limit": typed(bound)}, None
    said: Params = {"value": typed(value), "limit": typed(bound)}
    if quantity == "unverified":
        said = {**said, "papers": tuple(PaperKind(kind) for kind in _unverified(case))}
    passed = value <= bound if above is not None else value >= bound
    return ("pass", said, None) if passed else ("fail", said, _FIXES[quantity](case, bound, region))


def _concerns(case: Case, params: Mapping[str, Any], region: str) -> bool:
    category, outlet, zone = (str(params.get(key, "")) for key in ("category", "outlet", "zone"))
    if category and category not in branches_of(case):
        return False
    if outlet and case.need.outlet != outlet:
        return False
    return not zone or case.world.zone_of(region) == zone


def branches_of(case: Case) -> tuple[str, ...]:
    """The category of the goods and everything above it."""
    return case.world.ancestors(case.category.code) if case.category is not None else ()


def measure(case: Case, quantity: str, region: str) -> int | None:
    """A quantity in whole days or per cent (rounded to the harder side); None where not known."""
    return _MEASURES[quantity](case, region)


def _days(case: Case, region: str) -> int | None:
    leg = case.leg(region)
    return leg.days_p90 if leg is not None else None


def _price(case: Case, region: str) -> int | None:
    """The landed price in per cent of the ceiling."""
    ceiling, landed = case.need.max_price, case.landed(region)
    if not ceiling or landed is None or not landed.exact:
        return None
    return -(-landed.price * 100 // ceiling)


def _spent(case: Case, region: str) -> int | None:
    leg = case.leg(region)
    if leg is None or case.offer.lead_days is None:
        return None
    return case.offer.lead_days + leg.days_p90 + case.settings.safety_days


def _shelf(case: Case, region: str) -> int | None:
    """Days left on arrival in per cent of those asked."""
    asked, life, spent = case.need.min_shelf_life_days, case.offer.shelf_life_days, None
    if asked and life is not None:
        spent = _spent(case, region)
    return max(life - spent, 0) * 100 // asked if spent is not None and life and asked else None


def _share(case: Case, _region: str) -> int | None:
    """The producer's capacity in per cent of the whole need, at most 100."""
    if case.capacity is None or not case.volume:
        return None
    return min(100, case.capacity * 100 // case.volume)


def _order(case: Case, _region: str) -> int | None:
    """The producer's minimum order in per cent of the whole need."""
    least, wanted = case.offer.min_order, case.sales_units_wanted
    return ceil(least * 100 / wanted) if least is not None and wanted else None


def _unverified(case: Case) -> tuple[str, ...]:
    counted = case.need.papers_required | _COUNTED
    return tuple(
        sorted(kind for kind, paper in case.held.items() if kind in counted and not paper.verified)
    )


def _price_fix(case: Case, bound: int, region: str) -> Mapping[str, Any] | None:
    ceiling, ratio = case.need.max_price, case.ratio
    assert ceiling is not None
    assert ratio is not None
    most = floor(ceiling * bound // 100 * ratio) - (case.freight(region) or 0)
    return case.fix("price", at_most=most) if most > 0 else None


def _shelf_fix(case: Case, bound: int, region: str) -> Mapping[str, Any] | None:
    asked, spent = case.need.min_shelf_life_days or 0, _spent(case, region) or 0
    return {"field": "shelf_life_days", "at_least": ceil(asked * bound / 100) + spent}


def _share_fix(case: Case, bound: int, _region: str) -> Mapping[str, Any] | None:
    assert case.ratio is not None
    wanted = ceil((case.volume or 0) * min(bound, 100) / 100)
    return case.fix("capacity_per_month", at_least=ceil(wanted / case.ratio))


def _order_fix(case: Case, bound: int, _region: str) -> Mapping[str, Any] | None:
    most = floor((case.sales_units_wanted or 0) * bound / 100)
    return case.fix("min_order", at_most=most) if most > 0 else None


def _papers_fix(case: Case, _bound: int, _region: str) -> Mapping[str, Any] | None:
    return {"field": "papers", "add": list(_unverified(case))}


def _no_fix(_case: Case, _bound: int, _region: str) -> Mapping[str, Any] | None:
    """The way is as long as it is: nothing of the offer would change it."""
    return None


_Measure = Callable[[Case, str], int | None]
_Fix = Callable[[Case, int, str], Mapping[str, Any] | None]
_MEASURES: Mapping[str, _Measure] = MappingProxyType(
    {
        "days": _days,
        "price": _price,
        "shelf": _shelf,
        "share": _share,
        "order": _order,
        "unverified": lambda case, _region: len(_unverified(case)),
    }
)
_FIXES: Mapping[str, _Fix] = MappingProxyType(
    {
        "days": _no_fix,
        "price": _price_fix,
        "shelf": _shelf_fix,
        "share": _share_fix,
        "order": _order_fix,
        "unverified": _papers_fix,
    }
)
_TYPES: Mapping[str, Callable[[int], object]] = MappingProxyType(
    {
        "days": Days,
        "price": Percent,
        "shelf": Percent,
        "share": Percent,
        "order": Percent,
        "unverified": int,
    }
)
LINE_QUANTITIES = frozenset({"days", "price", "shelf"})
PAIR_QUANTITIES = frozenset({"share", "order", "unverified"})
# Which side of a bound is the bad one.
HIGH_IS_BAD = frozenset({"days", "price", "order", "unverified"})
