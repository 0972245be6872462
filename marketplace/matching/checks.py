"""What each rule compares. A check answers with a `Finding`, or None where nothing was asked.

Missing data is `unknown` and never removes a pair; a check fails only where even the best reading
of what is missing would not pass. `fix` is the change of the offer after which it no longer fails.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import ceil
from types import MappingProxyType
from typing import Any

from marketplace.core.params import Count, Days, Money, PaperKind, Percent, Region
from marketplace.core.text import fold
from marketplace.matching.case import Case
from marketplace.matching.limits import judge
from marketplace.matching.offers import Need
from marketplace.matching.outcome import Outcome, Params, Severity
from marketplace.matching.rulebook import Rule
from marketplace.matching.settings import Settings
from marketplace.matching.world import Leg

# One of these permits a food to be sold: who names one has said which there is.
PERMITS = frozenset({"pirt", "md", "ml"})
_COLDNESS = {"ambient": 0, "chilled": 1, "frozen": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `severity`, where given, softens the rule's own."""

    outcome: Outcome
    params: Params = field(default_factory=dict)
    fix: Mapping[str, Any] | None = None
    severity: Severity | None = None


Check = Callable[[Case, Rule], Finding | None]
LineCheck = Callable[[Case, Rule, str], Finding | None]


def check_category(case: Case, rule: Rule) -> Finding | None:
    """The categories must lie on one branch; neighbours under one parent only warn."""
    wanted, offered = case.need.category, case.offer.category
    if not wanted:
        return None
    params = {"wanted": wanted, "offered": offered}
    if not offered:
        return Finding("unknown", params)
    if offered == wanted:
        return Finding("pass", params)
    above_wanted, above_offered = case.world.ancestors(wanted), case.world.ancestors(offered)
    if not above_wanted or not above_offered:
        same = fold(wanted) == fold(offered)
        return Finding("pass" if same else "unknown", params)
    if wanted in above_offered or offered in above_wanted:
        return Finding("pass", params)
    siblings = bool(set(above_wanted) & set(above_offered))
    fix = {"field": "category", "set": wanted}
    return Finding("fail", params, fix, "warn" if siblings else None)


def check_required_papers(case: Case, rule: Rule) -> Finding | None:
    """Every paper the need asks for must be held and valid on the day of delivery."""
    if not case.need.papers_required:
        return None
    missing = tuple(sorted(case.need.papers_required - case.held.keys()))
    if not missing:
        return Finding("pass", {"papers": _papers(case.need.papers_required)})
    if not _is_told(case, missing):
        return Finding("unknown", {"papers": _papers(missing)})
    return Finding("fail", {"papers": _papers(missing)}, {"field": "papers", "add": list(missing)})


def check_one_paper_of(case: Case, rule: Rule) -> Finding | None:
    """At least one of the permits in `params["any_of"]` must be held."""
    accepted = tuple(rule.params["any_of"])
    params = {"papers": _papers(accepted)}
    if any(kind in case.held for kind in accepted):
        return Finding("pass", {"papers": _papers(case.held.keys() & set(accepted))})
    # Whoever entered a P-IRT has told which permit there is: an MD is then known to be missing.
    kinds = PERMITS if PERMITS.issuperset(accepted) else accepted
    if not _is_told(case, kinds):
        return Finding("unknown", params)
    return Finding("fail", params, {"field": "papers", "add": [rule.params["advise"]]})


def check_category_md(case: Case, rule: Rule) -> Finding | None:
    """Goods whose category usually cannot use a P-IRT, where the storage does not tell already."""
    node = case.category
    told_by_storage = case.offer.storage in {"frozen", "chilled"}
    if node is None or not node.needs_md or told_by_storage:
        return None
    return check_one_paper_of(case, rule)


def check_short_life_md(case: Case, rule: Rule) -> Finding | None:
    """Goods that keep less than `params["days"]` at room temperature lie outside the P-IRT."""
    life = case.offer.shelf_life_days
    if life is None or life >= rule.params["days"]:
        return None
    return check_one_paper_of(case, rule)


def check_halal(case: Case, rule: Rule) -> Finding | None:
    """Halal certificate, unless the producer declares the product not halal."""
    if case.offer.declared_not_halal:
        return Finding("pass", {"exempt": 1})
    if "halal" in case.held:
        return Finding("pass", {"exempt": 0})
    if not _is_told(case, ("halal",)):
        return Finding("unknown")
    return Finding("fail", {}, {"field": "papers", "add": ["halal"]})


def _is_told(case: Case, kinds: Iterable[str]) -> bool:
    """True where somebody has said something of these papers, if only that one ran out."""
    offer = case.offer
    if offer.papers_known:
        return True
    told = offer.papers_told.union(paper.kind for paper in offer.papers)
    return not told.isdisjoint(kinds)


