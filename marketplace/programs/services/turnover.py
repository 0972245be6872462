"""Turnover of a stall on a day: entered once, asked back where it is odd, replaced knowingly."""

from datetime import date

from marketplace.audit import services as audit
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.models import (
    BazaarDay,
    Program,
    StallHolder,
    TurnoverEstimate,
    TurnoverReport,
)
from marketplace.programs.queries import bazaars, turnover
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.turnover import (
    DAY_OUTSIDE,
    DAY_SHUT,
    DAY_TO_COME,
    NO_SALES,
    NOT_OPEN,
    AlreadyReported,
    AskedBack,
    ReportSource,
    Standing,
    TurnoverDraft,
    doubt_about,
)


def enter_turnover(
    *,
    actor: Actor,
    holder_id: int,
    day_on: date,
    draft: TurnoverDraft,
    source: ReportSource,
    sure_of: int | None = None,
    replaces: int | None = None,
) -> TurnoverReport:
    """Keep what a stall sold on a day.

    Raises AskedBack for an odd amount unless it is the one the person is `sure_of`, and
    AlreadyReported where the stall-day has another figure, unless `replaces` names the version of
    it the person saw. The same figure again changes nothing.
    """
    holder = bazaars.get_holder(holder_id)
    require(policies.may_use_stall(actor, holder))
    program = bazaars.lock_bazaar(holder.program_id, to_change=False)
    check_day(program, day_on)
    standing = turnover.find_report(holder.id, day_on)
    if standing is not None and says(standing) == draft:
        return standing
    own, peers = turnover.amounts_beside(holder, day_on)
    doubt = doubt_about(draft.amount, own, peers)
    if doubt is not None and sure_of != draft.amount:
        raise AskedBack(draft.amount, doubt)
    if standing is None:
        return _add(actor, holder, day_on, draft, source, is_confirmed=doubt is not None)
    if standing.version != replaces:
        raise AlreadyReported(standing_of(standing))
    return _replace(actor, standing, draft, source, is_confirmed=doubt is not None)


def check_day(program: Program, day_on: date) -> None:
    """Turnover belongs to an open day of an open bazaar that is not still to come."""
    check_known_day(program, bazaars.find_day(program.id, day_on), day_on)


def check_known_day(program: Program, day: BazaarDay | None, day_on: date) -> None:
    """`check_day` for who has read the days of the programme."""
    if not program.sells:
        raise RuleBroken(NO_SALES)
    if program.state is not ProgramState.OPEN:
        raise RuleBroken(NOT_OPEN)
    if day is None:
        raise RuleBroken(DAY_OUTSIDE)
    if day.is_shut:
        raise RuleBroken(DAY_SHUT)
    if day_on > today():
        raise RuleBroken(DAY_TO_COME)


def standing_of(report: TurnoverReport) -> Standing:
    return Standing(
        report.amount, report.entered_by_name, report.entered_at, report.source, report.version
    )


def says(report: TurnoverReport) -> TurnoverDraft:
    return TurnoverDraft(report.amount, report.transactions, report.best_sellers)


def _add(
    actor: Actor,
    holder: StallHolder,
    day_on: date,
    draft: TurnoverDraft,
    source: ReportSource,
    *,
    is_confirmed: bool,
) -> TurnoverReport:
    report = TurnoverReport(program_id=holder.program_id, holder_id=holder.id, day_on=day_on)
    _fill(report, actor, draft, source, is_confirmed=is_confirmed)
    session.add(report)
    session.flush()  # two at once: the constraint lets one in, the other is told (Conflict)
    audit.record(actor, "turnover.entered", report, day=day_on.isoformat(), holder=holder.id)
    return report


def _replace(
    actor: Actor,
    report: TurnoverReport,
    draft: TurnoverDraft,
    source: ReportSource,
    *,
    is_confirmed: bool,
) -> TurnoverReport:
    """The trail keeps what stood there before; who may see the figure may see its history."""
    was = {
        "amount": report.amount,
        "transactions": report.transactions,
        "best_sellers": report.best_sellers,
        "by": report.entered_by_name,
        "at": report.entered_at.isoformat(),
    }
    _fill(report, actor, draft, source, is_confirmed=is_confirmed)
    session.flush()
    audit.record(actor, "turnover.replaced", report, was=was)
    return report


def _fill(
    report: TurnoverReport,
    actor: Actor,
    draft: TurnoverDraft,
    source: ReportSource,
    *,
    is_confirmed: bool,
) -> None:
    report.amount, report.transactions = draft.amount, draft.transactions
    report.best_sellers = draft.best_sellers
    report.source, report.is_confirmed = source, is_confirmed
    report.entered_by_id, report.entered_by_name = actor.person_id, actor.name
    report.entered_at = now()


def remove_turnover(*, actor: Actor, report_id: int, version: int) -> None:
    """Take a figure away that belongs to another stall or day; the trail keeps it."""
    report = session.get(TurnoverReport, report_id)
    if report is None:
        raise NotFound(N_("There is no such figure."))
    holder = bazaars.get_holder(report.holder_id)
    require(policies.may_run_stall(actor, holder))
    program = bazaars.lock_bazaar(holder.program_id, to_change=False)
    if program.state is not ProgramState.OPEN:
        raise RuleBroken(NOT_OPEN)
    if report.version != version:
        raise AlreadyReported(standing_of(report))
    audit.record(
        actor, "turnover.removed", report, amount=report.amount, day=report.day_on.isoformat()
    )
    session.delete(report)


def add_estimate(
    *, actor: Actor, program_id: int, amount: int, said_by: str, said_on: date, note: str = ""
) -> TurnoverEstimate:
    """What an organiser says went round in all. The words before stay."""
    program = bazaars.lock_bazaar(program_id, to_change=False)
    require(policies.may_run_program(actor, program))
    if not program.sells:
        raise RuleBroken(NO_SALES)
    if program.state in {ProgramState.DRAFT, ProgramState.CANCELLED}:
        raise RuleBroken(N_("It did not take place yet."))
    estimate = TurnoverEstimate(
        program_id=program.id,
        amount=amount,
        said_by=said_by,
        said_on=said_on,
        note=note,
        entered_by_id=actor.person_id,
        entered_by_name=actor.name,
    )
    session.add(estimate)
    session.flush()
    audit.record(actor, "turnover.estimated", estimate, program=program.id, amount=amount)
    return estimate


def note_turnover_seen(*, actor: Actor, subject: Program | StallHolder) -> None:
    """An office looked at what single stalls sold: who and when is kept."""
    audit.record(actor, "turnover.seen", subject)


def note_business_turnover_seen(*, actor: Actor, business: Business) -> None:
    """An office looked at what one producer sold anywhere."""
    audit.record(actor, "turnover.seen", business)
