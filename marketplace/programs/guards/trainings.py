"""Seats and numbers of a training: the first write locks its row, so the order is one for all."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from marketplace.infra.db import session
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.models import Attendance, Certificate, FollowUp, SignUp, Training


def next_turn(program_id: int) -> int:
    """The number of this sign-up. Whoever else signs up for this training waits until we commit."""
    return int(
        session.execute(
            update(Training)
            .where(Training.program_id == program_id)
            .values(last_turn=Training.last_turn + 1)
            .returning(Training.last_turn)
            .execution_options(synchronize_session=False)
        ).scalar_one()
    )


def take_seat(program_id: int) -> bool:
    """One seat more is taken; False where none is free."""
    return _changed(
        update(Training)
        .where(Training.program_id == program_id, Training.taken < Training.seats)
        .values(taken=Training.taken + 1)
    )


def free_seat(program_id: int) -> bool:
    return _changed(
        update(Training)
        .where(Training.program_id == program_id, Training.taken > 0)
        .values(taken=Training.taken - 1)
    )


def set_seats(program_id: int, seats: int) -> bool:
    """False where more people than that have a seat."""
    return _changed(
        update(Training)
        .where(Training.program_id == program_id, Training.taken <= seats)
        .values(seats=seats)
    )


def next_serial(program_id: int) -> int:
    """The number of the next certificate of this training."""
    return int(
        session.execute(
            update(Training)
            .where(Training.program_id == program_id)
            .values(last_certificate=Training.last_certificate + 1)
            .returning(Training.last_certificate)
            .execution_options(synchronize_session=False)
        ).scalar_one()
    )


def hold(program_id: int) -> None:
    """Nobody else signs up, withdraws or gets a certificate here until we commit."""
    _changed(
        update(Training)
        .where(Training.program_id == program_id)
        .values(last_turn=Training.last_turn)
    )


def note_attendance(session_id: int, sign_up_id: int, way: str, at: datetime, by: str) -> bool:
    """False where it was noted before: of two presses at once one is the first."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return _changed(
        made(Attendance)
        .values(
            session_id=session_id, sign_up_id=sign_up_id, way=way, noted_at=at, noted_by_name=by
        )
        .on_conflict_do_nothing()
    )


def remove_attendance(session_id: int, sign_up_id: int) -> bool:
    return _changed(
        delete(Attendance).where(
            Attendance.session_id == session_id, Attendance.sign_up_id == sign_up_id
        )
    )


def erase_notes(sign_up_id: int) -> None:
    """Name, number and notes of an erased participant, wherever they were copied to."""
    _changed(update(Certificate).where(Certificate.sign_up_id == sign_up_id).values(name="–"))
    _changed(update(FollowUp).where(FollowUp.sign_up_id == sign_up_id).values(note=""))
    _changed(
        update(OutboxMessage)
        .where(
            OutboxMessage.subject_type == SignUp.__tablename__,
            OutboxMessage.subject_id == sign_up_id,
        )
        .values(to_name="–", to_phone="")
    )


def close_follow_up(follow_up_id: int, at: datetime, **said: object) -> bool:
    """False where a colleague called meanwhile."""
    return _changed(
        update(FollowUp)
        .where(FollowUp.id == follow_up_id, FollowUp.done_at.is_(None))
        .values(done_at=at, **said)
    )


def close_earlier(sign_up_id: int, months: int, at: datetime, **said: object) -> None:
    """One call answers those that were still to be made before it."""
    _changed(
        update(FollowUp)
        .where(
            FollowUp.sign_up_id == sign_up_id,
            FollowUp.months < months,
            FollowUp.done_at.is_(None),
        )
        .values(done_at=at, **said)
    )


def _changed(statement: Any) -> bool:
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(done, "rowcount", 0)) == 1
