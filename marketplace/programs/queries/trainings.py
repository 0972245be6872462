"""Trainings with their sessions, for pages of officers and for the public page."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.programs.models import Attendance, Program, SignUp, Training, TrainingSession
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.trainings import SignUpState


def _whole() -> Select[Any]:
    return select(Training).options(
        joinedload(Training.program).joinedload(Program.office), selectinload(Training.sessions)
    )


def get_training(program_id: int) -> Training:
    """With its programme, office and sessions, as they are now."""
    found = session.scalar(
        _whole().where(Training.program_id == program_id).execution_options(populate_existing=True)
    )
    if not isinstance(found, Training):
        raise NotFound(N_("There is no such training."))
    return found


def get_training_program(training_id: int) -> Program:
    """What policies judge: the programme of a training."""
    return get_training(training_id).program


def page_of_trainings(
    number: int, *, state: ProgramState | None = None, office_id: int | None = None
) -> Page[Training]:
    """The newest first; of one office where it is named."""
    query = _whole().join(Training.program)
    if state is not None:
        query = query.where(Program.state == state)
    if office_id is not None:
        query = query.where(Program.office_id == office_id)
    return paged(query.order_by(Program.starts_on.desc(), Program.id.desc()), number=number)


def open_trainings(day: date, limit: int = 20) -> Sequence[Training]:
    """Those one can sign up for today, the next one first."""
    return session.scalars(
        _whole()
        .join(Training.program)
        .where(Program.state == ProgramState.OPEN, Training.sign_up_until >= day)
        .order_by(Program.starts_on, Program.id)
        .limit(limit)
    ).all()


def planned_trainings(limit: int = 50) -> Sequence[Training]:
    """Those somebody can still be invited to: being prepared or open, the next one first."""
    return session.scalars(
        _whole()
        .join(Training.program)
        .where(Program.state.in_([ProgramState.DRAFT, ProgramState.OPEN]))
        .order_by(Program.starts_on, Program.id)
        .limit(limit)
    ).all()


def planned_to_unlock(codes: Collection[str]) -> list[Training]:
    """Of these, those meant to unlock one of the codes (`paper:halal`, `category:cokelat`)."""
    wanted = set(codes)
    return [one for one in planned_trainings() if wanted & set(one.unlocks)]


def get_session(session_id: int) -> TrainingSession:
    found = session.get(TrainingSession, session_id)
    if found is None:
        raise NotFound(N_("There is no such session."))
    return found


def get_program_of_session(training_session_id: int) -> Program:
    return get_training(get_session(training_session_id).program_id).program


def count_by_state(program_id: int, area: str = "") -> dict[SignUpState, int]:
    """How many are in each state, of one kabupaten/kota where it is named; 0 where nobody is."""
    query = select(SignUp.state, func.count()).where(SignUp.program_id == program_id)
    if area:
        query = query.where(lies_in(SignUp.region_code, area))
    rows = session.execute(query.group_by(SignUp.state))
    return {**dict.fromkeys(SignUpState, 0), **dict(rows.all())}


def count_present(program_id: int) -> dict[int, int]:
    """How many were at each session, by its number."""
    rows = session.execute(
        select(Attendance.session_id, func.count())
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(TrainingSession.program_id == program_id)
        .group_by(Attendance.session_id)
    )
    return dict(rows.all())
