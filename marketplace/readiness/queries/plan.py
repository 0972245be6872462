"""Trainings for the plan: who can still be invited, and what became of the matching afterwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.clock import business_day, end_of_day
from marketplace.infra.db import session
from marketplace.programs.models import Program
from marketplace.programs.models.trainings import Attendance, SignUp
from marketplace.programs.rules import ProgramKind, ProgramState
from marketplace.programs.rules.bazaars import WITH_STALLS
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState


def trainings_to_fill(today: date, limit: int = 50) -> Sequence[Program]:
    """Trainings that are prepared or open and not over, the next one first."""
    return session.scalars(
        select(Program)
        .where(
            Program.kind == ProgramKind.TRAINING,
            Program.state.in_([ProgramState.DRAFT, ProgramState.OPEN]),
            Program.ends_on >= today,
        )
        .order_by(Program.starts_on, Program.id)
        .limit(limit)
    ).all()


def trainings_over(today: date, limit: int = 20) -> Sequence[Program]:
    """Trainings that took place, the latest first."""
    return session.scalars(
        select(Program)
        .where(
            Program.kind == ProgramKind.TRAINING,
            Program.state.in_([ProgramState.OPEN, ProgramState.CLOSED]),
            Program.ends_on < today,
        )
        .order_by(Program.ends_on.desc(), Program.id.desc())
        .limit(limit)
    ).all()


def attended_by(program_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """By training, the businesses somebody of whom was at a session."""
    there = _signed_up(program_ids).join(Attendance, Attendance.sign_up_id == SignUp.id)
    return _by_training(program_ids, there)


def on_the_list_of(program_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """By training, every business that was invited or signed up, whatever came of it."""
    return _by_training(program_ids, _signed_up(program_ids))


def _signed_up(program_ids: Collection[int]) -> Select[int, int | None]:
    return (
        select(SignUp.program_id, SignUp.business_id)
        .where(SignUp.program_id.in_(program_ids), SignUp.business_id.is_not(None))
        .distinct()
    )


def _by_training(
    program_ids: Collection[int], statement: Select[int, int | None]
) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {number: set() for number in program_ids}
    for program_id, business_id in session.execute(statement):
        if business_id is not None:
            found[program_id].add(business_id)
    return {number: frozenset(ids) for number, ids in found.items()}


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A producer with something published, and since when."""

    business_id: int
    area_code: str
    since: date


def neighbours_of(program_ids: Collection[int]) -> Sequence[OnOffer]:
    """Producers on offer in the kabupaten/kota that participants of these trainings are from."""
    taught = (
        select(Business.region_code)
        .join(SignUp, SignUp.business_id == Business.id)
        .join(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(SignUp.program_id.in_(program_ids))
    )
    since = func.min(Product.published_at)
    rows = session.execute(
        select(Business.id, Business.region_code, since)
        .join(Product, Product.business_id == Business.id)
        .where(Business.region_code.in_(taught), Business.merged_into_id.is_(None))
        .group_by(Business.id, Business.region_code)
        .having(since.is_not(None))
    )
    return [OnOffer(number, area, business_day(at)) for number, area, at in rows if at is not None]


def matches_since(program_ids: Collection[int], first: date) -> Sequence[tuple[int, date]]:
    """(producer, day) of the pairings the office accepted, for participants and neighbours."""
    on_list = select(SignUp.business_id).where(SignUp.program_id.in_(program_ids))
    areas = select(Business.region_code).where(Business.id.in_(on_list))
    rows = session.execute(
        select(Product.business_id, Suggestion.decided_at)
        .join(Suggestion, Suggestion.product_id == Product.id)
        .join(Business, Business.id == Product.business_id)
        .where(
            Business.region_code.in_(areas),
            Suggestion.state == SuggestionState.ACCEPTED,
            Suggestion.decided_at > end_of_day(first - timedelta(days=1)),
        )
        .distinct()
    )
    return [(business_id, business_day(at)) for business_id, at in rows if at is not None]


def bazaars_to_fill(today: date, limit: int = 50) -> Sequence[Program]:
    """Bazaars and expos that are prepared or open and not over, the next one first."""
    return session.scalars(
        select(Program)
        .where(
            Program.kind.in_(WITH_STALLS),
            Program.state.in_([ProgramState.DRAFT, ProgramState.OPEN]),
            Program.ends_on >= today,
        )
        .order_by(Program.starts_on, Program.id)
        .limit(limit)
    ).all()
