"""What a bazaar turned over: for its office, for the public, for the producer."""

from datetime import date

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import queries as businesses
from marketplace.core.clock import now, today
from marketplace.core.errors import NotFound
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say, show_date
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, public
from marketplace.programs import policies
from marketplace.programs.documents import sums
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import turnover as reads
from marketplace.programs.rules import (
    KIND_NAMES,
    LEVEL_NAMES,
    STATE_NAMES,
    ProgramState,
)
from marketplace.programs.rules.turnover import SOURCE_NAMES
from marketplace.programs.services import turnover as services
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.pages import bazaar_of_file
from marketplace.regions.rules import region_name


@bp.get("/bazaars/<int:bazaar_id>/figures")
@allow(policies.may_run_program, queries.get_bazaar)
def show_bazaar_figures(bazaar_id: int) -> ResponseReturnValue:
    """Reports, coverage and estimate side by side; by day, category, kabupaten/kota and stall."""
    with transaction():  # single stalls are shown: who looks is kept
        services.note_turnover_seen(actor=current_actor(), subject=queries.get_bazaar(bazaar_id))
    program = queries.get_bazaar(bazaar_id)
    found = sums.sums_of(program)
    return render_template(
        "programs/show_bazaar_figures.html",
        program=program,
        sums=found,
        heads=[(show_date(day, "EEE d MMM"), "num") for day in found.days],
        iso=date.fromisoformat,
        at=now(),
        kind_names=KIND_NAMES,
    )


@bp.get("/bazaars/<int:bazaar_id>/turnover.<format>")
@allow(policies.may_run_program, bazaar_of_file)
def export_bazaar_turnover(bazaar_id: int, format: str) -> Response:
    """Every report of a bazaar as a list, in the columns the import reads."""
    if format not in FORMATS:
        raise NotFound(N_("There is no such page."))
    with transaction():
        services.note_turnover_seen(actor=current_actor(), subject=queries.get_bazaar(bazaar_id))
    program = queries.get_bazaar(bazaar_id)
    columns = [
        Column("stall", _("Stall")),
        Column("name", _("Name of the business"), width=32),
        Column("region", _("Kabupaten or kota"), width=24),
        Column("day", _("Day"), kind=ColumnKind.DATE),
        Column("amount", _("Turnover"), kind=ColumnKind.MONEY, width=18),
        Column("transactions", _("Buyers"), kind=ColumnKind.NUMBER),
        Column("best_sellers", _("What sold best"), width=32),
        Column("source", _("How it came in"), width=24),
        Column("by", _("Entered by"), width=24),
    ]
    rows: list[list[Cell]] = [
        [
            report.holder.stall.label if report.holder.stall is not None else None,
            report.holder.name,
            region_name(report.holder.region_code) if report.holder.region_code else None,
            report.day_on,
            report.amount,
            report.transactions,
            report.best_sellers or None,
            say(SOURCE_NAMES[report.source]),
            report.entered_by_name,
        ]
        for report in reads.reports_of(program.id)
    ]
    return export_response(columns, rows, f"omzet-{program.id}-{today()}", format)


@bp.get("/bazaars/<int:bazaar_id>/public")
@public
def show_public_bazaar(bazaar_id: int) -> ResponseReturnValue:
    """What everybody may know: when, where, by whom; and sums of at least five stalls once over."""
    program = queries.get_bazaar(bazaar_id)
    if program.state not in {ProgramState.OPEN, ProgramState.CLOSED}:
        raise NotFound(N_("There is no such programme."))
    return render_template(
        "programs/show_public_bazaar.html",
        program=program,
        days=queries.days_of(program.id),
        stalls=queries.count_holders(program.id),
        sums=sums.public_sums_of(program) if program.sells else None,
        iso=date.fromisoformat,
        kind_names=KIND_NAMES,
        level_names=LEVEL_NAMES,
        state_names=STATE_NAMES,
    )


@bp.get("/my/stalls")
@allow(policies.may_have_stalls)
def list_own_stalls() -> ResponseReturnValue:
    """Where one had a stall, what one reported, and what still waits for a figure."""
    actor = current_actor()
    own = actor.producer_ids | ({actor.acting_for} if actor.acting_for is not None else set())
    holders = queries.own_holders(own)
    reports = reads.reports_of_holders([holder.id for holder in holders])
    return render_template(
        "programs/list_own_stalls.html",
        holders=holders,
        reports=reports,
        sums={number: sum(each.amount for each in found) for number, found in reports.items()},
        kind_names=KIND_NAMES,
        today=today(),
    )


@bp.get("/businesses/<int:business_id>/turnover")
@allow(policies.may_see_turnover_of, businesses.get_business)
def show_business_turnover(business_id: int) -> ResponseReturnValue:
    """What one producer reported anywhere: for itself, and for the office of its area."""
    actor, business = current_actor(), businesses.get_business(business_id)
    if not actor.belongs_to(business.id):
        with transaction():
            services.note_business_turnover_seen(
                actor=actor, business=businesses.get_business(business_id)
            )
    business = businesses.get_business(business_id)
    reports = reads.reports_of_businesses([business.id, *businesses.merged_ids(business.id)])
    return render_template(
        "programs/show_business_turnover.html",
        business=business,
        reports=reports,
        total=sum(report.amount for report in reports),
        back=url_for("businesses.show_business", business_id=business.id),
    )
