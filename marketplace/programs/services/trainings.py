"""Plan a training, change it, open and close it, and invite from the register."""

from marketplace.audit import services as audit
from marketplace.commodities import rules as commodities
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies, rules
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import Program, Training, TrainingSession
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings
from marketplace.programs.rules import ProgramKind, ProgramLevel, ProgramState
from marketplace.programs.rules.trainings import (
    SIGNED_UP,
    SessionDraft,
    SignUpState,
    TrainingDraft,
    check_training,
    in_order,
)
from marketplace.programs.rules.unlocks import check_unlocks
from marketplace.programs.services import seating, training_texts
from marketplace.programs.services.training_invites import invite

CHANGED_MEANWHILE = N_(
    "Someone else changed this training meanwhile. Your words stand below; look at both and save "
    "again."
)


def add_training(*, actor: Actor, draft: TrainingDraft) -> Training:
    """Plan one for the actor's own office; nobody is told before it is opened."""
    require(policies.may_add_training(actor))
    _check(draft)
    if actor.office_id is None:
        raise NotAllowed(N_("Only an office can hold a training."))
    program = Program(
        kind=ProgramKind.TRAINING,
        level=_level_of(actor, draft),
        office_id=actor.office_id,
        created_by_id=actor.person_id,
        created_by_name=actor.name,
    )
    _write_program(program, draft)
    session.add(program)
    session.flush()
    training = Training(program_id=program.id, seats=draft.seats)
    _write_training(training, draft)
    training.sessions = [_session_of(one) for one in in_order(draft.sessions)]
    session.add(training)
    session.flush()
    audit.record(actor, "training.planned", program, title=program.title)
    return training


def draft_of(training: Training) -> TrainingDraft:
    """What is said about it now, as a form holds it."""
    program = training.program
    return TrainingDraft(
        title=program.title,
        subject=training.subject,
        level=program.level,
        organiser=program.organiser,
        region_code=program.region_code,
        place=program.place,
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        seats=training.seats,
        sign_up_until=training.sign_up_until,
        sessions=tuple(
            SessionDraft(one.held_on, one.starts, one.ends, one.place, one.topic)
            for one in training.sessions
        ),
        unlocks=tuple(training.unlocks),
        pass_percent=training.pass_percent,
        about=program.about,
    )


def change_training(*, actor: Actor, program_id: int, draft: TrainingDraft, version: int) -> None:
    """Correct it. Fewer seats than people who have one are refused; more let the line move up."""
    guards.hold(program_id)
    training = trainings.get_training(program_id)
    program = training.program
    require(policies.may_run_program(actor, program))
    if program.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    if program.state is ProgramState.CANCELLED:
        raise RuleBroken(N_("This training was called off."))
    _check(draft)
    _write_program(program, draft)
    program.level = _level_of(actor, draft)
    program.updated_at = now()
    _write_training(training, draft)
    _keep_sessions(training, draft)
    session.flush()
    if not guards.set_seats(program_id, draft.seats):
        message = N_("More people than that have a seat already.")
        raise InvalidInput(message, fields={"seats": message})
    audit.record(actor, "training.changed", program)
    seating.move_up(actor, program_id)


def _check(draft: TrainingDraft) -> None:
    check_training(draft)
    check_unlocks(draft.unlocks, commodities.categories())


def _level_of(actor: Actor, draft: TrainingDraft) -> ProgramLevel:
    """A kabupaten/kota holds its own trainings, in no other's name."""
    return draft.level if actor.is_province_officer else ProgramLevel.REGENCY


def _write_program(program: Program, draft: TrainingDraft) -> None:
    program.title, program.organiser = draft.title, draft.organiser
    program.region_code, program.place = draft.region_code, draft.place
    program.starts_on, program.ends_on = draft.starts_on, draft.ends_on
    program.about = draft.about


def _write_training(training: Training, draft: TrainingDraft) -> None:
    training.subject, training.unlocks = draft.subject, list(draft.unlocks)
    training.sign_up_until, training.pass_percent = draft.sign_up_until, draft.pass_percent


def _session_of(draft: SessionDraft) -> TrainingSession:
    return TrainingSession(
        held_on=draft.held_on,
        starts=draft.starts,
        ends=draft.ends,
        place=draft.place,
        topic=draft.topic,
    )


def _keep_sessions(training: Training, draft: TrainingDraft) -> None:
    """Sessions keep their row, and who was there, while day and hour stay; others are replaced."""
    there = {(one.held_on, one.starts): one for one in training.sessions}
    kept: list[TrainingSession] = []
    for wanted in in_order(draft.sessions):
        one = there.pop((wanted.held_on, wanted.starts), None)
        if one is None:
            one = _session_of(wanted)
        one.ends, one.place, one.topic = wanted.ends, wanted.place, wanted.topic
        kept.append(one)
    counts = trainings.count_present(training.program_id)
    if any(counts.get(gone.id) for gone in there.values()):
        message = N_(
            "Somebody was at a session you took out. Leave it, or take back who was there."
        )
        raise InvalidInput(message, fields={"sessions": message})
    training.sessions = kept


def open_training(*, actor: Actor, program_id: int) -> int:
    """People can sign up; invitations prepared before go to the tray. Returns how many."""
    program = _move(actor, program_id, ProgramState.OPEN, "training.opened")
    invited = reads.list_sign_ups(program.id, {SignUpState.INVITED})
    for sign_up in invited:
        training_texts.invite(sign_up)
    return len(invited)


def close_training(*, actor: Actor, program_id: int) -> None:
    """It is over. Who still waits is told nothing more."""
    program = _move(actor, program_id, ProgramState.CLOSED, "training.closed")
    for sign_up in reads.list_sign_ups(program.id, {SignUpState.WAITING, SignUpState.INVITED}):
        training_texts.forget(sign_up)


def cancel_training(*, actor: Actor, program_id: int) -> int:
    """It does not take place: everybody who signed up is told. Returns how many."""
    program = _move(actor, program_id, ProgramState.CANCELLED, "training.cancelled")
    for sign_up in reads.list_sign_ups(program.id, {SignUpState.INVITED}):
        training_texts.forget(sign_up)
    told = reads.list_sign_ups(program.id, SIGNED_UP)
    for sign_up in told:
        training_texts.cancelled(sign_up)
    return len(told)


def _move(actor: Actor, program_id: int, state: ProgramState, action: str) -> Program:
    guards.hold(program_id)
    program = trainings.get_training(program_id).program
    require(policies.may_run_program(actor, program))
    rules.check_transition(program.state, state)
    program.state = state
    program.updated_at = now()
    session.flush()
    audit.record(actor, action, program)
    return program


__all__ = [
    "add_training",
    "cancel_training",
    "change_training",
    "close_training",
    "draft_of",
    "invite",
    "open_training",
]
