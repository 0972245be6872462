"""A row of a list says of an offer what all its evidence says, though only a part of it is made."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.matching import (
    DEFAULT_RULES,
    DEFAULT_SETTINGS,
    Engine,
    Need,
    NeedLine,
    Offer,
    Rule,
    World,
)
from marketplace.matching.limits import Limit
from marketplace.matching.listsaid import Teller
from tests.matching.conftest import papers
from tests.matching.random_markets import Drawing

OFFERS, NEEDS = 60, 60
WARNING = tuple(replace(rule, severity="warn") for rule in DEFAULT_RULES)
INFORMING = tuple(replace(rule, severity="info") for rule in reversed(DEFAULT_RULES))


@pytest.mark.parametrize("rules", [DEFAULT_RULES, WARNING, INFORMING])
@pytest.mark.parametrize("estimates_block", [True, False])
def test_reasons_in_short_are_those_of_the_evidence(
    world: World, rules: tuple[Rule, ...], estimates_block: bool
) -> None:
    drawing = Drawing(7)
    engine = Engine(
        replace(world, rules=rules), replace(DEFAULT_SETTINGS, estimates_block=estimates_block)
    )
    engine.load(drawing.offer(number) for number in range(OFFERS))
    said = 0
    for number in range(NEEDS):
        drawn = drawing.need(number)
        for need in (drawn, replace(drawn, lines=drawn.lines[:1])):
            # One teller for each side: a sentence kept by the one must not mend the other.
            in_short = Teller().answer(engine, need, 20)
            full = Teller().answer(engine, need, 20, explain=True)
            assert in_short == [row for row in full if row[1] or not row[2]]
            said += sum(bool(row[2]) for row in in_short)
    assert said > NEEDS


def test_a_teller_that_answered_before_says_the_same(world: World) -> None:
    drawing = Drawing(11)
    engine = Engine(replace(world, rules=WARNING))
    engine.load(drawing.offer(number) for number in range(OFFERS))
    teller = Teller()
    for number in range(NEEDS):
        need = drawing.need(number)
        assert teller.answer(engine, need, 20) == Teller().answer(engine, need, 20)


@pytest.mark.parametrize("explain", [False, True])
def test_needs_answered_together_are_answered_as_each_alone(world: World, explain: bool) -> None:
    drawing = Drawing(13)
    engine = Engine(replace(world, rules=WARNING))
    engine.load(drawing.offer(number) for number in range(OFFERS))
    needs = [*map(drawing.need, range(NEEDS)), Need("none", "zzxqv")]
    alone = [Teller().answer(engine, need, 20, explain) for need in needs]
    assert Teller().answers(engine, needs, 20, explain) == alone


def test_what_was_said_to_a_need_is_said_again_only_to_one_that_asks_the_same(world: World) -> None:
    drawing = Drawing(13)
    engines = [Engine(replace(world, rules=rules)) for rules in (WARNING, INFORMING)]
    for engine in engines:
        engine.load(drawing.offer(number) for number in range(OFFERS))
    teller = Teller()
    for number in range(NEEDS):
        drawn = drawing.need(number)
        need = replace(drawn, lines=drawn.lines[:1])
        alike = replace(need, id="other", title=drawing.need(number).title)
        stricter = replace(need, max_price=(need.max_price or 50_000) // 2)
        for engine in (*engines, engines[0]):
            for asked in (need, alike, stricter):
                assert teller.answer(engine, asked, 20) == Teller().answer(engine, asked, 20)
        if number % 20 == 0:
            today = engines[1].world.today + timedelta(days=60)
            engines[1].renew(replace(engines[1].world, today=today))


def test_offers_that_only_the_rules_can_judge_are_told_as_well(world: World) -> None:
    limit = Limit("days", above=1).as_rule(1, "warn")
    engine = Engine(replace(world, rules=(*DEFAULT_RULES, limit)))
    engine.load([Offer("o", "kemplang", region="19.71", papers=papers("pirt", "halal"))])
    need = Drawing(3).need(1)
    need = replace(need, title="kemplang")
    full = Teller().answer(engine, need, explain=True)
    assert Teller().answer(engine, need) == [row for row in full if row[1] or not row[2]]


def test_that_only_a_part_can_be_supplied_is_always_told(world: World) -> None:
    engine = Engine(world)
    engine.load(
        [
            Offer("part", "Getas ikan tenggiri Cap Obor 250g", unit="pcs", capacity_per_month=300),
            Offer("all", "Getas ikan tenggiri Cap Obor 250g", unit="pcs", capacity_per_month=9000),
        ]
    )
    need = Need(
        "n", "Getas ikan tenggiri Cap Obor 250g", unit="pcs", lines=(NeedLine("", "", 1000),)
    )
    told = {row[2]: str(row[-1]) for row in Teller().answer(engine, need)}
    assert "fit_share: Can supply 300 pcs of 1000 pcs a month (30%)" in told["part"]
    assert "fit_share" not in told["all"]
