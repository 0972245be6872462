"""Judging in one pass says what the rules say, of any market, under any rule book."""

import pickle
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.quantity import Kind, Quantity
from marketplace.matching import (
    DEFAULT_RULES,
    DEFAULT_SETTINGS,
    AppliesTo,
    Engine,
    HeldPaper,
    Need,
    NeedLine,
    Offer,
    PriceBreak,
    Rule,
    Settings,
    World,
    columns,
)
from marketplace.matching.batch import Batch
from marketplace.matching.case import Case, Question
from marketplace.matching.columns import Columns
from marketplace.matching.eligibility import assess
from marketplace.matching.fitness import fit_points
from marketplace.matching.kernels import judging
from marketplace.matching.limits import Limit
from marketplace.matching.outcome import Severity
from marketplace.matching.terms import Terms
from tests.matching.conftest import papers
from tests.matching.markets import catalogues, days, needs

# Days that what is not told takes at most.
reckoned = st.sampled_from([None, 0, 30])
modest = settings(max_examples=60, deadline=None)
changed = st.builds(
    lambda severity, since, until, storages, kinds: (
        lambda rule: replace(
            rule,
            severity=severity,
            valid_from=since,
            valid_to=until,
            applies_to=AppliesTo(kinds=kinds, storages=storages),
        )
    ),
    st.sampled_from(["block", "warn", "info"]),
    days,
    days,
    st.frozensets(st.sampled_from(["", "ambient", "frozen"]), max_size=2),
    st.frozensets(st.sampled_from(["food", "drink", "craft"]), max_size=2),
)


def _as_shipped(rule: Rule) -> Rule:
    return rule


rule_books = st.lists(
    st.just(_as_shipped) | st.just(_as_shipped) | changed,
    min_size=len(DEFAULT_RULES),
    max_size=len(DEFAULT_RULES),
).map(
    lambda changes: tuple(change(rule) for change, rule in zip(changes, DEFAULT_RULES, strict=True))
)


def judged(
    offers: tuple[Offer, ...], need: Need, world: World, chosen: Settings = DEFAULT_SETTINGS
) -> tuple[list[tuple[bool, int, set[str]]], list[bool]]:
    """(eligible, points, rules that block) of every offer, and which of them are certain."""
    table = Columns()
    table.extend(Batch.of(offers))
    terms, question = Terms(table, world, chosen), Question(need, world, chosen)
    found = terms.judge(question, np.arange(len(offers)))
    codes = [rule.code for rule in terms.rules_on(question.day)]
    said = [
        (bool(eligible), int(fit), {code for place, code in enumerate(codes) if bits >> place & 1})
        for eligible, fit, bits in zip(
            found.eligible, found.fit, found.blocked.tolist(), strict=True
        )
    ]
    return said, found.certain.tolist()


def by_the_rules(
    offers: tuple[Offer, ...], need: Need, world: World, chosen: Settings = DEFAULT_SETTINGS
) -> list[tuple[bool, int, set[str]]]:
    question = Question(need, world, chosen)
    said = []
    for offer in offers:
        found = assess(Case(offer, question))
        points = sum(point.points for point in fit_points(found))
        said.append((found.eligible, points, set(found.blocking)))
    return said


@modest
@given(catalogues, needs, rule_books, st.booleans(), reckoned, reckoned)
def test_one_pass_and_the_rules_say_the_same_of_every_offer(
    world: World,
    offers: tuple[Offer, ...],
    need: Need,
    rules: tuple[Rule, ...],
    estimates_block: bool,
    lead: int | None,
    way: int | None,
) -> None:
    there = replace(world, rules=rules)
    chosen = replace(
        DEFAULT_SETTINGS, estimates_block=estimates_block, long_lead_days=lead, long_way_days=way
    )
    found, certain = judged(offers, need, there, chosen)
    expected = by_the_rules(offers, need, there, chosen)
    assert [one for one, sure in zip(found, certain, strict=True) if sure] == [
        one for one, sure in zip(expected, certain, strict=True) if sure
    ]
    # Only what is too close to call may be left to the rules: nothing of that size is drawn here.
    assert sum(certain) >= len(offers) - 1


