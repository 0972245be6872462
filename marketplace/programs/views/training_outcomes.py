"""What became of participants: the calls to make, and the outcomes of one training."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.programs import policies
from marketplace.programs.documents import training_figures as figures
from marketplace.programs.documents import training_letters as letters
from marketplace.programs.forms.training_people import CallForm
from marketplace.programs.models import FollowUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules.outcomes import ANSWER_NAMES, MONTHS, OUTCOME_NAMES, Outcome
from marketplace.programs.rules.training_figures import due_people, outcome_people
from marketplace.programs.services import following_up
from marketplace.programs.sheets.training_outcomes import outcome_columns, outcome_rows
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.training_base import page, refused


@bp.get("/training-calls")
@allow(policies.may_follow_up)
def list_follow_ups() -> ResponseReturnValue:
    """Whom to call 3, 6 and 12 months after, the longest due first."""
    calls = reads.page_of_follow_ups(page_number(), actor=current_actor())
    return render_template(
        "programs/list_follow_ups.html",
        page=calls,
        call_links={one.id: letters.call_link(one.sign_up) for one in calls.items},
    )


@bp.route("/training-calls/<int:follow_up_id>", methods=["GET", "POST"])
@allow(policies.may_run_program, reads.get_program_of_follow_up)
def answer_follow_up(follow_up_id: int) -> ResponseReturnValue:
    follow_up, form = reads.get_follow_up(follow_up_id), CallForm()
    if request.method == "GET":
        return _call_page(follow_up, form)
    if not form.validate():
        return _call_page(follow_up, form), 422
    try:
        with transaction():
            following_up.answer(actor=current_actor(), follow_up_id=follow_up_id, said=form.said())
    except DomainError as error:
        status = refused(form, error)
        return _call_page(reads.get_follow_up(follow_up_id), form), status
    flash(_("The answer is noted."), "success")
    return redirect(url_for(".list_follow_ups"))


def _call_page(follow_up: FollowUp, form: CallForm) -> str:
    sign_up = follow_up.sign_up
    rows = {one.sign_up_id: one for one in figures.people_of_training(sign_up.program_id)}
    return page(
        "answer_follow_up",
        sign_up.training,
        follow_up=follow_up,
        sign_up=sign_up,
        form=form,
        row=rows[sign_up.id],
        call_link=letters.call_link(sign_up),
        outcome_names=OUTCOME_NAMES,
        answer_names=ANSWER_NAMES,
    )


@bp.get("/trainings/<int:training_id>/outcomes")
@allow(policies.may_see_participants, queries.get_training_program)
def show_outcomes(training_id: int) -> ResponseReturnValue:
    """Each who was there, with the first day of each thing that came of it."""
    people = [one for one in figures.people_of_training(training_id) if one.attended]
    day = today()
    return page(
        "show_outcomes",
        queries.get_training(training_id),
        people=people,
        months=MONTHS,
        outcomes=list(Outcome),
        outcome_names=OUTCOME_NAMES,
        due={months: len(due_people(months, people, day)) for months in MONTHS},
        counted={
            (months, outcome): len(outcome_people(outcome, months, people, day))
            for months in MONTHS
            for outcome in Outcome
        },
    )


@bp.get("/trainings/<int:training_id>/outcomes.<ending>")
@allow(
    policies.may_see_participants,
    lambda training_id, ending: queries.get_training_program(training_id),
)
def export_outcomes(training_id: int, ending: str) -> Response:
    if ending not in FORMATS:
        raise NotFound(N_("There is no such page."))
    people = [one for one in figures.people_of_training(training_id) if one.attended]
    return export_response(
        outcome_columns(), outcome_rows(people), f"hasil-pelatihan-{training_id}", ending
    )
