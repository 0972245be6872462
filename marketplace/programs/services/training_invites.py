"""Invite producers of the register to a training: from its page, or straight from the gap list."""

from collections.abc import Collection

from marketplace.audit import services as audit
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.trainings import SignUpState, SignUpWay
from marketplace.programs.services import training_texts


def invite(*, actor: Actor, program_id: int, business_ids: Collection[int], why: str = "") -> int:
    """Put producers of the register on the list of a training; returns how many are new on it.

    `why` is said in their letter, in plain words. Who is on the list already, by business or by
    number, stays as they are; who withdrew is asked once more. Letters lie in the tray at once
    where the training is open, else when it is opened.
    """
    guards.hold(program_id)
    training = trainings.get_training(program_id)
    if training.program.state not in {ProgramState.DRAFT, ProgramState.OPEN}:
        raise RuleBroken(N_("Nobody can be invited to this training any more."))
    if training.program.ends_on < today():
        raise RuleBroken(N_("This training is over."))
    added = 0
    for business in reads.producers(business_ids):
        require(policies.may_invite(actor, business))
        sign_up = _invited(training, business, why)
        if sign_up is None:
            continue
        session.flush()
        audit.record(actor, "training.invited", sign_up, program=program_id)
        if training.program.state is ProgramState.OPEN:
            training_texts.invite(sign_up)
        added += 1
    return added


def _invited(training: Training, business: Business, why: str) -> SignUp | None:
    """The new or renewed invitation; None for who is on the list."""
    phone = business.phone or None
    known = reads.find_of_business(training.program_id, business.id)
    if known is None and phone:
        known = reads.find_sign_up(training.program_id, phone)
    if known is not None:
        if known.state is not SignUpState.WITHDRAWN:
            return None
        known.state, known.why = SignUpState.INVITED, why
        return known
    name = business.contact_name or business.name
    sign_up = SignUp(
        program_id=training.program_id,
        name=name,
        folded_name=fold(name)[:200],
        phone=phone,
        region_code=business.region_code,
        business_id=business.id,
        business_name=business.name,
        state=SignUpState.INVITED,
        way=SignUpWay.INVITED,
        why=why[:400],
        is_example=business.is_example,
    )
    session.add(sign_up)
    return sign_up
