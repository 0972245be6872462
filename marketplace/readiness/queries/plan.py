"""Trainings for the plan: who can still be invited, and what became of the matching afterwards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from marketplace.catalog.models import Product
from marketplace.core.clock import end_of_day
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
    found: dict[int, set[int]] = {number: set() for number in program_ids}
    rows = session.execute(
        select(SignUp.program_id, SignUp.business_id)
        .join(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(SignUp.program_id.in_(program_ids), SignUp.business_id.is_not(None))
        .distinct()
    )
    for program_id, business_id in rows:
        if business_id is not None:
            found[program_id].add(business_id)
    return {number: frozenset(ids) for number, ids in found.items()}


def matched_between(business_ids: Collection[int], first: date, last: date) -> frozenset[int]:
    """Those of these producers for whom the office accepted a pairing on these days."""
    return frozenset(
        session.scalars(
            select(Product.business_id)
            .join(Suggestion, Suggestion.product_id == Product.id)
            .where(
                Product.business_id.in_(business_ids),
                Suggestion.state == SuggestionState.ACCEPTED,
                Suggestion.decided_at > end_of_day(first - timedelta(days=1)),
                Suggestion.decided_at <= end_of_day(last),
            )
            .distinct()
        )
    )


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
