"""Who takes part: the list, one participant, their answer, absent and late."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.core.text import N_, clean_text
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, ticked
from marketplace.meetings import policies, queries
from marketplace.meetings.forms import ParticipantForm
from marketplace.meetings.models import Participant
from marketplace.meetings.rules import EventState, ParticipantDraft, RunKind, Side
from marketplace.meetings.rules.names import PARTICIPANT_STATE_NAMES
from marketplace.meetings.rules.telling import hours, slot_name, slots_name
from marketplace.meetings.services import attending, inviting, planning
from marketplace.meetings.views.blueprint import bp


@bp.get("/events/<int:event_id>/participants")
@allow(policies.may_see_event, queries.get_event)
def list_participants(event_id: int) -> ResponseReturnValue:
    event, actor = queries.get_event(event_id), current_actor()
    grid, area = event.grid(), policies.area_at(actor, event)
    side = Side.BUYER if request.args.get("side") == "buyer" else Side.PRODUCER
    page = queries.page_of_participants(event.id, page_number(), side=side, area=area)
    counts = queries.count_participants(event.id, area)
    return render_template(
        "meetings/list_participants.html",
        event=event,
        page=page,
        side=side,
        counts={
            each.value: sum(count for (of, _state), count in counts.items() if of is each)
            for each in Side
        },
        when={
            one.id: _("whole event")
            if one.available is None
            else slots_name(grid, tuple(sorted(one.slots(grid))))
            for one in page.items
        },
        state_names=PARTICIPANT_STATE_NAMES,
        may_run=policies.may_run_event(actor, event),
        may_edit={one.id for one in page.items if policies.may_edit_participant(actor, one)},
    )


@bp.route("/participants/<int:participant_id>", methods=["GET", "POST"])
@allow(policies.may_edit_participant, queries.get_participant)
def edit_participant(participant_id: int) -> ResponseReturnValue:
    participant = queries.get_participant(participant_id)
    grid = participant.event.grid()
    if request.method == "GET":
        form = ParticipantForm.of(_draft_of(participant), grid, participant.version)
        return _participant_page(participant, form)
    form = ParticipantForm().for_grid(grid)
    if not form.validate():
        return _participant_page(participant, form, 422)
    try:
        with transaction():
            inviting.change_participant(
                actor=current_actor(),
                participant=queries.get_participant(participant_id),
                draft=form.draft(),
                version=form.seen_version(),
            )
    except InvalidInput as error:
        form.refuse(error)
        return _participant_page(queries.get_participant(participant_id), form, 422)
    except Conflict as error:
        present = queries.get_participant(participant_id)
        form.form_errors.append(say(error.msgid, error.params))
        form.version.data, form.version.raw_data = str(present.version), None
        return _participant_page(present, form, 409)
    flash(_("The participant is saved."), "success")
    return redirect(url_for(".list_participants", event_id=participant.event_id))


def _draft_of(participant: Participant) -> ParticipantDraft:
    available = participant.available
    return ParticipantDraft(
        participant.person_name,
        participant.phone,
        None if available is None else frozenset(available),
        participant.max_meetings,
    )


def _participant_page(
    participant: Participant, form: ParticipantForm, status: int = 200
) -> ResponseReturnValue:
    event, actor = participant.event, current_actor()
    grid = event.grid()
    return (
        render_template(
            "meetings/edit_participant.html",
            participant=participant,
            event=event,
            form=form,
            theirs=_draft_of(participant) if status == 409 else None,
            theirs_when=slots_name(grid, tuple(sorted(participant.slots(grid)))),
            slots=[
                (slot.number, f"{slot_name(grid, slot.number)}-{hours(slot.ends)}")
                for slot in grid.slots
            ],
            meetings=queries.placed_of(event.id, participant.business_id),
            state_names=PARTICIPANT_STATE_NAMES,
            may_run=policies.may_run_for_participant(actor, participant)
            and event.state is not EventState.CLOSED,
        ),
        status,
    )


@bp.post("/participants/<int:participant_id>/answer")
@allow(policies.may_edit_participant, queries.get_participant)
def answer_for_participant(participant_id: int) -> ResponseReturnValue:
    """What they said by telephone or at the counter."""
    comes = request.form.get("answer") == "yes"
    note = clean_text(request.form.get("note", ""))[:400]
    with transaction():
        participant = queries.get_participant(participant_id)
        if comes:
            inviting.confirm(actor=current_actor(), participant=participant)
        else:
            inviting.decline(actor=current_actor(), participant=participant, note=note)
    flash(_("The answer is noted."), "success")
    return redirect(url_for(".edit_participant", participant_id=participant_id))


@bp.post("/participants/<int:participant_id>/absent")
@allow(policies.may_run_for_participant, queries.get_participant)
def note_absent(participant_id: int) -> ResponseReturnValue:
    with transaction():
        participant = queries.get_participant(participant_id)
        missed = attending.note_absent(actor=current_actor(), participant=participant)
    return _plan_again(
        participant,
        ngettext("%(num)d meeting is missed.", "%(num)d meetings are missed.", missed),
    )


@bp.post("/participants/<int:participant_id>/late")
@allow(policies.may_run_for_participant, queries.get_participant)
def note_late(participant_id: int) -> ResponseReturnValue:
    chosen = ticked([request.form.get("from_slot", "")])
    if not chosen:
        raise InvalidInput(N_("Say from when on they are there."))
    with transaction():
        participant = queries.get_participant(participant_id)
        put_off = attending.note_late(
            actor=current_actor(), participant=participant, from_slot=chosen.pop()
        )
    return _plan_again(
        participant,
        ngettext("%(num)d meeting is put off.", "%(num)d meetings are put off.", put_off),
    )


def _plan_again(participant: Participant, told: str) -> ResponseReturnValue:
    """A new plan at once, as near to the old one as it can be; locked meetings stay."""
    try:
        plan = planning.compute(queries.get_event(participant.event_id), RunKind.REPLAN)
        with transaction():
            run = planning.apply(actor=current_actor(), event_id=participant.event_id, plan=plan)
        changed = ngettext(
            "%(num)d meeting changed in the new plan.",
            "%(num)d meetings changed in the new plan.",
            len(run.changed),
        )
        flash(f"{told} {changed}", "success")
    except DomainError as error:
        flash(f"{told} {say(error.msgid, error.params)}", "warning")
    return redirect(url_for(".show_timetable", event_id=participant.event_id))