def check_papers_checked(case: Case, rule: Rule) -> Finding | None:
    """Papers that count for this need but that nobody has verified yet."""
    counted = case.need.papers_required | {"pirt", "md", "ml", "halal"}
    held = {kind: paper for kind, paper in case.held.items() if kind in counted}
    if not held:
        return None
    unchecked = tuple(sorted(kind for kind, paper in held.items() if not paper.verified))
    if unchecked:
        return Finding("fail", {"papers": _papers(unchecked)})
    return Finding("pass", {"papers": _papers(held)})


def check_storage(case: Case, rule: Rule) -> Finding | None:
    """The outlet's chain must be at least as cold as the goods need."""
    wanted, offered = case.need.storage, case.offer.storage
    if not wanted:
        return None
    params = {"wanted": wanted, "offered": offered}
    if offered not in _COLDNESS or wanted not in _COLDNESS:
        return Finding("unknown", params)
    if _COLDNESS[offered] <= _COLDNESS[wanted]:
        return Finding("pass", params)
    return Finding("fail", params, {"field": "storage", "set": wanted})


def check_min_order(case: Case, rule: Rule) -> Finding | None:
    """The whole need a month must reach the producer's minimum order."""
    least, wanted = case.offer.min_order, case.sales_units_wanted
    if case.volume is None or least is None:
        return None
    if wanted is None:
        return Finding("unknown", {"min_order": Count(least, case.offer.unit)})
    unit = case.offer.unit
    params = {"min_order": Count(least, unit), "wanted": Count(int(wanted), unit)}
    if wanted >= least:
        return Finding("pass", params)
    return Finding("fail", params, case.fix("min_order", at_most=int(wanted)))


def check_terms(case: Case, rule: Rule) -> Finding | None:
    """How the outlet pays must be a term the producer accepts."""
    wanted = case.need.terms
    if not wanted:
        return None
    accepted = tuple(sorted(case.offer.terms))
    params: Params = {"wanted": wanted, "accepted": accepted}
    if not accepted:
        return Finding("unknown", params)
    kind, _, days = wanted.partition(":")
    for term in accepted:
        term_kind, _, longest = term.partition(":")
        if term_kind == kind and (not longest or not days or int(days) <= int(longest)):
            return Finding("pass", params)
    return Finding("fail", params, {"field": "terms", "add": [wanted]})


def check_cash(case: Case, rule: Rule) -> Finding | None:
    """The money tied up until the outlet pays, against the declared working capital.

    unit cost x (initial fill + sell-through + days to pay) x daily units: domain.md, section 3.
    """
    waited = tied_days(case.need, case.settings)
    if waited is None:
        return None
    wanted, price = case.sales_units_wanted, case.unit_price
    declared = case.offer.working_capital
    if wanted is None or price is None or declared is None:
        return Finding("unknown")
    capacity = case.offer.capacity_per_month
    monthly = wanted if capacity is None else min(wanted, Fraction(capacity))
    cost = Fraction(price * case.settings.cost_percent, 100)
    tied = ceil(cost * monthly * 12 / 365 * waited)
    params: Params = {"tied": Money(tied), "declared": Money(declared), "days": Days(waited)}
    if tied <= declared:
        return Finding("pass", params)
    return Finding("fail", params, {"field": "working_capital", "at_least": tied})


def tied_days(need: Need, settings: Settings) -> int | None:
    """For how many days goods sold are not paid yet; None where the outlet pays outright."""
    kind, _, days = need.terms.partition(":")
    if kind not in {"days", "consignment"}:
        return None
    sold = settings.sell_through_days if kind == "consignment" else 0
    return settings.initial_fill_days + int(days or 0) + sold


def check_zone(case: Case, rule: Rule, region: str) -> Finding | None:
    """The producer must serve the region; no zones named means everywhere."""
    zones = case.offer.zones
    if not zones:
        return Finding("pass") if region else None
    if not region:
        return Finding("unknown")
    zone = case.world.zone_of(region)
    if zones & {region, region.partition(".")[0], zone}:
        return Finding("pass", {"region": Region(region)})
    # A province of which a part is served, or a place whose zone nobody knows.
    partly = any(word.startswith(f"{region}.") for word in zones)
    if partly or (not zone and any(not word[:1].isdigit() for word in zones)):
        return Finding("unknown", {"region": Region(region)})
    return Finding("fail", {"region": Region(region)}, {"field": "zones", "add": [region]})


def check_shelf_life(case: Case, rule: Rule, region: str) -> Finding | None:
    """shelf life - lead - transit p90 - safety must reach what the outlet asks at receipt.

    What is not told is a question only where it could matter: not where even a long one would do.
    """
    asked, life = case.need.min_shelf_life_days, case.offer.shelf_life_days
    if asked is None:
        return None
    if life is None:
        return Finding("unknown", {"asked": Days(asked)})
    lead, leg = case.offer.lead_days, case.leg(region)
    spent = (lead or 0) + (leg.days_p90 if leg else 0) + case.settings.safety_days
    left = life - spent
    params = {"left": Days(max(left, 0)), "asked": Days(asked), "life": Days(life)}
    if left < asked:
        only_by_estimate = leg is not None and leg.estimated and left + leg.days_p90 >= asked
        severity = _softened(case, only_by_estimate)
        return Finding(
            "fail", params, {"field": "shelf_life_days", "at_least": asked + spent}, severity
        )
    longest = _longest_untold(case.settings, lead, leg)
    if longest is None or left - longest < asked:
        return Finding("unknown", params)
    if longest:
        params |= {"left": Days(left - longest), "reckoned": Days(longest)}
    return Finding("pass", params)


