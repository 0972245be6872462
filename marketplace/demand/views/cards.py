"""A need as its viewer may see it: for the cards, rows and facts of the templates."""

from flask import url_for

from marketplace.commodities import rules as commodities
from marketplace.commodities.forms import unit_name
from marketplace.core.actor import Actor
from marketplace.core.quantity import shown_pack
from marketplace.core.text import N_
from marketplace.demand import policies, rules
from marketplace.demand.models import Need
from marketplace.demand.queries import pack_of
from marketplace.infra.i18n import choose_locale, say, show_date, show_money
from marketplace.regions.rules import region_name


def card_of(need: Need, actor: Actor) -> dict[str, object]:
    """The keys of the macros `need_card` and `need_row`."""
    sees_buyer = policies.may_see_buyer(actor, need)
    return {
        "url": url_for("demand.show_need", need_id=need.id),
        "title": need.title,
        "place": _place_words(need),
        "volume": total_volume(need),
        "unit": unit_name(need.unit),
        "papers": paper_names(need),
        "needed_on": need.needed_on,
        "lines": len(need.lines),
        "terms": terms_words(need),
        "shelf_days": need.min_shelf_life_days,
        "state": need.state,
        "buyer": need.business.name if sees_buyer else None,
        "max_price": need.ceiling_price if sees_buyer else None,
        "example": need.is_example,
    }


def places_of(need: Need, actor: Actor) -> list[dict[str, object]]:
    """Where and how much: each branch to the outlet and the office, only kabupaten/kota to others.

    A branch's name tells who the buyer is.
    """
    if policies.may_see_buyer(actor, need):
        return [
            {
                "name": line.branch.name if line.branch else region_name(line.region_code),
                "region": region_name(line.region_code) if line.branch else "",
                "volume": line.volume_per_month,
            }
            for line in need.lines
        ]
    sums: dict[str, int] = {}
    for line in need.lines:
        sums[line.region_code] = sums.get(line.region_code, 0) + (line.volume_per_month or 0)
    return [
        {"name": region_name(code), "region": "", "volume": volume or None}
        for code, volume in sums.items()
    ]


def facts_of(need: Need, actor: Actor) -> list[tuple[str, str | None]]:
    """Labels and values of everything else a need says; what was not said is None."""
    category = commodities.categories().get(need.category_code or "")
    facts: list[tuple[str, str | None]] = [
        (N_("Category"), category.name(choose_locale()) if category else None),
        (N_("Unit"), " ".join(filter(None, (unit_name(need.unit), _pack_words(need)))) or None),
        (N_("Brand"), need.brand or None),
        (N_("Papers"), ", ".join(paper_names(need)) or None),
        (
            N_("Shelf life left at receipt"),
            say(N_("at least %(days)s days"), {"days": need.min_shelf_life_days})
            if need.min_shelf_life_days
            else None,
        ),
        (
            N_("Coldest storage"),
            say(rules.STORAGE_NAMES[rules.Storage(need.storage)]) if need.storage else None,
        ),
        (N_("Payment"), terms_words(need)),
        (N_("Needed by"), show_date(need.needed_on) if need.needed_on else None),
        (
            N_("Smallest share"),
            say(N_("at least %(share)s%% of the volume"), {"share": need.min_share_percent})
            if need.min_share_percent
            else None,
        ),
    ]
    if policies.may_see_buyer(actor, need):
        price = need.ceiling_price
        facts.insert(2, (N_("Highest price, delivered"), show_money(price) if price else None))
    return [(say(label), value) for label, value in facts]


def total_volume(need: Need) -> int | None:
    """Units a month over all places, None where none was said."""
    return sum(line.volume_per_month or 0 for line in need.lines) or None


def paper_names(need: Need) -> list[str]:
    asked = rules.split_papers(need.papers_required)
    return [say(name) for kind, name in rules.PAPERS.items() if kind in asked]


def terms_words(need: Need) -> str | None:
    kind, days = rules.split_terms(need.terms)
    if kind == rules.Terms.DAYS and days:
        return say(N_("%(days)s days after delivery"), {"days": days})
    if kind == rules.Terms.CONSIGNMENT and need.commission_percent:
        return say(N_("Consignment, %(share)s%% commission"), {"share": need.commission_percent})
    return say(rules.TERMS_NAMES[rules.Terms(kind)]) if kind else None


def _pack_words(need: Need) -> str:
    pack = pack_of(need)
    return f"({shown_pack(pack)})" if pack else ""


def _place_words(need: Need) -> str:
    """Up to two places by name, then how many more."""
    codes = list(dict.fromkeys(line.region_code for line in need.lines))
    names = ", ".join(region_name(code) for code in codes[:2])
    more = len(codes) - 2
    return (
        say(N_("%(places)s and %(more)s more"), {"places": names, "more": more})
        if (more > 0)
        else names
    )
