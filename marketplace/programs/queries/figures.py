"""Bazaars in figures, for a period and an area, with the rows behind each figure.

For the report of the office; an expo where goods are sold counts as a bazaar. Three things stay
apart: what stalls reported, how many of the stall-days due that is, and what an organiser
estimates. None is ever added to another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Office
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.programs.models import (
    BazaarDay,
    Program,
    StallHolder,
    TurnoverEstimate,
    TurnoverReport,
)
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.bazaars import HolderState

COUNTED = (ProgramState.OPEN, ProgramState.CLOSED)


@dataclass(frozen=True, slots=True)
class BazaarFigures:
    """One bazaar within a period. `due` and `reported` are stall-days, `turnover` is rupiah.

    `estimate` is the last word of an organiser on the whole bazaar, whatever part of it lies in
    the period; None where nobody said one.
    """

    program: Program
    participants: int
    due: int
    reported: int
    turnover: int
    estimate: TurnoverEstimate | None

    @property
    def missing(self) -> int:
        return self.due - self.reported


@dataclass(frozen=True, slots=True)
class Totals:
    """The bazaars of a period together.

    `estimates` sums the organisers' words on the `estimated` bazaars that have one; it is another
    figure than `turnover`, not a part of it.
    """

    bazaars: int
    participants: int
    businesses: int
    due: int
    reported: int
    turnover: int
    estimates: int
    estimated: int

    @property
    def coverage(self) -> int | None:
        """Whole percent of the stall-days due that were reported, rounded down."""
        return 100 * self.reported // self.due if self.due else None


def list_bazaars(first: date, last: date, area: str = "") -> Sequence[Program]:
    """Bazaars, and expos that sell, on a day of the period by an office of the area, oldest first.

    `area` is the region an office answers for: "" or a province's code is every office in it.
    """
    return session.scalars(
        _in_area(select(Program), area)
        .options(contains_eager(Program.office))
        .where(
            Program.sells,
            Program.state.in_(COUNTED),
            Program.starts_on <= last,
            Program.ends_on >= first,
        )
        .order_by(Program.starts_on, Program.id)
    ).all()


def list_figures(first: date, last: date, area: str = "") -> list[BazaarFigures]:
    """Each bazaar of the period with its figures; days outside the period do not count."""
    return figures_of(list_bazaars(first, last, area), first, last)


def figures_of(programs: Sequence[Program], first: date, last: date) -> list[BazaarFigures]:
    """The figures of these programmes, of the days between."""
    ids = [program.id for program in programs]
    present = min(last, today())
    coming = _counts(
        select(StallHolder.program_id, func.count())
        .where(StallHolder.program_id.in_(ids), StallHolder.state == HolderState.COMES)
        .group_by(StallHolder.program_id)
    )
    days = _counts(
        select(BazaarDay.program_id, func.count())
        .where(
            BazaarDay.program_id.in_(ids),
            BazaarDay.is_shut.is_(False),
            BazaarDay.day_on.between(first, present),
        )
        .group_by(BazaarDay.program_id)
    )
    within = TurnoverReport.day_on.between(first, last)
    sums = {
        row[0]: (row[1], int(row[2]), row[3])
        for row in session.execute(
            select(
                TurnoverReport.program_id,
                func.count(),
                func.sum(TurnoverReport.amount),
                func.count().filter(StallHolder.state == HolderState.WITHDRAWN),
            )
            .join(TurnoverReport.holder)
            .where(TurnoverReport.program_id.in_(ids), within)
            .group_by(TurnoverReport.program_id)
        )
    }
    estimates = _last_estimates(ids)
    found = []
    for program in programs:
        reported, turnover, of_withdrawn = sums.get(program.id, (0, 0, 0))
        found.append(
            BazaarFigures(
                program=program,
                participants=coming.get(program.id, 0),
                # Who gave the stall up owes no more, and what they gave was due.
                due=coming.get(program.id, 0) * days.get(program.id, 0) + of_withdrawn,
                reported=reported,
                turnover=turnover,
                estimate=estimates.get(program.id),
            )
        )
    return found


def totals(first: date, last: date, area: str = "") -> Totals:
    """The sums over `list_figures`; businesses are counted once, walk-ins each for themselves."""
    figures = list_figures(first, last, area)
    ids = [each.program.id for each in figures]
    businesses = session.scalar(
        select(func.count(func.distinct(StallHolder.business_id))).where(
            StallHolder.program_id.in_(ids), StallHolder.state == HolderState.COMES
        )
    )
    said = [each.estimate.amount for each in figures if each.estimate is not None]
    return Totals(
        bazaars=len(figures),
        participants=sum(each.participants for each in figures),
        businesses=businesses or 0,
        due=sum(each.due for each in figures),
        reported=sum(each.reported for each in figures),
        turnover=sum(each.turnover for each in figures),
        estimates=sum(said),
        estimated=len(said),
    )


def list_reports(first: date, last: date, area: str = "") -> Sequence[TurnoverReport]:
    """The rows behind `turnover` and `reported`, each with stall, register entry and bazaar.

    What one stall sold is personal finance: shown to its office only, and the look is noted.
    """
    return session.scalars(
        _in_area(
            select(TurnoverReport).join(TurnoverReport.holder).join(StallHolder.program),
            area,
        )
        .options(
            contains_eager(TurnoverReport.holder).options(
                contains_eager(StallHolder.program), joinedload(StallHolder.business)
            )
        )
        .where(
            Program.sells,
            Program.state.in_(COUNTED),
            TurnoverReport.day_on.between(first, last),
        )
        .order_by(TurnoverReport.day_on, TurnoverReport.id)
    ).all()


def list_participants(first: date, last: date, area: str = "") -> Sequence[StallHolder]:
    """The rows behind `participants`, each with bazaar and register entry."""
    ids = [program.id for program in list_bazaars(first, last, area)]
    return session.scalars(
        select(StallHolder)
        .join(StallHolder.program)
        .options(contains_eager(StallHolder.program), joinedload(StallHolder.business))
        .where(StallHolder.program_id.in_(ids), StallHolder.state == HolderState.COMES)
        .order_by(Program.starts_on, StallHolder.name, StallHolder.id)
    ).all()


def list_estimates(first: date, last: date, area: str = "") -> list[BazaarFigures]:
    """The bazaars of the period whose organiser said a figure."""
    return [each for each in list_figures(first, last, area) if each.estimate is not None]


def _in_area(statement: Select[Any], area: str) -> Select[Any]:
    """Only programmes of the offices of an area."""
    statement = statement.join(Program.office)
    if not area:
        return statement
    return statement.where(_covers(area))


def _covers(area: str) -> ColumnElement[bool]:
    return or_(Office.region_code == area, Office.region_code.startswith(f"{area}."))


def _counts(statement: Select[int, int]) -> dict[int, int]:
    return {key: count for key, count in session.execute(statement)}  # noqa: C416


def _last_estimates(program_ids: Sequence[int]) -> dict[int, TurnoverEstimate]:
    rows = session.scalars(
        select(TurnoverEstimate)
        .where(TurnoverEstimate.program_id.in_(program_ids))
        .order_by(TurnoverEstimate.said_on, TurnoverEstimate.id)
    )
    return {row.program_id: row for row in rows}
