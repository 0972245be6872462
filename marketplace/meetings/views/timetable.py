"""The timetable: one press, what came out, who has no place and why, and telling everybody."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.clock import now
from marketplace.core.text import whole_number
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import timetable as shown
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.rules import EventState, RunKind
from marketplace.meetings.rules.names import MEETING_STATE_NAMES, NO_SHOW_NAMES, RUN_KIND_NAMES
from marketplace.meetings.rules.telling import slot_name
from marketplace.meetings.services import planning
from marketplace.meetings.services.survey import survey
from marketplace.meetings.views.blueprint import bp

WAITING_SHOWN = 20


@bp.get("/events/<int:event_id>/timetable")
@allow(policies.may_see_event, queries.get_event)
def show_timetable(event_id: int) -> ResponseReturnValue:
    event, actor = queries.get_event(event_id), current_actor()
    may_run = policies.may_run_event(actor, event)
    chosen = whole_number(request.args.get("of"))
    area = policies.area_at(actor, event)
    run = queries.last_run(event.id)
    waiting, left = _waiting(event) if may_run else ([], 0)
    return render_template(
        "meetings/show_timetable.html",
        event=event,
        page=queries.page_of_timetable(event.id, page_number(), business_id=chosen, area=area),
        slot_name=lambda meeting: slot_name(event.grid(), meeting.slot),
        participants=[
            (one.business_id, one.business.name)
            for one in queries.participants_at(event.id, area=area)
        ],
        chosen=chosen,
        run=run,
        figures=shown.figures(run) if run is not None and may_run else None,
        waiting=waiting,
        waiting_more=left,
        live=queries.count_live(event.id),
        may_run=may_run and event.state is not EventState.CLOSED,
        kind_names=RUN_KIND_NAMES,
        state_names=MEETING_STATE_NAMES,
        no_show_names=NO_SHOW_NAMES,
    )


def _waiting(event: MeetingEvent) -> tuple[list[shown.Waiting], int]:
    """The weightiest requests without a place, as things stand now, and how many more there are."""
    seen = survey(event, now())
    desk = seen.desk()
    open_ones = sorted(
        (one for one in seen.requests.values() if str(one.id) not in desk.meetings),
        key=lambda one: (-one.weight, one.id),
    )
    told = [shown.waiting_of(one, desk, seen.names, seen.grid) for one in open_ones[:WAITING_SHOWN]]
    return told, max(0, len(open_ones) - WAITING_SHOWN)


def _press(event_id: int, kind: RunKind) -> ResponseReturnValue:
    # Computed outside the transaction: others go on writing meanwhile.
    plan = planning.compute(queries.get_event(event_id), kind)
    with transaction():
        run = planning.apply(actor=current_actor(), event_id=event_id, plan=plan)
    flash(
        _(
            "The timetable stands: %(placed)s meetings, %(unplaced)s requests without a place.",
            placed=run.placed,
            unplaced=len(run.unplaced),
        ),
        "success",
    )
    return redirect(url_for(".show_timetable", event_id=event_id))


@bp.post("/events/<int:event_id>/timetable")
@allow(policies.may_run_event, queries.get_event)
def plan_timetable(event_id: int) -> ResponseReturnValue:
    """The best timetable; locked meetings stay."""
    return _press(event_id, RunKind.PLAN)


@bp.post("/events/<int:event_id>/timetable/again")
@allow(policies.may_run_event, queries.get_event)
def replan_timetable(event_id: int) -> ResponseReturnValue:
    """As few changes as possible."""
    return _press(event_id, RunKind.REPLAN)


@bp.post("/events/<int:event_id>/timetable/announce")
@allow(policies.may_run_event, queries.get_event)
def announce_timetable(event_id: int) -> ResponseReturnValue:
    with transaction():
        told = planning.announce(actor=current_actor(), event=queries.lock_event(event_id))
    flash(
        ngettext(
            "%(num)d text with the meetings lies in the tray. From now on changes are told too.",
            "%(num)d texts with the meetings lie in the tray. From now on changes are told too.",
            told,
        ),
        "success",
    )
    return redirect(url_for(".show_timetable", event_id=event_id))
