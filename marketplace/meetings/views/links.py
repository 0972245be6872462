"""Answers from a signed link in a WhatsApp text, without signing in.

A GET shows and changes nothing: chat programs open links by themselves to draw a preview.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import now
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.links import unsign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import public, ticked
from marketplace.meetings import queries
from marketplace.meetings.documents import own_part
from marketplace.meetings.documents.day import code_link
from marketplace.meetings.documents.letters import PARTICIPANT_LINK, REQUEST_LINK
from marketplace.meetings.forms import AnswerForm, InvitationForm
from marketplace.meetings.models import MeetingRequest, Participant
from marketplace.meetings.rules import EventState, RequestState, Side
from marketplace.meetings.rules.names import DECLINE_REASON_NAMES, PARTICIPANT_STATE_NAMES
from marketplace.meetings.services import answering, inviting
from marketplace.meetings.views.blueprint import bp
from marketplace.meetings.views.requests import take_answer

_NOT_VALID = N_("This link is not valid. Ask the office for a new one.")


def participant_behind(token: str) -> tuple[Participant, Actor]:
    payload = unsign(PARTICIPANT_LINK, token)
    if len(payload) != 1 or not isinstance(payload[0], int):
        raise NotFound(_NOT_VALID)
    participant = queries.get_participant(payload[0])
    actor = Actor(
        ActorKind.LINK,
        name=participant.business.name,
        link_subject=inviting.link_subject(participant.id),
    )
    return participant, actor


@bp.get("/t/<token>")
@public
def show_invitation(token: str) -> ResponseReturnValue:
    """Everything asked of one participant, and the meetings they have."""
    participant, _actor = participant_behind(token)
    return _invitation_page(participant, token)


@bp.post("/t/<token>")
@public
def answer_invitation(token: str) -> ResponseReturnValue:
    participant, actor = participant_behind(token)
    form = InvitationForm()
    if not form.validate():
        return _invitation_page(participant, token, invitation=form, status=422)
    comes = request.form.get("answer") == "yes"
    with transaction():
        fresh = queries.get_participant(participant.id)
        if comes:
            inviting.confirm(actor=actor, participant=fresh)
        else:
            inviting.decline(actor=actor, participant=fresh, note=form.note.data or "")
    if comes:
        flash(_("Thank you. We expect you."), "success")
    else:
        flash(_("Thank you. Your answer is noted; declining never counts against you."), "success")
    return redirect(url_for(".show_invitation", token=token))


@bp.post("/t/<token>/request")
@public
def answer_at_event(token: str) -> ResponseReturnValue:
    """One of the requests on the page of a participant."""
    participant, actor = participant_behind(token)
    chosen = ticked([request.form.get("request", "")])
    wanted = queries.get_request(chosen.pop() if chosen else 0)
    if wanted.event_id != participant.event_id or (
        wanted.business_id_of(participant.side) != participant.business_id
    ):
        raise NotFound(_NOT_VALID)
    form = take_answer(actor, wanted, participant.side)
    if form is not None:
        page = (participant, token)
        return _invitation_page(*page, answered=wanted.id, answer=form, status=422)
    return redirect(url_for(".show_invitation", token=token))


@bp.post("/t/<token>/all")
@public
def agree_to_all(token: str) -> ResponseReturnValue:
    """Yes to every request that waits on the page."""
    participant, actor = participant_behind(token)
    with transaction():
        waiting = [
            one
            for one in queries.requests_of_participant(queries.get_participant(participant.id))
            if not answering.is_over(one) and one.agreed_at(participant.side) is None
        ]
        for one in waiting:
            answering.agree(actor=actor, request=one, side=participant.side)
    flash(_("Thank you. Your yes is noted."), "success")
    return redirect(url_for(".show_invitation", token=token))


def _invitation_page(
    participant: Participant,
    token: str,
    *,
    invitation: InvitationForm | None = None,
    answered: int | None = None,
    answer: AnswerForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    requests = queries.requests_of_participant(participant)
    needs = queries.open_needs_of([one.buyer_id for one in requests])
    side = participant.side
    lines = [
        own_part.request_line(one, side, is_over=answering.is_over(one), needs=needs)
        for one in requests
    ]
    page = render_template(
        "meetings/show_invitation.html",
        participant=participant,
        event=participant.event,
        is_over=participant.event.state is EventState.CLOSED,
        lines=lines,
        waiting=[one for one in lines if not one.is_over and not one.own_yes],
        meetings=queries.placed_of(participant.event_id, participant.business_id),
        code_link=code_link,
        contacts=own_part.contact_of,
        other_of=own_part.other_of,
        side=side,
        token=token,
        invitation=invitation or InvitationForm(formdata=None),
        answered_id=answered,
        answer=answer,
        blank=AnswerForm(formdata=None),
        decline_names=DECLINE_REASON_NAMES,
        state_names=PARTICIPANT_STATE_NAMES,
    )
    return page, status


def request_behind(token: str) -> tuple[MeetingRequest, Side, Actor]:
    payload = unsign(REQUEST_LINK, token)
    if len(payload) != 2 or payload[1] not in set(Side) or not isinstance(payload[0], int):
        raise NotFound(_NOT_VALID)
    side = Side(payload[1])
    wanted = queries.get_request(payload[0])
    subject = answering.link_subject(wanted.id, side)
    own = wanted.producer if side is Side.PRODUCER else wanted.buyer
    return wanted, side, Actor(ActorKind.LINK, name=own.name, link_subject=subject)


@bp.get("/r/<token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    """A single meeting, as one side is asked about it."""
    wanted, side, _actor = request_behind(token)
    return _single_page(wanted, side, token, AnswerForm(formdata=None))


@bp.post("/r/<token>")
@public
def take_by_link(token: str) -> ResponseReturnValue:
    wanted, side, actor = request_behind(token)
    form = take_answer(actor, wanted, side)
    if form is not None:
        return _single_page(queries.get_request(wanted.id), side, token, form, 422)
    return redirect(url_for(".answer_by_link", token=token))


def _single_page(
    wanted: MeetingRequest, side: Side, token: str, form: AnswerForm, status: int = 200
) -> ResponseReturnValue:
    needs = queries.open_needs_of([wanted.buyer_id])
    line = own_part.request_line(wanted, side, is_over=answering.is_over(wanted), needs=needs)
    page = render_template(
        "meetings/answer_by_link.html",
        wanted=wanted,
        line=line,
        way=own_part.way_name(wanted),
        contact=own_part.contact_of(queries.get_meeting(line.meeting.id), side)
        if line.meeting is not None and line.meeting.ends_at > now()
        else None,
        agreed=wanted.state is RequestState.AGREED,
        token=token,
        form=form,
        decline_names=DECLINE_REASON_NAMES,
    )
    return page, status
