"""What the address asks for: area, category and gap, within what the officer may see."""

from flask import request

from marketplace.commodities.forms import category_name
from marketplace.commodities.rules import categories
from marketplace.core.text import clean_text
from marketplace.infra.web import current_actor
from marketplace.readiness.queries import Scope
from marketplace.readiness.rules import GapKind
from marketplace.regions.rules import regencies


def own_area() -> str:
    """The kabupaten/kota of the officer; empty for the province, which sees all of them."""
    actor = current_actor()
    return "" if actor.is_province_officer else actor.area


def scope_asked() -> Scope:
    """The filters of the address; nonsense does not narrow."""
    kind, detail = gap_asked()
    category = request.args.get("category", "")[:40]
    return Scope(
        area=own_area() or area_asked() or current_actor().scope,
        category=category if category in categories() else "",
        kind=kind,
        detail=detail,
    )


def area_asked() -> str:
    wanted = request.args.get("area", "")[:5]
    return wanted if wanted in dict(areas()) else ""


def gap_asked() -> tuple[GapKind | None, str]:
    """A gap is written `paper:md` in an address."""
    kind, _, detail = clean_text(request.args.get("gap", "")).partition(":")
    if kind not in set(GapKind):
        return None, ""
    return GapKind(kind), detail[:20]


def areas() -> list[tuple[str, str]]:
    """The kabupaten/kota a province may look at one by one; a kabupaten/kota sees its own."""
    home = current_actor().area
    if not current_actor().is_province_officer:
        return []
    return [
        (regency.code, regency.name)
        for regency in regencies().values()
        if regency.province_code == home
    ]


def branches() -> list[tuple[str, str]]:
    """Top categories, for a filter."""
    return [(code, category_name(code)) for code, fact in categories().items() if not fact.parent]
