"""Turnover entered by an officer: a whole day from paper, and one stall-day with its history."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.audit import queries as audit
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, DomainError, NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before, ticked
from marketplace.programs import policies
from marketplace.programs.documents.stall_links import stall_code, stall_link
from marketplace.programs.forms.turnover import DayRow, EstimateForm, TurnoverForm, day_row
from marketplace.programs.models import Program, StallHolder
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import turnover as reads
from marketplace.programs.rules.turnover import (
    SOURCE_NAMES,
    AlreadyReported,
    AskedBack,
    ReportSource,
)
from marketplace.programs.services import turnover as services
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.entering import entered, entry_page
from marketplace.programs.views.pages import asked_day


@bp.route("/bazaars/<int:bazaar_id>/turnover", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_bazaar)
def enter_day(bazaar_id: int) -> ResponseReturnValue:
    """All stalls of one day on one page, as they stand on the paper."""
    program = queries.get_bazaar(bazaar_id)
    days = queries.days_of(program.id)
    day_on = asked_day(days)
    if request.method == "GET":
        with transaction():  # single figures are shown: who looks is kept
            services.note_turnover_seen(actor=current_actor(), subject=program)
        return _day_page(queries.get_bazaar(bazaar_id), day_on, {})
    services.check_day(program, day_on)
    holders = queries.holders_of(program.id, only_coming=True)
    rows = {holder.id: day_row(request.form, holder.id) for holder in holders}
    for row in rows.values():
        if row.draft is not None:
            _keep(row, day_on)
    saved = sum(row.is_saved for row in rows.values())
    open_rows = {number: row for number, row in rows.items() if row.errors or row.asks}
    if saved:
        flash(ngettext("%(num)d figure is saved.", "%(num)d figures are saved.", saved), "success")
    if open_rows:
        return _day_page(queries.get_bazaar(bazaar_id), day_on, open_rows, 422)
    return redirect(url_for(".enter_day", bazaar_id=bazaar_id, day=day_on.isoformat()))


def _keep(row: DayRow, day_on: date) -> None:
    """Each stall for itself: what is odd in one keeps no other out."""
    if row.draft is None:
        return
    standing = reads.find_report(row.holder_id, day_on)
    before = standing.version if standing is not None else None
    try:
        with transaction():
            report = services.enter_turnover(
                actor=current_actor(),
                holder_id=row.holder_id,
                day_on=day_on,
                draft=row.draft,
                source=ReportSource.PAPER,
                sure_of=row.sure_of(),
                replaces=row.seen_version(),
            )
            row.is_saved = report.version != before
    except AskedBack as error:
        row.asks, row.sure = say(error.msgid, error.params), str(error.amount)
    except AlreadyReported as error:
        row.errors.append(say(error.msgid, error.params))
        row.seen = str(error.report.version)
    except Conflict:
        # Somebody was a moment faster: their figure stands now and is shown.
        fresh = reads.find_report(row.holder_id, day_on)
        if fresh is not None:
            told = AlreadyReported(services.standing_of(fresh))
            row.errors.append(say(told.msgid, told.params))
            row.seen = str(fresh.version)


def _day_page(
    program: Program, day_on: date, rows: dict[int, DayRow], status: int = 200
) -> ResponseReturnValue:
    days = queries.days_of(program.id)
    holders = queries.holders_of(program.id, only_coming=True)
    reports = reads.reports_of_day(program.id, day_on)
    try:
        services.check_day(program, day_on)
        refused = ""
    except RuleBroken as error:
        refused, status = say(error.msgid, error.params), 422 if status == 422 else 200
    page = render_template(
        "programs/enter_day.html",
        program=program,
        days=days,
        day_on=day_on,
        holders=holders,
        reports=reports,
        rows=rows,
        refused=refused,
        total=sum(report.amount for report in reports.values()),
        source_names=SOURCE_NAMES,
        today=today(),
    )
    return page, status


@bp.get("/bazaars/<int:bazaar_id>/sheet")
@allow(policies.may_see_program, queries.get_bazaar)
def print_sheet(bazaar_id: int) -> ResponseReturnValue:
    """A blank list of all stalls for one day, to fill in by pen."""
    program = queries.get_bazaar(bazaar_id)
    return render_template(
        "programs/print_sheet.html",
        program=program,
        day_on=asked_day(queries.days_of(program.id)),
        holders=queries.holders_of(program.id, only_coming=True),
        printed_at=now(),
    )


@bp.get("/bazaars/<int:bazaar_id>/codes")
@allow(policies.may_run_program, queries.get_bazaar)
def print_codes(bazaar_id: int) -> ResponseReturnValue:
    """A code for each stall, to cut out and pin up."""
    program = queries.get_bazaar(bazaar_id)
    return render_template(
        "programs/print_codes.html",
        program=program,
        holders=queries.holders_of(program.id, only_coming=True),
        code=stall_code,
        link=stall_link,
        printed_at=now(),
    )


@bp.route("/stalls/<int:holder_id>/turnover", methods=["GET", "POST"])
@allow(policies.may_use_stall, queries.get_holder)
def enter_turnover(holder_id: int) -> ResponseReturnValue:
    """One stall: its days so far, and a figure for one of them. The producer's own page too."""
    holder, actor = queries.get_holder(holder_id), current_actor()
    if request.method == "GET":
        if not policies.may_own_stall(actor, holder):
            with transaction():
                services.note_turnover_seen(actor=actor, subject=holder)
        return entry_page(queries.get_holder(holder_id), TurnoverForm(formdata=None))
    return entered(holder, actor, ReportSource.PHONE)