def _longest_untold(settings: Settings, lead: int | None, leg: Leg | None) -> int | None:
    """Days that what is not told of making and sending takes at most; None where unknowable."""
    days = 0
    for told, most in ((lead, settings.long_lead_days), (leg, settings.long_way_days)):
        if told is None:
            if most is None:
                return None
            days += most
    return days


def check_landed_price(case: Case, rule: Rule, region: str) -> Finding | None:
    """Price with quantity breaks plus freight, per need unit, against the ceiling."""
    ceiling = case.need.max_price
    if ceiling is None:
        return None
    landed = case.landed(region)
    if landed is None or case.ratio is None or case.unit_price is None:
        return Finding("unknown", {"ceiling": case.per_need_unit(ceiling)})
    params = {
        "landed": case.per_need_unit(landed.price),
        "ceiling": case.per_need_unit(ceiling),
    }
    if landed.price > ceiling:
        freight = case.freight(region) or 0
        most = int(ceiling * case.ratio) - freight
        fix = case.fix("price", at_most=most) if most > 0 else None
        goods_alone = ceil(case.unit_price / case.ratio)
        softened = _softened(case, landed.estimated and goods_alone <= ceiling)
        return Finding("fail", params, fix, softened)
    return Finding("pass" if landed.exact else "unknown", params)


def check_share(case: Case, rule: Rule, reachable: int | None) -> Finding | None:
    """Capacity sets the share; it blocks only below a minimum order or a stated minimum share.

    `reachable` is the volume of the lines that pass, or of the whole need where none does.
    """
    offer, unit = case.offer, case.need.unit
    capacity, least, volume = offer.capacity_per_month, offer.min_order or 1, case.volume
    share_asked = case.need.min_share_percent or 0
    asked = max(1, -(-share_asked * (volume or 0) // 100))
    if capacity is not None and capacity < least:
        said = {"capacity": Count(capacity, offer.unit), "min_order": Count(least, offer.unit)}
        return Finding("fail", said, _more_capacity(case, least, asked, reachable))
    if not volume or reachable is None:
        return None
    if case.capacity is None:
        return Finding("unknown", {"wanted": Count(volume, unit)})
    covered = min(case.capacity, reachable)
    params: Params = {
        "covered": Count(covered, unit),
        "wanted": Count(volume, unit),
        "share": Percent(covered * 100 // volume),
        "asked": Percent(share_asked),
    }
    if covered >= asked:
        return Finding("pass", params)
    return Finding("fail", params, _more_capacity(case, least, asked, reachable))


def _more_capacity(
    case: Case, least: int, asked: int, reachable: int | None
) -> Mapping[str, Any] | None:
    """The capacity in sales units a month that would do; None where the lines leave too little."""
    if not case.volume or not case.ratio:
        # What the capacity comes to for this need is unknown then: only its own order counts.
        return case.fix("capacity_per_month", at_least=least)
    if reachable is not None and reachable < asked:
        return None
    needed = max(least, ceil(asked / case.ratio))
    return case.fix("capacity_per_month", at_least=needed)


def check_limit(case: Case, rule: Rule) -> Finding | None:
    """A limit of the office's own over the whole pair (limits.py)."""
    return check_line_limit(case, rule, "")


def check_line_limit(case: Case, rule: Rule, region: str) -> Finding | None:
    """A limit of the office's own over one place of the need."""
    judged = judge(case, rule.params, region)
    return Finding(*judged) if judged is not None else None


def _papers(kinds: Iterable[str]) -> tuple[PaperKind, ...]:
    return _named(tuple(sorted(kinds)))


@lru_cache(maxsize=1024)
def _named(kinds: tuple[str, ...]) -> tuple[PaperKind, ...]:
    return tuple(map(PaperKind, kinds))


def _softened(case: Case, only_by_estimate: bool) -> Severity | None:
    return "warn" if only_by_estimate and not case.settings.estimates_block else None


PAIR_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "category": check_category,
        "required_papers": check_required_papers,
        "one_paper_of": check_one_paper_of,
        "category_md": check_category_md,
        "short_life_md": check_short_life_md,
        "halal": check_halal,
        "papers_checked": check_papers_checked,
        "storage": check_storage,
        "min_order": check_min_order,
        "terms": check_terms,
        "cash": check_cash,
        "limit": check_limit,
    }
)
LINE_CHECKS: Mapping[str, LineCheck] = MappingProxyType(
    {
        "zone": check_zone,
        "shelf_life": check_shelf_life,
        "landed_price": check_landed_price,
        "line_limit": check_line_limit,
    }
)
