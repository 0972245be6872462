"""How many qualify and what removes the others: for a need, for a product, for the office."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalog import queries as catalog
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_, clean_text
from marketplace.demand import queries as demand
from marketplace.infra import search
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.suggestions import documents, policies, queries
from marketplace.suggestions.rules import RequestedBy
from marketplace.suggestions.services import asking, deciding
from marketplace.suggestions.services.computing import is_proposable
from marketplace.suggestions.services.world import open_needs
from marketplace.suggestions.views.blueprint import bp

SHOWN, FURTHER = 20, 5


@bp.get("/needs/<int:need_id>/matches")
@allow(policies.may_judge_need, demand.get_need)
def show_need_matches(need_id: int) -> ResponseReturnValue:
    """Counts and rules only: who the producers are is told once an officer accepted."""
    need = demand.get_need(need_id)
    found = open_needs([need_id])
    ranking = None
    if found:
        with search.engine() as engine:
            ranking = engine.rank(found[0], top=SHOWN, explain=True)
    return render_template(
        "suggestions/show_need_matches.html",
        need=need,
        funnel=ranking.funnel if ranking else None,
        steps=_steps(ranking.funnel) if ranking else [],
        # Only what is surely the same thing goes to the office by itself: promise no more.
        is_proposed=any(is_proposable(pairing) for pairing in ranking.pairings)
        if ranking
        else False,
    )


def _steps(funnel: object) -> list[dict[str, object]]:
    return [
        {
            "rule": documents.rule_words(step.rule),
            "alone": step.alone,
            "among": step.among,
        }
        for step in funnel.steps  # type: ignore[attr-defined]
    ]


@bp.get("/needs-without-proposal")
@allow(policies.may_weigh_any_candidates)
def list_unanswered_needs() -> ResponseReturnValue:
    """Where the engine has nobody: the office looks who comes near, and why they are excluded."""
    return render_template(
        "suggestions/list_unanswered_needs.html", page=queries.page_of_unanswered(page_number())
    )


@bp.get("/needs/<int:need_id>/candidates")
@allow(policies.may_weigh_candidates, demand.get_need)
def list_candidates(need_id: int) -> ResponseReturnValue:
    """Everyone who comes near this need: eligible, and excluded with what would make them fit."""
    return _candidates_page(need_id)


def _candidates_page(need_id: int, problem: str = "") -> str:
    need = demand.get_need(need_id)
    found = open_needs([need_id])
    if not found:
        raise NotFound(N_("This need is not open at the moment."))
    # Beside another province the best of all may be mostly its own: look further down.
    top = SHOWN * FURTHER if current_actor().scope else SHOWN
    with search.engine() as engine:
        ranking = engine.rank(found[0], top=top, explain=True)
    shown = [*ranking.pairings, *ranking.excluded]
    products = {
        product.id: product
        for product in catalog.products_by_ids([int(pairing.offer_id) for pairing in shown])
        if policies.may_propose(current_actor(), product)
    }
    known = {row.product_id: row for row in queries.list_of_need(need_id)}

    def cards(pairings: object) -> list[dict[str, object]]:
        found: list[dict[str, object]] = [
            {
                "card": documents.bare_card(pairing, products[int(pairing.offer_id)], need, state),
                "product_id": int(pairing.offer_id),
                "suggestion": known.get(int(pairing.offer_id)),
            }
            for pairing in pairings  # type: ignore[attr-defined]
            # the index may be a moment behind the database: what is gone is not shown
            if int(pairing.offer_id) in products
            for state in ["pass" if pairing.eligible else "fail"]
        ]
        return found[:SHOWN]

    return render_template(
        "suggestions/list_candidates.html",
        need=need,
        eligible=cards(item for item in ranking.pairings if is_proposable(item)),
        similar=cards(item for item in ranking.pairings if not is_proposable(item)),
        excluded=cards(ranking.excluded),
        steps=_steps(ranking.funnel),
        funnel=ranking.funnel,
        problem=problem,
    )


@bp.post("/needs/<int:need_id>/candidates/<int:product_id>")
@allow(policies.may_weigh_candidates, lambda need_id, product_id: demand.get_need(need_id))
def propose_candidate(need_id: int, product_id: int) -> ResponseReturnValue:
    """Put a near miss before the office, with the reason why its exclusion is set aside."""
    reason = clean_text(request.form.get("override_reason", ""))
    if len(reason) > 400:
        raise InvalidInput(N_("At most %(limit)s characters, please."), limit=400)
    try:
        number = _put_into_queue(need_id, product_id, reason)
    except InvalidInput as error:
        return _candidates_page(need_id, say(error.msgid, error.params)), 422
    flash(_("The pairing is in the queue."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=number))


def _put_into_queue(need_id: int, product_id: int, reason: str) -> int:
    with search.engine() as engine:
        judged = asking.judge_pair(engine, product_id, need_id)
        with transaction():
            suggestion = asking.ask(
                actor=current_actor(), judged=judged, engine=engine, by=RequestedBy.OFFICER
            )
            if not suggestion.is_eligible:
                deciding.override(actor=current_actor(), suggestion=suggestion, reason=reason)
            return suggestion.id


@bp.get("/products/<int:product_id>/matches")
@allow(policies.may_judge_product, catalog.get_product)
def show_product_matches(product_id: int) -> ResponseReturnValue:
    """A producer's readiness: which open needs this product fits, and what stops the others."""
    product = catalog.get_product(product_id)
    offers = catalog.list_offers([product_id])
    pairings = []
    if offers:
        with search.engine() as engine:
            ranking = engine.rank_needs(offers[0], top=SHOWN, explain=True)
        pairings = [*ranking.pairings, *ranking.excluded]
    needs = demand.needs_by_ids([int(item.need_id) for item in pairings])
    rows = [
        {
            "need": needs[int(pairing.need_id)],
            "fits": pairing.eligible,
            "lines_passing": pairing.lines_passing,
            "lines_total": len(pairing.lines),
            "volume": pairing.volume_per_month,
            "obstacles": documents.obstacles_of(pairing, tell_ceiling=current_actor().is_officer),
        }
        for pairing in pairings
        # Goods that only share a word are neither a fit nor something to work towards.
        if int(pairing.need_id) in needs and is_proposable(pairing)
    ]
    return render_template(
        "suggestions/show_product_matches.html",
        product=product,
        fitting=[row for row in rows if row["fits"]],
        is_cut=len(pairings) >= SHOWN,
        most=SHOWN,
        missing=[row for row in rows if not row["fits"]],
        is_published=bool(offers),
    )
