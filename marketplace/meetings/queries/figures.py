"""The rows that figures are counted from: requests and meetings of an event or of a quarter."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.businesses.models import Business
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.meetings.models import Meeting, MeetingRequest, NextStep
from marketplace.meetings.rules import MeetingState
from marketplace.meetings.rules.figures import AskRow, MeetingRow, Quarter


@dataclass(frozen=True, slots=True)
class Scope:
    """An event or a quarter; `area` narrows to the producers of one kabupaten/kota."""

    event_id: int | None = None
    quarter: Quarter | None = None
    area: str = ""


def _within(statement: Any, table: Any, at: Any, scope: Scope) -> Any:
    if scope.event_id is not None:
        statement = statement.where(table.event_id == scope.event_id)
    if scope.quarter is not None:
        first, last = scope.quarter.span()
        statement = statement.where(at >= first, at < last)
    if scope.area:
        statement = statement.where(lies_in(table.area_code, scope.area))
    return statement


def _parties(statement: Any, table: Any) -> Any:
    producer, buyer = aliased(Business), aliased(Business)
    return (
        statement.join(producer, producer.id == table.producer_id)
        .join(buyer, buyer.id == table.buyer_id)
        .add_columns(producer.name, buyer.name)
    )


def ask_rows(scope: Scope) -> list[AskRow]:
    """Requests asked in this scope. One that only carries a meeting put off was not asked anew."""
    carried = select(Meeting.request_id).where(Meeting.moved_from_id.is_not(None))
    request = MeetingRequest
    statement: Any = select(
        request.id,
        request.state,
        request.created_at,
        request.expires_at,
        request.first_answer_at,
    ).where(request.id.not_in(carried))
    statement = _parties(_within(statement, request, request.created_at, scope), request)
    return [
        AskRow(number, producer, buyer, state, asked_at, expires_at, answered_at)
        for number, state, asked_at, expires_at, answered_at, producer, buyer in session.execute(
            statement.order_by(request.created_at, request.id)
        )
    ]


def meeting_rows(scope: Scope) -> list[MeetingRow]:
    """Meetings of this scope, by time; of held ones, whether the two held another one later."""
    steps = select(NextStep.meeting_id, func.count().label("n")).group_by(NextStep.meeting_id)
    counted = steps.subquery()
    statement: Any = select(
        Meeting.id,
        Meeting.producer_id,
        Meeting.buyer_id,
        Meeting.state,
        Meeting.starts_at,
        func.coalesce(counted.c.n, 0),
    ).outerjoin(counted, counted.c.meeting_id == Meeting.id)
    statement = _parties(_within(statement, Meeting, Meeting.starts_at, scope), Meeting)
    rows = session.execute(statement.order_by(Meeting.starts_at, Meeting.id)).all()
    last = _last_held({row[1] for row in rows})
    return [
        MeetingRow(
            number, producer_id, buyer_id, producer, buyer, state, starts_at, n,
            _later(last.get((producer_id, buyer_id)), starts_at),
        )
        for number, producer_id, buyer_id, state, starts_at, n, producer, buyer in rows
    ]  # fmt: skip


def _last_held(producer_ids: Collection[int]) -> Mapping[tuple[int, int], datetime]:
    """When each pair last held a meeting, wherever it was."""
    found: dict[tuple[int, int], datetime] = {}
    numbers = sorted(producer_ids)
    for start in range(0, len(numbers), 5_000):
        for producer_id, buyer_id, at in session.execute(
            select(Meeting.producer_id, Meeting.buyer_id, func.max(Meeting.starts_at))
            .where(
                Meeting.state == MeetingState.HELD,
                Meeting.producer_id.in_(numbers[start : start + 5_000]),
            )
            .group_by(Meeting.producer_id, Meeting.buyer_id)
        ):
            found[producer_id, buyer_id] = at
    return found


def _later(last: datetime | None, starts_at: datetime) -> datetime | None:
    return last if last is not None and last > starts_at else None


def held_ids(scope: Scope) -> list[int]:
    """Held meetings of this scope: what deals and money per meeting are divided by."""
    statement = select(Meeting.id).where(Meeting.state == MeetingState.HELD)
    return list(
        session.scalars(_within(statement, Meeting, Meeting.starts_at, scope).order_by(Meeting.id))
    )
