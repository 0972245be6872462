"""Sign up, take the seat one was invited to, give it up, and join it with the register."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from marketplace.accounts.rules import CONSENT_VERSION
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.trainings import (
    SIGNED_UP,
    SignUpDraft,
    SignUpState,
    SignUpWay,
    check_sign_up,
)
from marketplace.programs.services import seating, training_texts

ALIKE = 80  # points of 100: the same business under a slightly other name

NOT_OPEN = N_("This training does not take sign-ups now.")
TOO_LATE = N_("Sign-up for this training has ended.")


@dataclass(frozen=True, slots=True)
class SignedUp:
    """`is_new` is false where this number was on the list already: then nothing changed.

    `was_known` where the row was there before, invited or withdrawn: who types its number now need
    not be who it was then.
    """

    sign_up: SignUp
    is_new: bool
    was_known: bool = False


def sign_up_by_link(*, actor: Actor, program_id: int, draft: SignUpDraft) -> SignedUp:
    """From the page that goes round on WhatsApp: no account, the number is who they are."""
    require(policies.may_sign_up_by_link(actor))
    training = _held(program_id)
    _takes_sign_ups(training, until_the_end=False)
    return _sign_up(actor, training, draft, SignUpWay.LINK, with_consent=True)


def sign_up_own(*, actor: Actor, program_id: int, draft: SignUpDraft) -> SignedUp:
    """A producer for their own business."""
    require(draft.business_id is not None and policies.may_sign_up_own(actor, draft.business_id))
    training = _held(program_id)
    _takes_sign_ups(training, until_the_end=False)
    return _sign_up(actor, training, draft, SignUpWay.PRODUCER, with_consent=True)


def sign_up_many(
    *, actor: Actor, program_id: int, drafts: Sequence[SignUpDraft], way: SignUpWay
) -> list[SignedUp]:
    """By its office, from a list or the register, in the order given: all of them or none."""
    training = _held(program_id)
    require(policies.may_run_program(actor, training.program))
    _takes_sign_ups(training, until_the_end=True)
    return [_sign_up(actor, training, one, way, with_consent=False) for one in drafts]


def _held(program_id: int) -> Training:
    guards.hold(program_id)
    return trainings.get_training(program_id)


def _takes_sign_ups(training: Training, *, until_the_end: bool) -> None:
    """The page closes with the deadline; the office may put somebody on the list until the end."""
    if training.program.state is not ProgramState.OPEN:
        raise RuleBroken(NOT_OPEN)
    last = training.program.ends_on if until_the_end else training.sign_up_until
    if last < today():
        raise RuleBroken(TOO_LATE)


def _sign_up(
    actor: Actor, training: Training, draft: SignUpDraft, way: SignUpWay, *, with_consent: bool
) -> SignedUp:
    check_sign_up(draft)
    known = _known(training.program_id, draft)
    if known is not None and known.state in SIGNED_UP:
        return SignedUp(known, is_new=False)
    sign_up = known or SignUp(
        program_id=training.program_id, is_example=training.program.is_example
    )
    sign_up.turn = guards.next_turn(training.program_id)
    sign_up.name, sign_up.folded_name = draft.name, fold(draft.name)[:200]
    sign_up.phone = draft.phone or sign_up.phone
    sign_up.region_code = draft.region_code or sign_up.region_code
    sign_up.business_name = draft.business_name or sign_up.business_name or ""
    sign_up.business_id = _business_of(draft) or sign_up.business_id
    sign_up.way = way
    if with_consent:
        sign_up.consented_at, sign_up.consent_version = now(), CONSENT_VERSION
    seating.place(sign_up)
    session.add(sign_up)
    session.flush()
    audit.record(
        actor,
        "training.signed_up",
        sign_up,
        program=training.program_id,
        state=sign_up.state.value,
        way=way.value,
    )
    training_texts.signed_up(sign_up)
    return SignedUp(sign_up, is_new=True, was_known=known is not None)


def _known(program_id: int, draft: SignUpDraft) -> SignUp | None:
    """The same number, or where an officer knows none the same entry of the register."""
    if draft.phone:
        return reads.find_sign_up(program_id, draft.phone)
    if draft.business_id is not None:
        return reads.find_of_business(program_id, draft.business_id)
    return None


def _business_of(draft: SignUpDraft) -> int | None:
    """The named entry, else the one that carries the same number and a like name.

    Both must agree, and nothing is said of it on the page: who types a stranger's number learns
    nothing, and who shares a number with a neighbour is not taken for them.
    """
    if draft.business_id is not None:
        return draft.business_id
    if not draft.phone or not draft.business_name:
        return None
    wanted = fold(draft.business_name)[:200]
    alike = [
        business
        for business in reads.producers_by_phone(draft.phone)
        if fuzz.WRatio(wanted, business.folded_name[:200]) >= ALIKE
    ]
    return alike[0].id if len(alike) == 1 else None


def take_seat(*, actor: Actor, sign_up_id: int) -> SignUp:
    """Somebody invited, or who had withdrawn, comes: a seat or the end of the waiting list."""
    sign_up = _locked(sign_up_id)
    require(policies.may_answer_for(actor, sign_up))
    if sign_up.state in SIGNED_UP:
        return sign_up
    _takes_sign_ups(
        sign_up.training,
        until_the_end=policies.may_run_program(actor, sign_up.training.program),
    )
    sign_up.turn = guards.next_turn(sign_up.program_id)
    if sign_up.consented_at is None and not actor.is_officer:
        sign_up.consented_at, sign_up.consent_version = now(), CONSENT_VERSION
    seating.place(sign_up)
    session.flush()
    audit.record(
        actor,
        "training.signed_up",
        sign_up,
        program=sign_up.program_id,
        state=sign_up.state.value,
        way=sign_up.way.value,
    )
    training_texts.forget(sign_up)
    training_texts.signed_up(sign_up)
    return sign_up


def withdraw(*, actor: Actor, sign_up_id: int) -> SignUp:
    """They do not come; the first of the waiting list moves up. A second press changes nothing."""
    sign_up = _locked(sign_up_id)
    require(policies.may_answer_for(actor, sign_up))
    if sign_up.state is SignUpState.WITHDRAWN:
        return sign_up
    program = sign_up.training.program
    if program.state is ProgramState.CLOSED or program.ends_on < today():
        raise RuleBroken(N_("This training is over."))
    if reads.attendance_of(program.id).get(sign_up.id):
        raise RuleBroken(N_("Who was at a session stays on the list."))
    seating.give_up(sign_up)
    session.flush()
    training_texts.forget(sign_up)
    audit.record(actor, "training.withdrawn", sign_up, program=program.id)
    if program.state is ProgramState.OPEN:
        seating.move_up(actor, program.id)
    return sign_up


def _locked(sign_up_id: int) -> SignUp:
    guards.hold(reads.get_sign_up(sign_up_id).program_id)
    return reads.get_sign_up(sign_up_id)


def correct_sign_up(*, actor: Actor, sign_up_id: int, draft: SignUpDraft, version: int) -> SignUp:
    """Name, number, kabupaten and business, as the certificate and the follow-up will use them."""
    sign_up = _locked(sign_up_id)
    require(policies.may_run_program(actor, sign_up.training.program))
    if sign_up.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    check_sign_up(draft)
    if draft.phone and draft.phone != sign_up.phone:
        other = reads.find_sign_up(sign_up.program_id, draft.phone)
        if other is not None:
            message = N_("Somebody else on the list has this number.")
            raise Conflict(message, field="phone")
    sign_up.name, sign_up.folded_name = draft.name, fold(draft.name)[:200]
    sign_up.phone = draft.phone or None
    sign_up.region_code = draft.region_code or None
    sign_up.business_id, sign_up.business_name = draft.business_id, draft.business_name
    session.flush()
    audit.record(actor, "training.participant_changed", sign_up, program=sign_up.program_id)
    return sign_up


def erase(*, actor: Actor, sign_up_id: int) -> None:
    """Take name and number out; that somebody was there stays, for the figures."""
    require(policies.may_run_program(actor, _locked(sign_up_id).training.program))
    take_out(actor=actor, sign_up_id=sign_up_id)


def take_out(*, actor: Actor, sign_up_id: int) -> None:
    """`erase` for callers that asked whether the actor may."""
    sign_up = _locked(sign_up_id)
    training_texts.forget(sign_up)
    if sign_up.state in {SignUpState.SEATED, SignUpState.WAITING, SignUpState.INVITED}:
        over = sign_up.training.program.ends_on < today()
        if not over and not reads.attendance_of(sign_up.program_id).get(sign_up.id):
            seating.give_up(sign_up)
    sign_up.name, sign_up.folded_name = "–", "-"
    sign_up.phone, sign_up.business_id = None, None
    sign_up.business_name = sign_up.why = ""
    sign_up.erased_at = now()
    session.flush()
    guards.erase_notes(sign_up.id)
    audit.record(actor, "training.participant_erased", sign_up, program=sign_up.program_id)
    if sign_up.training.program.state is ProgramState.OPEN:
        seating.move_up(actor, sign_up.program_id)
