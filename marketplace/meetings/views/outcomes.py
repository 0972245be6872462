"""What came of a meeting: one meeting, or a whole day from the sheets on the tables."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, DomainError
from marketplace.core.text import whole_number
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    row_numbers,
    sent_before,
)
from marketplace.meetings import policies, queries
from marketplace.meetings.documents.results import result_facts
from marketplace.meetings.forms.results import (
    OutcomeForm,
    ResultRow,
    SampleForm,
    ScoreForm,
    StepForm,
)
from marketplace.meetings.models import Meeting, MeetingEvent
from marketplace.meetings.queries import results
from marketplace.meetings.rules import MeetingState
from marketplace.meetings.rules.grid import instant
from marketplace.meetings.rules.names import MEETING_STATE_NAMES, NO_SHOW_NAMES
from marketplace.meetings.rules.results import NEXT_RESULTS, OWNER_NAMES
from marketplace.meetings.services import outcomes
from marketplace.meetings.views.blueprint import bp


@bp.get("/meetings/<int:meeting_id>/result")
@allow(policies.may_see_result, queries.get_meeting)
def show_result(meeting_id: int) -> ResponseReturnValue:
    return result_page(meeting_id)


def result_page(
    meeting_id: int,
    *,
    form: OutcomeForm | None = None,
    step_form: StepForm | None = None,
    sample_form: SampleForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Everything of one meeting; what was refused stands where it was typed."""
    meeting, actor = queries.get_meeting(meeting_id), current_actor()
    may_record = policies.may_record_outcome(actor, meeting)
    outcome = results.find_outcome(meeting_id)
    products = results.products_of(meeting.producer_id) if may_record else []
    samples = sample_form or SampleForm(formdata=None)
    samples.product_id.choices = [("", "–"), *((str(one.id), one.name) for one in products)]
    page = render_template(
        "meetings/show_result.html",
        meeting=meeting,
        outcome=outcome,
        facts_known=result_facts(meeting, outcome, for_office=may_record),
        steps=results.steps_of(meeting_id),
        samples=results.samples_of(meeting_id),
        successor=results.successor_of(meeting_id) if meeting.state is MeetingState.MOVED else None,
        form=(form or OutcomeForm.of(meeting, outcome)).offer(products),
        step_form=step_form or StepForm(formdata=None),
        sample_form=samples,
        score_form=ScoreForm(formdata=None),
        may_record=may_record,
        may_change=may_record and bool(NEXT_RESULTS[meeting.state]),
        may_finish=policies.may_finish_step,
        may_send=policies.may_send_sample,
        may_judge=policies.may_judge_sample,
        theirs=status == 409 and outcome is not None,
        moment=now(),
        today=today(),
        owner_names=OWNER_NAMES,
        state_names=MEETING_STATE_NAMES,
        no_show_names=NO_SHOW_NAMES,
    )
    return page, status


@bp.post("/meetings/<int:meeting_id>/result")
@allow(policies.may_record_outcome, queries.get_meeting)
def record_outcome(meeting_id: int) -> ResponseReturnValue:
    form = OutcomeForm()
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return result_page(meeting_id, form=form, status=422)
    try:
        with transaction():
            kept = outcomes.record_outcome(
                actor=current_actor(),
                meeting=queries.get_meeting(meeting_id),
                draft=form.draft(),
                version=form.seen_version(),
            )
            location = remember_form(form, url_for(".show_result", meeting_id=kept.id))
    except DomainError as error:
        form.refuse(error)
        if isinstance(error, Conflict):
            # The next press is made knowing of the other result, so it may win.
            form.version.data = str(queries.get_meeting(meeting_id).version)
            form.version.raw_data = None
        return result_page(meeting_id, form=form, status=status_of(error))
    _say_saved(kept)
    return redirect(location)


