"""The figures of one bazaar: what stalls reported, how much of it is due, and by what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace.commodities import rules as commodities
from marketplace.programs.models import Program, TurnoverEstimate, TurnoverReport
from marketplace.programs.queries import bazaars, figures, turnover
from marketplace.programs.queries.figures import BazaarFigures
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.disclosure import LEAST, Shown, in_order, rounded, shown
from marketplace.programs.rules.figures import (
    Group,
    Line,
    best_sellers,
    grouped,
)
from marketplace.programs.rules.turnover import best_sellers_of

BY: Mapping[str, Callable[[Line], str]] = {
    "day": lambda line: line.day_on.isoformat(),
    "category": lambda line: line.category,
    "region": lambda line: line.region,
}


@dataclass(frozen=True, slots=True)
class StallSum:
    """One stall: its label and holder, its figure per open day, and their sum."""

    holder_id: int
    label: str
    name: str
    by_day: Sequence[int | None]
    amount: int
    reports: int


@dataclass(frozen=True, slots=True)
class Sums:
    """All an office sees of one bazaar."""

    figures: BazaarFigures
    estimates: Sequence[TurnoverEstimate]
    days: Sequence[date]
    due_a_day: int
    breakdowns: Mapping[str, Sequence[Group]]
    best_sellers: Sequence[tuple[str, int]]
    stalls: Sequence[StallSum]


@dataclass(frozen=True, slots=True)
class PublicSums:
    """What everybody may see once it is over: sums of five stalls and more."""

    figures: BazaarFigures
    shown: Shown
    best_sellers: Sequence[str]


def line_of(report: TurnoverReport) -> Line:
    holder = report.holder
    return Line(
        holder_id=holder.id,
        day_on=report.day_on,
        amount=report.amount,
        category=branch_of(holder.category_code),
        region=holder.region_code or "",
        best_sellers=tuple(best_sellers_of(report.best_sellers)),
    )


def branch_of(code: str) -> str:
    """The branch a category belongs to: leaves are too fine for one bazaar."""
    category = commodities.categories().get(code)
    return (category.parent or category.code) if category is not None else ""


def figures_of(program: Program) -> BazaarFigures:
    return figures.figures_of([program], program.starts_on, program.ends_on)[0]


def sums_of(program: Program) -> Sums:
    """Everything of one bazaar, single stalls too: for its office, and the look is noted."""
    reports = turnover.reports_of(program.id)
    lines = [line_of(report) for report in reports]
    days = [day.day_on for day in bazaars.days_of(program.id) if not day.is_shut]
    amounts = {(report.holder_id, report.day_on): report.amount for report in reports}
    stalls = []
    for holder in bazaars.holders_of(program.id):
        by_day = [amounts.get((holder.id, day)) for day in days]
        given = [amount for amount in by_day if amount is not None]
        if given or holder.state.value == "comes":
            stalls.append(
                StallSum(
                    holder.id,
                    holder.stall.label if holder.stall is not None else "",
                    holder.name,
                    by_day,
                    sum(given),
                    len(given),
                )
            )
    return Sums(
        figures=figures_of(program),
        estimates=turnover.estimates_of(program.id),
        days=days,
        due_a_day=bazaars.count_holders(program.id),
        breakdowns={
            "day": sorted(grouped(lines, BY["day"]), key=lambda group: group.key),
            "category": grouped(lines, BY["category"]),
            "region": grouped(lines, BY["region"]),
        },
        best_sellers=best_sellers(lines)[:12],
        stalls=stalls,
    )


def public_sums_of(
    program: Program, by: Mapping[str, Callable[[Line], str]] = BY
) -> PublicSums | None:
    """None until it is over: while reports come in, two looks would tell one stall's figure.

    `by` are the breakdowns asked for; which of them can be told together is worked out, so who
    needs the total alone asks for none.
    """
    if program.state is not ProgramState.CLOSED:
        return None
    lines = [line_of(report) for report in turnover.reports_of(program.id)]
    told = shown(lines, by)
    if "day" in told.breakdowns:
        days = in_order(told.breakdowns["day"])
        told = replace(told, breakdowns={**told.breakdowns, "day": days})
    return PublicSums(
        figures=figures_of(program),
        shown=rounded(told),
        best_sellers=[name for name, stalls in best_sellers(lines) if stalls >= LEAST][:8],
    )
