"""Two officers, two processes, one suggestion: one decision, on both databases."""

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.core.errors import DomainError
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications import queries as outbox
from marketplace.suggestions import queries
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import RejectReason, SuggestionState
from marketplace.suggestions.services import deciding
from tests.factories import make_person
from tests.suggestions.conftest import Market
from tests.support.processes import in_processes

pytestmark = pytest.mark.both_databases


def decide(suggestion_id: int, person_id: int, accept: bool) -> str:
    actor = accounts.actor_of(accounts.get_person(person_id))
    try:
        with transaction():
            suggestion = queries.get_suggestion(suggestion_id)
            if accept:
                deciding.accept(actor=actor, suggestion=suggestion)
            else:
                deciding.reject(actor=actor, suggestion=suggestion, reason=RejectReason.PRICE)
    except DomainError as error:
        return type(error).__name__
    return "decided"


def test_of_eight_decisions_at_once_exactly_one_counts(
    app: Flask, market: Market, suggested: Suggestion
) -> None:
    officers = [market.officer.id, make_person("province").id]
    calls = [(suggested.id, officers[n % 2], n % 2 == 0) for n in range(8)]
    answers = in_processes(app, decide, calls)
    assert answers.count("decided") == 1
    assert set(answers) <= {"decided", "RuleBroken", "Conflict"}
    session.rollback()
    row = queries.get_suggestion(suggested.id)
    accepted = row.state is SuggestionState.ACCEPTED
    assert accepted or row.state is SuggestionState.REJECTED
    assert session.query(Introduction).count() == int(accepted)
    assert outbox.count_to_send() == (2 if accepted else 0)
