"""Figures of an event and of a quarter, and the rows each is made of."""

from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.core.clock import now, today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.paging import Page
from marketplace.infra.web import PAGE_SIZE, allow, current_actor, page_number
from marketplace.meetings import policies, queries
from marketplace.meetings.documents import figures as shown
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.queries.figures import Scope, held_ids
from marketplace.meetings.rules.figures import (
    OF_REQUESTS,
    FigureKey,
    PerMeeting,
    Quarter,
    quarter_of,
    read_quarter,
)
from marketplace.meetings.views.blueprint import bp


def _key(text: str) -> FigureKey:
    if text not in set(FigureKey):
        raise NotFound(N_("There is no such page."))
    return FigureKey(text)


def _event_scope(event_id: int) -> Scope:
    area = policies.area_at(current_actor(), queries.get_event(event_id))
    return Scope(event_id=event_id, area=area)


def _quarter_asked() -> Quarter:
    raw = request.args.get("quarter", "")
    return read_quarter(raw) if raw else quarter_of(today())


def _quarter_scope() -> Scope:
    return Scope(quarter=_quarter_asked(), area=policies.area_of(current_actor()))


def _per_meeting(scope: Scope) -> list[PerMeeting]:
    """What higher rooms count of the held meetings (see rules.figures.PerMeeting)."""
    held = held_ids(scope)
    counters = current_app.extensions.get("per_meeting", ())
    return [one for counter in counters for one in counter(held)]


def _page(template: str, scope: Scope, **given: Any) -> ResponseReturnValue:
    return render_template(
        template,
        figures=[shown.show_figure(one) for one in shown.figures_of(scope, now())],
        per_meeting=_per_meeting(scope),
        **given,
    )


def _export(scope: Scope, name: str, ending: str) -> ResponseReturnValue:
    if ending not in FORMATS:
        raise NotFound(N_("There is no such page."))
    figures = [shown.show_figure(one) for one in shown.figures_of(scope, now())]
    columns, rows = shown.figures_table(figures)
    return export_response(columns, rows, name, ending)


def _rows_page(template: str, scope: Scope, key: FigureKey, **given: Any) -> ResponseReturnValue:
    moment, number = now(), page_number()
    judged = shown.rows_of(key, scope, moment)
    part = judged[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    whole = next(one for one in shown.figures_of(scope, moment) if one.key is key)
    return render_template(
        template,
        figure=shown.show_figure(whole),
        page=Page([shown.show_row(*one) for one in part], number, PAGE_SIZE, len(judged)),
        row_url=_row_url(key),
        **given,
    )


def _row_url(key: FigureKey) -> Any:
    if key in OF_REQUESTS:
        return lambda number: url_for(".show_request", meeting_request_id=number)
    return lambda number: url_for(".show_result", meeting_id=number)


def _export_rows(scope: Scope, key: FigureKey, name: str, ending: str) -> ResponseReturnValue:
    if ending not in FORMATS:
        raise NotFound(N_("There is no such page."))
    rows = [shown.show_row(*one) for one in shown.rows_of(key, scope, now())]
    return export_response(*shown.rows_table(rows), name, ending)


# --- of an event


def _event(event_id: int, **_words: str) -> MeetingEvent:
    """The event an address names, whatever else stands in it."""
    return queries.get_event(event_id)


@bp.get("/events/<int:event_id>/figures")
@allow(policies.may_see_event, _event)
def show_event_figures(event_id: int) -> ResponseReturnValue:
    event: MeetingEvent = queries.get_event(event_id)
    return _page(
        "meetings/show_event_figures.html",
        _event_scope(event_id),
        event=event,
        may_run=policies.may_run_event(current_actor(), event),
    )


@bp.get("/events/<int:event_id>/figures.<ending>")
@allow(policies.may_see_event, _event)
def export_event_figures(event_id: int, ending: str) -> ResponseReturnValue:
    return _export(_event_scope(event_id), f"angka-temu-bisnis-{event_id}", ending)


@bp.get("/events/<int:event_id>/figures/<key>")
@allow(policies.may_see_event, _event)
def list_event_figure_rows(event_id: int, key: str) -> ResponseReturnValue:
    event = queries.get_event(event_id)
    return _rows_page(
        "meetings/list_event_figure_rows.html", _event_scope(event_id), _key(key), event=event
    )


@bp.get("/events/<int:event_id>/figures/<key>.<ending>")
@allow(policies.may_see_event, _event)
def export_event_figure_rows(event_id: int, key: str, ending: str) -> ResponseReturnValue:
    chosen = _key(key)
    name = f"angka-temu-bisnis-{event_id}-{chosen.value.replace('_', '-')}"
    return _export_rows(_event_scope(event_id), chosen, name, ending)


# --- of a quarter


@bp.get("/meeting-figures")
@allow(policies.may_see_figures)
def show_figures() -> ResponseReturnValue:
    quarter = _quarter_asked()
    return _page(
        "meetings/show_figures.html",
        _quarter_scope(),
        quarter=quarter,
        is_last=quarter >= quarter_of(today()),
    )


@bp.get("/meeting-figures.<ending>")
@allow(policies.may_see_figures)
def export_figures(ending: str) -> ResponseReturnValue:
    return _export(_quarter_scope(), f"angka-temu-bisnis-{_quarter_asked()}", ending)


@bp.get("/meeting-figures/<key>")
@allow(policies.may_see_figures)
def list_figure_rows(key: str) -> ResponseReturnValue:
    return _rows_page(
        "meetings/list_figure_rows.html", _quarter_scope(), _key(key), quarter=_quarter_asked()
    )


@bp.get("/meeting-figures/<key>.<ending>")
@allow(policies.may_see_figures)
def export_figure_rows(key: str, ending: str) -> ResponseReturnValue:
    chosen = _key(key)
    name = f"angka-temu-bisnis-{_quarter_asked()}-{chosen.value.replace('_', '-')}"
    return _export_rows(_quarter_scope(), chosen, name, ending)
