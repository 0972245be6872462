"""Two officers, several processes: one set of weights comes into force, on both databases."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.learning import queries
from marketplace.learning.models import WeightProposal
from marketplace.learning.rules import OfficeRuleState, ProposalState, RuleSeverity
from marketplace.learning.services import deciding
from tests import factories
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def adopt(person_id: int, proposal_id: int) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            deciding.adopt(actor=actor, proposal=queries.get_proposal(proposal_id))
    except DomainError as error:
        return type(error).__name__
    return "adopted"


def adopt_rule(person_id: int, rule_id: int, severity: str) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            deciding.adopt_rule(
                actor=actor, rule=queries.get_rule(rule_id), severity=RuleSeverity(severity)
            )
    except DomainError as error:
        return type(error).__name__
    return "adopted"


def test_of_eight_adoptions_of_one_proposal_exactly_one_counts(app: Flask) -> None:
    people = [factories.make_person("province").id for _ in range(2)]
    proposal = factories.make_proposal()
    answers = in_processes(app, adopt, [(people[n % 2], proposal.id) for n in range(8)])
    assert answers.count("adopted") == 1
    assert set(answers) <= {"adopted", "RuleBroken", "Conflict"}
    session.rollback()
    assert queries.get_proposal(proposal.id).state is ProposalState.ADOPTED


def test_of_several_sets_adopted_at_once_one_is_in_force(app: Flask) -> None:
    people = [factories.make_person("province").id for _ in range(2)]
    sets = [
        factories.make_proposal(state="replaced", decided_at=factories.now()).id for _ in range(4)
    ]
    answers = in_processes(app, adopt, [(people[n % 2], sets[n % 4]) for n in range(8)])
    assert "adopted" in answers
    assert set(answers) <= {"adopted", "RuleBroken", "Conflict"}
    session.rollback()
    assert session.query(WeightProposal).filter_by(state=ProposalState.ADOPTED).count() == 1


def test_a_rule_is_adopted_once_and_does_one_thing(app: Flask) -> None:
    people = [factories.make_person("province").id for _ in range(2)]
    rule = factories.make_office_rule()
    calls = [(people[n % 2], rule.id, ("warn", "block")[n % 2]) for n in range(6)]
    answers = in_processes(app, adopt_rule, calls)
    assert answers.count("adopted") == 1
    session.rollback()
    kept = queries.get_rule(rule.id)
    assert kept.state is OfficeRuleState.ADOPTED
    assert kept.severity is RuleSeverity(calls[answers.index("adopted")][2])
