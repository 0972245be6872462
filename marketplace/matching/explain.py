"""Every point, verdict and counterfactual as a sentence to translate, with typed numbers.

`reason_of` gives (msgid, params), `fix_of` what would mend a verdict, `rule_name` the name of a
rule. Params are those of `core.params` and tuples of them: the edge formats each. Never HTML.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from marketplace.core.params import Count, Days, Money, PaperKind, Region, UnitPrice
from marketplace.core.text import N_
from marketplace.matching.outcome import Params, Point, Verdict

Reason = tuple[str, Params]

_POINTS: Mapping[str, str] = MappingProxyType(
    {
        "spelling": N_("The names are written alike (%(percent)s)"),
        "spelling_rare": N_("The telling parts of the names are written alike (%(percent)s)"),
        "spelling_back": N_("%(percent)s of the offer's name is written as asked"),
        "words": N_("Words in common: %(words)s (%(percent)s of what is asked)"),
        "words_plain": N_("%(percent)s of the words asked for are in the name"),
        "words_back": N_("%(percent)s of the offer's name is asked for"),
        "words_all": N_("Every word asked for is in the name"),
        "words_anywhere": N_("%(percent)s of the words asked for are in the name or description"),
        "rarest": N_("The most telling word in common (%(percent)s)"),
        "begins": N_("The offer's name begins with what is asked (%(percent)s)"),
        "unlike_differs": N_("Words that tell goods apart stand in only one of the names"),
        "filler": N_("What differs are words that say little"),
        "variant_same": N_("Same kind, taste or colour: %(words)s"),
        "variant_differs": N_("Another kind, taste or colour than asked: %(words)s"),
        "size_same": N_("Same size: %(words)s"),
        "size_differs": N_("The size is not the one asked for: %(words)s"),
        "measure_same": N_("Same measure: %(words)s"),
        "measure_differs": N_("The measure is not the one asked for: %(words)s"),
        "model_same": N_("Same article number: %(words)s"),
        "model_differs": N_("The article number is not the one asked for: %(words)s"),
        "number_same": N_("Same number in the name: %(words)s"),
        "number_differs": N_("The number in the name is not the one asked for: %(words)s"),
        "brand_same": N_("Same brand"),
        "brand_differs": N_("Another brand"),
        "place": N_("Number %(place)s among all offers by words"),
        "share_of_best": N_("%(percent)s as close in words as the closest offer"),
        "title_share": N_("%(percent)s as close in the name's words as the closest offer"),
        "share_of_self": N_("%(percent)s of the words asked for, the telling ones counting more"),
        "company": N_("Resembles the other good candidates (%(percent)s)"),
        "echo": N_("Resembles another good candidate (%(percent)s)"),
        "rival_differs": N_("Closer to another offer than to this need (%(percent)s)"),
        # Seen from the offer: several may each have this need as the closest.
        "nearest": N_(
            "Of the need and the other good candidates, the need is number %(place)s in closeness"
            " to the offer"
        ),
        "article_same": N_("Same article number: %(words)s"),
        "article_differs": N_("The article number is not the one asked for: %(words)s"),
        "article_told": N_("The description names the article number: %(words)s"),
        "written_otherwise": N_(
            "%(percent)s of the words asked for are in the name in a similar spelling"
        ),
        "fit_price": N_("Landed price %(landed)s is within the ceiling of %(ceiling)s"),
        "fit_share": N_("Can supply %(covered)s of %(wanted)s a month (%(share)s)"),
        "fit_distance": N_("About %(days)s days on the way"),
        "fit_papers": N_("%(held)s papers held, %(verified)s of them checked"),
        "fit_shelf_life": N_("Keeps %(left)s days after arrival, %(asked)s are asked"),
        "fit_category": N_("The category fits"),
        "fit_terms": N_("The payment terms are accepted: %(wanted)s"),
        "fit_storage": N_("The storage fits: %(offered)s"),
        "fit_cash": N_("The working capital carries the payment terms"),
    }
)

_CATEGORY_PASS = N_("The category fits")
_PERMIT_PASS = N_("Holds the food permit: %(papers)s")
_MD_ASKED = N_("Holds neither MD nor ML, which this kind of food needs")
_MD_UNKNOWN = N_("To ask: is there an MD or ML for this food?")

# For every rule: passes, fails, unknown.
_VERDICTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "category": (
            _CATEGORY_PASS,
            N_("Another category than the one asked for"),
            N_("To ask: which category is this?"),
        ),
        "papers": (
            N_("Holds the papers asked for: %(papers)s"),
            N_("Missing or expired by delivery: %(papers)s"),
            N_("To ask: are these papers held: %(papers)s?"),
        ),
        "food_permit": (
            _PERMIT_PASS,
            N_("Food may not be sold without P-IRT, MD or ML"),
            N_("To ask: is there a P-IRT or MD?"),
        ),
        "frozen_needs_md": (
            _PERMIT_PASS,
            N_("Frozen food needs MD, a P-IRT does not cover it"),
            _MD_UNKNOWN,
        ),
        "chilled_animal_needs_md": (
            _PERMIT_PASS,
            N_("Chilled animal products need MD, a P-IRT does not cover them"),
            _MD_UNKNOWN,
        ),
        "category_needs_md": (_PERMIT_PASS, _MD_ASKED, _MD_UNKNOWN),
        "short_life_needs_md": (
            _PERMIT_PASS,
            N_("Food that keeps less than a week at room temperature may need MD"),
            _MD_UNKNOWN,
        ),
        "halal": (
            N_("Halal certificate held"),
            N_("No halal certificate, which food and drink now need"),
            N_("To ask: is there a halal certificate?"),
        ),
        "papers_checked": (
            N_("Checked by an officer: %(papers)s"),
            N_("Not yet checked by an officer: %(papers)s"),
            N_("To ask: have the papers been checked?"),
        ),
        "storage": (
            N_("The outlet can keep it: %(offered)s"),
            N_("Must be kept %(offered)s, the outlet keeps %(wanted)s"),
            N_("To ask: how must it be kept?"),
        ),
        "zone": (
            N_("The region is served"),
            N_("The producer does not serve this region: %(region)s"),
            N_("To ask: is this region served?"),
        ),
        "shelf_life": (
            N_("Keeps %(left)s days after arrival, %(asked)s are asked"),
            N_("Keeps only %(left)s days after arrival, %(asked)s are asked"),
            N_("To ask: how many of the %(asked)s days asked are left on arrival?"),
        ),
        "landed_price": (
            N_("Landed price %(landed)s is within the ceiling of %(ceiling)s"),
            N_("Landed price %(landed)s is above the ceiling of %(ceiling)s"),
            N_("To ask: is the price at the door within %(ceiling)s?"),
        ),
        "min_order": (
            N_("The need reaches the minimum order of %(min_order)s"),
            N_("The need of %(wanted)s is below the minimum order of %(min_order)s"),
            N_("To ask: does the need reach the minimum order of %(min_order)s?"),
        ),
        "share": (
            N_("Can supply %(covered)s of %(wanted)s a month (%(share)s)"),
            N_("Can supply only %(covered)s of %(wanted)s a month (%(share)s, %(asked)s asked)"),
            N_("To ask: how much of the %(wanted)s a month can be supplied?"),
        ),
        "terms": (
            N_("The payment terms are accepted: %(wanted)s"),
            N_("The payment terms are not accepted: %(wanted)s"),
            N_("To ask: are these payment terms accepted: %(wanted)s?"),
        ),
        # Limits of the office's own (limits.py).
        "limit_days": (
            N_("%(value)s days on the way, within the office's limit of %(limit)s"),
            N_("%(value)s days on the way, the office allows %(limit)s"),
            N_("To ask: how many days on the way? The office allows %(limit)s"),
        ),
        "limit_price": (
            N_("Landed price %(value)s of the ceiling, within the office's limit of %(limit)s"),
            N_("Landed price %(value)s of the ceiling, the office allows %(limit)s"),
            N_("To ask: what is the landed price? The office allows %(limit)s of the ceiling"),
        ),
        "limit_shelf": (
            N_("Keeps %(value)s of the days asked, above the office's limit of %(limit)s"),
            N_("Keeps %(value)s of the days asked, the office wants %(limit)s"),
            N_("To ask: how long does it keep? The office wants %(limit)s of the days asked"),
        ),
        "limit_share": (
            N_("Can make %(value)s of what is needed, above the office's limit of %(limit)s"),
            N_("Can make %(value)s of what is needed, the office wants %(limit)s"),
            N_("To ask: how much can be made? The office wants %(limit)s of what is needed"),
        ),
        "limit_order": (
            N_("Minimum order %(value)s of the need, within the office's limit of %(limit)s"),
            N_("Minimum order %(value)s of the need, the office allows %(limit)s"),
            N_("To ask: what is the minimum order? The office allows %(limit)s of the need"),
        ),
        "limit_unverified": (
            N_("As many papers are checked as the office wants"),
            N_("The office wants these papers checked first: %(papers)s"),
            N_("To ask: have the papers been checked?"),
        ),
        "limit_kind": (
            N_("The office has no rule against this kind of pairing"),
            N_("A rule of the office: these goods, this kind of outlet or this place do not fit"),
            N_("A rule of the office might speak against it"),
        ),
        "cash": (
            N_("%(tied)s tied up for %(days)s days, %(declared)s working capital"),
            N_("%(tied)s would be tied up for %(days)s days, working capital is %(declared)s"),
            N_("To ask: can the producer wait that long for the money?"),
        ),
    }
)
_SAME_SENTENCES = {"halal_large": "halal"}
_LIMIT = re.compile(r"(limit_[a-z]+)_\d+")
_NOT_HALAL = N_("Declared not halal: exempt, but must carry the notice")
_BELOW_MIN_ORDER = N_(
    "Capacity %(capacity)s is below the producer's own minimum order %(min_order)s"
)
_PAPERS_TOLD = N_("Papers, as told: %(papers)s")
_KEEPS_ANYWAY = N_(
    "Keeps at least %(left)s days after arrival, %(asked)s are asked: up to %(reckoned)s days are"
    " reckoned for what is not told of making and sending"
)
_TIME_UNTOLD = N_(
    "To ask: how long do making and sending take? %(left)s days are left before what is not told,"
    " %(asked)s are asked"
)

_FIXES: Mapping[str, str] = MappingProxyType(
    {
        "papers": N_("would fit if held: %(papers)s"),
        "zones": N_("would fit if this were served: %(regions)s"),
        "terms": N_("would fit if these terms were accepted: %(terms)s"),
        "category": N_("would fit in the category %(value)s"),
        "storage": N_("would fit if it could be kept %(value)s"),
        "price": N_("would fit at a price of at most %(value)s"),
        "min_order": N_("would fit at a minimum order of at most %(value)s"),
        "shelf_life_days": N_("would fit with a shelf life of at least %(value)s days"),
        "capacity_per_month": N_("would fit with a capacity of at least %(value)s a month"),
        "working_capital": N_("would fit with a working capital of at least %(value)s"),
    }
)
_NOT_ALONE = N_("would fit only together with other changes that this one brings with it")
_ONCE_CHECKED = N_("would fit once checked: %(papers)s")
_LISTS: Mapping[str, tuple[str, Callable[[str], object]]] = MappingProxyType(
    {"papers": ("papers", PaperKind), "zones": ("regions", Region), "terms": ("terms", str)}
)
_AMOUNTS: Mapping[str, Callable[[int, Mapping[str, Any]], object]] = MappingProxyType(
    {
        "working_capital": lambda value, fix: Money(value),
        "shelf_life_days": lambda value, fix: Days(value),
        # Told in the unit that the offer is sold by; evidence from before it was named has none.
        "price": lambda value, fix: UnitPrice(value, fix.get("unit", ""), fix.get("pack", "")),
        "min_order": lambda value, fix: Count(value, fix.get("unit", "")),
        "capacity_per_month": lambda value, fix: Count(value, fix.get("unit", "")),
    }
)

_RULES: Mapping[str, str] = MappingProxyType(
    {
        "category": N_("Category"),
        "papers": N_("Papers asked for"),
        "food_permit": N_("Food permit (P-IRT or MD)"),
        "frozen_needs_md": N_("MD for frozen food"),
        "chilled_animal_needs_md": N_("MD for chilled animal products"),
        "category_needs_md": N_("MD for this kind of food"),
        "short_life_needs_md": N_("MD for food with a short life"),
        "halal": N_("Halal certificate"),
        "papers_checked": N_("Papers checked"),
        "storage": N_("Storage"),
        "zone": N_("Region served"),
        "shelf_life": N_("Shelf life on arrival"),
        "landed_price": N_("Landed price"),
        "min_order": N_("Minimum order"),
        "share": N_("Capacity"),
        "terms": N_("Payment terms"),
        "cash": N_("Working capital"),
        "limit_days": N_("Office rule: days on the way"),
        "limit_price": N_("Office rule: landed price"),
        "limit_shelf": N_("Office rule: shelf life"),
        "limit_share": N_("Office rule: share of the need"),
        "limit_order": N_("Office rule: minimum order"),
        "limit_unverified": N_("Office rule: papers checked"),
        "limit_kind": N_("Office rule: kind of pairing"),
    }
)


def rule_name(code: str) -> str:
    """The name of a rule, for a list of them."""
    return _RULES[_spoken(code)]


def _spoken(code: str) -> str:
    """The code under which the sentences of a rule stand."""
    limit = _LIMIT.fullmatch(code)
    return limit.group(1) if limit else _SAME_SENTENCES.get(code, code)


def reason_of(item: Point | Verdict) -> Reason:
    """The sentence of a point, or of a verdict as it came out."""
    if isinstance(item, Point):
        if item.code == "fit_shelf_life" and "reckoned" in item.params:
            return _KEEPS_ANYWAY, item.params
        if item.code == "fit_papers" and "papers" in item.params:
            return _PAPERS_TOLD, item.params
        return _POINTS[item.code], item.params
    rule = _spoken(item.rule)
    if rule == "halal" and item.params.get("exempt"):
        return _NOT_HALAL, item.params
    if rule == "share" and "capacity" in item.params:
        return _BELOW_MIN_ORDER, item.params
    if rule == "shelf_life" and item.outcome == "pass" and "reckoned" in item.params:
        return _KEEPS_ANYWAY, item.params
    if rule == "shelf_life" and item.outcome == "unknown" and "left" in item.params:
        return _TIME_UNTOLD, item.params
    passes, fails, unknown = _VERDICTS[rule]
    return {"pass": passes, "fail": fails, "unknown": unknown}[item.outcome], item.params


def fix_of(verdict: Verdict) -> Reason | None:
    """What would have to change for this verdict to pass; None where nothing alone would."""
    fix = verdict.fix
    if fix is None:
        return None
    if fix.get("also"):
        return _NOT_ALONE, {}
    field = str(fix["field"])
    if _spoken(verdict.rule) == "limit_unverified":
        return _ONCE_CHECKED, {"papers": tuple(PaperKind(kind) for kind in fix["add"])}
    if field in _LISTS:
        name, typed = _LISTS[field]
        return _FIXES[field], {name: tuple(typed(word) for word in fix["add"])}
    value = next(fix[word] for word in ("set", "at_least", "at_most") if word in fix)
    return _FIXES[field], {"value": _AMOUNTS[field](value, fix) if field in _AMOUNTS else value}


def strongest(points: tuple[Point, ...], count: int = 3) -> tuple[Point, ...]:
    """The points that say most, best first: what a queue shows beside a pairing."""
    return tuple(sorted(points, key=lambda point: (-point.points, point.code))[:count])
