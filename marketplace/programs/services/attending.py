"""Who is at a session: by their own phone, one press, or a whole list at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import InvalidInput, NotFound, RuleBroken
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import SignUp, Training, TrainingSession
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.people_lists import Line
from marketplace.programs.rules.trainings import (
    TAKING_PART,
    SignUpState,
    SignUpWay,
    check_move,
)

CODE, PRESS, LIST = "code", "press", "list"


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A line of a list and who it is: a participant, or None for somebody new at the door."""

    line: Line
    sign_up_id: int | None


def note_present(*, actor: Actor, session_id: int, sign_up_id: int) -> bool:
    """One press by its office. False where that was noted before."""
    one, training = _of_session(session_id)
    require(policies.may_run_program(actor, training.program))
    _takes_attendance(training, one)
    return _note(actor, one, _participant(one, sign_up_id), PRESS)


def note_by_code(*, actor: Actor, session_id: int, phone: str) -> bool:
    """From the code on the wall, on one's own phone: whoever signed up with this number is there.

    Whether the code is of this hour is judged where it is read (documents/attendance.py).
    """
    one, training = _of_session(session_id)
    _takes_attendance(training, one)
    sign_up = reads.find_sign_up(one.program_id, phone)
    if sign_up is None or sign_up.state is SignUpState.WITHDRAWN:
        message = N_("This number is not on the list. Ask the officer in the room.")
        raise InvalidInput(message, fields={"phone": message})
    return _note(actor, one, sign_up, CODE)


def take_back(*, actor: Actor, session_id: int, sign_up_id: int) -> None:
    """The wrong name was pressed."""
    one, training = _of_session(session_id)
    require(policies.may_run_program(actor, training.program))
    _is_open(training)
    sign_up = _participant(one, sign_up_id)
    if reads.certificates_of_people({sign_up.id}):
        raise RuleBroken(N_("They hold a certificate. Revoke it first."))
    if guards.remove_attendance(session_id, sign_up_id):
        audit.record(actor, "training.not_attended", sign_up, session=session_id)


def note_list(*, actor: Actor, session_id: int, entries: Sequence[ListEntry]) -> tuple[int, int]:
    """A whole list, all of it or nothing: (noted now, noted before). New names come as walk-ins."""
    one, training = _of_session(session_id)
    require(policies.may_run_program(actor, training.program))
    _takes_attendance(training, one)
    first = 0
    for entry in entries:
        sign_up = (
            _participant(one, entry.sign_up_id)
            if entry.sign_up_id is not None
            else _walk_in(actor, training, entry.line)
        )
        first += _note(actor, one, sign_up, LIST)
    return first, len(entries) - first


def _of_session(session_id: int) -> tuple[TrainingSession, Training]:
    """The session as it is now; until we commit nobody takes it out of the training, and nobody
    gets a certificate for what is noted or taken back here."""
    program_id = trainings.get_session(session_id).program_id
    guards.hold(program_id)
    training = trainings.get_training(program_id)
    for one in training.sessions:
        if one.id == session_id:
            return one, training
    raise NotFound(N_("There is no such session."))


def _is_open(training: Training) -> None:
    if training.program.state is not ProgramState.OPEN:
        raise RuleBroken(N_("Attendance is noted while the training is open."))


def _takes_attendance(training: Training, one: TrainingSession) -> None:
    _is_open(training)
    if one.held_on > today():
        raise RuleBroken(N_("This session has not been held yet."))


def _participant(one: TrainingSession, sign_up_id: int) -> SignUp:
    sign_up = reads.get_sign_up(sign_up_id)
    if sign_up.program_id != one.program_id:
        raise InvalidInput(N_("This person is not on the list of this training."))
    return sign_up


def _walk_in(actor: Actor, training: Training, line: Line) -> SignUp:
    if not line.name:
        raise InvalidInput(N_("Line %(number)s has no name."), number=line.number)
    known = reads.find_sign_up(training.program_id, line.phone) if line.phone else None
    if known is not None:
        return known
    sign_up = SignUp(
        program_id=training.program_id,
        name=line.name,
        folded_name=fold(line.name)[:200],
        phone=line.phone or None,
        business_name=line.business,
        state=SignUpState.WALK_IN,
        way=SignUpWay.AT_THE_DOOR,
        turn=guards.next_turn(training.program_id),
        is_example=training.program.is_example,
    )
    session.add(sign_up)
    session.flush()
    audit.record(
        actor,
        "training.signed_up",
        sign_up,
        program=training.program_id,
        state=sign_up.state.value,
        way=sign_up.way.value,
    )
    return sign_up


def _note(actor: Actor, one: TrainingSession, sign_up: SignUp, way: str) -> bool:
    """Who came without a seat takes a free one, else stands on the list beside the seats."""
    if sign_up.state not in TAKING_PART:
        free = guards.take_seat(sign_up.program_id)
        wanted = SignUpState.SEATED if free else SignUpState.WALK_IN
        check_move(sign_up.state, wanted)
        sign_up.state = wanted
        session.flush()
    if not guards.note_attendance(one.id, sign_up.id, way, now(), actor.name):
        return False
    audit.record(actor, "training.attended", sign_up, session=one.id, way=way)
    return True
