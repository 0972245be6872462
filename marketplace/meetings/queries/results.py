"""Reads of results: outcomes, next steps, samples, and what is still missing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.meetings.models import (
    Meeting,
    MeetingEvent,
    MeetingOutcome,
    NextStep,
    Sample,
)
from marketplace.meetings.rules import MeetingState, Owner

_PARTIES = (joinedload(Meeting.producer), joinedload(Meeting.buyer))
_EVENT = joinedload(Meeting.event).options(
    selectinload(MeetingEvent.days), selectinload(MeetingEvent.breaks)
)
_HAS_STEP = exists().where(NextStep.meeting_id == Meeting.id)


def find_outcome(meeting_id: int) -> MeetingOutcome | None:
    return session.scalar(
        select(MeetingOutcome)
        .options(joinedload(MeetingOutcome.product))
        .where(MeetingOutcome.meeting_id == meeting_id)
        .execution_options(populate_existing=True)
    )


def outcomes_of(meeting_ids: Collection[int]) -> Mapping[int, MeetingOutcome]:
    found = session.scalars(
        select(MeetingOutcome)
        .options(joinedload(MeetingOutcome.product))
        .where(MeetingOutcome.meeting_id.in_(meeting_ids))
    )
    return {one.meeting_id: one for one in found}


def steps_of(meeting_id: int) -> Sequence[NextStep]:
    return session.scalars(
        select(NextStep)
        .where(NextStep.meeting_id == meeting_id)
        .order_by(NextStep.due_on, NextStep.id)
    ).all()


def samples_of(meeting_id: int) -> Sequence[Sample]:
    return session.scalars(
        select(Sample).where(Sample.meeting_id == meeting_id).order_by(Sample.id)
    ).all()


def successor_of(meeting_id: int) -> Meeting | None:
    """The meeting that stands for one that was put off."""
    return session.scalar(select(Meeting).where(Meeting.moved_from_id == meeting_id).limit(1))


def get_step(step_id: int) -> NextStep:
    found = session.scalar(
        select(NextStep)
        .options(joinedload(NextStep.meeting).options(*_PARTIES))
        .where(NextStep.id == step_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such next step."))
    return found


def get_sample(sample_id: int) -> Sample:
    found = session.scalar(
        select(Sample)
        .options(joinedload(Sample.meeting).options(*_PARTIES, _EVENT))
        .where(Sample.id == sample_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such sample."))
    return found


def products_of(producer_id: int) -> Sequence[Product]:
    """What a producer may have talked of: everything not withdrawn, drafts too."""
    return session.scalars(
        select(Product)
        .where(Product.business_id == producer_id, Product.state != ProductState.WITHDRAWN)
        .order_by(Product.folded_name, Product.id)
        .limit(200)
    ).all()


# --- what is missing


def _held_without_step(area: str) -> Select[Meeting]:
    statement = select(Meeting).where(Meeting.state == MeetingState.HELD, ~_HAS_STEP)
    return statement.where(lies_in(Meeting.area_code, area)) if area else statement


def _without_result(area: str, moment: datetime) -> Select[Meeting]:
    """They began more than an hour ago and nobody wrote down what came of them."""
    statement = select(Meeting).where(
        Meeting.state == MeetingState.PLACED, Meeting.starts_at < moment - timedelta(minutes=60)
    )
    return statement.where(lies_in(Meeting.area_code, area)) if area else statement


def page_without_step(area: str, number: int) -> Page[Meeting]:
    """Held and nothing agreed on: the oldest first, for it waits longest."""
    statement = _held_without_step(area).options(*_PARTIES, joinedload(Meeting.event))
    return paged(statement.order_by(Meeting.starts_at, Meeting.id), number=number)


def page_without_result(area: str, moment: datetime, number: int) -> Page[Meeting]:
    statement = _without_result(area, moment).options(*_PARTIES, joinedload(Meeting.event))
    return paged(statement.order_by(Meeting.starts_at, Meeting.id), number=number)


def count_without_step(area: str = "") -> int:
    return _count(_held_without_step(area))


def count_of_event_without_result(event_id: int, area: str, moment: datetime) -> int:
    return _count(_without_result(area, moment).where(Meeting.event_id == event_id))


def count_without_result(area: str, moment: datetime) -> int:
    return _count(_without_result(area, moment))


def _open_steps(area: str, business_ids: Collection[int] | None) -> Select[NextStep]:
    statement = (
        select(NextStep)
        .join(NextStep.meeting)
        .where(NextStep.done_at.is_(None), Meeting.state == MeetingState.HELD)
    )
    if area:
        statement = statement.where(lies_in(Meeting.area_code, area))
    if business_ids is not None:
        statement = statement.where(_is_owner(business_ids))
    return statement


def _is_owner(business_ids: Collection[int]) -> Any:
    return or_(
        (NextStep.owner == Owner.PRODUCER) & Meeting.producer_id.in_(business_ids),
        (NextStep.owner == Owner.BUYER) & Meeting.buyer_id.in_(business_ids),
    )


def page_of_open_steps(
    number: int, *, area: str = "", business_ids: Collection[int] | None = None
) -> Page[NextStep]:
    """What is to be done, the most urgent first; `business_ids`: by these businesses only."""
    return paged(
        _open_steps(area, business_ids)
        .options(joinedload(NextStep.meeting).options(*_PARTIES))
        .order_by(NextStep.due_on, NextStep.id),
        number=number,
    )


def count_due_steps(day: date, area: str = "", business_ids: Collection[int] | None = None) -> int:
    return _count(_open_steps(area, business_ids).where(NextStep.due_on <= day))


def ids_to_chase(day: date) -> Sequence[int]:
    """Due steps of a producer or a buyer that nobody was reminded of.

    A meeting that turns out not to have been held leaves nothing to do.
    """
    return session.scalars(
        select(NextStep.id)
        .join(NextStep.meeting)
        .where(
            Meeting.state == MeetingState.HELD,
            NextStep.done_at.is_(None),
            NextStep.chased_at.is_(None),
            NextStep.due_on <= day,
            NextStep.owner != Owner.OFFICE,
        )
        .order_by(NextStep.id)
        .limit(500)
    ).all()


def _late_samples(area: str, moment: datetime) -> Select[Sample]:
    statement = (
        select(Sample)
        .join(Sample.meeting)
        .where(
            or_(
                Sample.sent_at.is_(None) & Sample.received_at.is_(None) & (Sample.send_by < moment),
                Sample.judged_at.is_(None) & (Sample.judge_by < moment),
            )
        )
    )
    return statement.where(lies_in(Meeting.area_code, area)) if area else statement


def page_of_late_samples(area: str, moment: datetime, number: int) -> Page[Sample]:
    statement = _late_samples(area, moment).options(joinedload(Sample.meeting).options(*_PARTIES))
    return paged(statement.order_by(Sample.send_by, Sample.id), number=number)


def count_late_samples(area: str, moment: datetime) -> int:
    return _count(_late_samples(area, moment))


# --- typing in a whole day


def page_to_enter(
    event_id: int, number: int, *, day: tuple[datetime, datetime] | None = None,
    table: int | None = None, area: str = "",
) -> Page[Meeting]:  # fmt: skip
    """Meetings of an event whose result is still to be typed, as the sheets on the tables lie."""
    statement = (
        select(Meeting)
        .options(*_PARTIES)
        .where(Meeting.event_id == event_id, Meeting.state == MeetingState.PLACED)
    )
    if day is not None:
        statement = statement.where(Meeting.starts_at >= day[0], Meeting.starts_at < day[1])
    if table is not None:
        statement = statement.where(Meeting.table_number == table)
    if area:
        statement = statement.where(lies_in(Meeting.area_code, area))
    return paged(
        statement.order_by(Meeting.table_number, Meeting.slot, Meeting.id), number=number, size=24
    )


def count_results(event_id: int, area: str = "") -> dict[str, int]:
    """Of the meetings of an event: how many in each state, and held ones without a step."""
    statement = select(Meeting.state, func.count()).where(Meeting.event_id == event_id)
    if area:
        statement = statement.where(lies_in(Meeting.area_code, area))
    counts = {state.value: 0 for state in MeetingState}
    counts |= {state.value: n for state, n in session.execute(statement.group_by(Meeting.state))}
    counts["red"] = _count(_held_without_step(area).where(Meeting.event_id == event_id))
    return counts


def meetings_by_ids(meeting_ids: Collection[int]) -> Sequence[Meeting]:
    """With both sides, as the sheets on the tables lie."""
    return session.scalars(
        select(Meeting)
        .options(*_PARTIES)
        .where(Meeting.id.in_(meeting_ids))
        .order_by(Meeting.table_number, Meeting.slot, Meeting.id)
    ).all()


def _count(statement: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0
