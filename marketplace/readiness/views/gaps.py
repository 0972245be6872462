"""What producers miss: for the office over all of them, for a producer over their own products."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.businesses import queries as businesses
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import export_response
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.readiness import documents, policies, queries
from marketplace.readiness.views.asked import areas, branches, scope_asked
from marketplace.readiness.views.blueprint import bp


@bp.get("/readiness")
@allow(policies.may_see_readiness)
def show_readiness() -> ResponseReturnValue:
    """All gaps of the area with what they open, and the producers behind them."""
    scope = scope_asked()
    written = queries.list_remedies()
    kept, measured_at = queries.count_measured()
    return render_template(
        "readiness/show_readiness.html",
        scope=scope,
        total=queries.totals(scope),
        cards=[documents.gap_card(line, written) for line in queries.gap_lines(scope)],
        page=queries.page_of_producers(scope, page_number()),
        first_step=documents.first_step,
        areas=areas(),
        branches=branches(),
        kept=kept,
        measured_at=measured_at,
        gap=request.args.get("gap", "") if scope.kind else "",
    )


@bp.get("/readiness.<ending>")
@allow(policies.may_see_readiness)
def export_readiness(ending: str) -> ResponseReturnValue:
    """The pairings behind the page as shown, one row each, as a file."""
    if ending not in {"xlsx", "csv"}:
        raise NotFound(N_("There is no such page."))
    columns, rows = documents.missed_table(queries.list_missed(scope_asked()))
    return export_response(columns, rows, "kesiapan", ending)


@bp.get("/readiness/pairings")
@allow(policies.may_see_readiness)
def list_pairings() -> ResponseReturnValue:
    """The rows behind a figure: who would supply whom if what is missing were there."""
    scope = scope_asked()
    page = queries.page_of_missed(scope, page_number())
    return render_template(
        "readiness/list_pairings.html",
        scope=scope,
        name=documents.gap_name(scope.kind, scope.detail) if scope.kind else "",
        page=page,
        cards=[documents.missed_card(row) for row in page.items],
        gap=request.args.get("gap", "") if scope.kind else "",
    )


@bp.get("/readiness/businesses/<int:business_id>")
@allow(policies.may_see_business, businesses.get_business)
def show_business(business_id: int) -> ResponseReturnValue:
    """What one producer misses, what that would open, and the next step."""
    business = businesses.get_business(business_id)
    tell_price = current_actor().is_officer
    return render_template(
        "readiness/show_business.html",
        business=business,
        is_own=not tell_price,
        trainings=queries.upcoming_trainings(business.region_code),
        **documents.producer_page(business_id, tell_price=tell_price),
    )


@bp.get("/readiness/mine")
@allow(policies.may_see_own)
def show_own() -> ResponseReturnValue:
    """One's own producers: straight to the page where there is one."""
    actor = current_actor()
    ids = sorted(actor.producer_ids)
    if actor.acting_for is not None and actor.acting_kind == "producer":
        ids = [actor.acting_for]
    if len(ids) == 1:
        return redirect(url_for(".show_business", business_id=ids[0]))
    return render_template(
        "readiness/choose_business.html",
        businesses=[businesses.get_business(number) for number in ids],
    )
