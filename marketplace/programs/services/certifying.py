"""Certificates: issued to who was there often enough, numbered, revoked with a reason."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.guards import trainings as guards
from marketplace.programs.models import Certificate, SignUp, Training
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.trainings import TAKING_PART, has_passed
from marketplace.programs.services import training_texts


def passed(training: Training) -> list[tuple[SignUp, int]]:
    """Who was at enough sessions, with how many; in order of the name."""
    there = reads.attendance_of(training.program_id)
    people = reads.list_sign_ups(training.program_id, TAKING_PART)
    counted = [(one, len(there.get(one.id, ()))) for one in people if one.erased_at is None]
    enough = [
        (one, count)
        for one, count in counted
        if has_passed(count, len(training.sessions), training.pass_percent)
    ]
    return sorted(enough, key=lambda pair: (pair[0].folded_name, pair[0].id))


def issue(*, actor: Actor, program_id: int) -> int:
    """One for everybody who passed and holds none; returns how many. Again: none."""
    guards.hold(program_id)
    training = trainings.get_training(program_id)
    require(policies.may_run_program(actor, training.program))
    if training.program.state not in {ProgramState.OPEN, ProgramState.CLOSED}:
        raise RuleBroken(N_("There are no certificates for this training."))
    if any(one.held_on > today() for one in training.sessions):
        raise RuleBroken(N_("Certificates are issued after the last session."))
    people = passed(training)
    held = reads.certificates_of_people({one.id for one, _count in people})
    new = [(one, count) for one, count in people if one.id not in held]
    for sign_up, count in new:
        certificate = Certificate(
            program_id=program_id,
            sign_up_id=sign_up.id,
            serial=guards.next_serial(program_id),
            name=sign_up.name,
            attended=count,
            sessions=len(training.sessions),
            issued_on=today(),
            issued_by_name=actor.name,
        )
        session.add(certificate)
        session.flush()
        audit.record(actor, "training.certified", certificate, number=certificate.number)
        training_texts.certified(sign_up)
    return len(new)


def revoke(*, actor: Actor, certificate_id: int, reason: str) -> Certificate:
    """It was issued wrongly: the page behind its code says so from now on."""
    guards.hold(reads.get_certificate(certificate_id).program_id)
    certificate = reads.get_certificate(certificate_id)
    require(policies.may_run_program(actor, certificate.training.program))
    if certificate.revoked_at is not None:
        return certificate
    if not reason:
        message = N_("Say why it is revoked.")
        raise InvalidInput(message, fields={"reason": message})
    certificate.revoked_at, certificate.revoked_by_name = now(), actor.name
    certificate.revoke_reason = reason
    session.flush()
    audit.record(actor, "training.certificate_revoked", certificate, number=certificate.number)
    return certificate