@bp.get("/stalls/<int:holder_id>/history")
@allow(policies.may_run_stall, queries.get_holder)
def show_turnover_history(holder_id: int) -> ResponseReturnValue:
    """Who entered what for one day, and what stood there before."""
    holder = queries.get_holder(holder_id)
    with transaction():
        services.note_turnover_seen(actor=current_actor(), subject=holder)
    holder = queries.get_holder(holder_id)
    return render_template(
        "programs/show_turnover_history.html",
        holder=holder,
        program=holder.program,
        reports=[
            (report, audit.list_of_subject("turnover_reports", report.id))
            for report in reads.reports_of_holder(holder.id)
        ],
        source_names=SOURCE_NAMES,
    )


@bp.post("/stalls/<int:holder_id>/remove")
@allow(policies.may_run_stall, queries.get_holder)
def remove_turnover(holder_id: int) -> ResponseReturnValue:
    """A figure that belongs elsewhere; `report` and the `seen` version of it."""
    holder = queries.get_holder(holder_id)
    report = _own_report(holder, request.form.get("report", ""))
    seen = ticked([request.form.get("seen", "")])
    try:
        with transaction():
            services.remove_turnover(
                actor=current_actor(), report_id=report, version=seen.pop() if seen else 0
            )
    except DomainError as error:
        flash(say(error.msgid, error.params), "warning")
        return redirect(url_for(".show_turnover_history", holder_id=holder_id))
    flash(_("The figure is taken away; the trail keeps it."), "success")
    return redirect(url_for(".show_turnover_history", holder_id=holder_id))


def _own_report(holder: StallHolder, said: str) -> int:
    chosen = ticked([said])
    if not chosen & {report.id for report in reads.reports_of_holder(holder.id)}:
        raise NotFound(N_("There is no such figure."))
    return chosen.pop()


@bp.route("/bazaars/<int:bazaar_id>/estimate", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_bazaar)
def add_estimate(bazaar_id: int) -> ResponseReturnValue:
    """What the organiser says went round in all, beside what stalls reported."""
    program = queries.get_bazaar(bazaar_id)
    form = EstimateForm(data={"said_by": program.organiser, "said_on": today()})
    status = 200
    if request.method == "POST":
        if (before := sent_before(form)) is not None:
            return redirect(before)
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.add_estimate(
                        actor=current_actor(),
                        program_id=bazaar_id,
                        amount=form.amount.data,
                        said_by=form.said_by.data,
                        said_on=form.said_on.data,
                        note=form.note.data or "",
                    )
                    there = url_for(".show_bazaar_figures", bazaar_id=bazaar_id)
                    location = remember_form(form, there)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                flash(_("The estimate is kept beside the reports."), "success")
                return redirect(location)
    page = render_template(
        "programs/add_estimate.html",
        program=queries.get_bazaar(bazaar_id),
        form=form,
        estimates=reads.estimates_of(bazaar_id),
    )
    return page, status
