"""The measures, on examples small enough to check by hand."""

import pytest

from marketplace.matching import evaluate


def test_the_first_relevant_one_counts_by_its_place() -> None:
    assert evaluate.reciprocal_rank(["a", "b", "c"], {"c"}) == pytest.approx(1 / 3)
    assert evaluate.reciprocal_rank(["a"] * 10 + ["c"], {"c"}) == 0


def test_recall_divides_by_what_could_be_there() -> None:
    assert evaluate.recall_at(["a", "b"], {"a", "c"}) == 0.5
    assert evaluate.recall_at(list("abcdefghij"), set("abcdefghijklmnop")) == 1


def test_gains_are_linear_and_unjudged_ones_gain_nothing() -> None:
    assert evaluate.ndcg_at(["a", "b"], {"a": 1.0, "b": 0.5}) == 1
    swapped = evaluate.ndcg_at(["b", "x", "a"], {"a": 1.0, "b": 0.5})
    assert swapped == pytest.approx((0.5 + 1 / 2) / (1 + 0.5 / 1.5849625))
    assert evaluate.ndcg_at(["a"], {}) == 0


def test_f1_weighs_both_kinds_of_error() -> None:
    assert evaluate.f1({"a", "b"}, {"b", "c"}) == 0.5
    assert evaluate.f1(set(), {"a"}) == 0


def test_auc_counts_ties_half() -> None:
    assert evaluate.auc([0.9, 0.1], [True, False]) == 1
    assert evaluate.auc([0.5, 0.5], [True, False]) == 0.5
    assert evaluate.auc([0.5], [True]) == 0.5


def test_a_confidence_that_comes_true_has_no_error() -> None:
    assert evaluate.calibration_error([1.0, 0.0], [True, False]) == 0
    assert evaluate.calibration_error([0.8] * 10, [True] * 8 + [False] * 2) == pytest.approx(0)
    assert evaluate.calibration_error([1.0, 1.0], [True, False]) == 0.5
    assert evaluate.calibration_error([], []) == 0
