"""The training plan, written by the gaps: what to teach, where, to whom, and what it opens."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.routing import BuildError

from marketplace.businesses.rules import PaperKind
from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import export_response
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, row_numbers
from marketplace.readiness import documents, policies, queries
from marketplace.readiness.documents import asking
from marketplace.readiness.documents import plan as plans
from marketplace.readiness.queries import Scope, unsaid
from marketplace.readiness.queries import plan as trainings
from marketplace.readiness.rules import GapKind
from marketplace.readiness.services import inviting
from marketplace.readiness.views.asked import areas, branches, scope_asked
from marketplace.readiness.views.blueprint import bp

SHOWN, UNSAID_SHOWN = 20, 10


@bp.get("/readiness/plan")
@allow(policies.may_see_readiness)
def show_plan() -> ResponseReturnValue:
    scope = scope_asked()
    lines = plans.plan_lines(scope)
    return render_template(
        "readiness/show_plan.html",
        scope=scope,
        lines=lines[:SHOWN],
        count=len(lines),
        gap_name=documents.gap_name,
        areas=areas(),
        branches=branches(),
        gap=request.args.get("gap", "") if scope.kind else "",
        unsaid=unsaid.unsaid_lines(scope, _paper_of(scope), UNSAID_SHOWN),
        paper_name=asking.paper_name,
        unmet=queries.unmet_by_category(),
        rates=plans.match_rates(),
    )


def _paper_of(scope: Scope) -> PaperKind | None:
    """The paper a filter names; no other gap narrows what is not known."""
    known = scope.kind is GapKind.PAPER and scope.detail in set(PaperKind)
    return PaperKind(scope.detail) if known else None


@bp.get("/readiness/plan/ask")
@allow(policies.may_see_readiness)
def list_to_ask() -> ResponseReturnValue:
    """Producers of whom nobody has said whether they have a paper, with the question written."""
    wanted = request.args.get("paper", "")
    if wanted not in set(PaperKind):
        raise NotFound(N_("There is no such page."))
    paper, scope = PaperKind(wanted), scope_asked()
    return render_template(
        "readiness/list_to_ask.html",
        paper=paper,
        name=asking.paper_name(paper),
        page=unsaid.page_to_ask(scope, paper, page_number()),
        ask_link=asking.ask_link,
    )


@bp.get("/readiness/plan.<ending>")
@allow(policies.may_see_readiness)
def export_plan(ending: str) -> ResponseReturnValue:
    if ending not in {"xlsx", "csv"}:
        raise NotFound(N_("There is no such page."))
    columns, rows = documents.gap_table(plans.plan_lines(scope_asked()), plans.BY)
    return export_response(columns, rows, "rencana-pelatihan", ending)


@bp.get("/readiness/plan/training")
@allow(policies.may_see_readiness)
def propose_training() -> ResponseReturnValue:
    """One proposed training: how many producers, which needs it opens, worth how much."""
    scope = _chosen()
    found = plans.proposal(scope, page_number())
    return render_template(
        "readiness/propose_training.html",
        scope=scope,
        proposal=found,
        name=documents.gap_name(scope.kind, scope.detail) if scope.kind else "",
        gap=request.args.get("gap", ""),
        trainings=trainings.trainings_to_fill(today()),
        new_url=_new_training(found, scope) if found else None,
    )


def _chosen() -> Scope:
    scope = scope_asked()
    if scope.kind is None:
        raise NotFound(N_("There is no such page."))
    return scope


def _new_training(found: plans.Proposal, scope: Scope) -> str | None:
    """The form of a new training with what its people lack filled in."""
    try:
        return url_for(
            "programs.create_training",
            unlocks=found.unlock or None,
            subject=found.name,
            category=scope.category or None,
        )
    except BuildError:
        return None


@bp.post("/readiness/plan/invite")
@allow(policies.may_see_readiness)
def invite_to_training() -> ResponseReturnValue:
    """Straight from the gap list onto the list of a training, with the reason in the letter."""
    scope = _chosen()
    program = row_numbers(request.form.getlist("program")[:1])
    chosen = row_numbers(request.form.getlist("business"))[:1000]
    if not program or not chosen:
        flash(_("Choose a training and tick at least one producer."), "warning")
        return _back_to_proposal()
    with transaction():
        added = inviting.invite_to_training(
            actor=current_actor(),
            program_id=program[0],
            business_ids=chosen,
            scope=scope,
            why=plans.why_invited(scope),
        )
    flash(
        ngettext(
            "%(num)d producer is new on the list of the training.",
            "%(num)d producers are new on the list of the training.",
            added,
        ),
        "success",
    )
    return _back_to_proposal()


def _back_to_proposal() -> ResponseReturnValue:
    asked = request.args
    return redirect(
        url_for(
            ".propose_training",
            gap=asked.get("gap"),
            category=asked.get("category"),
            area=asked.get("area"),
        )
    )
