"""Trainings: list, plan, show, change, and the steps from draft to over."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.accounts import queries as accounts
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import clean_text
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, remember_form, sent_before
from marketplace.programs import policies
from marketplace.programs.documents import training_letters as letters
from marketplace.programs.forms.trainings import TrainingForm
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules import STATE_NAMES, ProgramLevel, ProgramState
from marketplace.programs.services import certifying, trainings
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.training_base import page, unlocks_in_words


@bp.get("/trainings")
@allow(policies.may_list_trainings)
def list_trainings() -> ResponseReturnValue:
    asked = request.args.get("state", "")
    state = ProgramState(asked) if asked in set(ProgramState) else None
    return render_template(
        "programs/list_trainings.html",
        page=queries.page_of_trainings(page_number(), state=state),
        state=state,
        state_names=STATE_NAMES,
        may_add=policies.may_add_training(current_actor()),
    )


@bp.route("/trainings/new", methods=["GET", "POST"])
@allow(policies.may_add_training)
def create_training() -> ResponseReturnValue:
    changed = TrainingForm.with_rows(request.form)
    form = changed or TrainingForm()
    if request.method == "GET":
        _preset(form)
    if request.method == "GET" or changed is not None:
        return render_template("programs/create_training.html", form=form)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return render_template("programs/create_training.html", form=form), 422
    try:
        with transaction():
            training = trainings.add_training(actor=current_actor(), draft=form.draft())
            location = remember_form(
                form, url_for(".show_training", training_id=training.program_id)
            )
    except InvalidInput as error:
        form.refuse(error)
        return render_template("programs/create_training.html", form=form), 422
    flash(_("The training is prepared. Invite people, then open it for sign-up."), "success")
    return redirect(location)


def _preset(form: TrainingForm) -> None:
    """The office's own name and level; a gap list hands over what its people lack."""
    actor = current_actor()
    office = accounts.get_office(actor.office_id) if actor.office_id else None
    if office is not None:
        form.organiser.data = office.name
    if not actor.is_province_officer:
        form.level.data = ProgramLevel.REGENCY.value
        form.region.preset(actor.area)
    asked = set(request.args.getlist("unlocks"))
    form.unlocks.data = [code for code, _name in form.unlocks.choices if code in asked]
    form.subject.data = clean_text(request.args.get("subject", ""))[:200]
    category = request.args.get("category", "")
    form.category.data = category or None


@bp.get("/trainings/<int:training_id>")
@allow(policies.may_see_training, queries.get_training_program)
def show_training(training_id: int) -> ResponseReturnValue:
    training, actor = queries.get_training(training_id), current_actor()
    may_run = policies.may_run_program(actor, training.program)
    return page(
        "show_training",
        training,
        counts=queries.count_by_state(training_id),
        present=queries.count_present(training_id),
        passed=len(certifying.passed(training)) if may_run else 0,
        certified=len([one for one in reads.certificates_of(training_id) if not one.revoked_at]),
        unlocks=unlocks_in_words(training),
        may_run=may_run,
        may_invite=may_run or actor.is_regency_officer,
        link=letters.sign_up_link(training),
        share_text=letters.share_text(training),
        share_link=letters.share_link(training),
        today=today(),
        is_over=training.program.ends_on < today(),
    )


@bp.route("/trainings/<int:training_id>/edit", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_training_program)
def edit_training(training_id: int) -> ResponseReturnValue:
    training = queries.get_training(training_id)
    changed = TrainingForm.with_rows(request.form)
    if request.method == "GET":
        form = TrainingForm.of(trainings.draft_of(training), training.program.version)
        return page("edit_training", training, form=form)
    form = changed or TrainingForm()
    if changed is not None:
        return page("edit_training", training, form=form)
    if not form.validate():
        return page("edit_training", training, form=form), 422
    try:
        with transaction():
            trainings.change_training(
                actor=current_actor(),
                program_id=training_id,
                draft=form.draft(),
                version=form.seen_version(),
            )
    except InvalidInput as error:
        form.refuse(error)
        return page("edit_training", queries.get_training(training_id), form=form), 422
    except Conflict as error:
        present = queries.get_training(training_id)
        form.form_errors.append(say(error.msgid, error.params))
        # The next press is made knowing of the other change, so it may win.
        form.version.data, form.version.raw_data = str(present.program.version), None
        theirs = trainings.draft_of(present)
        return page("edit_training", present, form=form, theirs=theirs), 409
    flash(_("The training is saved."), "success")
    return redirect(url_for(".show_training", training_id=training_id))


def _step(training_id: int, service: Callable[..., Any]) -> Any:
    with transaction():
        return service(actor=current_actor(), program_id=training_id)


@bp.post("/trainings/<int:training_id>/open")
@allow(policies.may_run_program, queries.get_training_program)
def open_training(training_id: int) -> ResponseReturnValue:
    told = _step(training_id, trainings.open_training)
    flash(_("The training is open. Pass the link on."), "success")
    if told:
        flash(
            ngettext(
                "%(num)d invitation lies in the tray, ready to send.",
                "%(num)d invitations lie in the tray, ready to send.",
                told,
            ),
            "success",
        )
    return redirect(url_for(".show_training", training_id=training_id))


@bp.post("/trainings/<int:training_id>/close")
@allow(policies.may_run_program, queries.get_training_program)
def close_training(training_id: int) -> ResponseReturnValue:
    _step(training_id, trainings.close_training)
    flash(_("The training is closed. Certificates can still be issued."), "success")
    return redirect(url_for(".show_training", training_id=training_id))


@bp.post("/trainings/<int:training_id>/cancel")
@allow(policies.may_run_program, queries.get_training_program)
def cancel_training(training_id: int) -> ResponseReturnValue:
    told = _step(training_id, trainings.cancel_training)
    flash(
        ngettext(
            "The training is called off; %(num)d text lies in the tray.",
            "The training is called off; %(num)d texts lie in the tray.",
            told,
        ),
        "success",
    )
    return redirect(url_for(".show_training", training_id=training_id))
