"""Lists of needs: one's own, and those producers may answer."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.commodities import rules as commodities
from marketplace.demand import policies, queries, rules
from marketplace.demand.queries import NeedFilter
from marketplace.demand.rules import NeedState
from marketplace.demand.views import cards
from marketplace.demand.views.base import bp, own_outlets
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.regions import rules as regions


@bp.get("/needs")
@allow(policies.may_browse_needs)
def browse_needs() -> ResponseReturnValue:
    """Open needs for producers; the office sees paused and closed ones as well."""
    actor = current_actor()
    wanted = NeedFilter.of(request.args)
    page_of = queries.page_of_all_needs if actor.is_officer else queries.page_of_open_needs
    page = page_of(number=page_number(), wanted=wanted)
    return render_template(
        "demand/browse_needs.html",
        page=page,
        cards=[
            # What producers see is always open: saying so on every card only makes it longer.
            {**card, "state": card["state"] if actor.is_officer else None}
            for card in (cards.card_of(need, actor) for need in page.items)
        ],
        wanted=wanted,
        categories=_category_options(),
        areas=_area_options(),
        papers=[(code, say(name)) for code, name in rules.PAPERS.items()],
        states=[
            (s.value, say(rules.STATE_NAMES[s])) for s in NeedState if s is not NeedState.DRAFT
        ],
    )


@bp.get("/needs/own")
@allow(policies.may_have_needs)
def list_own_needs() -> ResponseReturnValue:
    actor = current_actor()
    ids = own_outlets()
    wanted = NeedFilter.of(request.args)
    page = queries.page_of_own_needs(ids, number=page_number(), wanted=wanted)
    counts = queries.count_own_needs(ids)
    return render_template(
        "demand/list_own_needs.html",
        page=page,
        cards=[cards.card_of(need, actor) for need in page.items],
        wanted=wanted,
        counts=[(s.value, say(rules.STATE_NAMES[s]), counts.get(s, 0)) for s in NeedState],
        has_outlet=bool(ids),
    )


def _area_options() -> list[tuple[str, str]]:
    zones = [(zone.value, say(name)) for zone, name in regions.ZONE_NAMES.items()]
    return [*zones, *((p.code, p.name) for p in regions.provinces().values())]


def _category_options() -> list[tuple[str, str]]:
    """Every category, branches included, leaves set in under their branch."""
    locale = choose_locale()
    return [
        (category.code, ("– " if category.parent else "") + category.name(locale))
        for category in commodities.categories().values()
    ]
