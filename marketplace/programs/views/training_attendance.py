"""Who is at a session: one press each, a whole list, the code on the wall, the sheet to sign."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.accounts import services as account_services
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import now, today
from marketplace.core.errors import DomainError
from marketplace.core.phones import mask_phone
from marketplace.core.text import clean_text, whole_number
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, public, safe_next
from marketplace.programs import policies
from marketplace.programs.documents import attendance as codes
from marketplace.programs.forms.training_people import OwnNumberForm, PeopleForm
from marketplace.programs.models import Training, TrainingSession
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.people_lists import Known, Line, Matched, match
from marketplace.programs.rules.trainings import TAKING_PART, SignUpState
from marketplace.programs.services import attending
from marketplace.programs.services.attending import ListEntry
from marketplace.programs.sheets import training_people as sheets
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.training_base import TOO_MANY, page, refused, uploaded

NEW, LEAVE_OUT = "new", "out"
WALL_SECONDS = 60


def _session(training_session_id: int) -> tuple[TrainingSession, Training]:
    one = queries.get_session(training_session_id)
    return one, queries.get_training(one.program_id)


@bp.get("/training-sessions/<int:training_session_id>")
@allow(policies.may_run_program, queries.get_program_of_session)
def show_attendance(training_session_id: int) -> ResponseReturnValue:
    """Everybody on the list, those not there yet first, one press each."""
    one, training = _session(training_session_id)
    text = clean_text(request.args.get("q", ""))[:200]
    present = reads.present_at(one.id)
    states = set(SignUpState) - {SignUpState.WITHDRAWN}
    people = [
        each
        for each in reads.list_sign_ups(training.program_id, states, text)
        if each.state in TAKING_PART or text or each.id in present
    ]
    return page(
        "show_attendance",
        training,
        one=one,
        people=sorted(people, key=lambda each: (each.id in present, each.folded_name)),
        there=present,
        text=text,
        takes=training.program.state is ProgramState.OPEN and one.held_on <= today(),
    )


@bp.post("/training-sessions/<int:training_session_id>/present")
@allow(policies.may_run_program, queries.get_program_of_session)
def note_present(training_session_id: int) -> ResponseReturnValue:
    with transaction():
        sign_up = reads.get_sign_up(_number("sign_up"))
        first = attending.note_present(
            actor=current_actor(), session_id=training_session_id, sign_up_id=sign_up.id
        )
        name = sign_up.name
    if first:
        flash(_("%(name)s is there.", name=name), "success")
    else:
        flash(_("%(name)s was noted as there before.", name=name), "info")
    return _back(training_session_id)


@bp.post("/training-sessions/<int:training_session_id>/absent")
@allow(policies.may_run_program, queries.get_program_of_session)
def take_back_present(training_session_id: int) -> ResponseReturnValue:
    with transaction():
        sign_up = reads.get_sign_up(_number("sign_up"))
        attending.take_back(
            actor=current_actor(), session_id=training_session_id, sign_up_id=sign_up.id
        )
        name = sign_up.name
    flash(_("%(name)s is no longer noted as there.", name=name), "info")
    return _back(training_session_id)


def _number(field: str) -> int:
    return whole_number(request.form.get(field)) or 0


def _back(training_session_id: int) -> ResponseReturnValue:
    default = url_for(".show_attendance", training_session_id=training_session_id)
    return redirect(safe_next(request.form.get("back"), default))


@bp.route("/training-sessions/<int:training_session_id>/list", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_program_of_session)
def note_attendance_list(training_session_id: int) -> ResponseReturnValue:
    """First the list, then for names that are not sure a choice; only then anything is written."""
    one, training = _session(training_session_id)
    form = PeopleForm()
    if request.method == "GET":
        return page("note_attendance_list", training, one=one, form=form, found=None)
    try:
        if not form.validate():
            return page("note_attendance_list", training, one=one, form=form, found=None), 422
        lines = sheets.read_people(form.sent_text(), uploaded())
    except DomainError as error:
        status = refused(form, error)
        return page("note_attendance_list", training, one=one, form=form, found=None), status
    found = match(lines, _known(training))
    chosen = {each.line.number: _choice(each) for each in found}
    if request.form.get("step") != "save" or "" in chosen.values():
        form.people.data = "\n".join(_as_text(line) for line in lines)
        # Numbered anew: the choices go with the lines as they stand in the box from now on.
        again = match([_at(line, number) for number, line in enumerate(lines, 1)], _known(training))
        before = {number: chosen[line.number] for number, line in enumerate(lines, 1)}
        asked = request.form.get("step") == "save"
        shown = page(
            "note_attendance_list",
            training,
            one=one,
            form=form,
            found=again,
            chosen=before,
            asked=asked,
            names={each.id: each.name for each in _known(training)},
        )
        return shown, 422 if asked else 200
    entries = [
        ListEntry(each.line, None if pick == NEW else int(pick))
        for each in found
        if (pick := chosen[each.line.number]) != LEAVE_OUT
    ]
    with transaction():
        first, before_ = attending.note_list(
            actor=current_actor(), session_id=one.id, entries=entries
        )
    text = ngettext("%(num)d person is noted.", "%(num)d people are noted.", first)
    if before_:
        text += " " + _("%(count)s were noted before.", count=before_)
    flash(text, "success")
    return _back(training_session_id)


def _known(training: Training) -> list[Known]:
    states = set(SignUpState) - {SignUpState.WITHDRAWN}
    return [
        Known(each.id, each.name, each.phone or "")
        for each in reads.list_sign_ups(training.program_id, states)
    ]


def _choice(found: Matched) -> str:
    """What a line means: sure by itself, or as chosen; "" is still to be asked."""
    if found.sure is not None:
        return str(found.sure)
    said = request.form.get(f"line-{found.line.number}", "")
    offered = {NEW, LEAVE_OUT, *(str(each.id) for each in found.near)}
    return said if said in offered else ""


def _as_text(line: Line) -> str:
    cells = (line.name, line.phone, line.place, line.business)
    return "\t".join(cell for cell in cells if cell)


def _at(line: Line, number: int) -> Line:
    return Line(number, line.text, line.name, line.phone, line.place, line.business)


@bp.get("/training-sessions/<int:training_session_id>/sheet")
@allow(policies.may_run_program, queries.get_program_of_session)
def print_sign_in_sheet(training_session_id: int) -> ResponseReturnValue:
    one, training = _session(training_session_id)
    people = reads.list_sign_ups(training.program_id, TAKING_PART)
    return page(
        "print_sign_in_sheet",
        training,
        one=one,
        people=sorted(people, key=lambda each: each.folded_name),
        there=reads.present_at(one.id),
        letterhead={"name": training.program.office.name, "lines": []},
        printed_at=now(),
    )


@bp.get("/training-sessions/<int:training_session_id>/wall")
@allow(policies.may_run_program, queries.get_program_of_session)
def show_session_wall(training_session_id: int) -> ResponseReturnValue:
    """The code for the wall; it changes by itself and is of use for a quarter of an hour."""
    one, training = _session(training_session_id)
    shown = page(
        "show_session_wall",
        training,
        one=one,
        code=codes.code_of(one, now()),
        count=len(reads.present_at(one.id)),
        seconds=WALL_SECONDS,
        is_today=one.held_on == today(),
    )
    return shown, 200, {"Cache-Control": "no-store"}


@bp.get("/h/<token>")
@public
def show_session_code(token: str) -> ResponseReturnValue:
    one, training = _session(codes.session_behind(token, now()))
    return page("show_session_code", training, one=one, form=OwnNumberForm(), token=token)


@bp.post("/h/<token>")
@public
def note_own_attendance(token: str) -> ResponseReturnValue:
    one, training = _session(codes.session_behind(token, now()))
    form = OwnNumberForm()
    if not form.validate():
        return page("show_session_code", training, one=one, form=form, token=token), 422
    key = f"attendance:{request.remote_addr}"
    if account_services.is_held_back(address_key=key):
        form.form_errors.append(say(TOO_MANY))
        return page("show_session_code", training, one=one, form=form, token=token), 429
    phone = form.phone.data
    actor = Actor(ActorKind.LINK, link_subject=f"session:{one.id}")
    try:
        with transaction():
            attending.note_by_code(actor=actor, session_id=one.id, phone=phone)
    except DomainError as error:
        status = refused(form, error)
        with transaction():  # who tries numbers out learns which are on the list
            account_services.note_attempt(key)
        one, training = _session(one.id)
        return page("show_session_code", training, one=one, form=form, token=token), status
    return page(
        "show_session_code", training, one=one, form=None, token=token, done=mask_phone(phone)
    )
