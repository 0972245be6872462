"""Whom to take to a bazaar: by turn, and by what the law lets them sell today."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, row_numbers
from marketplace.programs import policies as program_policies
from marketplace.programs.models import Program
from marketplace.programs.queries import bazaars
from marketplace.readiness import documents, policies
from marketplace.readiness.queries import plan as queries
from marketplace.readiness.services import standing as services
from marketplace.readiness.views.asked import area_asked, areas, own_area
from marketplace.readiness.views.blueprint import bp


@bp.get("/readiness/selection")
@allow(policies.may_see_readiness)
def select_for_bazaar() -> ResponseReturnValue:
    """Choose a bazaar; then who is ready, those whose turn it is first."""
    actor = current_actor()
    runnable = [
        program
        for program in queries.bazaars_to_fill(today())
        if program_policies.may_run_program(actor, program)
    ]
    program = _asked(runnable)
    everybody = request.args.get("all") == "1"
    area = own_area() or area_asked() or current_actor().scope
    return render_template(
        "readiness/select_for_bazaar.html",
        bazaars=runnable,
        program=program,
        choices=services.choices(program.id, area, only_ready=not everybody) if program else [],
        stalls=len(bazaars.stalls_of(program.id)) if program else 0,
        taken=bazaars.count_holders(program.id) if program else 0,
        everybody=everybody,
        area=area,
        areas=areas(),
        gap_name=documents.gap_name,
        shown=services.SHOWN,
    )


def _asked(runnable: list[Program]) -> Program | None:
    wanted = request.args.get("program", "")
    if not wanted:
        return runnable[0] if runnable else None
    for program in runnable:
        if str(program.id) == wanted:
            return program
    raise NotFound(N_("There is no such programme."))


@bp.post("/readiness/selection")
@allow(policies.may_see_readiness)
def take_to_bazaar() -> ResponseReturnValue:
    numbers = row_numbers(request.form.getlist("business"))
    program_id = next(iter(row_numbers(request.form.getlist("program")[:1])), 0)
    with transaction():
        added = services.take_along(
            actor=current_actor(), program_id=program_id, business_ids=numbers[:1000]
        )
    flash(ngettext("%(num)d is new on the list.", "%(num)d are new on the list.", added), "success")
    return redirect(url_for(".select_for_bazaar", program=program_id))
