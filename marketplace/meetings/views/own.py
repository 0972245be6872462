"""Producers and buyers: my meetings, what is asked of me, and asking for a meeting."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import DomainError
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import own_part
from marketplace.meetings.forms import AskForm, InvitationForm
from marketplace.meetings.models import Participant
from marketplace.meetings.rules import (
    ParticipantState,
    RequestedBy,
    Side,
    other_side,
)
from marketplace.meetings.rules.names import (
    MEETING_STATE_NAMES,
    NO_SHOW_NAMES,
    PARTICIPANT_STATE_NAMES,
    REQUEST_STATE_NAMES,
)
from marketplace.meetings.services import answering, asking, inviting
from marketplace.meetings.views.blueprint import bp
from marketplace.regions.rules import region_name


def own_businesses(actor: Actor) -> list[int]:
    return sorted(actor.business_ids | ({actor.acting_for} if actor.acting_for else set()))


@bp.get("/meetings")
@allow(policies.may_list_own)
def list_own_meetings() -> ResponseReturnValue:
    """What is asked of me, what I was invited to, and when I meet whom."""
    actor = current_actor()
    own = own_businesses(actor)
    asked = queries.page_of_own_requests(own, page_number())
    needs = queries.open_needs_of([one.buyer_id for one in asked.items])
    lines = []
    for one in asked.items:
        side = policies.side_of(actor, one) or Side.PRODUCER
        over = answering.is_over(one)
        lines.append(own_part.request_line(one, side, is_over=over, needs=needs))
    meetings = queries.page_of_own_meetings(own, page_number("met"), now())
    return render_template(
        "meetings/list_own_meetings.html",
        page=asked,
        lines=lines,
        meetings=meetings,
        sides={one.id: policies.side_of(actor, one) or Side.PRODUCER for one in meetings.items},
        other_of=own_part.other_of,
        chairs=queries.open_events_of(own),
        may_ask=policies.may_ask,
        invitation=InvitationForm(formdata=None),
        state_names=PARTICIPANT_STATE_NAMES,
        request_names=REQUEST_STATE_NAMES,
        meeting_names=MEETING_STATE_NAMES,
        no_show_names=NO_SHOW_NAMES,
    )


@bp.post("/participants/<int:participant_id>/own-answer")
@allow(policies.may_answer_invitation, queries.get_participant)
def answer_own_invitation(participant_id: int) -> ResponseReturnValue:
    form = InvitationForm()
    note = form.note.data if form.validate() else ""
    with transaction():
        participant = queries.get_participant(participant_id)
        if request.form.get("answer") == "yes":
            inviting.confirm(actor=current_actor(), participant=participant)
        else:
            inviting.decline(actor=current_actor(), participant=participant, note=note or "")
    flash(_("Thank you. Your answer is noted; declining never counts against you."), "success")
    return redirect(url_for(".list_own_meetings"))


@bp.route("/participants/<int:participant_id>/ask", methods=["GET", "POST"])
@allow(policies.may_ask, queries.get_participant)
def ask_meeting(participant_id: int) -> ResponseReturnValue:
    """Whom of the other side I want to meet; my asking is my yes."""
    own = queries.get_participant(participant_id)
    form = AskForm()
    people = _askable(own)
    form.participant.choices = [(str(one.id), label) for one, label in people]
    if request.method == "GET":
        return _ask_page(own, form)
    chosen = next((one for one, _label in people if one.id == form.chosen()), None)
    if not form.validate() or chosen is None:
        if not form.participant.errors:
            form.participant.errors = [_("Please choose one.")]
        return _ask_page(own, form, 422)
    pair = (own.id, chosen.id) if own.side is Side.PRODUCER else (chosen.id, own.id)
    by = RequestedBy.PRODUCER if own.side is Side.PRODUCER else RequestedBy.BUYER
    try:
        with transaction():
            producer, buyer = (queries.get_participant(number) for number in pair)
            asking.ask_at_event(
                actor=current_actor(),
                event=queries.get_event(own.event_id),
                producer=producer,
                buyer=buyer,
                by=by,
                note=form.note.data or "",
            )
    except DomainError as error:
        form.refuse(error)
        return _ask_page(own, form, status_of(error))
    flash(_("Your wish is noted. The other side is asked."), "success")
    return redirect(url_for(".list_own_meetings"))


def _ask_page(own: Participant, form: AskForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("meetings/ask_meeting.html", own=own, event=own.event, form=form)
    return page, status


def _askable(own: Participant) -> list[tuple[Participant, str]]:
    """Those of the other side who may still be asked; outlets without their names."""
    side = other_side(own.side)
    asked = {
        one.business_id_of(side)
        for one in queries.requests_of_participant(own)
        if not answering.is_closed(one)
    }
    forbidden = {
        number for pair in asking.forbidden_pairs(own.event) if own.id in pair for number in pair
    }
    people = [
        one
        for one in queries.participants_at(own.event_id, side=side)
        if one.state is not ParticipantState.DECLINED
        and one.business_id not in asked
        and one.id not in forbidden
    ]
    needs = queries.open_needs_of([one.business_id for one in people])
    return [(one, _label(one, needs.get(one.business_id, []))) for one in people]


def _label(person: Participant, needs: list[str]) -> str:
    business = person.business
    if person.side is Side.PRODUCER:
        return f"{business.name}, {region_name(business.region_code)}"
    short = own_part.outlet_in_short(business)
    looks_for = _("looks for: %(needs)s", needs=", ".join(needs[:4])) if needs else ""
    return f"{short} – {looks_for}" if looks_for else short
