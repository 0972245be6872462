"""Reports of turnover: one stall-day, a whole day, what is usual."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.infra.db import session
from marketplace.programs.models import StallHolder, TurnoverEstimate, TurnoverReport


def find_report(holder_id: int, day_on: date) -> TurnoverReport | None:
    return session.scalar(
        select(TurnoverReport).where(
            TurnoverReport.holder_id == holder_id, TurnoverReport.day_on == day_on
        )
    )


def reports_of_day(program_id: int, day_on: date) -> Mapping[int, TurnoverReport]:
    """By the number of the stall's holder."""
    found = session.scalars(
        select(TurnoverReport).where(
            TurnoverReport.program_id == program_id, TurnoverReport.day_on == day_on
        )
    )
    return {report.holder_id: report for report in found}


def reports_of_holder(holder_id: int) -> Sequence[TurnoverReport]:
    return session.scalars(
        select(TurnoverReport)
        .where(TurnoverReport.holder_id == holder_id)
        .order_by(TurnoverReport.day_on)
    ).all()


def reports_of_holders(holder_ids: Collection[int]) -> dict[int, list[TurnoverReport]]:
    """What each of these stalls reported, day by day; an empty list where nothing."""
    found: dict[int, list[TurnoverReport]] = {number: [] for number in holder_ids}
    for report in session.scalars(
        select(TurnoverReport)
        .where(TurnoverReport.holder_id.in_(found))
        .order_by(TurnoverReport.day_on)
    ):
        found[report.holder_id].append(report)
    return found


def reports_of(program_id: int) -> Sequence[TurnoverReport]:
    """Every report of a programme with its stall, in order of day and entry."""
    return session.scalars(
        select(TurnoverReport)
        .options(joinedload(TurnoverReport.holder).joinedload(StallHolder.stall))
        .where(TurnoverReport.program_id == program_id)
        .order_by(TurnoverReport.day_on, TurnoverReport.id)
    ).all()


def reports_of_businesses(business_ids: Collection[int]) -> Sequence[TurnoverReport]:
    """What these businesses reported at any programme, the newest first."""
    return session.scalars(
        select(TurnoverReport)
        .join(TurnoverReport.holder)
        .options(
            joinedload(TurnoverReport.holder).joinedload(StallHolder.program),
            joinedload(TurnoverReport.holder).joinedload(StallHolder.stall),
        )
        .where(StallHolder.business_id.in_(business_ids))
        .order_by(TurnoverReport.day_on.desc(), TurnoverReport.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as others are held against it."""

    holder_id: int
    day_on: date
    amount: int
    category_code: str | None


def amounts_of(program_id: int) -> Sequence[Amount]:
    """Every figure of a programme."""
    rows = session.execute(
        select(
            TurnoverReport.holder_id,
            TurnoverReport.day_on,
            TurnoverReport.amount,
            StallHolder.category_code,
        )
        .join(TurnoverReport.holder)
        .where(TurnoverReport.program_id == program_id)
    )
    return [Amount(*row) for row in rows]


def amounts_beside(
    holder: StallHolder, day_on: date, rows: Sequence[Amount] | None = None
) -> tuple[list[int], list[int]]:
    """(this stall on other days, stalls like it on any day): what a new figure is held against.

    Stalls like it sell the same category; where none of those reported, all others of the place.
    `rows` are the figures of its programme where they are known already.
    """
    rows = amounts_of(holder.program_id) if rows is None else rows
    own = [row.amount for row in rows if row.holder_id == holder.id and row.day_on != day_on]
    others = [row for row in rows if row.holder_id != holder.id and row.amount]
    alike = [row.amount for row in others if row.category_code == holder.category_code]
    return own, alike if len(alike) >= 3 else [row.amount for row in others]


def estimates_of(program_id: int) -> Sequence[TurnoverEstimate]:
    """What organisers said, the newest word first."""
    return session.scalars(
        select(TurnoverEstimate)
        .where(TurnoverEstimate.program_id == program_id)
        .order_by(TurnoverEstimate.said_on.desc(), TurnoverEstimate.id.desc())
    ).all()
