"""Who has a seat: the first come, then the waiting list in its order."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.infra.db import session
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import SignUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.rules.trainings import SignUpState, check_move
from marketplace.programs.services import training_texts


def place(sign_up: SignUp) -> None:
    """A seat if one is free, else the end of the waiting list. The training's row is held."""
    wanted = SignUpState.SEATED if guards.take_seat(sign_up.program_id) else SignUpState.WAITING
    if sign_up.id is not None:
        check_move(sign_up.state, wanted)
    sign_up.state = wanted


def give_up(sign_up: SignUp) -> None:
    """Out of the list, whatever place they had; who waits is moved up by the caller."""
    had_seat = sign_up.state is SignUpState.SEATED
    check_move(sign_up.state, SignUpState.WITHDRAWN)
    sign_up.state = SignUpState.WITHDRAWN
    if had_seat:
        guards.free_seat(sign_up.program_id)


def move_up(actor: Actor, program_id: int) -> int:
    """Free seats go to the waiting list, in its order; each is told. Returns how many."""
    moved = 0
    while (first := reads.first_waiting(program_id)) is not None and guards.take_seat(program_id):
        first.state = SignUpState.SEATED
        session.flush()
        training_texts.moved_up(first)
        audit.record(actor, "training.moved_up", first, program=program_id)
        moved += 1
    return moved
