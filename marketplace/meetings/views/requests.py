"""Requests to meet: ask, see, and answer signed in or for somebody."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.audit import queries as audit
from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, ticked
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import own_part
from marketplace.meetings.forms import AnswerForm, AskPairForm
from marketplace.meetings.models import MeetingEvent, MeetingRequest
from marketplace.meetings.rules import DeclineReason, RequestedBy, RequestState, Side
from marketplace.meetings.rules.names import DECLINE_REASON_NAMES, REQUEST_STATE_NAMES
from marketplace.meetings.services import answering, asking
from marketplace.meetings.views.base import options_of
from marketplace.meetings.views.blueprint import bp
from marketplace.suggestions.rules import REQUESTED_BY_NAMES

PROPOSALS_SHOWN = 100


@bp.get("/events/<int:event_id>/requests")
@allow(policies.may_see_event, queries.get_event)
def list_requests(event_id: int) -> ResponseReturnValue:
    event = queries.get_event(event_id)
    return _list_page(event, _pair_form(event))


def _pair_form(event: MeetingEvent) -> AskPairForm:
    people = list(queries.participants_at(event.id))
    form: AskPairForm = AskPairForm().offer(
        options_of(people, Side.PRODUCER), options_of(people, Side.BUYER)
    )
    return form


def _list_page(event: MeetingEvent, form: AskPairForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    area = policies.area_at(actor, event)
    raw = request.args.get("state", "")
    state = RequestState(raw) if raw in set(RequestState) else None
    may_run = policies.may_run_event(actor, event)
    proposals = queries.proposals_for(event.id) if may_run else []
    parties = {one.producer_id for one in proposals} | {one.buyer_id for one in proposals}
    names = {one.id: one.name for one in queries.businesses_of(parties)}
    page = render_template(
        "meetings/list_requests.html",
        event=event,
        page=queries.page_of_requests(event.id, page_number(), state=state, area=area),
        counts=queries.count_requests(event.id, area),
        state=state,
        proposals=proposals[:PROPOSALS_SHOWN],
        more=len(proposals),
        names=names,
        form=form,
        may_run=may_run,
        state_names=REQUEST_STATE_NAMES,
        by_names=REQUESTED_BY_NAMES,
    )
    return page, status


@bp.post("/events/<int:event_id>/requests/from-suggestions")
@allow(policies.may_run_event, queries.get_event)
def ask_from_suggestions(event_id: int) -> ResponseReturnValue:
    """All of them with one press, or the ticked ones."""
    chosen = None if "all" in request.form else ticked(request.form.getlist("suggestion"))
    if chosen is not None and not chosen:
        flash(_("Tick at least one pairing, or take all of them."), "error")
        return redirect(url_for(".list_requests", event_id=event_id))
    with transaction():
        asked = asking.from_suggestions(
            actor=current_actor(), event=queries.get_event(event_id), suggestion_ids=chosen
        )
    flash(
        ngettext(
            "%(num)d pair is asked. Each participant gets one text with everything.",
            "%(num)d pairs are asked. Each participant gets one text with everything.",
            asked,
        ),
        "success",
    )
    return redirect(url_for(".list_requests", event_id=event_id))


@bp.post("/events/<int:event_id>/requests")
@allow(policies.may_run_event, queries.get_event)
def ask_pair(event_id: int) -> ResponseReturnValue:
    """Two whom the officer wants to bring together; both are asked."""
    event = queries.get_event(event_id)
    form = _pair_form(event)
    if not form.validate():
        return _list_page(event, form, 422)
    try:
        with transaction():
            producer, buyer = (queries.get_participant(number) for number in form.pair())
            asking.ask_at_event(
                actor=current_actor(),
                event=queries.get_event(event_id),
                producer=producer,
                buyer=buyer,
                by=RequestedBy.OFFICER,
                weight=form.weight.data,
                note=form.note.data or "",
            )
    except NotFound:
        form.refuse(InvalidInput(N_("Choose a producer and a buyer of this event.")))
        return _list_page(queries.get_event(event_id), form, 422)
    except DomainError as error:
        form.refuse(error)
        return _list_page(queries.get_event(event_id), form, status_of(error))
    flash(_("Both are asked. Their texts lie in the tray."), "success")
    return redirect(url_for(".list_requests", event_id=event_id))


@bp.get("/meeting-requests/<int:meeting_request_id>")
@allow(policies.may_see_request, queries.get_request)
def show_request(meeting_request_id: int) -> ResponseReturnValue:
    return _request_page(queries.get_request(meeting_request_id), AnswerForm(formdata=None))


@bp.post("/meeting-requests/<int:meeting_request_id>")
@allow(policies.may_see_request, queries.get_request)
def answer_request(meeting_request_id: int) -> ResponseReturnValue:
    """The answer of one's own side; an officer names the side they write it down for."""
    wanted = queries.get_request(meeting_request_id)
    actor = current_actor()
    side = policies.side_of(actor, wanted)
    said = request.form.get("side", "")
    if said in set(Side) and policies.may_answer_for(actor, wanted, Side(said)):
        side = Side(said)
    if side is None:
        raise NotFound(N_("There is no such request."))
    form = take_answer(actor, wanted, side)
    if form is not None:
        return _request_page(queries.get_request(meeting_request_id), form, 422)
    return redirect(url_for(".show_request", meeting_request_id=meeting_request_id))


def take_answer(actor: Actor, wanted: MeetingRequest, side: Side) -> AnswerForm | None:
    """Take a yes or a no; returns the form where the no lacks its reason."""
    number = wanted.id
    if request.form.get("answer") == "yes":
        with transaction():
            fresh = queries.get_request(number)
            answering.agree(actor=actor, request=fresh, side=side)
        flash(_("Thank you. Your yes is noted."), "success")
        return None
    form = AnswerForm()
    if not form.validate() or form.reason.data not in set(DeclineReason):
        if not form.reason.errors:
            form.reason.errors = [*form.reason.errors, _("Please choose a reason.")]
        return form
    with transaction():
        answering.decline(
            actor=actor,
            request=queries.get_request(number),
            side=side,
            reason=DeclineReason(form.reason.data),
            note=form.note.data or "",
        )
    flash(_("Thank you. Your answer is noted; declining never counts against you."), "success")
    return None


def _request_page(
    wanted: MeetingRequest, form: AnswerForm, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    side = policies.side_of(actor, wanted)
    needs = queries.open_needs_of([wanted.buyer_id])
    is_over = answering.is_over(wanted)
    live = next((one for one in wanted.meetings if one.state.value == "placed"), None)
    page = render_template(
        "meetings/show_request.html",
        wanted=wanted,
        side=side,
        line=own_part.request_line(wanted, side, is_over=is_over, needs=needs) if side else None,
        about=own_part.request_line(wanted, Side.PRODUCER, is_over=is_over, needs=needs).about,
        is_over=is_over,
        live=live,
        way=own_part.way_name(wanted),
        form=form,
        answers_for=[
            each
            for each in Side
            if each is not side
            and policies.may_answer_for(actor, wanted, each)
            and wanted.agreed_at(each) is None
        ],
        trail=audit.list_of_subject("meeting_requests", wanted.id) if side is None else [],
        may_run=policies.may_run_request(actor, wanted),
        decline_names=DECLINE_REASON_NAMES,
        state_names=REQUEST_STATE_NAMES,
        by_names=REQUESTED_BY_NAMES,
    )
    return page, status
