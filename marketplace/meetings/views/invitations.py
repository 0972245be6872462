"""Invite from the register, several at once, and note who came uninvited."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.businesses import queries as businesses
from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, ticked
from marketplace.meetings import policies, queries
from marketplace.meetings.forms import WalkInForm
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.rules import Side
from marketplace.meetings.services import inviting
from marketplace.meetings.views.blueprint import bp


@bp.get("/events/<int:event_id>/invite")
@allow(policies.may_run_event, queries.get_event)
def invite(event_id: int) -> ResponseReturnValue:
    """The register without who is there already: tick as many as wanted."""
    event = queries.get_event(event_id)
    side = Side.BUYER if request.args.get("side") == "buyer" else Side.PRODUCER
    text = clean_text(request.args.get("q", ""))[:200]
    return render_template(
        "meetings/invite.html",
        event=event,
        side=side,
        text=text,
        page=queries.page_to_invite(
            event.id, page_number(), side=side, text=text, area=policies.area_of(current_actor())
        ),
    )


@bp.post("/events/<int:event_id>/invite")
@allow(policies.may_run_event, queries.get_event)
def invite_chosen(event_id: int) -> ResponseReturnValue:
    chosen = ticked(request.form.getlist("business"))
    if not chosen:
        flash(_("Tick at least one business."), "error")
        return redirect(url_for(".invite", event_id=event_id, side=request.form.get("side", "")))
    with transaction():
        added = inviting.invite(
            actor=current_actor(), event=queries.get_event(event_id), business_ids=chosen
        )
    flash(
        ngettext("%(num)d business is invited.", "%(num)d businesses are invited.", added),
        "success",
    )
    return redirect(url_for(".list_participants", event_id=event_id))


@bp.route("/events/<int:event_id>/walk-in", methods=["GET", "POST"])
@allow(policies.may_run_event, queries.get_event)
def add_walk_in(event_id: int) -> ResponseReturnValue:
    event = queries.get_event(event_id)
    form = WalkInForm()
    form.for_grid(event.grid())
    text = clean_text(request.args.get("q", ""))[:200]
    found = businesses.find_businesses(1, text=text).items if text else []
    form.business_id.choices = [(str(one.id), one.name) for one in found]
    if request.method == "GET":
        return _walk_in_page(event, form, text)
    chosen = ticked([str(form.business_id.data or "")])
    if not form.validate():
        return _walk_in_page(event, form, text, 422)
    try:
        with transaction():
            participant = inviting.add_walk_in(
                actor=current_actor(),
                event=queries.get_event(event_id),
                business=businesses.get_business(chosen.pop() if chosen else 0),
                draft=form.draft(),
            )
    except DomainError as error:
        form.refuse(error)
        return _walk_in_page(event, form, text, status_of(error))
    flash(_("%(name)s is here.", name=participant.business.name), "success")
    return redirect(url_for(".list_participants", event_id=event_id))


def _walk_in_page(
    event: MeetingEvent, form: WalkInForm, text: str, status: int = 200
) -> ResponseReturnValue:
    return (
        render_template("meetings/add_walk_in.html", event=event, form=form, text=text),
        status,
    )
