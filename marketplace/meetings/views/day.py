"""On the day: who is there, and what is at which table now.

Made for a phone on a weak signal: small pages, one press each, plain forms. A press sent twice, or
sent again when the signal is back, changes nothing.
"""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.clock import now
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, clean_text
from marketplace.infra.links import unsign
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number, public, safe_next
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import day as shown
from marketplace.meetings.models import MeetingEvent, Participant
from marketplace.meetings.queries import day as reads
from marketplace.meetings.queries import results
from marketplace.meetings.rules import EventState
from marketplace.meetings.rules.names import PARTICIPANT_STATE_NAMES
from marketplace.meetings.services import arriving
from marketplace.meetings.views.blueprint import bp

_NOT_VALID = N_("This link is not valid. Ask the office for a new one.")
WALL_SECONDS = 30
WALL_AHEAD = timedelta(hours=4)


@bp.get("/events/<int:event_id>/day")
@allow(policies.may_see_event, queries.get_event)
def show_day(event_id: int) -> ResponseReturnValue:
    """The officer's desk of the day: arrivals, tables, paper, results."""
    event, actor = queries.get_event(event_id), current_actor()
    area = policies.area_at(actor, event)
    moment = now()
    seats = reads.seats_from(event_id, moment, moment + WALL_AHEAD) if not area else []
    tables = shown.tables_now(seats, event.all_tables, moment)
    return render_template(
        "meetings/show_day.html",
        event=event,
        arrivals=reads.count_arrivals(event_id, area),
        counts=results.count_results(event_id, area),
        tables=[one for one in tables if one.now or one.next],
        wall_link=shown.wall_link(event),
        may_run=policies.may_run_event(actor, event),
    )


@bp.get("/events/<int:event_id>/check-in")
@allow(policies.may_see_event, queries.get_event)
def list_check_in(event_id: int) -> ResponseReturnValue:
    """By name: those still to come first, one press each."""
    event = queries.get_event(event_id)
    area = policies.area_at(current_actor(), event)
    text = clean_text(request.args.get("q", ""))[:200]
    return render_template(
        "meetings/list_check_in.html",
        event=event,
        page=reads.page_to_check_in(event_id, page_number(), text=text, area=area),
        arrivals=reads.count_arrivals(event_id, area),
        text=text,
        is_open=event.state in {EventState.OPEN, EventState.RUNNING},
        may_run=policies.may_run_event(current_actor(), event),
        state_names=PARTICIPANT_STATE_NAMES,
    )


@bp.post("/participants/<int:participant_id>/arrived")
@allow(policies.may_check_in, queries.get_participant)
def check_in(participant_id: int) -> ResponseReturnValue:
    with transaction():
        participant = queries.get_participant(participant_id)
        first = arriving.check_in(actor=current_actor(), participant=participant)
        name, event_id = participant.business.name, participant.event_id
    if first:
        flash(_("%(name)s is there.", name=name), "success")
    else:
        flash(_("%(name)s was noted as there before.", name=name), "info")
    return _back(event_id)


@bp.post("/participants/<int:participant_id>/not-arrived")
@allow(policies.may_check_in, queries.get_participant)
def take_back_arrival(participant_id: int) -> ResponseReturnValue:
    with transaction():
        participant = queries.get_participant(participant_id)
        arriving.take_back(actor=current_actor(), participant=participant)
        name, event_id = participant.business.name, participant.event_id
    flash(_("%(name)s is no longer noted as there.", name=name), "info")
    return _back(event_id)


def _back(event_id: int) -> ResponseReturnValue:
    default = url_for(".list_check_in", event_id=event_id)
    return redirect(safe_next(request.form.get("back"), default))


def _behind(purpose: str, token: str) -> int:
    payload = unsign(purpose, token)
    if len(payload) != 1 or not isinstance(payload[0], int):
        raise NotFound(_NOT_VALID)
    return payload[0]


@bp.get("/c/<token>")
@public
def show_code(token: str) -> ResponseReturnValue:
    """The code of a participant: it opens the button for an officer, and says its use to others."""
    participant = queries.get_participant(_behind(shown.CODE_LINK, token))
    actor = current_actor()
    may = actor.is_signed_in and policies.may_check_in(actor, participant)
    return render_template(
        "meetings/show_code.html",
        participant=participant,
        event=participant.event,
        may_check_in=may,
        next_meeting=_next_meeting(participant) if may else None,
        back=request.path,
        qr=None if may else shown.code_of(participant),
    )


def _next_meeting(participant: Participant) -> object:
    placed = queries.placed_of(participant.event_id, participant.business_id)
    return next((one for one in placed if one.starts_at > now() - timedelta(minutes=15)), None)


@bp.get("/events/<int:event_id>/wall")
@allow(policies.may_run_event, queries.get_event)
def show_wall(event_id: int) -> ResponseReturnValue:
    return _wall(queries.get_event(event_id))


@bp.get("/w/<token>")
@public
def show_wall_by_link(token: str) -> ResponseReturnValue:
    """For a screen in the hall: who holds the address may see who sits where, and no more."""
    return _wall(queries.get_event(_behind(shown.WALL_LINK, token)))


def _wall(event: MeetingEvent) -> ResponseReturnValue:
    moment = now()
    seats = reads.seats_from(event.id, moment, moment + WALL_AHEAD)
    page = render_template(
        "meetings/show_wall.html",
        event=event,
        tables=shown.tables_now(seats, event.all_tables, moment),
        moment=moment,
        seconds=WALL_SECONDS,
        is_still=request.args.get("still") == "1",
    )
    return page, 200, {"Cache-Control": "no-store"}
