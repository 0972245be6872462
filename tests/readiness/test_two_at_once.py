"""Two officers adopt, two workers write letters, in processes of their own: one counts."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.audit.models import AuditEntry
from marketplace.businesses.models import Paper
from marketplace.businesses.rules import PaperKind
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.readiness import jobs, queries
from marketplace.readiness.models import PaperNotice, RuleChange
from marketplace.readiness.queries import radar
from marketplace.readiness.rules import ChangeState, RuleSeverity
from marketplace.readiness.services import rulebook, telling
from tests import factories
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases

AT_ONCE = 4


def _officer(person_id: int) -> Actor:
    return accounts.actor_of(accounts.get_person(person_id))


def adopt(change_id: int, person_id: int) -> str:
    try:
        with transaction():
            rulebook.adopt(actor=_officer(person_id), change=queries.get_change(change_id))
    except DomainError as error:
        return type(error).__name__
    return "adopted"


def _changes(count: int) -> list[int]:
    """As many drafts of one rule, each looked at and with a basis of its own."""
    rule = queries.rule_in_force("halal")
    with transaction():
        rows = [
            RuleChange(
                code="halal",
                severity=RuleSeverity.WARN,
                valid_from=rule.valid_from,
                valid_to=rule.valid_to,
                basis=f"Permenag {n}/2026 pasal 3",
                reason=f"Usul {n}",
                applies={"kinds": sorted(rule.applies_to.kinds)},
                preview={"opened": n},
                previewed_at=now(),
            )
            for n in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_of_different_versions_adopted_at_once_exactly_one_is_in_force(app: Flask) -> None:
    people = [factories.make_person("province").id for _ in range(AT_ONCE)]
    for earlier in (0, 1):  # first over the shipped rule, then over an adopted one
        answers = in_processes(app, adopt, list(zip(_changes(AT_ONCE), people, strict=True)))
        assert "adopted" in answers
        assert set(answers) <= {"adopted", "Conflict", "RuleBroken"}
        session.rollback()
        session.expire_all()
        in_force = session.query(RuleChange).filter_by(state=ChangeState.ADOPTED).all()
        assert len(in_force) == 1
        # Whoever was in force and is no longer was replaced, by name, never lost.
        adopted = session.query(AuditEntry).filter_by(action="rule_change.adopted").count()
        replaced = session.query(AuditEntry).filter_by(action="rule_change.replaced").count()
        assert adopted - replaced == 1
        assert adopted >= earlier + 1


def tell(person_id: int) -> int | str:
    """Press for all letters; who has no person is the worker of the night."""
    if not person_id:
        jobs._last_letters[0] = now() - timedelta(hours=1)
        jobs.tell_daily()
        return 0
    try:
        with transaction():
            papers = radar.list_running_out("", None, today())
            return telling.tell_of_expiry(actor=_officer(person_id), papers=papers)
    except DomainError as error:
        return type(error).__name__


def _running_out(count: int) -> None:
    for n in range(count):
        producer = factories.make_producer()
        product = factories.make_product(producer)
        factories.make_paper(
            producer,
            kind=PaperKind.HALAL,
            number=f"ID191100000{n:06}0126",
            valid_from=today() - timedelta(days=900),
            valid_to=today() + timedelta(days=30),
            covers=[product],
        )


def test_two_workers_and_officers_at_once_send_each_letter_once(app: Flask) -> None:
    _running_out(6)
    officers = [factories.make_person("province").id for _ in range(2)]
    answers = in_processes(app, tell, [(0,), (0,), *((one,) for one in officers)])
    assert not [each for each in answers if isinstance(each, str)], answers
    session.rollback()
    assert session.query(Paper).count() == 6
    assert session.query(PaperNotice).count() == 6
    letters = session.query(OutboxMessage).filter_by(kind="paper_expires").all()
    assert len(letters) == 6
    assert len({each.subject_id for each in letters}) == 6
