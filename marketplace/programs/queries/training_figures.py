"""The rows that figures of trainings are counted from.

A training belongs to the period in which it ended, so none is counted in two quarters; one that is
to come or under way is not counted yet. Trainings
and seats count for the kabupaten/kota where they were held, people for their own: so the areas of a
province add up to the whole of it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from marketplace.core.clock import today
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.programs.models import Attendance, Certificate, FollowUp, Program, SignUp, Training
from marketplace.programs.queries.outcomes import businesses_of, facts_of
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.outcomes import Fact, Outcome, firsts
from marketplace.programs.rules.training_figures import PersonRow, TrainingRow

# What higher rooms know of businesses: their numbers -> facts (OUTCOMES in wiring.py).
Provider = Callable[[Collection[int]], Iterable[Fact]]


def _in_period(statement: Any, first: date, last: date) -> Any:
    return statement.where(
        Program.state.in_([ProgramState.OPEN, ProgramState.CLOSED]),
        Program.ends_on >= first,
        Program.ends_on <= min(last, today()),
    )


def _of_area(statement: Any, column: Any, area: str) -> Any:
    return statement.where(lies_in(column, area))


def training_rows(first: date, last: date, area: str = "") -> list[TrainingRow]:
    """Trainings that ended in this period, by their last day."""
    statement = _in_period(select(Program, Training.seats).join(Training), first, last)
    statement = _of_area(statement, Program.region_code, area)
    return [
        TrainingRow(
            program.id,
            program.title,
            program.organiser,
            program.region_code,
            program.starts_on,
            program.ends_on,
            seats,
        )
        for program, seats in session.execute(statement.order_by(Program.ends_on, Program.id))
    ]


def person_rows(
    first: date, last: date, area: str = "", providers: Sequence[Provider] = ()
) -> list[PersonRow]:
    """Participants of trainings that ended in this period, with what became of them."""
    own_area = func.coalesce(SignUp.region_code, Program.region_code)
    statement: Any = (
        select(SignUp, Program, own_area)
        .join(Training, Training.program_id == SignUp.program_id)
        .join(Program, Program.id == Training.program_id)
    )
    statement = _of_area(_in_period(statement, first, last), own_area, area)
    return _with_outcomes(
        session.execute(statement.order_by(Program.ends_on, Program.id, SignUp.turn, SignUp.id)),
        providers,
    )


def person_rows_of_training(program_id: int, providers: Sequence[Provider] = ()) -> list[PersonRow]:
    """The same for one training, whatever its state."""
    own_area = func.coalesce(SignUp.region_code, Program.region_code)
    rows = session.execute(
        select(SignUp, Program, own_area)
        .join(Training, Training.program_id == SignUp.program_id)
        .join(Program, Program.id == Training.program_id)
        .where(SignUp.program_id == program_id)
        .order_by(SignUp.turn, SignUp.id)
    )
    return _with_outcomes(rows, providers)


def _with_outcomes(rows: Iterable[Any], providers: Sequence[Provider]) -> list[PersonRow]:
    found = list(rows)
    sign_ups = [sign_up for sign_up, _program, _area in found]
    program_ids = {sign_up.program_id for sign_up in sign_ups}
    there = _times_there(program_ids)
    certified = _certified(program_ids)
    ids = businesses_of(sign_ups)
    every = frozenset().union(*ids.values())
    facts: dict[int, list[Fact]] = {}
    for fact in [*facts_of(every), *(fact for give in providers for fact in give(every))]:
        facts.setdefault(fact.business_id, []).append(fact)
    told = _told_by_phone(program_ids)
    return [
        PersonRow(
            sign_up.id,
            program.id,
            program.title,
            program.ends_on,
            sign_up.name,
            area,
            sign_up.state,
            there.get(sign_up.id, 0),
            sign_up.id in certified,
            ids[sign_up.id],
            firsts(
                [
                    *(fact for number in ids[sign_up.id] for fact in facts.get(number, ())),
                    *told.get(sign_up.id, ()),
                ],
                program.starts_on,
            ),
        )
        for sign_up, program, area in found
    ]


def _times_there(program_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        select(Attendance.sign_up_id, func.count())
        .join(SignUp, SignUp.id == Attendance.sign_up_id)
        .where(SignUp.program_id.in_(program_ids))
        .group_by(Attendance.sign_up_id)
    )
    return dict(rows.all())


def _certified(program_ids: Collection[int]) -> frozenset[int]:
    return frozenset(
        session.scalars(
            select(Certificate.sign_up_id).where(
                Certificate.program_id.in_(program_ids), Certificate.revoked_at.is_(None)
            )
        )
    )


def _told_by_phone(program_ids: Collection[int]) -> dict[int, list[Fact]]:
    """A business that was started, as somebody said when the office called."""
    rows = session.execute(
        select(FollowUp.sign_up_id, FollowUp.started_on, FollowUp.note)
        .join(SignUp, SignUp.id == FollowUp.sign_up_id)
        .where(SignUp.program_id.in_(program_ids), FollowUp.started_on.is_not(None))
        .order_by(FollowUp.started_on)
    )
    found: dict[int, list[Fact]] = {}
    for number, started_on, note in rows:
        if started_on is not None:
            fact = Fact(0, Outcome.STARTED, started_on, note, by_phone=True)
            found.setdefault(number, []).append(fact)
    return found
