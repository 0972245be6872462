"""What must hold on any market, however odd."""

import json
from dataclasses import replace

from hypothesis import given, settings

from marketplace.matching import DEFAULT_SETTINGS, Engine, Need, Offer, Pairing, Settings, World
from marketplace.matching.counterfactual import apply_fix
from marketplace.matching.explain import fix_of, reason_of
from marketplace.matching.text import normalise
from tests.matching.markets import catalogues, needs

modest = settings(max_examples=25, deadline=None)  # HUNT=1: new examples each time
# A collect of three makes the index choose, so that the second, narrowed question is asked too.
FEW = replace(DEFAULT_SETTINGS, collect=3)


def loaded(world: World, offers: tuple[Offer, ...], chosen: Settings = DEFAULT_SETTINGS) -> Engine:
    engine = Engine(world, chosen)
    engine.load(offers)
    return engine


@modest
@given(catalogues, needs)
def test_the_score_is_the_sum_of_its_points(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    ranking = loaded(world, offers).rank(need, top=10, explain=True)
    for pairing in (*ranking.pairings, *ranking.excluded):
        assert pairing.score == sum(point.points for point in pairing.points)
        assert 0 <= pairing.confidence <= 1
        assert pairing.eligible is not bool(pairing.blocking)


@modest
@given(catalogues, needs)
def test_the_index_and_the_judge_agree_on_every_pair(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    for chosen in (DEFAULT_SETTINGS, FEW):
        engine = loaded(world, offers, chosen)
        ranking = engine.rank(need, top=10, explain=True)
        judged = {offer.id: engine.judge(offer, need) for offer in offers}
        for pairing in (*ranking.pairings, *ranking.excluded):
            assert pairing == judged[pairing.offer_id]
    engine = loaded(world, offers)
    wanted = set(normalise(need.title, world.vocabulary))
    asked = [judged[o.id] for o in offers if wanted & set(normalise(o.title, world.vocabulary))]
    fitting = [pairing for pairing in asked if pairing.eligible]
    found = engine.rank(need, top=10).pairings
    assert {pairing.offer_id for pairing in fitting} <= {pairing.offer_id for pairing in found}
    assert list(found) == sorted(found, key=lambda one: (-one.score, one.offer_id))


@modest
@given(catalogues, needs)
def test_stopping_early_finds_the_same_best(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    engine = loaded(world, offers)
    everything = engine.rank(need, top=10)
    assert engine.rank(need, top=2).pairings == everything.pairings[:2]


@modest
@given(catalogues, needs)
def test_the_same_question_has_the_same_answer_in_any_order_of_loading(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    one, other = loaded(world, offers), loaded(world, tuple(reversed(offers)))
    assert one.rank(need, explain=True) == other.rank(need, explain=True)
    assert one.rank(need) == one.rank(need)


@modest
@given(catalogues, needs)
def test_every_exclusion_says_truly_what_would_mend_it(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    engine = Engine(world)
    for offer in offers:
        for verdict in engine.judge(offer, need).blocking:
            if verdict.fix is None:
                continue
            mended = engine.judge(apply_fix(offer, verdict.fix), need)
            after = [one.outcome for one in mended.verdicts if one.rule == verdict.rule]
            assert "fail" not in after, verdict


@modest
@given(catalogues, needs)
def test_evidence_reads_back_as_it_was_and_always_has_a_sentence(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    engine = Engine(world)
    for offer in offers:
        pairing = engine.judge(offer, need)
        assert Pairing.from_dict(json.loads(json.dumps(pairing.as_dict()))) == pairing
        for item in (*pairing.points, *pairing.verdicts):
            msgid, params = reason_of(item)
            assert msgid % params
        for verdict in pairing.verdicts:
            mend = fix_of(verdict)
            assert mend is None or mend[0] % mend[1]


@modest
@given(catalogues, needs)
def test_an_offer_that_knows_nothing_is_excluded_by_no_rule(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    engine = Engine(world)
    for offer in offers:
        blank = Offer(offer.id, offer.title, papers_known=False)
        assert engine.judge(blank, need).eligible


@modest
@given(catalogues, needs)
def test_both_directions_say_the_same_of_a_pair(
    world: World, offers: tuple[Offer, ...], need: Need
) -> None:
    engine = loaded(world, offers)
    engine.load_needs([need])
    for offer in offers:
        for pairing in engine.rank_needs(offer).pairings:
            assert pairing == engine.judge(offer, need)


def test_settings_read_back_as_they_were() -> None:
    stored = json.loads(json.dumps(DEFAULT_SETTINGS.as_dict()))
    assert Settings.from_dict(stored) == DEFAULT_SETTINGS
