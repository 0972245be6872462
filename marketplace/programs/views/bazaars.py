"""Bazaars and expos: plan, change, open, close, and the page of one while it runs."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.core.text import whole_number
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.programs import policies
from marketplace.programs.forms.bazaars import BazaarForm
from marketplace.programs.models import Program
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import figures, leads, turnover
from marketplace.programs.rules import (
    KIND_NAMES,
    LEVEL_NAMES,
    STATE_NAMES,
    ProgramKind,
    ProgramLevel,
)
from marketplace.programs.rules.bazaars import BazaarDraft, numbered
from marketplace.programs.services import bazaars as services
from marketplace.programs.views.blueprint import bp


@bp.route("/bazaars/new", methods=["GET", "POST"])
@allow(policies.may_add_program)
def create_bazaar() -> ResponseReturnValue:
    """`?kind=expo` plans an expo; `?like=7` takes the set-up of an earlier one."""
    actor = current_actor()
    kind = ProgramKind.EXPO if request.args.get("kind") == "expo" else ProgramKind.BAZAAR
    like = _like()
    changed = BazaarForm.with_rows(request.form)
    if request.method == "GET":
        return _new_page(_first_form(kind, like), kind, like)
    form = changed or BazaarForm()
    if changed is not None:
        return _new_page(form, kind, like)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return _new_page(form, kind, like, 422)
    try:
        with transaction():
            program = services.create_bazaar(
                actor=actor,
                draft=form.draft(kind),
                like=like if like is not None and "with_participants" in request.form else None,
            )
            location = remember_form(form, url_for(".list_holders", bazaar_id=program.id))
    except DomainError as error:
        form.refuse(error)
        return _new_page(form, kind, like, status_of(error))
    flash(_("It is planned. Now choose who takes part."), "success")
    return redirect(location)


def _like() -> Program | None:
    """The earlier one named in the address, if it is one of the own."""
    number = whole_number(request.args.get("like"))
    if number is None:
        return None
    found = queries.get_bazaar(number)
    return found if policies.may_run_program(current_actor(), found) else None


def _first_form(kind: ProgramKind, like: Program | None) -> BazaarForm:
    """A new form: as the earlier one was, with its hours and without its days."""
    if like is not None:
        sells = like.sells and like.kind is kind
        return BazaarForm.of(replace(services.draft_of(like), days=(), sells=sells))
    actor = current_actor()
    office = accounts.get_office(actor.office_id) if actor.office_id is not None else None
    level = ProgramLevel.REGENCY if actor.is_regency_officer else ProgramLevel.PROVINCE
    return BazaarForm.of(
        BazaarDraft(
            kind=kind,
            title="",
            level=ProgramLevel.NATIONAL if kind is ProgramKind.EXPO else level,
            organiser=office.name if office is not None and kind is ProgramKind.BAZAAR else "",
            region_code=actor.area if actor.is_regency_officer else "",
            place="",
            days=(),
            stalls=numbered(20) if kind is ProgramKind.BAZAAR else numbered(5),
        )
    )


def _new_page(
    form: BazaarForm, kind: ProgramKind, like: Program | None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "programs/create_bazaar.html",
        form=form,
        kind=kind,
        kind_names=KIND_NAMES,
        like=like,
        earlier=queries.earlier_bazaars(current_actor()),
    )
    return page, status


@bp.get("/bazaars/<int:bazaar_id>")
@allow(policies.may_see_program, queries.get_bazaar)
def show_bazaar(bazaar_id: int) -> ResponseReturnValue:
    """What comes next, and while it runs: how many reported, who did not yet."""
    program, day = queries.get_bazaar(bazaar_id), today()
    days = queries.days_of(program.id)
    holders = queries.holders_of(program.id, only_coming=True)
    today_there = next((one for one in days if one.day_on == day and not one.is_shut), None)
    reported = turnover.reports_of_day(program.id, day) if today_there is not None else {}
    return render_template(
        "programs/show_bazaar.html",
        program=program,
        days=days,
        holders=holders,
        without_stall=sum(holder.stall_id is None for holder in holders),
        stalls=len(queries.stalls_of(program.id)),
        figures=figures.figures_of([program], program.starts_on, program.ends_on)[0],
        today_there=today_there,
        reported=reported,
        missing=[holder for holder in holders if holder.id not in reported],
        leads=leads.count_of_program(program.id, day),
        at=now(),
        today=day,
        kind_names=KIND_NAMES,
        level_names=LEVEL_NAMES,
        state_names=STATE_NAMES,
    )


@bp.route("/bazaars/<int:bazaar_id>/edit", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_bazaar)
def edit_bazaar(bazaar_id: int) -> ResponseReturnValue:
    program = queries.get_bazaar(bazaar_id)
    changed = BazaarForm.with_rows(request.form)
    if request.method == "GET":
        return _edit_page(BazaarForm.of(services.draft_of(program), program.version), program)
    form = changed or BazaarForm()
    if changed is not None:
        return _edit_page(form, program)
    if not form.validate():
        return _edit_page(form, program, 422)
    try:
        with transaction():
            services.change_bazaar(
                actor=current_actor(),
                bazaar_id=bazaar_id,
                draft=form.draft(program.kind),
                version=form.seen_version(),
            )
    except InvalidInput as error:
        form.refuse(error)
        return _edit_page(form, queries.get_bazaar(bazaar_id), 422)
    except Conflict as error:
        form.refuse(error)
        present = queries.get_bazaar(bazaar_id)
        # The next press is made knowing of the other change, so it may win.
        form.version.data, form.version.raw_data = str(present.version), None
        return _edit_page(form, present, 409)
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".show_bazaar", bazaar_id=bazaar_id))


def _edit_page(form: BazaarForm, program: Program, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "programs/edit_bazaar.html", form=form, program=program, kind_names=KIND_NAMES
    )
    return page, status


def _step(bazaar_id: int, service: Callable[..., Program], told: str) -> ResponseReturnValue:
    with transaction():
        service(actor=current_actor(), bazaar_id=bazaar_id)
    flash(told, "success")
    return redirect(url_for(".show_bazaar", bazaar_id=bazaar_id))


@bp.post("/bazaars/<int:bazaar_id>/open")
@allow(policies.may_run_program, queries.get_bazaar)
def open_bazaar(bazaar_id: int) -> ResponseReturnValue:
    return _step(bazaar_id, services.open_bazaar, _("It is open: figures can be entered."))


@bp.post("/bazaars/<int:bazaar_id>/close")
@allow(policies.may_run_program, queries.get_bazaar)
def close_bazaar(bazaar_id: int) -> ResponseReturnValue:
    return _step(
        bazaar_id, services.close_bazaar, _("It is over. To add late figures, open it again.")
    )


@bp.post("/bazaars/<int:bazaar_id>/call-off")
@allow(policies.may_run_program, queries.get_bazaar)
def call_off_bazaar(bazaar_id: int) -> ResponseReturnValue:
    return _step(bazaar_id, services.call_off, _("It is called off."))
