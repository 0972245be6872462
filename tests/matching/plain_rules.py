"""The hard rules once more, written from the domain alone and with nothing of the engine's code.

Slow, short and plain: `failing` names every rule that excludes a pair in the small world of
`conftest`. Missing data never fails. A pair has the rules of its nearest line, the first of those
that fail the fewest.
"""

from datetime import date
from fractions import Fraction
from math import ceil

from marketplace.matching import Need, NeedLine, Offer
from marketplace.matching.world import Category
from tests.matching.conftest import CATEGORIES, TODAY, leg, zone_of

PERMITS = {"pirt", "md", "ml"}
COLD = {"ambient": 0, "chilled": 1, "frozen": 2}
SAFETY, FILL, SELL_THROUGH, COST = 2, 7, 30, Fraction(7, 10)
HALAL_SINCE = {"medium": date(2024, 10, 18), "large": date(2024, 10, 18)}
HALAL_FOR_SMALL = date(2026, 10, 17)


def failing(offer: Offer, need: Need) -> set[str]:
    """Codes of the rules that exclude the pair; none where it may be suggested."""
    lines = need.lines or (NeedLine(""),)
    by_line = [_line(offer, need, line.region) for line in lines]
    fewest = min(len(failed) for failed in by_line)
    nearest = next(failed for failed in by_line if len(failed) == fewest)
    open_lines = [line for line, failed in zip(lines, by_line, strict=True) if not failed]
    return nearest | _pair(offer, need) | _capacity(offer, need, open_lines or list(lines))


def _holds(unit: str, pack: object) -> dict[str, int]:
    if unit == "kg":
        return {"g": 1000}
    if unit == "liter":
        return {"ml": 1000}
    pieces = {"pcs": 1, "bungkus": 1, "lusin": 12}.get(unit)
    found = {"pcs": pieces} if pieces else {}
    if pack is not None:
        base = {"mass": "g", "volume": "ml", "count": "pcs"}[pack.kind.value]  # type: ignore[attr-defined]
        found[base] = pack.amount * (pieces or 1)  # type: ignore[attr-defined]
    return found


def _ratio(offer: Offer, need: Need) -> Fraction | None:
    """Need units in one sales unit."""
    ours, theirs = _holds(offer.unit, offer.pack), _holds(need.unit, need.pack)
    for base in ("g", "ml"):
        if base in ours and base in theirs:
            return Fraction(ours[base], theirs[base])
    pieces = "pcs" in ours and "pcs" in theirs
    packs = [side.pack is not None and side.pack.kind.value == "count" for side in (offer, need)]
    if pieces and all(packs):
        return Fraction(ours["pcs"], theirs["pcs"])
    if offer.unit and offer.unit == need.unit:
        return Fraction(1)
    if pieces and offer.unit and need.unit:
        return Fraction(ours["pcs"], theirs["pcs"])
    return None


def _wanted(offer: Offer, need: Need) -> Fraction | None:
    """The whole need in sales units a month."""
    stated = [line.volume_per_month for line in need.lines if line.volume_per_month is not None]
    ratio = _ratio(offer, need)
    return sum(stated) / ratio if stated and ratio else None


def _price(offer: Offer, need: Need) -> int | None:
    if offer.price is None:
        return None
    bought = _wanted(offer, need)
    if bought is None:
        return offer.price
    if offer.capacity_per_month is not None:
        bought = min(bought, Fraction(offer.capacity_per_month))
    return min([offer.price, *(p.price for p in offer.price_breaks if p.min_quantity <= bought)])


def _line(offer: Offer, need: Need, region: str) -> set[str]:
    failed = set()
    way = leg(offer.region, region) if offer.region and region else None
    zone = zone_of(region) if region else ""
    if region and offer.zones and not offer.zones & {region, region[:2], zone}:
        failed.add("zone")
    if need.min_shelf_life_days is not None and offer.shelf_life_days is not None:
        spent = (offer.lead_days or 0) + (way.days_p90 if way else 0) + SAFETY
        if offer.shelf_life_days - spent < need.min_shelf_life_days:
            failed.add("shelf_life")
    price, ratio = _price(offer, need), _ratio(offer, need)
    if need.max_price is not None and price is not None and ratio:
        grams = offer.weight_g
        if grams is None:
            held = _holds(offer.unit, offer.pack)
            grams = held.get("g") or held.get("ml")
        freight = ceil(Fraction(way.rupiah_per_kg * grams, 1000)) if way and grams else 0
        if ceil((price + freight) / ratio) > need.max_price:
            failed.add("landed_price")
    return failed


