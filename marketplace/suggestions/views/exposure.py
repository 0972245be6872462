"""How suggestions spread over producers, the cap and floor on them, and what they would change."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_
from marketplace.infra import jobs
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.errors import status_of
from marketplace.infra.jobs import Job, JobState
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.suggestions import policies, queries, sheets
from marketplace.suggestions.forms import ExposureForm
from marketplace.suggestions.queries import exposure
from marketplace.suggestions.rules import ExposurePeriod, SuggestionState, first_day, period_of
from marketplace.suggestions.services import exposing, trying
from marketplace.suggestions.views.blueprint import bp

SHOWN = 50  # producers; the files hold all


def _area() -> str:
    actor = current_actor()
    return actor.scope


def _kind_asked() -> ExposurePeriod:
    """The period looked at: the one asked for, else the one in force, else the month."""
    asked = request.args.get("period", "")
    if asked in set(ExposurePeriod):
        return ExposurePeriod(asked)
    rule = exposure.rule_in_force()
    return rule.period if rule is not None else ExposurePeriod.MONTH


@bp.get("/exposure")
@allow(policies.may_review)
def show_exposure() -> ResponseReturnValue:
    return _page(_form_in_force())


def _form_in_force() -> ExposureForm:
    rule = exposure.rule_in_force()
    if rule is None:
        return ExposureForm(formdata=None, period=ExposurePeriod.MONTH.value)
    return ExposureForm(
        formdata=None,
        period=rule.period.value,
        cap=rule.cap,
        floor=rule.floor or None,
        min_percent=rule.min_percent or None,
    )


def _page(form: ExposureForm, status: int = 200) -> ResponseReturnValue:
    kind = _kind_asked()
    shares = exposure.list_shares(period_of(today(), kind), _area())
    body = render_template(
        "suggestions/show_exposure.html",
        rule=exposure.rule_in_force(),
        rules=exposure.list_rules(),
        kind=kind,
        since=first_day(period_of(today(), kind)),
        spread=exposing.spread_of_shares(shares),
        shares=shares[:SHOWN],
        total=len(shares),
        held=sum(share.held for share in shares),
        raised=sum(share.by_floor for share in shares),
        form=form,
        may_set=policies.may_set_exposure(current_actor()),
    )
    return body, status


@bp.post("/exposure")
@allow(policies.may_set_exposure)
def set_exposure() -> ResponseReturnValue:
    """Set it, or first see what it would change; taking it away needs no fields."""
    actor = current_actor()
    if request.form.get("end"):
        with transaction():
            exposing.end_rule(actor=actor)
        flash(_("Cap and floor are taken away. What was held back comes into the queue."))
        return redirect(url_for(".show_exposure"))
    form = ExposureForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with transaction():
            if request.form.get("try"):
                job = trying.ask_for_preview(form.draft(), actor.person_id)
                location = url_for(".show_exposure_preview", job_id=job.id)
            else:
                exposing.set_rule(actor=actor, draft=form.draft())
                location = url_for(".show_exposure")
    except DomainError as error:
        form.refuse(error)
        return _page(form, status_of(error))
    if not request.form.get("try"):
        flash(
            _(
                "Cap and floor are set, for suggestions made from now on. What is in the queue"
                " already stays there."
            ),
            "success",
        )
    return redirect(location)


@bp.get("/exposure.<ending>")
@allow(policies.may_review)
def export_exposure(ending: str) -> ResponseReturnValue:
    """Every producer with their share of the period, as a file."""
    if ending not in FORMATS:
        raise NotFound(N_("There is no such page."))
    period = period_of(today(), _kind_asked())
    columns, rows = sheets.shares_table(exposure.list_shares(period, _area()))
    return export_response(columns, rows, f"sebaran-usulan-{period}", ending)


@bp.post("/suggestions/<int:suggestion_id>/lift")
@allow(policies.may_decide, queries.get_suggestion)
def lift(suggestion_id: int) -> ResponseReturnValue:
    if queries.get_suggestion(suggestion_id).state is not SuggestionState.HELD:
        flash(_("This pairing is not held back."), "warning")
        return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))
    with transaction():
        exposing.lift(actor=current_actor(), suggestion=queries.get_suggestion(suggestion_id))
    flash(_("The pairing is in the queue."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id))


def _own_preview(job_id: int, **_others: str) -> Job:
    job = jobs.get_job(job_id)
    if job.kind != trying.KIND:
        raise NotFound(N_("There is no such page."))
    return job


def _may_see_preview(actor: Any, job: Job) -> bool:
    return policies.may_set_exposure(actor) and job.owner_id == actor.person_id


@bp.get("/exposure/previews/<int:job_id>")
@allow(_may_see_preview, _own_preview)
def show_exposure_preview(job_id: int) -> ResponseReturnValue:
    """What the cap and floor tried would change, once it is computed."""
    job = _own_preview(job_id)
    outcome = trying.read_outcome(job) if job.state is JobState.DONE else None
    changed = [each for each in outcome["producers"] if _differs(each)] if outcome else []
    return render_template(
        "suggestions/show_exposure_preview.html",
        job=job,
        draft=job.args,
        outcome=outcome,
        changed=changed[:SHOWN],
        total=len(changed),
        names=exposure.names_of([each["id"] for each in changed[:SHOWN]]),
        form=ExposureForm(formdata=None, **_fields(job)),
    )


def _differs(producer: dict[str, int]) -> bool:
    return producer["before"] != producer["after"]


def _fields(job: Job) -> dict[str, Any]:
    return {name: job.args[name] for name in ("period", "cap", "floor", "min_percent")}


@bp.get("/exposure/previews/<int:job_id>.<ending>")
@allow(_may_see_preview, _own_preview)
def export_exposure_preview(job_id: int, ending: str) -> ResponseReturnValue:
    job = _own_preview(job_id)
    if job.state is not JobState.DONE or ending not in FORMATS:
        return redirect(url_for(".show_exposure_preview", job_id=job_id))
    outcome = trying.read_outcome(job)
    names = exposure.names_of([each["id"] for each in outcome["producers"]])
    columns, rows = sheets.preview_table(outcome["producers"], names)
    return export_response(columns, rows, f"coba-batas-{job_id}", ending)
