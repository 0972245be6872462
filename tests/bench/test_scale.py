"""The market every side is measured on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bench import scale
from bench.scale import Market, make_market
from marketplace.matching import Offer
from marketplace.matching.case import Case, Question
from marketplace.matching.eligibility import assess
from marketplace.matching.listmatch import SETTINGS
from marketplace.matching.listrows import read_needs, read_offers

TITLES = (
    "Tas Anyaman Pandan Besar",
    "Kain Cual Bangka Motif Naga Bestari",
    "Sabun Mandi Sereh 100gr",
    "Sapu Lidi Gagang Panjang",
    "Wajan Besi 30 cm",
)


@pytest.fixture(scope="module")
def market() -> Market:
    return make_market(TITLES, 3_000, 40)


def same(one: Market, other: Market) -> bool:
    columns = ("branch", "zone", "paper", "price")
    return (
        (one.titles, one.questions, one.wishes) == (other.titles, other.questions, other.wishes)
    ) and all(
        np.array_equal(getattr(one.facts, name), getattr(other.facts, name)) for name in columns
    )


def test_the_same_titles_and_size_make_the_same_market(market: Market) -> None:
    assert same(market, make_market(TITLES, 3_000, 40))


def test_another_size_makes_another_market(market: Market) -> None:
    assert market.titles[:100] != make_market(TITLES, 3_001, 40).titles[:100]


def test_a_kept_market_is_the_one_that_was_made(market: Market, tmp_path: Path) -> None:
    market.save(tmp_path / "market")
    assert same(market, Market.open(tmp_path / "market"))


def test_about_seven_in_a_thousand_offers_pass_a_wish() -> None:
    facts = make_market(TITLES, 50_000, 1).facts
    wishes = [scale.Wish(branch, zone) for branch in range(4) for zone in range(3)]
    shares = [facts.passing(wish).mean() for wish in wishes]
    assert 0.006 < np.mean(shares) < 0.008
    assert min(shares) > 0.004


def eligible(market: Market, offers: Sequence[Offer], number: int) -> list[bool]:
    question = Question(market.need(number, constrained=True), scale.world(), SETTINGS)
    return [assess(Case(offer, question)).eligible for offer in offers]


@pytest.mark.parametrize("number", [0, 1])
def test_the_engine_lets_pass_exactly_what_a_peer_is_asked_for(market: Market, number: int) -> None:
    passing = market.facts.passing(market.wishes[number])
    assert passing.any()
    assert eligible(market, list(market.offers()), number) == passing.tolist()


def test_the_files_of_a_market_hold_the_same_offers_and_needs(
    market: Market, tmp_path: Path
) -> None:
    offers, needs = tmp_path / "offers.csv", tmp_path / "needs.csv"
    market.write_csv(offers, needs, 40, constrained=True)
    problems: list[object] = []
    world = scale.world()
    read = [one for batch in read_offers(offers, world, problems.append) for one in batch]
    assert read == list(market.offers())
    wanted = [market.need(number, constrained=True) for number in range(40)]
    assert list(read_needs(needs, world, problems.append)) == wanted
    assert problems == []