def _pair(offer: Offer, need: Need) -> set[str]:
    failed = set()
    day = max(need.needed_on or TODAY, TODAY)
    held = {p.kind for p in offer.papers if p.valid_to is None or p.valid_to >= day}
    told = {p.kind for p in offer.papers} | offer.papers_told

    def lacks(asked: set[str], spoken: set[str]) -> bool:
        return not held & asked and (offer.papers_known or bool(told & spoken))

    missing = need.papers_required - held
    if missing and (offer.papers_known or told & missing):
        failed.add("papers")
    if need.category in CATEGORIES and offer.category in CATEGORIES:
        ours, theirs = _path(offer.category), _path(need.category)
        if not set(ours) & set(theirs):
            failed.add("category")
    node = CATEGORIES.get(offer.category) or CATEGORIES.get(need.category)
    if node is None and offer.storage == "frozen" and any(p.kind == "pirt" for p in offer.papers):
        node = Category("?", kind="food")  # nothing but food has a P-IRT
    if node is not None and node.kind in {"food", "drink"}:
        if offer.storage == "frozen":
            if lacks({"md", "ml"}, PERMITS):
                failed.add("frozen_needs_md")
        elif lacks(PERMITS, PERMITS):
            failed.add("food_permit")
        if offer.storage == "chilled" and node.is_animal and lacks({"md", "ml"}, PERMITS):
            failed.add("chilled_animal_needs_md")
        since = HALAL_SINCE.get(offer.size_class, HALAL_FOR_SMALL)
        if day >= since and not offer.declared_not_halal and lacks({"halal"}, {"halal"}):
            failed.add("halal_large" if offer.size_class in HALAL_SINCE else "halal")
    if offer.storage and need.storage and COLD[offer.storage] > COLD[need.storage]:
        failed.add("storage")
    return failed | _trade(offer, need)


def _path(code: str) -> list[str]:
    parent = CATEGORIES[code].parent
    return [code, *(_path(parent) if parent else [])]


def _trade(offer: Offer, need: Need) -> set[str]:
    failed = set()
    wanted = _wanted(offer, need)
    if offer.min_order is not None and wanted is not None and wanted < offer.min_order:
        failed.add("min_order")
    way, _, days = need.terms.partition(":")
    if way and offer.terms:
        accepted = {term.partition(":")[0]: term.partition(":")[2] for term in sorted(offer.terms)}
        unlimited = way in offer.terms
        longest = accepted.get(way)
        enough = bool(longest) and bool(days) and int(days) <= int(longest or 0)
        if not (unlimited or enough or (longest is not None and not days)):
            failed.add("terms")
    price = _price(offer, need)
    if way in {"days", "consignment"} and None not in (wanted, price, offer.working_capital):
        assert wanted is not None
        assert price is not None
        assert offer.working_capital is not None
        if offer.capacity_per_month is not None:
            wanted = min(wanted, Fraction(offer.capacity_per_month))
        waiting = FILL + int(days or 0) + (SELL_THROUGH if way == "consignment" else 0)
        if price * COST * wanted * 12 / 365 * waiting > offer.working_capital:
            failed.add("cash")
    return failed


def _capacity(offer: Offer, need: Need, lines: list[NeedLine]) -> set[str]:
    """Capacity below the own minimum order, or below the share that the outlet asks at least."""
    capacity = offer.capacity_per_month
    if capacity is None:
        return set()
    if capacity < (offer.min_order or 1):
        return {"share"}
    whole = [line.volume_per_month for line in need.lines if line.volume_per_month is not None]
    there = [line.volume_per_month for line in lines if line.volume_per_month is not None]
    ratio = _ratio(offer, need)
    if not there or not sum(whole) or ratio is None:
        return set()
    asked = max(Fraction(1), Fraction((need.min_share_percent or 0) * sum(whole), 100))
    return {"share"} if min(int(capacity * ratio), sum(there)) < asked else set()
