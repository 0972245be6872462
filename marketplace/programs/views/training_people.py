"""Who takes part: the list, a whole list at once, one participant, invitations, Excel."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.businesses import queries as businesses
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_, clean_text
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, ticked
from marketplace.programs import policies
from marketplace.programs.documents import training_letters as letters
from marketplace.programs.forms.training_people import ParticipantForm, PeopleForm
from marketplace.programs.models import SignUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules.people_lists import Line
from marketplace.programs.rules.trainings import SignUpDraft, SignUpState, SignUpWay
from marketplace.programs.services import signing_up, trainings
from marketplace.programs.sheets import training_people as sheets
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.training_base import page, refused, uploaded
from marketplace.regions.forms import read_place


def program_of_sign_up(sign_up_id: int) -> Any:
    return reads.get_sign_up(sign_up_id).training.program


@bp.get("/trainings/<int:training_id>/participants")
@allow(policies.may_list_participants, queries.get_training_program)
def list_training_participants(training_id: int) -> ResponseReturnValue:
    asked = request.args.get("state", "")
    state = SignUpState(asked) if asked in set(SignUpState) else None
    text = clean_text(request.args.get("q", ""))[:200]
    training, actor = queries.get_training(training_id), current_actor()
    area = policies.area_of_participants(actor, training.program)
    people = reads.page_of_sign_ups(training_id, page_number(), state=state, text=text, area=area)
    return page(
        "list_training_participants",
        training,
        may_run=policies.may_run_program(actor, training.program),
        page=people,
        state=state,
        text=text,
        counts=queries.count_by_state(training_id, area),
        there={number: len(at) for number, at in reads.attendance_of(training_id).items()},
        certificates=reads.certificates_of_people([one.id for one in people.items]),
    )


@bp.get("/trainings/<int:training_id>/participants.<ending>")
@allow(
    policies.may_list_participants,
    lambda training_id, ending: queries.get_training_program(training_id),
)
def export_training_participants(training_id: int, ending: str) -> Response:
    if ending not in FORMATS:
        raise NotFound(N_("There is no such page."))
    training = queries.get_training(training_id)
    area = policies.area_of_participants(current_actor(), training.program)
    people = reads.list_sign_ups(training_id, area=area)
    rows = sheets.out_rows(
        training,
        people,
        reads.attendance_of(training_id),
        reads.certificates_of_people([one.id for one in people]),
    )
    return export_response(
        sheets.out_columns(training), rows, f"peserta-pelatihan-{training_id}", ending
    )


@bp.route("/trainings/<int:training_id>/participants/add", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_training_program)
def add_training_participants(training_id: int) -> ResponseReturnValue:
    """The good lines are signed up, the others come back in the box to mend."""
    training, form = queries.get_training(training_id), PeopleForm()
    if request.method == "GET":
        return page("add_training_participants", training, form=form, problems=[])
    if not form.validate():
        return page("add_training_participants", training, form=form, problems=[]), 422
    try:
        lines = sheets.read_people(form.sent_text(), uploaded())
        drafts, problems = _drafts(lines)
        with transaction():
            done = signing_up.sign_up_many(
                actor=current_actor(),
                program_id=training_id,
                drafts=drafts,
                way=SignUpWay.OFFICER,
            )
    except DomainError as error:
        status = refused(form, error)
        training = queries.get_training(training_id)  # what was read before is forgotten by now
        return page("add_training_participants", training, form=form, problems=[]), status
    _tell(done)
    if not problems:
        return redirect(url_for(".list_training_participants", training_id=training_id))
    form.people.data = "\n".join(line.text for line, _said in problems)
    return page("add_training_participants", training, form=form, problems=problems), 422


def _drafts(lines: list[Line]) -> tuple[list[SignUpDraft], list[tuple[Line, str]]]:
    """What can be signed up, and the lines that cannot with what is wrong."""
    drafts, problems = [], []
    for line in lines:
        place = read_place(line.place, wide=False) if line.place else ""
        if not line.name:
            problems.append((line, say(N_("There is no name in this line."))))
        elif any(char.isdigit() for char in line.name):
            problems.append((line, say(N_("This number cannot be read."))))
        elif place is None:
            known = N_("We do not know this kabupaten/kota. Write its name, like Bangka Tengah.")
            problems.append((line, say(known)))
        else:
            drafts.append(SignUpDraft(line.name, line.phone, place, line.business))
    return drafts, problems


def _tell(done: list[signing_up.SignedUp]) -> None:
    new = [one for one in done if one.is_new]
    waiting = sum(one.sign_up.state is SignUpState.WAITING for one in new)
    text = ngettext("%(num)d person signed up.", "%(num)d people signed up.", len(new))
    if waiting:
        text += " " + _("%(count)s of them wait.", count=waiting)
    if len(done) > len(new):
        text += " " + _("%(count)s were on the list already.", count=len(done) - len(new))
    flash(text, "success")


@bp.route("/trainings/<int:training_id>/invite", methods=["GET", "POST"])
@allow(policies.may_see_training, queries.get_training_program)
def invite_to_training(training_id: int) -> ResponseReturnValue:
    actor = current_actor()
    training = queries.get_training(training_id)
    may_run = policies.may_run_program(actor, training.program)
    if request.method == "POST":
        chosen = ticked(request.form.getlist("business"))
        if request.form.get("how") == "seat":
            return _seat_at_once(training_id, chosen)
        why = clean_text(request.form.get("why", ""))[:400]
        with transaction():
            added = trainings.invite(
                actor=actor, program_id=training_id, business_ids=chosen, why=why
            )
        flash(ngettext("%(num)d producer invited.", "%(num)d producers invited.", added), "success")
        return redirect(url_for(".invite_to_training", training_id=training_id))
    text = clean_text(request.args.get("q", ""))[:200]
    return page(
        "invite_to_training",
        training,
        page=reads.page_to_invite(training_id, page_number(), text=text, area=actor.scope),
        text=text,
        may_run=may_run,
    )


def _seat_at_once(training_id: int, chosen: set[int]) -> ResponseReturnValue:
    """Those who said yes already, in the order of the register."""
    drafts = [
        SignUpDraft(
            business.contact_name or business.name,
            business.phone,
            business.region_code,
            business.name,
            business.id,
        )
        for business in reads.producers(chosen)
        if policies.may_invite(current_actor(), business)
    ]
    with transaction():
        done = signing_up.sign_up_many(
            actor=current_actor(), program_id=training_id, drafts=drafts, way=SignUpWay.OFFICER
        )
    _tell(done)
    return redirect(url_for(".list_training_participants", training_id=training_id))


@bp.route("/training-participants/<int:sign_up_id>", methods=["GET", "POST"])
@allow(policies.may_run_program, program_of_sign_up)
def edit_training_participant(sign_up_id: int) -> ResponseReturnValue:
    sign_up = reads.get_sign_up(sign_up_id)
    if request.method == "GET":
        return _participant_page(sign_up, ParticipantForm.of(sign_up).offer(_entries(sign_up)))
    form = ParticipantForm().offer(_entries(sign_up))
    if not form.validate():
        return _participant_page(sign_up, form), 422
    try:
        with transaction():
            signing_up.correct_sign_up(
                actor=current_actor(),
                sign_up_id=sign_up_id,
                draft=form.draft(),
                version=form.seen_version(),
            )
    except DomainError as error:
        status = refused(form, error)
        return _participant_page(reads.get_sign_up(sign_up_id), form), status
    flash(_("The participant is saved."), "success")
    return redirect(url_for(".list_training_participants", training_id=sign_up.program_id))


def _entries(sign_up: SignUp) -> list[Any]:
    """Entries it may be: the linked one, those with this number, those of a like name."""
    found = {one.id: one for one in [sign_up.business] if one is not None}
    if sign_up.phone:
        found.update({one.id: one for one in reads.producers_by_phone(sign_up.phone)})
    wanted = clean_text(request.values.get("find", ""))[:200] or sign_up.business_name
    if wanted:
        found.update({one.id: one for one in businesses.list_named(wanted)})
    return list(found.values())


def _participant_page(sign_up: SignUp, form: ParticipantForm) -> str:
    there = reads.attendance_of(sign_up.program_id).get(sign_up.id, frozenset())
    waits = sign_up.state is SignUpState.WAITING
    return page(
        "edit_training_participant",
        sign_up.training,
        sign_up=sign_up,
        form=form,
        there=there,
        place_in_line=reads.place_in_line(sign_up) if waits else None,
        link=letters.own_link(sign_up),
        write_link=letters.write_link(sign_up),
        find=request.args.get("find", ""),
    )


@bp.post("/training-participants/<int:sign_up_id>/withdraw")
@allow(policies.may_run_program, program_of_sign_up)
def withdraw_participant(sign_up_id: int) -> ResponseReturnValue:
    with transaction():
        sign_up = signing_up.withdraw(actor=current_actor(), sign_up_id=sign_up_id)
        name, training_id = sign_up.name, sign_up.program_id
    flash(_("%(name)s is off the list. Who waited has moved up.", name=name), "success")
    return redirect(url_for(".list_training_participants", training_id=training_id))


@bp.post("/training-participants/<int:sign_up_id>/seat")
@allow(policies.may_run_program, program_of_sign_up)
def seat_participant(sign_up_id: int) -> ResponseReturnValue:
    """What somebody invited said by phone: they come."""
    with transaction():
        sign_up = signing_up.take_seat(actor=current_actor(), sign_up_id=sign_up_id)
        training_id = sign_up.program_id
    flash(_("The answer is noted."), "success")
    return redirect(url_for(".list_training_participants", training_id=training_id))


@bp.post("/training-participants/<int:sign_up_id>/erase")
@allow(policies.may_run_program, program_of_sign_up)
def erase_participant(sign_up_id: int) -> ResponseReturnValue:
    training_id = reads.get_sign_up(sign_up_id).program_id
    with transaction():
        signing_up.erase(actor=current_actor(), sign_up_id=sign_up_id)
    flash(_("Name and number are erased; the attendance stays for the figures."), "success")
    return redirect(url_for(".list_training_participants", training_id=training_id))
