"""A hundred thousand pairs: who is left out, by which rules, and what would let them in.

The rules are held against `plain_rules`, which knows nothing of the engine's code. Changes are
tried on some pairs of every combination of rules that fail; HUNT=1 draws another market and tries
them on every excluded pair.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import SystemRandom

import numpy as np
import pytest

from marketplace.matching import DEFAULT_SETTINGS, Engine, Need, Offer, World
from marketplace.matching.batch import Batch
from marketplace.matching.case import Case, Question
from marketplace.matching.columns import Columns
from marketplace.matching.counterfactual import apply_all, true_verdicts
from marketplace.matching.eligibility import assess
from marketplace.matching.outcome import Verdict
from marketplace.matching.terms import Terms
from tests.matching.plain_rules import failing
from tests.matching.random_markets import Drawing

OFFERS, NEEDS = 500, 200
HUNTING = bool(os.environ.get("HUNT"))
# Chance alone shows a tenth of the pairs half of the combinations, and the common ones often.
OF_EACH = OFFERS * NEEDS if HUNTING else 5
Market = tuple[tuple[Offer, ...], tuple[Need, ...]]


@pytest.fixture(scope="module")
def market() -> Market:
    drawing = Drawing(SystemRandom().getrandbits(32) if HUNTING else 7)
    return (
        tuple(drawing.offer(number) for number in range(OFFERS)),
        tuple(drawing.need(number) for number in range(NEEDS)),
    )


def test_every_pair_lists_all_rules_that_fail_and_no_other(world: World, market: Market) -> None:
    offers, needs = market
    columns = Columns()
    columns.extend(Batch.of(offers))
    terms = Terms(columns, world, DEFAULT_SETTINGS)
    eligible = 0
    for need in needs:
        question = Question(need, world, DEFAULT_SETTINGS)
        judged = terms.judge(question, np.arange(len(offers)))
        assert judged.certain.all()
        codes = [rule.code for rule in terms.rules_on(question.day)]
        for offer, bits in zip(offers, judged.blocked.tolist(), strict=True):
            said = {code for place, code in enumerate(codes) if bits >> place & 1}
            assert said == failing(offer, need), (offer, need)
        assert (judged.eligible == (judged.blocked == 0)).all()
        eligible += int(judged.eligible.sum())
    assert 0.01 < eligible / (OFFERS * NEEDS) < 0.5


def test_nobody_is_ranked_who_fails_a_rule_and_a_score_is_the_sum_of_its_points(
    world: World, market: Market
) -> None:
    offers, needs = market
    by_id = {offer.id: offer for offer in offers}
    engine = Engine(world)
    engine.load(offers)
    shown = 0
    for need in needs:
        ranking = engine.rank(need, top=20, explain=True)
        for pairing in (*ranking.pairings, *ranking.excluded):
            assert pairing.score == sum(point.points for point in pairing.points)
            blocking = {verdict.rule for verdict in pairing.blocking}
            assert blocking == failing(by_id[pairing.offer_id], need)
        assert all(pairing.eligible for pairing in ranking.pairings)
        shown += len(ranking.pairings)
    assert shown > NEEDS


def test_the_changes_named_make_an_excluded_pair_fit(world: World, market: Market) -> None:
    seen: Counter[frozenset[str]] = Counter()
    mended = hopeless = 0
    for failed, offer, question in _excluded(world, market):
        seen[failed] += 1
        if seen[failed] > OF_EACH:
            continue
        need, assessment = question.need, assess(Case(offer, question))
        blocking = [verdict for verdict in true_verdicts(assessment) if verdict.blocks]
        assert {verdict.rule for verdict in blocking} == failed
        if all(verdict.fix is not None for verdict in blocking):
            assert failing(apply_all(offer, blocking), need) == set(), (offer, need, blocking)
            mended += 1
        else:
            hopeless += 1
            for verdict in assessment.verdicts:
                if verdict.blocks and verdict.fix is None:
                    assert _nothing_helps(offer, need, verdict), (offer, need, verdict)
    assert mended > 5 * hopeless > 0
    assert seen.total() > 0.5 * OFFERS * NEEDS
    assert len(seen) > 1000


def _excluded(world: World, market: Market) -> Iterator[tuple[frozenset[str], Offer, Question]]:
    """Every pair that some rules exclude, with these rules."""
    offers, needs = market
    columns = Columns()
    columns.extend(Batch.of(offers))
    terms = Terms(columns, world, DEFAULT_SETTINGS)
    for need in needs:
        question = Question(need, world, DEFAULT_SETTINGS)
        blocked = terms.judge(question, np.arange(len(offers))).blocked.tolist()
        codes = [rule.code for rule in terms.rules_on(question.day)]
        for offer, bits in zip(offers, blocked, strict=True):
            if bits:
                failed = frozenset(code for place, code in enumerate(codes) if bits >> place & 1)
                yield failed, offer, question


def _nothing_helps(offer: Offer, need: Need, verdict: Verdict) -> bool:
    """True where even the best value of what the rule looks at would leave it failing."""
    best = {
        "landed_price": replace(offer, price=1, price_breaks=()),
        "share": replace(offer, capacity_per_month=10**9),
    }
    return verdict.rule in failing(best[verdict.rule], need)