def _say_saved(meeting: Meeting) -> None:
    if meeting.state is MeetingState.HELD and not results.steps_of(meeting.id):
        flash(_("The result is saved. A next step is still missing."), "warning")
    elif meeting.moved_from_id is not None and meeting.state is MeetingState.PLACED:
        flash(_("Put off. This is the meeting at the new time; both are told."), "success")
    else:
        flash(_("The result is saved."), "success")


# --- a whole day from paper


def _day_asked(event: MeetingEvent) -> date | None:
    """One of the event's days, or all of them."""
    wanted = request.args.get("day", "")
    return next((day.day_on for day in event.days if day.day_on.isoformat() == wanted), None)


def _table_asked(event: MeetingEvent) -> int | None:
    table = whole_number(request.args.get("table"))
    return table if table is not None and 1 <= table <= event.all_tables else None


def _span(day: date | None) -> tuple[datetime, datetime] | None:
    return None if day is None else (instant(day, 0), instant(day + timedelta(days=1), 0))


@bp.get("/events/<int:event_id>/results")
@allow(policies.may_see_event, queries.get_event)
def enter_results(event_id: int) -> ResponseReturnValue:
    event = queries.get_event(event_id)
    area = policies.area_at(current_actor(), event)
    page = results.page_to_enter(
        event_id, page_number(), day=_span(_day_asked(event)), table=_table_asked(event), area=area
    )
    return _entry_page(event, [(one, ResultRow.of(one)) for one in page.items], total=page.total)


def _entry_page(
    event: MeetingEvent,
    rows: Sequence[tuple[Meeting, ResultRow]],
    *,
    total: int,
    status: int = 200,
) -> ResponseReturnValue:
    area = policies.area_at(current_actor(), event)
    page = render_template(
        "meetings/enter_results.html",
        event=event,
        grid=event.grid(),
        rows=rows,
        total=total,
        wrong=sum(bool(row.errors or row.form_errors) for _meeting, row in rows),
        counts=results.count_results(event.id, area),
        day=_day_asked(event),
        table_number=_table_asked(event),
        may_run=policies.may_run_event(current_actor(), event),
        narrowed=_filter(),
    )
    return page, status


@bp.post("/events/<int:event_id>/results")
@allow(policies.may_see_event, queries.get_event)
def save_results(event_id: int) -> ResponseReturnValue:
    """Each row stands for itself: good ones are kept, the others come back as they were typed."""
    actor, saved = current_actor(), 0
    wrong: list[int] = []
    forms: dict[int, ResultRow] = {}
    for meeting in _rows_sent(event_id):
        row = ResultRow.of(meeting, request.form)
        if not row.is_touched:
            continue
        forms[meeting.id] = row
        if not row.validate():
            wrong.append(meeting.id)
            continue
        try:
            with transaction():
                outcomes.record_outcome(
                    actor=actor,
                    meeting=queries.get_meeting(meeting.id),
                    draft=row.draft(),
                    version=row.seen_version(),
                )
            saved += 1
        except DomainError as error:
            row.refuse(error)
            if isinstance(error, Conflict):
                row.version.data = str(queries.get_meeting(meeting.id).version)
                row.version.raw_data = None
            wrong.append(meeting.id)
    if saved:
        flash(ngettext("%(num)d result is saved.", "%(num)d results are saved.", saved), "success")
    if not wrong:
        return redirect(url_for(".enter_results", event_id=event_id, **_filter()))
    rows = [(one, forms[one.id]) for one in results.meetings_by_ids(wrong)]
    return _entry_page(queries.get_event(event_id), rows, total=len(rows), status=422)


def _filter() -> dict[str, Any]:
    """The day and table the page was narrowed to."""
    return {name: request.args[name] for name in ("day", "table") if request.args.get(name)}


def _rows_sent(event_id: int) -> Sequence[Meeting]:
    """The meetings named in the form, as far as they are this event's and this officer's."""
    numbers = row_numbers(request.form.getlist("meeting")[:200])
    actor = current_actor()
    return [
        one
        for one in results.meetings_by_ids(numbers)
        if one.event_id == event_id and policies.may_record_outcome(actor, one)
    ]
