"""One meeting and its place: move, swap, lock, call off; or a place by hand for a request."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.audit import queries as audit
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, DomainError, InvalidInput, NotFound
from marketplace.core.text import N_, whole_number
from marketplace.infra.errors import status_of
from marketplace.infra.forms import version_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import own_part
from marketplace.meetings.documents import timetable as shown
from marketplace.meetings.forms import ReasonForm
from marketplace.meetings.models import Meeting, MeetingEvent
from marketplace.meetings.rules import EventState, MeetingState, RequestState, Side
from marketplace.meetings.rules.names import MEETING_STATE_NAMES, NO_SHOW_NAMES
from marketplace.meetings.rules.telling import slot_name
from marketplace.meetings.services import placing
from marketplace.meetings.services.survey import survey
from marketplace.meetings.views.blueprint import bp


@bp.get("/meetings/<int:meeting_id>")
@allow(policies.may_see_meeting, queries.get_meeting)
def show_meeting(meeting_id: int) -> ResponseReturnValue:
    return meeting_page(queries.get_meeting(meeting_id))


def meeting_page(
    meeting: Meeting,
    *,
    refused: str = "",
    chosen: dict[str, Any] | None = None,
    reason: ReasonForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """With every slot for who may move it; after a refusal what was chosen is still chosen."""
    actor = current_actor()
    side = policies.side_of(actor, meeting)
    may_move = (
        policies.may_move_meeting(actor, meeting)
        and meeting.state is MeetingState.PLACED
        and (meeting.event is None or meeting.event.state is not EventState.CLOSED)
    )
    page = render_template(
        "meetings/show_meeting.html",
        meeting=meeting,
        event=meeting.event,
        side=side,
        contacts=[
            own_part.contact_of(meeting, each) for each in Side if side is None or each is side
        ],
        way=own_part.way_name(meeting),
        choices=_choices(meeting.event, meeting.request_id)
        if may_move and meeting.event is not None
        else [],
        may_move=may_move,
        refused=refused,
        chosen=chosen or {},
        reason=reason or ReasonForm(formdata=None),
        trail=audit.list_of_subject("meetings", meeting.id) if side is None else [],
        state_names=MEETING_STATE_NAMES,
        no_show_names=NO_SHOW_NAMES,
    )
    return page, status


def _choices(event: MeetingEvent, request_id: int) -> list[shown.SlotChoice]:
    seen = survey(event, now())
    past = seen.grid.numbers - seen.grid.from_time(seen.at)
    live = {one.request_id: one for one in seen.live}
    return shown.choices_of(request_id, seen.desk(), seen.names, seen.grid, live, past)


def _place_sent() -> tuple[int, int | None]:
    """`place` is a slot, or a slot and a table: `7`, `7-3`."""
    slot, _dash, table = request.form.get("place", "").partition("-")
    own = request.form.get(f"table-{slot}", table)
    number, at = whole_number(slot, digits=4), whole_number(own or "0", digits=4)
    if number is None or at is None:
        raise InvalidInput(N_("Choose a slot first."))
    return number, at or None


@bp.post("/meetings/<int:meeting_id>/move")
@allow(policies.may_move_meeting, queries.get_meeting)
def move_meeting(meeting_id: int) -> ResponseReturnValue:
    try:
        slot, table = _place_sent()
        with transaction():
            meeting = queries.get_meeting(meeting_id)
            _at_an_event(meeting)
            placing.move(
                actor=current_actor(),
                meeting=meeting,
                slot=slot,
                table=table,
                version=version_of(request.form.get("version")),
            )
    except DomainError as error:
        return _refused(meeting_id, error)
    flash(_("The meeting is moved."), "success")
    return redirect(url_for(".show_meeting", meeting_id=meeting_id))


def _refused(meeting_id: int, error: DomainError) -> ResponseReturnValue:
    """The page again with what was chosen, and how things stand now."""
    if isinstance(error, NotFound):
        raise error
    return meeting_page(
        queries.get_meeting(meeting_id),
        refused=say(error.msgid, error.params),
        chosen=request.form.to_dict(),
        status=status_of(error),
    )


def _at_an_event(meeting: Meeting) -> None:
    if meeting.event_id is None:
        raise InvalidInput(N_("Only a meeting at an event has a slot and a table."))


@bp.post("/meetings/<int:meeting_id>/swap")
@allow(policies.may_move_meeting, queries.get_meeting)
def swap_meetings(meeting_id: int) -> ResponseReturnValue:
    """`with` names the other meeting and the version that was seen: `12-3`."""
    other, _dash, seen = request.form.get("with", "").partition("-")
    other_id = whole_number(other)
    if other_id is None:
        raise InvalidInput(N_("Choose a meeting to change places with."))
    try:
        with transaction():
            meeting = queries.get_meeting(meeting_id)
            _at_an_event(meeting)
            placing.swap(
                actor=current_actor(),
                meeting=meeting,
                other=queries.get_meeting(other_id),
                versions=(version_of(request.form.get("version")), version_of(seen)),
            )
    except DomainError as error:
        return _refused(meeting_id, error)
    flash(_("The two meetings have changed places."), "success")
    return redirect(url_for(".show_meeting", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/lock")
@allow(policies.may_move_meeting, queries.get_meeting)
def lock_meeting(meeting_id: int) -> ResponseReturnValue:
    locked = request.form.get("locked") == "1"
    try:
        with transaction():
            meeting = queries.get_meeting(meeting_id)
            _at_an_event(meeting)
            placing.set_lock(
                actor=current_actor(),
                meeting=meeting,
                locked=locked,
                version=version_of(request.form.get("version")),
            )
    except DomainError as error:
        return _refused(meeting_id, error)
    flash(
        _("Locked: no new plan moves it.") if locked else _("Unlocked: a new plan may move it."),
        "success",
    )
    return redirect(url_for(".show_meeting", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/call-off")
@allow(policies.may_move_meeting, queries.get_meeting)
def call_off(meeting_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return meeting_page(queries.get_meeting(meeting_id), reason=form, status=422)
    try:
        with transaction():
            placing.call_off(
                actor=current_actor(),
                meeting=queries.get_meeting(meeting_id),
                reason=form.reason.data,
                version=version_of(request.form.get("version")),
            )
    except Conflict as error:
        return _refused(meeting_id, error)
    flash(_("The meeting is called off."), "success")
    return redirect(url_for(".show_meeting", meeting_id=meeting_id))


@bp.route("/meeting-requests/<int:meeting_request_id>/place", methods=["GET", "POST"])
@allow(policies.may_run_request, queries.get_request)
def place_request(meeting_request_id: int) -> ResponseReturnValue:
    """A place by hand, spare tables too."""
    if request.method == "GET":
        return _place_page(meeting_request_id)
    try:
        slot, table = _place_sent()
        with transaction():
            wanted = queries.get_request(meeting_request_id)
            if wanted.event_id is None:
                raise InvalidInput(N_("Only a meeting at an event has a slot and a table."))
            meeting = placing.place(actor=current_actor(), request=wanted, slot=slot, table=table)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        told = say(error.msgid, error.params)
        return _place_page(meeting_request_id, refused=told, status=status_of(error))
    flash(_("The meeting has its place."), "success")
    return redirect(url_for(".show_timetable", event_id=meeting.event_id))


def _place_page(
    meeting_request_id: int, *, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    wanted = queries.get_request(meeting_request_id)
    if wanted.event is None:
        raise NotFound(N_("There is no such request."))
    live = [one for one in wanted.meetings if one.state is MeetingState.PLACED]
    ready = wanted.state is RequestState.AGREED and not live
    page = render_template(
        "meetings/place_request.html",
        wanted=wanted,
        event=wanted.event,
        choices=_choices(wanted.event, wanted.id) if ready else [],
        live=live[0] if live else None,
        where=slot_name(wanted.event.grid(), live[0].slot or 0) if live else "",
        refused=refused,
        chosen=request.form.to_dict(),
    )
    return page, status
