"""Who has which case, and since when it waits there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.suggestions.models import CaseHolder, Suggestion
from marketplace.suggestions.rules import SuggestionState

# A case nobody was given waits since it came before the office.
WAITS_SINCE = func.coalesce(CaseHolder.since_at, Suggestion.created_at)


@dataclass(frozen=True, slots=True)
class Load:
    """What waits at an office or an officer; no office is the province, nobody in particular."""

    office_id: int | None
    person_id: int | None
    person_name: str
    cases: int
    oldest_at: datetime
    late: int


@dataclass(frozen=True, slots=True)
class Decided:
    """How many cases somebody decided in each of some weeks, the newest last."""

    person_name: str
    weeks: tuple[int, ...]


def find_holder(suggestion_id: int) -> CaseHolder | None:
    return session.scalar(
        select(CaseHolder)
        .options(joinedload(CaseHolder.office))
        .where(CaseHolder.suggestion_id == suggestion_id)
        .execution_options(populate_existing=True)
    )


def holders_of(suggestion_ids: Sequence[int]) -> dict[int, CaseHolder]:
    rows = session.scalars(
        select(CaseHolder)
        .options(joinedload(CaseHolder.office))
        .where(CaseHolder.suggestion_id.in_(suggestion_ids))
    )
    return {row.suggestion_id: row for row in rows}


def is_held_by(person_id: int | None, office_id: int | None, whose: str) -> ColumnElement[bool]:
    """`mine`, at my `office`, `untaken` by anybody there, or `nobody`'s."""
    held = select(CaseHolder.suggestion_id)
    if whose == "mine":
        return Suggestion.id.in_(held.where(CaseHolder.person_id == person_id))
    if whose == "office":
        return Suggestion.id.in_(held.where(CaseHolder.office_id == office_id))
    if whose == "untaken":
        return Suggestion.id.in_(held.where(_is_untaken_at(office_id)))
    return Suggestion.id.not_in(held)


def count_held_by(person_id: int | None) -> int:
    """Cases to decide that are with this officer."""
    return _count_held(CaseHolder.person_id == person_id)


def count_untaken_at(office_id: int | None) -> int:
    """Cases to decide that were given to this office and that none of its officers took yet."""
    return _count_held(_is_untaken_at(office_id))


def _is_untaken_at(office_id: int | None) -> ColumnElement[bool]:
    return (CaseHolder.office_id == office_id) & CaseHolder.person_id.is_(None)


def _count_held(which: ColumnElement[bool]) -> int:
    statement = (
        select(func.count())
        .select_from(CaseHolder)
        .join(Suggestion, Suggestion.id == CaseHolder.suggestion_id)
        .where(which, Suggestion.state == SuggestionState.PROPOSED)
    )
    return session.scalar(statement) or 0


def loads(area: str, moment: datetime, aim: timedelta) -> list[Load]:
    """Cases to decide by office and officer, the fullest first; `late` waited longer than `aim`."""
    late = func.sum(case((moment - aim > WAITS_SINCE, 1), else_=0))
    statement: Any = (
        select(
            CaseHolder.office_id,
            CaseHolder.person_id,
            func.coalesce(CaseHolder.person_name, ""),
            func.count(),
            func.min(WAITS_SINCE),
            late,
        )
        .select_from(Suggestion)
        .outerjoin(CaseHolder, CaseHolder.suggestion_id == Suggestion.id)
        .where(Suggestion.state == SuggestionState.PROPOSED, lies_in(Suggestion.area_code, area))
        .group_by(CaseHolder.office_id, CaseHolder.person_id, CaseHolder.person_name)
        .order_by(func.count().desc(), CaseHolder.office_id, CaseHolder.person_id)
    )
    return [
        Load(office_id, person_id, name, int(cases), oldest, int(waiting or 0))
        for office_id, person_id, name, cases, oldest, waiting in session.execute(statement)
    ]


def decided_by_week(area: str, starts: Sequence[datetime]) -> list[Decided]:
    """Decisions by officer in each week that begins at one of `starts`, the oldest first."""
    ends = [*starts[1:], starts[-1] + timedelta(days=7)]
    weeks = [
        func.sum(case(((at <= Suggestion.decided_at) & (Suggestion.decided_at < end), 1), else_=0))
        for at, end in zip(starts, ends, strict=True)
    ]
    statement: Any = (
        select(Suggestion.decided_by_name, *weeks)
        .where(
            Suggestion.decided_at >= starts[0],
            Suggestion.decided_by_id.is_not(None),
            Suggestion.state.in_([SuggestionState.ACCEPTED, SuggestionState.REJECTED]),
            lies_in(Suggestion.area_code, area),
        )
        .group_by(Suggestion.decided_by_id, Suggestion.decided_by_name)
        .order_by(Suggestion.decided_by_name)
    )
    return [
        Decided(name, tuple(int(n or 0) for n in counts))
        for name, *counts in session.execute(statement)
    ]


def count_decided_since(area: str, since: datetime) -> int:
    """Forwarded cases of an area the province has decided since then: the decision comes back."""
    statement = (
        select(func.count())
        .select_from(Suggestion)
        .where(
            lies_in(Suggestion.area_code, area),
            Suggestion.forwarded_at.is_not(None),
            Suggestion.decided_at >= since,
            Suggestion.state.in_([SuggestionState.ACCEPTED, SuggestionState.REJECTED]),
        )
    )
    return session.scalar(statement) or 0
