"""Rules that an office sets itself: judged like any other, with a true counterfactual or none."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.params import Days, Percent
from marketplace.core.quantity import Kind, Quantity
from marketplace.matching import DEFAULT_RULES, Engine, HeldPaper, Need, NeedLine, Offer, World
from marketplace.matching.case import Case, Question
from marketplace.matching.counterfactual import apply_fix
from marketplace.matching.eligibility import assess
from marketplace.matching.explain import fix_of, reason_of, rule_name
from marketplace.matching.funnel import funnel_of
from marketplace.matching.limits import LINE_QUANTITIES, PAIR_QUANTITIES, Limit
from marketplace.matching.outcome import Verdict
from marketplace.matching.rulebook import Rule
from marketplace.matching.settings import DEFAULT_SETTINGS
from tests.matching.markets import catalogues, needs, offers

PACK = Quantity(250, Kind.MASS)
OFFER = Offer(
    "o", "Kemplang 250 g", category="kemplang", price=20_000, unit="bungkus", pack=PACK,
    weight_g=300, region="19.71", papers=(HeldPaper("pirt", True), HeldPaper("halal", False)),
    capacity_per_month=50, min_order=40, shelf_life_days=90, storage="ambient", lead_days=3,
    size_class="micro",
)  # fmt: skip
NEED = Need(
    "n", "Kemplang", category="kemplang", unit="bungkus", pack=PACK, max_price=25_000,
    lines=(NeedLine("1", "16.71", 100),), min_shelf_life_days=60, outlet="souvenir",
)  # fmt: skip


def verdict_of(
    world: World, limit: Limit, offer: Offer = OFFER, need: Need = NEED, severity: str = "block"
) -> Verdict | None:
    rule = limit.as_rule(7, severity)  # type: ignore[arg-type]
    question = Question(need, replace(world, rules=(*DEFAULT_RULES, rule)), DEFAULT_SETTINGS)
    found = {one.rule: one for one in assess(Case(offer, question)).verdicts}
    return found.get(rule.code)


@pytest.mark.parametrize(
    ("limit", "value", "bound"),
    [
        (Limit("days", above=5), Days(7), Days(5)),
        # 20,000 for the pack and 5,000 a kilo of freight for 300 g.
        (Limit("price", above=80), Percent(86), Percent(80)),
        (Limit("shelf", below=150), Percent(130), Percent(150)),  # 90 - 3 - 7 - 2 of 60
        (Limit("share", below=60), Percent(50), Percent(60)),
        (Limit("order", above=30), Percent(40), Percent(30)),
        (Limit("unverified", above=0), 1, 0),
    ],
)
def test_what_passes_the_bound_fails_with_both_numbers(
    world: World, limit: Limit, value: object, bound: object
) -> None:
    verdict = verdict_of(world, limit)
    assert verdict is not None
    assert verdict.blocks
    assert not verdict.legal
    assert (verdict.params["value"], verdict.params["limit"]) == (value, bound)
    assert "%(" not in rule_name(verdict.rule)
    for told in (reason_of(verdict), fix_of(verdict)):
        if told is not None:
            assert told[0] % {name: str(param) for name, param in told[1].items()}


def test_at_the_bound_it_passes(world: World) -> None:
    verdict = verdict_of(world, Limit("days", above=7))
    assert verdict is not None
    assert verdict.outcome == "pass"


def test_what_is_not_known_never_excludes(world: World) -> None:
    verdict = verdict_of(world, Limit("days", above=5), replace(OFFER, region=""))
    assert verdict is not None
    assert verdict.outcome == "unknown"
    assert verdict.fix is None


def test_a_limit_concerns_only_its_branch_its_outlets_and_its_zone(world: World) -> None:
    assert verdict_of(world, Limit("days", above=5, category="camilan")) is not None
    assert verdict_of(world, Limit("days", above=5, category="kerajinan")) is None
    assert verdict_of(world, Limit("days", above=5, outlet="souvenir")) is not None
    assert verdict_of(world, Limit("days", above=5, outlet="restaurant")) is None
    assert verdict_of(world, Limit("kind", category="kemplang", zone="sumatera")) is not None
    assert verdict_of(world, Limit("kind", category="kemplang", zone="jabodetabek")) is None


def test_a_limit_that_only_warns_excludes_nobody(world: World) -> None:
    verdict = verdict_of(world, Limit("days", above=5), severity="warn")
    assert verdict is not None
    assert verdict.outcome == "fail"
    assert not verdict.blocks


def test_places_beyond_the_limit_fall_out_one_by_one(world: World) -> None:
    need = replace(NEED, lines=(NeedLine("far", "16.71", 50), NeedLine("near", "19.71", 50)))
    rule = Limit("days", above=5).as_rule(1, "block")
    question = Question(need, replace(world, rules=(*DEFAULT_RULES, rule)), DEFAULT_SETTINGS)
    assessment = assess(Case(OFFER, question))
    assert assessment.eligible
    assert {line.line_id: line.failed for line in assessment.line_verdicts()} == {
        "far": (rule.code,),
        "near": (),
    }


def test_the_funnel_counts_what_a_limit_removes(world: World) -> None:
    verdict = verdict_of(world, Limit("days", above=5))
    assert verdict is not None
    funnel = funnel_of([("p", [verdict.rule])])
    assert [step.rule for step in funnel.steps] == ["limit_days_7"]


def test_rules_survive_storage() -> None:
    rule = Limit("price", above=90, category="kopi").as_rule(3, "warn")
    stored = json.loads(json.dumps(rule.as_dict()))
    assert Rule.from_dict(stored) == rule


limits = st.builds(
    Limit,
    st.sampled_from(sorted(LINE_QUANTITIES | PAIR_QUANTITIES)),
    above=st.none(),
    below=st.none(),
).flatmap(
    lambda limit: st.integers(0, 150).map(
        lambda bound: (
            replace(limit, below=bound)
            if limit.quantity in {"shelf", "share"}
            else replace(limit, above=bound)
        )
    )
)


def known(offer: Offer, need: Need) -> tuple[Offer, Need]:
    """The pair with the gaps filled that would leave a limit without anything to say."""
    return (
        replace(
            offer, unit="bungkus", pack=PACK, region="19.71", lead_days=offer.lead_days or 3,
            price=offer.price or 20_000, capacity_per_month=offer.capacity_per_month or 50,
            min_order=offer.min_order or 40, shelf_life_days=offer.shelf_life_days or 90,
        ),
        replace(
            need, unit="bungkus", pack=PACK, max_price=need.max_price or 25_000,
            min_shelf_life_days=need.min_shelf_life_days or 60,
            lines=(NeedLine("x", "16.71", 100), *need.lines),
        ),
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(offers(1), needs, limits)
def test_with_its_fix_applied_a_limit_fails_no_more(
    world: World, offer: Offer, need: Need, limit: Limit
) -> None:
    offer, need = known(offer, need)
    if limit.quantity == "share":  # nobody makes more than the whole need
        limit = replace(limit, below=min(limit.below or 0, 100))
    verdict = verdict_of(world, limit, offer, need)
    assert verdict is not None
    if verdict.outcome != "fail" or verdict.fix is None:
        return
    mended = verdict_of(world, limit, apply_fix(offer, verdict.fix), need)
    assert mended is not None
    assert mended.outcome == "pass"


@pytest.mark.parametrize("bound", [0, 1, 6])
def test_nothing_of_the_offer_shortens_the_way_so_no_fix_is_named(world: World, bound: int) -> None:
    limit = Limit("days", above=bound)
    verdict = verdict_of(world, limit)
    assert verdict is not None
    assert verdict.outcome == "fail"
    assert verdict.fix is None
    assert fix_of(verdict) is None
    best = replace(
        OFFER, price=1, capacity_per_month=10**6, min_order=1, shelf_life_days=10**4, lead_days=0
    )
    again = verdict_of(world, limit, best)
    assert again is not None
    assert again.outcome == "fail"


@settings(max_examples=40, deadline=None)
@given(catalogues, needs, limits, st.sampled_from(["block", "warn"]))
def test_a_ranking_heeds_a_limit_exactly_as_a_judgement_does(
    world: World, goods: tuple[Offer, ...], need: Need, limit: Limit, severity: str
) -> None:
    rule = limit.as_rule(7, severity)  # type: ignore[arg-type]
    engine = Engine(replace(world, rules=(*DEFAULT_RULES, rule)))
    engine.load(goods)
    ranking = engine.rank(need, top=20, explain=True)
    judged = {offer.id: engine.judge(offer, need) for offer in goods}
    for pairing in (*ranking.pairings, *ranking.excluded):
        assert pairing == judged[pairing.offer_id]
        assert pairing.eligible is not bool(pairing.blocking)
    assert all(pairing.eligible for pairing in ranking.pairings)
