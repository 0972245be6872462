"""Two officers, two processes, one case: one has it, and the other is told."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.audit.models import AuditEntry
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.models import CaseHolder
from marketplace.suggestions.services import holding
from tests import factories
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def take(suggestion_id: int, person_id: int, version: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            suggestion = queries.get_suggestion(suggestion_id)
            holding.take(actor=actor, suggestion=suggestion, version=version)
    except DomainError as error:
        return type(error).__name__
    return actor.name


def at_once(app: Flask, suggestion_id: int, version: int) -> str:
    """Six officers take a case they all saw at this version; who has it then."""
    people = [factories.make_person("province", full_name=f"Petugas {n}") for n in range(6)]
    answers = in_processes(app, take, [(suggestion_id, one.id, version) for one in people])
    won = [name for name in answers if name != "Conflict"]
    assert len(won) == 1, answers
    session.rollback()
    return won[0]


def test_of_several_who_take_a_case_at_once_one_has_it(app: Flask) -> None:
    case = factories.make_suggestion()
    first = at_once(app, case.id, 0)
    assert session.query(CaseHolder).one().person_name == first
    second = at_once(app, case.id, 1)
    session.expire_all()
    assert session.query(CaseHolder).one().person_name == second
    assert session.query(AuditEntry).filter_by(action="suggestion.taken").count() == 2
