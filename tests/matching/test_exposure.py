"""Cap and floor: who is proposed, who waits, and how even the spread is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.matching.exposure import Chance, Limits, Why, choose, spread_of

PRODUCERS = ["a", "b", "c", "d"]


@st.composite
def markets(draw: st.DrawFn) -> list[Chance]:
    pairs = draw(
        st.lists(
            st.tuples(
                st.sampled_from(PRODUCERS),
                st.sampled_from(["x", "y", "z"]),
                st.integers(-20, 90),
                st.floats(0, 1),
                st.booleans(),
                st.integers(0, 9),
            ),
            max_size=40,
        )
    )
    return [
        Chance(f"{number:02}", producer, need, score, sure, eligible, standing=many == 0)
        for number, (producer, need, score, sure, eligible, many) in enumerate(pairs)
    ]


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    floor = draw(st.integers(0, 4))
    cap = draw(st.none() | st.integers(max(floor, 1), 6))
    return Limits(cap, floor, draw(st.sampled_from([0.0, 0.4, 0.8])))


taken = st.dictionaries(st.sampled_from(PRODUCERS), st.integers(0, 7))
places = st.none() | st.integers(0, 4)


@settings(max_examples=300)
@given(markets(), limits(), taken, places)
def test_nobody_takes_more_than_the_cap(
    chances: list[Chance], rule: Limits, had: dict[str, int], per_need: int | None
) -> None:
    choice = choose(chances, rule, per_need=per_need, taken=had)
    for producer in PRODUCERS:
        new = sum(
            chance.producer == producer and why is not Why.STANDING
            for chance, why in choice.proposed
        )
        assert rule.cap is None or not new or had.get(producer, 0) + new <= rule.cap


@settings(max_examples=300)
@given(markets(), limits(), taken, places)
def test_the_floor_is_met_wherever_there_are_enough_good_pairs(
    chances: list[Chance], rule: Limits, had: dict[str, int], per_need: int | None
) -> None:
    choice = choose(chances, rule, per_need=per_need, taken=had)
    for producer in PRODUCERS:
        good = sum(
            chance.producer == producer
            and chance.eligible
            and not chance.standing
            and chance.confidence >= rule.min_confidence
            for chance in chances
        )
        new = sum(
            chance.producer == producer and why is not Why.STANDING
            for chance, why in choice.proposed
        )
        assert had.get(producer, 0) + new >= min(rule.floor, had.get(producer, 0) + good)


@settings(max_examples=300)
@given(markets(), limits(), taken, places)
def test_only_eligible_pairs_are_proposed_and_each_is_proposed_or_waits_once(
    chances: list[Chance], rule: Limits, had: dict[str, int], per_need: int | None
) -> None:
    choice = choose(chances, rule, per_need=per_need, taken=had)
    named = [chance.pair for chance, _why in choice.proposed]
    named += [chance.pair for chance in choice.held]
    assert len(named) == len(set(named))
    assert all(chance.eligible for chance, _why in choice.proposed)
    assert all(
        chance.confidence >= rule.min_confidence
        for chance, why in choice.proposed
        if why is Why.FLOOR
    )
    assert choice.score_lost >= 0 or any(chance.score < 0 for chance in chances)


@settings(max_examples=100)
@given(markets(), limits(), taken, places)
def test_the_order_in_which_pairs_come_does_not_matter(
    chances: list[Chance], rule: Limits, had: dict[str, int], per_need: int | None
) -> None:
    forth = choose(chances, rule, per_need=per_need, taken=had)
    assert choose(chances[::-1], rule, per_need=per_need, taken=had) == forth


@given(markets(), places)
def test_without_limits_nothing_waits_and_nothing_is_lost(
    chances: list[Chance], per_need: int | None
) -> None:
    choice = choose(chances, per_need=per_need)
    assert not choice.held
    assert [chance for chance, _why in choice.proposed] == list(choice.unlimited)
    assert choice.score_lost == 0


def test_the_next_one_moves_up_where_the_cap_holds_somebody_back() -> None:
    chances = [
        Chance("1", "star", "x", 90, 0.9),
        Chance("2", "star", "y", 80, 0.9),
        Chance("3", "other", "y", 70, 0.9),
    ]
    choice = choose(chances, Limits(cap=1), per_need=1)
    assert [(chance.pair, why) for chance, why in choice.proposed] == [
        ("1", Why.RANK),
        ("3", Why.RANK),
    ]
    assert [chance.pair for chance in choice.held] == ["2"]
    assert choice.score_lost == 10


def test_the_floor_raises_the_best_pair_of_who_has_none() -> None:
    chances = [
        Chance("1", "star", "x", 90, 0.9),
        Chance("2", "small", "x", 40, 0.7),
        Chance("3", "small", "x", 50, 0.3),
    ]
    choice = choose(chances, Limits(floor=1, min_confidence=0.5), per_need=1)
    assert [(chance.pair, why) for chance, why in choice.proposed] == [
        ("1", Why.RANK),
        ("2", Why.FLOOR),
    ]
    assert choice.score_raised == 40


@pytest.mark.parametrize(("cap", "floor"), [(1, 2), (0, 0), (None, -1)])
def test_a_floor_above_the_cap_is_refused(cap: int | None, floor: int) -> None:
    with pytest.raises(ValueError, match="cap"):
        Limits(cap, floor)


@pytest.mark.parametrize(
    ("counts", "gini"),
    [([], 0.0), ([0, 0], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25)],
)
def test_gini_is_nought_where_all_have_the_same(counts: list[int], gini: float) -> None:
    assert spread_of(counts).gini == pytest.approx(gini)


def test_the_spread_tells_shares_with_what_they_are_shares_of() -> None:
    spread = spread_of([0, 0, *[1] * 10, 10])
    assert (spread.producers, spread.none, spread.suggestions, spread.top_ten) == (13, 2, 20, 19)
    assert spread.top_share == pytest.approx(0.95)