def test_numbers_too_large_for_the_columns_are_left_to_the_rules(world: World) -> None:
    plain = Offer("o", "kemplang", price=1)
    odd = (
        replace(plain, price=2**40),
        replace(plain, price_breaks=(PriceBreak(1, 2**40),)),
        replace(plain, papers=tuple(HeldPaper(f"paper {i}") for i in range(80))),
        replace(plain, unit="ton", pack=Quantity(10**12, Kind.MASS), region="19.71"),
    )
    need = Need("n", "kemplang", unit="g", lines=(NeedLine("a", "31.71", 10),), max_price=5)
    for offer in odd[:3]:
        assert judged((offer,), need, world)[1] == [False]
    assert judged((plain,), need, world)[1] == [True]
    assert judged(odd[3:], replace(need, unit="pcs"), world)[1] in ([True], [False])


def test_a_capital_of_many_billions_is_compared_exactly(world: World) -> None:
    need = Need("n", "x", unit="pcs", terms="days:23", lines=(NeedLine("a", "", 365_000),))
    # 365,000 pieces x 1,000,000 rupiah x 70 % x 12/365 x 30 days
    tied = 252_000_000_000
    for capital, fits in ((tied - 10**6, False), (tied + 10**6, True)):
        offer = Offer("o", "x", unit="pcs", price=1_000_000, working_capital=capital)
        found, certain = judged((offer,), need, world)
        assert certain == [True]
        assert found[0][0] is fits
    exact = Offer("o", "x", unit="pcs", price=1_000_000, working_capital=tied)
    assert judged((exact,), need, world)[1] == [False]


def test_a_rule_book_that_is_not_of_the_usual_kind_is_left_to_the_rules(world: World) -> None:
    offer, need = Offer("o", "x", papers=papers("halal")), Need("n", "x")
    twice = replace(world, rules=(*DEFAULT_RULES, DEFAULT_RULES[0]))
    assert judged((offer,), need, twice)[1] == [False]


def test_what_is_kept_of_the_columns_is_read_back(world: World) -> None:
    table = Columns()
    offers = (
        Offer("a", "x", category="kemplang", unit="bungkus", pack=Quantity(250, Kind.MASS)),
        Offer("b", "x", zones=frozenset({"19"}), terms=frozenset({"days"}), papers=papers("md")),
    )
    table.extend(Batch.of(offers))
    again = pickle.loads(pickle.dumps(table))
    assert (again.facts == table.facts).all()
    assert again.units.values == table.units.values
    assert again.zones.values == table.zones.values
    again.extend(Batch.of(offers[:1]))
    assert again.facts[2].tolist() != again.facts[1].tolist()
    assert len(again.units) == len(table.units)


def test_the_compiled_pass_reads_the_columns_where_they_are() -> None:
    shared = [name for name in vars(columns) if name.isupper() and hasattr(judging, name)]
    assert {"MAKE", "FLAGS", "VALID_SHIFT", "MOST"} <= set(shared)
    assert all(getattr(columns, name) == getattr(judging, name) for name in shared)


@settings(max_examples=25, deadline=None)
@given(catalogues, needs, st.sampled_from(["block", "warn"]))
def test_limits_of_the_office_count_in_a_ranking(
    world: World, offers: tuple[Offer, ...], need: Need, severity: Severity
) -> None:
    limits = (Limit("days", above=5), Limit("share", below=50), Limit("unverified", above=0))
    rules = tuple(limit.as_rule(number, severity) for number, limit in enumerate(limits))
    engine = Engine(replace(world, rules=(*DEFAULT_RULES, *rules)))
    engine.load(offers)
    ranking = engine.rank(need, explain=True)
    for pairing in (*ranking.pairings, *ranking.excluded):
        offer = next(one for one in offers if one.id == pairing.offer_id)
        assert pairing == engine.judge(offer, need)
        assert pairing.eligible is (pairing in ranking.pairings)
