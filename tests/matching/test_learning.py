"""What decisions teach: measured on decisions held back, never against a sign, never by chance."""

from dataclasses import replace

import numpy as np
import pytest

from marketplace.matching import DEFAULT_SETTINGS, Engine, HeldPaper, Need, NeedLine, Offer, World
from marketplace.matching.learning import (
    COMPONENTS,
    EVERYTHING,
    NEEDED,
    SHIPPED,
    TEXT,
    Decision,
    Standing,
    changes,
    goodness_of,
    most_points,
    settings_of,
    splits,
    still_needed,
    study,
    swaps,
)
from marketplace.matching.lift import calibration_error, order_accuracy

WAY = COMPONENTS.index("distance")
SHIPPED_MOST = most_points(DEFAULT_SETTINGS)


def decided(
    count: int, seed: int, by: str = "distance", about: frozenset[str] = EVERYTHING
) -> list[Decision]:
    """Decisions of an office that looks at one comparison only; `by` "chance" at none."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        goodness = random.random(len(COMPONENTS))
        goodness[-1] = 0.5 + 0.05 * random.standard_normal()  # names of proposed pairs are alike
        liking = 8 * (goodness[COMPONENTS.index(by)] - 0.5) if by != "chance" else 0.0
        good = bool(random.random() < 1 / (1 + np.exp(-liking)))
        rows.append(
            Decision(
                number, f"p{random.integers(25)}", f"n{random.integers(30)}", good,
                tuple(map(float, goodness)), about=EVERYTHING if good else about,
            )
        )  # fmt: skip
    return rows


def test_few_decisions_teach_nothing_and_say_how_many_are_wanted() -> None:
    assert study(decided(NEEDED - 20, 1)) is None
    assert still_needed(20, 20) == (20, 0, 0)
    assert still_needed(100, 3) == (0, 0, 12)
    assert study([replace(row, good=True) for row in decided(200, 1)]) is None


def test_an_office_that_looks_at_the_way_is_understood() -> None:
    found = study(decided(240, 2))
    assert found is not None
    assert found.is_better
    assert found.tuning.fit["distance"] > 2 * SHIPPED_MOST["distance"]
    assert found.low <= found.lift <= found.high
    first = changes(DEFAULT_SETTINGS, settings_of(found.tuning, "1.1"))[0]
    assert first.component == "distance"
    assert first.percent > 100


def test_a_reason_teaches_what_it_speaks_about() -> None:
    plain, told = (
        study(decided(300, 3, "price", about)) for about in (EVERYTHING, frozenset({"price"}))
    )
    assert plain is not None
    assert told is not None
    others = [name for name in SHIPPED_MOST if name not in {"price", TEXT}]
    moved = [
        sum(abs(one.tuning.fit[name] / SHIPPED_MOST[name] - 1) for name in others)
        for one in (plain, told)
    ]
    assert told.tuning.fit["price"] > SHIPPED_MOST["price"]
    assert moved[1] < moved[0]


@pytest.mark.parametrize("seed", range(3))
def test_chance_is_not_proposed(seed: int) -> None:
    found = study(decided(150, seed, "chance"))
    assert found is not None
    assert not found.is_better


@pytest.mark.parametrize("seed", range(5))
def test_no_comparison_ever_changes_its_sign(seed: int) -> None:
    """Also where an office decides against every comparison."""
    rows = decided(80, seed, COMPONENTS[seed % len(COMPONENTS)])
    perverse = [replace(row, good=not row.good) for row in rows]
    for given in (rows, perverse):
        found = study(given)
        assert found is not None
        for name, points in found.tuning.fit.items():
            assert 0.2 * SHIPPED_MOST[name] <= points <= 4.1 * SHIPPED_MOST[name]
            assert points >= 1
        assert 25 <= found.tuning.text_percent <= 400
        tuned = settings_of(found.tuning, "1.1").weights
        for model in ("order_search", "order_match"):
            shipped = getattr(DEFAULT_SETTINGS.weights, model)
            assert {n: np.sign(w) for n, w in getattr(tuned, model).items()} == {
                n: np.sign(w) for n, w in shipped.items()
            }


def test_the_same_decisions_in_any_order_teach_the_same() -> None:
    rows = decided(120, 4)
    assert study(rows) == study(list(reversed(rows)))


def test_no_decision_is_measured_by_a_fit_that_saw_its_producer_or_need() -> None:
    rows = decided(200, 5)
    counted = np.zeros(len(rows), int)
    for held, seen in splits(rows):
        counted += held
        for side in ("producer", "need"):
            inside = {getattr(rows[i], side) for i in np.flatnonzero(held)}
            assert inside.isdisjoint({getattr(rows[i], side) for i in np.flatnonzero(seen)})
    assert (counted == 1).all()


def test_the_usual_pairing_keeps_its_score() -> None:
    rows = decided(240, 6)
    found = study(rows)
    assert found is not None
    usual = np.mean([row.goodness for row in rows], axis=0)
    tuned = most_points(settings_of(found.tuning, "1.1"))
    before, after = (
        sum(usual[i] * points[name] for i, name in enumerate(COMPONENTS))
        for points in (SHIPPED_MOST, tuned)
    )
    assert after == pytest.approx(before, rel=0.1)


def test_goodness_times_points_is_the_score(world: World) -> None:
    engine = Engine(world)
    offer = Offer(
        "o", "Kemplang panggang 250 g", category="kemplang", price=20_000, unit="bungkus",
        region="19.71", papers=(HeldPaper("pirt", True), HeldPaper("halal", True)),
        capacity_per_month=80,
    )  # fmt: skip
    need = Need(
        "n", "Kemplang 250 g", category="kemplang", unit="bungkus", max_price=30_000,
        lines=(NeedLine("1", "16.71", 100),),
    )  # fmt: skip
    engine.load([offer])
    pairing = engine.judge(offer, need)
    goodness = goodness_of(pairing, DEFAULT_SETTINGS)
    again = sum(good * SHIPPED_MOST[name] for good, name in zip(goodness, COMPONENTS, strict=True))
    assert again == pytest.approx(pairing.score)


def test_the_shipped_tuning_changes_nothing() -> None:
    same = settings_of(SHIPPED, DEFAULT_SETTINGS.version)
    assert same.fit == DEFAULT_SETTINGS.fit
    assert dict(same.weights.order_match) == dict(DEFAULT_SETTINGS.weights.order_match)
    assert changes(DEFAULT_SETTINGS, same) == []


def test_examples_are_pairings_of_one_need_that_change_places() -> None:
    near = [0.0] * len(COMPONENTS)
    near[WAY] = 1.0
    cheap = [0.0] * len(COMPONENTS)
    cheap[COMPONENTS.index("price")] = 0.9
    standing = [
        Standing(1, "a", tuple(near)), Standing(2, "a", tuple(cheap)), Standing(3, "b", tuple(near))
    ]  # fmt: skip
    far = settings_of(replace(SHIPPED, fit={**SHIPPED.fit, "distance": 90}), "1.1")
    (swap,) = swaps(standing, DEFAULT_SETTINGS, far)
    assert (swap.rising, swap.falling) == (1, 2)
    assert swap.rising_scores == (40, 90)
    assert swap.falling_scores == (54, 54)
    assert swaps(standing, DEFAULT_SETTINGS, DEFAULT_SETTINGS) == []
    more = [replace(one, id=one.id + 10 * n, need=f"{n % 2}") for n in range(5) for one in standing]
    shown = swaps(more, DEFAULT_SETTINGS, far)
    assert len(shown) == 3
    told = [number for swap in shown for number in (swap.rising, swap.falling)]
    assert len(told) == len(set(told))


def test_order_accuracy_counts_pairs_and_ties_half() -> None:
    good = np.array([True, False, True, False])
    assert order_accuracy(np.array([3.0, 1.0, 2.0, 2.0]), good) == pytest.approx(3.5 / 4)
    assert order_accuracy(np.array([1.0, 2.0, 1.0, 2.0]), good) == 0.0
    twice = order_accuracy(np.array([3.0, 1.0, 0.0, 2.0]), good, np.array([2.0, 1, 1, 1]))
    assert twice == pytest.approx(4 / 6)


def test_calibration_measures_the_gap_between_said_and_seen() -> None:
    good = np.array([True] * 8 + [False] * 2)
    assert calibration_error(np.full(10, 0.8), good) == pytest.approx(0.0)
    assert calibration_error(np.full(10, 0.3), good) == pytest.approx(0.5)
