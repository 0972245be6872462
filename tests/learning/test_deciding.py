"""Adopting, refusing, going back: by the province alone, kept with who and why."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.audit.models import AuditEntry
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.infra import search
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.learning import queries
from marketplace.learning.rules import OfficeRuleState, ProposalState, RuleSeverity
from marketplace.learning.services import deciding
from marketplace.matching import DEFAULT_SETTINGS, Pairing
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services import asking, computing, evidence
from marketplace.suggestions.services.world import build_world
from tests import factories
from tests.suggestions.conftest import Market


def actor_of(person: Person) -> Actor:
    return accounts.actor_of(accounts.get_person(person.id))


def adopt(officer: Person, proposal_id: int) -> None:
    actor = actor_of(officer)
    with transaction():
        deciding.adopt(actor=actor, proposal=queries.get_proposal(proposal_id))


def adopt_rule(officer: Person, rule_id: int, severity: RuleSeverity) -> None:
    actor = actor_of(officer)
    with transaction():
        deciding.adopt_rule(actor=actor, rule=queries.get_rule(rule_id), severity=severity)


def test_new_suggestions_are_computed_under_what_was_adopted_and_old_ones_replay(
    market: Market,
    suggested: Suggestion,
    run_jobs: Callable[[], int],
) -> None:
    with transaction():
        row = suggestions.get_suggestion(suggested.id)
        row.state, row.reject_reason = SuggestionState.REJECTED, "price"  # type: ignore[assignment]
    old, old_version = Pairing.from_dict(suggested.evidence), suggested.engine_version_id
    proposal = factories.make_proposal()
    adopt(market.officer, proposal.id)
    run_jobs()
    assert queries.settings_in_force().fit.distance == 60
    late = factories.make_need(market.outlet, title="Kemplang panggang 250gr")
    with transaction():
        note_change("need", late.id)
        computing.schedule_for_need(late.id)
    run_jobs()
    fresh = suggestions.find_pair(market.product.id, late.id)
    assert fresh is not None
    new = Pairing.from_dict(fresh.evidence)
    assert fresh.engine_version_id != old_version
    before, after = (
        sum(point.points for point in one.points if point.code == "fit_distance")
        for one in (old, new)
    )
    assert after == pytest.approx(1.5 * before, abs=1)
    assert new.engine_version != old.engine_version
    # What was decided keeps its evidence, and comes out the same from its inputs.
    kept = suggestions.get_suggestion(suggested.id)
    assert kept.engine_version_id == old_version
    again = evidence.replay(kept, build_world())
    points = [p.points for p in again.points if p.code.startswith("fit_")]
    assert points == [p.points for p in old.points if p.code.startswith("fit_")]


def test_adopting_another_set_replaces_the_first_and_one_can_go_back(
    app: Flask, officer: Person
) -> None:
    second = factories.make_proposal()
    adopt(officer, second.id)
    third = factories.make_proposal()
    adopt(officer, third.id)
    assert queries.get_proposal(second.id).state is ProposalState.REPLACED
    adopt(officer, second.id)
    assert queries.get_proposal(second.id).state is ProposalState.ADOPTED
    assert queries.get_proposal(third.id).state is ProposalState.REPLACED
    actor = actor_of(officer)
    with transaction():
        deciding.return_to_shipped(
            actor=actor, proposal=queries.get_proposal(second.id), reason="Musim berubah"
        )
    assert queries.settings_in_force() == DEFAULT_SETTINGS
    kept = queries.get_proposal(second.id)
    assert (kept.decision_note, kept.decided_by_name) == ("Musim berubah", actor.name)


def test_what_lapsed_or_was_refused_cannot_be_adopted(app: Flask, officer: Person) -> None:
    for state in ("lapsed", "refused"):
        proposal = factories.make_proposal(state=state, decision_note="tidak", decided_at=now())
        with pytest.raises(RuleBroken):
            adopt(officer, proposal.id)


def test_an_open_proposal_lapses_when_something_else_comes_into_force(
    app: Flask, officer: Person
) -> None:
    old = factories.make_proposal(state="replaced", decided_at=now())
    waiting = factories.make_proposal()
    adopt(officer, old.id)
    assert queries.get_proposal(waiting.id).state is ProposalState.LAPSED


def test_refusing_keeps_the_reason_and_needs_one(app: Flask, officer: Person) -> None:
    proposal = factories.make_proposal()
    actor = actor_of(officer)
    with pytest.raises(InvalidInput), transaction():
        deciding.refuse(actor=actor, proposal=queries.get_proposal(proposal.id), reason=" ")
    with transaction():
        deciding.refuse(
            actor=actor, proposal=queries.get_proposal(proposal.id), reason="Terlalu cepat"
        )
    kept = queries.get_proposal(proposal.id)
    assert (kept.state, kept.decision_note) == (ProposalState.REFUSED, "Terlalu cepat")
    entry = session.query(AuditEntry).filter_by(action="weights.refused").one()
    assert entry.details["reason"] == "Terlalu cepat"
    assert queries.settings_in_force() == DEFAULT_SETTINGS


@pytest.mark.parametrize("role", ["regency", "producer", "admin"])
def test_only_the_province_decides(app: Flask, role: str) -> None:
    stranger = factories.make_person(role)
    proposal, rule = factories.make_proposal(), factories.make_office_rule()
    with pytest.raises(NotAllowed):
        adopt(stranger, proposal.id)
    with pytest.raises(NotAllowed):
        adopt_rule(stranger, rule.id, RuleSeverity.WARN)


@pytest.mark.parametrize(("severity", "is_eligible"), [("warn", True), ("block", False)])
def test_an_adopted_rule_binds_what_is_computed_from_now_on(
    market: Market,
    suggested: Suggestion,
    run_jobs: Callable[[], int],
    severity: str,
    is_eligible: bool,
) -> None:
    before = Pairing.from_dict(suggested.evidence)
    rule = factories.make_office_rule(above=0)
    adopt_rule(market.officer, rule.id, RuleSeverity(severity))
    run_jobs()
    with search.engine() as engine:
        pairing, _offer, need = asking.judge_pair(engine, market.product.id, market.need.id)
        ranking = engine.rank(need, explain=True)
    found = {verdict.rule: verdict for verdict in pairing.verdicts}[f"limit_days_{rule.id}"]
    assert (found.outcome, found.severity, found.legal) == ("fail", severity, False)
    assert pairing.eligible is is_eligible
    assert pairing.overridable is not is_eligible
    if not is_eligible:
        assert [step.rule for step in ranking.funnel.steps] == [f"limit_days_{rule.id}"]
        assert suggestions.get_suggestion(suggested.id).state is SuggestionState.WITHDRAWN
    # Ended, it is gone; what was computed under it would still be judged by it.
    actor = actor_of(market.officer)
    with transaction():
        deciding.end_rule(actor=actor, rule=queries.get_rule(rule.id), reason="Sudah lewat")
    run_jobs()
    assert queries.rules_in_force() == ()
    row = suggestions.get_suggestion(suggested.id)
    assert row.state is SuggestionState.PROPOSED
    assert [v.rule for v in Pairing.from_dict(row.evidence).verdicts] == [
        v.rule for v in before.verdicts
    ]


def test_a_suggestion_replays_under_the_rules_of_its_day(
    market: Market,
    suggested: Suggestion,
    run_jobs: Callable[[], int],
) -> None:
    rule = factories.make_office_rule(above=0)
    adopt_rule(market.officer, rule.id, RuleSeverity.WARN)
    run_jobs()
    under = suggestions.get_suggestion(suggested.id)
    stored = Pairing.from_dict(under.evidence)
    assert f"limit_days_{rule.id}" in {verdict.rule for verdict in stored.verdicts}
    actor = actor_of(market.officer)
    with transaction():
        deciding.end_rule(actor=actor, rule=queries.get_rule(rule.id), reason="Selesai")
    again = evidence.replay(under, build_world())
    assert [v.as_dict() for v in again.verdicts] == [v.as_dict() for v in stored.verdicts]


def test_a_dismissed_draft_keeps_its_reason_and_can_be_considered_again(
    app: Flask, officer: Person
) -> None:
    rule = factories.make_office_rule()
    actor = actor_of(officer)
    with transaction():
        deciding.dismiss_rule(actor=actor, rule=queries.get_rule(rule.id), reason="Hanya kebetulan")
    assert queries.get_rule(rule.id).decision_note == "Hanya kebetulan"
    with transaction():
        deciding.reconsider_rule(actor=actor, rule=queries.get_rule(rule.id))
    assert queries.get_rule(rule.id).state is OfficeRuleState.DRAFT
