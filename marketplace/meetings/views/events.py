"""Events: list, create, show, change, and the steps from draft to over."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)
from marketplace.meetings import policies, queries
from marketplace.meetings.forms import EventForm
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.queries import results
from marketplace.meetings.rules import ParticipantState, RequestState, Side
from marketplace.meetings.rules.names import EVENT_KIND_NAMES, EVENT_STATE_NAMES
from marketplace.meetings.services import events
from marketplace.meetings.views.blueprint import bp


@bp.get("/events")
@allow(policies.may_list_events)
def list_events() -> ResponseReturnValue:
    return render_template(
        "meetings/list_events.html",
        page=queries.page_of_events(page_number()),
        state_names=EVENT_STATE_NAMES,
        may_create=policies.may_create_event(current_actor()),
    )


@bp.route("/events/new", methods=["GET", "POST"])
@allow(policies.may_create_event)
def create_event() -> ResponseReturnValue:
    changed = EventForm.with_rows(request.form)
    form = changed or EventForm()
    if request.method == "GET" or changed is not None:
        return render_template("meetings/create_event.html", form=form)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return render_template("meetings/create_event.html", form=form), 422
    try:
        with transaction():
            event = events.create_event(actor=current_actor(), draft=form.draft())
            location = remember_form(form, url_for(".list_participants", event_id=event.id))
    except InvalidInput as error:
        form.refuse(error)
        return render_template("meetings/create_event.html", form=form), 422
    flash(_("The event is prepared. Now choose whom to invite."), "success")
    return redirect(location)


@bp.get("/events/<int:event_id>")
@allow(policies.may_see_event, queries.get_event)
def show_event(event_id: int) -> ResponseReturnValue:
    event, actor = queries.get_event(event_id), current_actor()
    area = policies.area_at(actor, event)
    requests = queries.count_requests(event.id, area)
    grid = event.grid()
    return render_template(
        "meetings/show_event.html",
        event=event,
        grid=grid,
        without_result=results.count_of_event_without_result(event.id, area, now()),
        has_come=grid[0].on <= today(),
        sides=_sides(event, area),
        requests=requests,
        waiting=requests[RequestState.ASKED],
        live=queries.count_live(event.id),
        falls_away=len(queries.not_begun(event.id, now())),
        run=queries.last_run(event.id),
        may_run=policies.may_run_event(actor, event),
        kind_names=EVENT_KIND_NAMES,
        state_names=EVENT_STATE_NAMES,
    )


def _sides(event: MeetingEvent, area: str) -> dict[str, dict[str, int]]:
    """Per side how many come, said no or have not answered; a kabupaten/kota counts its own."""
    counts = queries.count_participants(event.id, area)
    comes = (ParticipantState.CONFIRMED, ParticipantState.WALK_IN)
    return {
        side.value: {
            "comes": sum(counts.get((side, state), 0) for state in comes),
            "waits": counts.get((side, ParticipantState.INVITED), 0),
            "declined": counts.get((side, ParticipantState.DECLINED), 0),
            "all": sum(counts.get((side, state), 0) for state in ParticipantState),
        }
        for side in Side
    }


@bp.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@allow(policies.may_run_event, queries.get_event)
def edit_event(event_id: int) -> ResponseReturnValue:
    event = queries.get_event(event_id)
    changed = EventForm.with_rows(request.form)
    if request.method == "GET":
        return _edit_page(EventForm.of(events.draft_of(event), event.version), event)
    form = changed or EventForm()
    if changed is not None:
        return _edit_page(form, event)
    if not form.validate():
        return _edit_page(form, event, 422)
    try:
        with transaction():
            events.change_event(
                actor=current_actor(),
                event=queries.lock_event(event_id),
                draft=form.draft(),
                version=form.seen_version(),
            )
    except InvalidInput as error:
        form.refuse(error)
        return _edit_page(form, queries.get_event(event_id), 422)
    except Conflict as error:
        present = queries.get_event(event_id)
        form.form_errors.append(say(error.msgid, error.params))
        # The next press is made knowing of the other change, so it may win.
        form.version.data, form.version.raw_data = str(present.version), None
        return _edit_page(form, present, 409)
    flash(_("The event is saved."), "success")
    return redirect(url_for(".show_event", event_id=event_id))


def _edit_page(form: EventForm, event: MeetingEvent, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "meetings/edit_event.html",
        form=form,
        event=event,
        grid=event.grid(),
        theirs=events.draft_of(event) if status == 409 else None,
    )
    return page, status


def _step(event_id: int, service: Callable[..., Any]) -> Any:
    with transaction():
        return service(actor=current_actor(), event=queries.lock_event(event_id))


@bp.post("/events/<int:event_id>/open")
@allow(policies.may_run_event, queries.get_event)
def open_event(event_id: int) -> ResponseReturnValue:
    texts = _step(event_id, events.open_event)
    flash(
        ngettext(
            "%(num)d invitation lies in the tray, ready to send.",
            "%(num)d invitations lie in the tray, ready to send.",
            texts,
        ),
        "success",
    )
    return redirect(url_for(".show_event", event_id=event_id))


@bp.post("/events/<int:event_id>/start")
@allow(policies.may_run_event, queries.get_event)
def start_event(event_id: int) -> ResponseReturnValue:
    _step(event_id, events.start_event)
    flash(_("The event is under way."), "success")
    return redirect(url_for(".show_event", event_id=event_id))


@bp.post("/events/<int:event_id>/close")
@allow(policies.may_run_event, queries.get_event)
def close_event(event_id: int) -> ResponseReturnValue:
    fallen = _step(event_id, events.close_event)
    flash(_("The event is over. Results can still be written down."), "success")
    if fallen:
        flash(
            ngettext(
                "%(count)s meeting that had not begun fell away. The texts for both sides lie in"
                " the tray.",
                "%(count)s meetings that had not begun fell away. The texts for both sides lie in"
                " the tray.",
                fallen,
                count=fallen,
            )
        )
    return redirect(url_for(".show_event", event_id=event_id))
