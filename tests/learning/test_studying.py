"""From the office's decisions to a proposal and to drafts of rules."""

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.accounts.models import Person
from marketplace.audit.models import AuditEntry
from marketplace.infra.db import session
from marketplace.infra.jobs import Job
from marketplace.infra.transaction import transaction
from marketplace.learning import documents, jobs, queries
from marketplace.learning.models import WeightProposal
from marketplace.learning.rules import ProposalState, lesson_of
from marketplace.learning.services import deciding, studying
from marketplace.matching.limits import Limit
from marketplace.suggestions.rules import (
    DeclineReason,
    IntroductionState,
    RejectReason,
    SuggestionState,
)
from tests import factories
from tests.learning.conftest import Decide
from tests.learning.test_deciding import actor_of


def learn() -> WeightProposal | None:
    findings = studying.look()
    with transaction():
        return studying.keep(findings)


def test_what_an_office_looks_at_is_proposed_with_its_lift(decided: Decide) -> None:
    count = decided()
    proposal = learn()
    assert proposal is not None
    assert proposal.state is ProposalState.PROPOSED
    assert proposal.decisions == count
    assert 0 < proposal.lift_low <= proposal.lift <= proposal.lift_high
    assert proposal.order_after - proposal.order_before == pytest.approx(proposal.lift)
    told = {change["component"]: change["percent"] for change in proposal.changes}
    assert told["distance"] > 10
    (line,) = [
        change["text"]
        for change in documents.proposal_card(proposal)["changes"]
        if change["component"] == "distance"
    ]
    assert f"+{told['distance']}%" in line


def test_open_pairings_that_would_change_places_are_its_examples(decided: Decide) -> None:
    decided(needs=13, open_needs=1)
    proposal = learn()
    assert proposal is not None
    open_ids = {row.id for row in queries.list_open()}
    assert len(proposal.examples) <= 3
    for swap in proposal.examples:
        assert {swap["rising"], swap["falling"]} <= open_ids
        assert swap["rising_scores"][0] < swap["falling_scores"][0]
        assert swap["rising_scores"][1] > swap["falling_scores"][1]


def test_what_was_always_rejected_becomes_a_draft_rule(decided: Decide) -> None:
    decided()
    learn()
    (rule,) = queries.list_rules()
    assert rule.quantity in {"days", "kind"}
    assert rule.rejected == rule.support == 48
    assert "48" in documents.seen(rule)
    assert rule.reasons == {"too_far": 48}


def test_few_decisions_are_counted_and_the_page_says_how_many_are_wanted(decided: Decide) -> None:
    decided(producers=4, needs=6)
    assert learn() is None
    ready = documents.readiness()
    assert not ready["is_enough"]
    assert ready["missing"] == 60 - 24


def test_looking_twice_proposes_once(decided: Decide) -> None:
    decided()
    first = learn()
    assert first is not None
    assert learn() is None
    assert session.query(WeightProposal).count() == 1
    assert len(queries.list_rules()) == 1


def test_a_refused_set_is_not_proposed_again_until_there_is_more_to_go_by(
    officer: Person, decided: Decide
) -> None:
    decided()
    proposal = learn()
    assert proposal is not None
    actor = actor_of(officer)
    with transaction():
        deciding.refuse(
            actor=actor,
            proposal=queries.get_proposal(proposal.id),
            reason="Belum yakin",
        )
    assert learn() is None


def test_the_job_proposes_and_says_so_in_the_trail(
    decided: Decide, run_jobs: Callable[[], int]
) -> None:
    decided()
    assert jobs.schedule_for_the_week()
    assert not jobs.schedule_for_the_week()
    run_jobs()
    assert queries.find_proposal(ProposalState.PROPOSED) is not None
    assert session.query(Job).filter_by(kind="learn").one().result["proposed_version"] == 1
    actions = {entry.action for entry in session.query(AuditEntry)}
    assert {"weights.proposed", "office_rule.drafted"} <= actions


def test_the_command_says_what_it_found(app: Flask, decided: Decide) -> None:
    decided()
    told = app.test_cli_runner().invoke(args=["learn"])
    assert told.exit_code == 0, told.output
    assert "proposed as version 1" in told.output
    assert "lift" in told.output


@pytest.mark.parametrize(
    ("state", "reason", "introduction", "good", "weight", "about"),
    [
        (SuggestionState.ACCEPTED, None, None, True, 1.0, None),
        (SuggestionState.ACCEPTED, None, (IntroductionState.AGREED, None), True, 2.0, None),
        (SuggestionState.ACCEPTED, None, (IntroductionState.EXPIRED, None), True, 0.5, None),
        (
            SuggestionState.ACCEPTED, None,
            (IntroductionState.DECLINED, DeclineReason.PRICE), False, 1.0, {"price"},
        ),
        (
            SuggestionState.ACCEPTED, None,
            (IntroductionState.DECLINED, DeclineReason.NOT_NOW), True, 0.5, None,
        ),
        (SuggestionState.REJECTED, RejectReason.PRICE, None, False, 1.0, {"price"}),
        (SuggestionState.REJECTED, RejectReason.OTHER, None, False, 0.5, None),
    ],
)  # fmt: skip
def test_a_decision_teaches_by_what_came_of_it(
    state: SuggestionState, reason: RejectReason | None, introduction: object,
    good: bool, weight: float, about: set[str] | None,
) -> None:  # fmt: skip
    lesson = lesson_of(state, reason, introduction)  # type: ignore[arg-type]
    assert lesson is not None
    assert (lesson.good, lesson.weight) == (good, weight)
    assert lesson.about == about


def test_what_is_not_decided_teaches_nothing() -> None:
    assert lesson_of(SuggestionState.PROPOSED, None, None) is None
    assert lesson_of(SuggestionState.POSTPONED, None, None) is None


def test_every_condition_reads_in_words(app: Flask) -> None:
    for limit in (
        Limit("days", above=5), Limit("price", above=90, category="kopi"),
        Limit("shelf", below=80), Limit("share", below=20, outlet="restaurant"),
        Limit("order", above=40), Limit("unverified", above=0),
        Limit("kind", category="kopi", zone="jabodetabek"),
    ):  # fmt: skip
        rule = factories.make_office_rule(
            quantity=limit.quantity, above=limit.above, below=limit.below,
            category=limit.category, outlet=limit.outlet, zone=limit.zone,
        )  # fmt: skip
        assert "%(" not in documents.condition(rule)
