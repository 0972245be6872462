"""The values of single needs, and the measures made of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.figures import BEST_ORDER, COLLECTED, HAS_PARTNER, IS_RIGHT
from bench.fit import Fitted
from bench.peers.quality import interval
from bench.samples import Sample
from bench.sets import Task
from bench.tables import Table
from marketplace.matching import DEFAULT_SETTINGS, evaluate
from marketplace.matching.scoring import confidence, text_points
from marketplace.matching.weights import Weights

Measures = dict[str, dict[str, float | int | None]]
_GOOD = 0.5


@dataclass
class Tally:
    """The values of single needs by measure; how sure each best answer was, and what is true:
    whether the need has a partner, and whether that answer is one.
    """

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sure: list[tuple[float, bool, bool]] = field(default_factory=list)

    def measures(self) -> Measures:
        found: Measures = {
            name: {"value": float(np.mean(some)), "plus_minus": interval(some), "count": len(some)}
            for name, some in self.values.items()
        }
        if self.sure:
            told, *truths = zip(*self.sure, strict=True)
            for name, (measure, place) in _OF_ANSWERS.items():
                found[name] = {
                    "value": measure(told, truths[place]),
                    "plus_minus": _resampled(measure, told, truths[place]),
                    "count": len(self.sure),
                }
        return found


_OF_ANSWERS: Mapping[str, tuple[Callable[..., float], int]] = {
    HAS_PARTNER: (evaluate.auc, 0),
    IS_RIGHT: (evaluate.auc, 1),
    "calibration error": (evaluate.calibration_error, 1),
}


def add(found: Tally, sample: Sample, fitted: Fitted, weights: Weights, table: Table) -> None:
    task, grades = sample.task, sample.task.grades[table.need]
    order, sure = ranked(fitted.told(table), weights)
    for name, value in order_values(task, table, order):
        found.values[name].append(value)
    if not task.judged_only:
        best = np.argsort(-np.nan_to_num(table.gains), kind="stable")
        for name, value in order_values(task, table, best):
            found.values[f"{BEST_ORDER}{name}"].append(value)
    inside = set(table.ids[: table.field])
    good = {one for one, grade in grades.items() if grade >= _GOOD}
    if good and not task.judged_only:
        found.values[COLLECTED].append(len(good & inside) / len(good))
    if not task.is_match:
        return
    if task.name == "shopee":
        taken = matched(table, sure)
        # The need itself counts on both sides, as the set's own measure has it.
        found.values["mean F1"].append(evaluate.f1({*taken, ""}, {*grades, ""}))
    lost = sample.lost.get(table.need)
    if lost is not None:
        order, sure = ranked(fitted.told(lost), weights)
        table = lost
    # Where nothing was found, "no match" is said as surely as can be.
    first = order[:1].tolist()
    right = any(table.ids[place] in grades for place in first)
    found.sure.append((sure[first].sum(), lost is None, right))


def matched(table: Table, sure: NDArray[np.float64]) -> set[str]:
    """Who is said to be the same thing, as the engine says it."""
    surest, conflicts = float(sure.max(initial=0.0)), table.compared.conflicts().tolist()
    return {
        one
        for one, told, differs in zip(table.ids, sure, conflicts, strict=True)
        if told >= DEFAULT_SETTINGS.least_to_match(surest, conflicts=differs)
    }


def ranked(table: Table, weights: Weights) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Places best first, as the engine ranks them, and how sure each is."""
    compared = table.compared
    scores = text_points(weights, compared).sum(1)
    order = np.lexsort((np.array(table.ids), -scores))
    return order, confidence(weights, compared, scores, table.field)


def order_values(task: Task, table: Table, order: NDArray[np.int64]) -> Iterator[tuple[str, float]]:
    """The measures of a set for one need whose candidates were put in this order."""
    grades = task.grades[table.need]
    ids = [table.ids[place] for place in order]
    if task.judged_only:
        ids = [one for one in ids if one in grades]
    if not task.is_match:
        yield "nDCG@10", evaluate.ndcg_at(ids, grades)
    elif task.name == "shopee":
        yield "MRR@10", evaluate.reciprocal_rank(ids, grades)
        yield "recall@10", evaluate.recall_at(ids, grades)
    else:
        yield "P@1", float(ids[:1] != [] and ids[0] in grades)


def _resampled(
    measure: Any, told: Sequence[float], truth: Sequence[bool], times: int = 200
) -> float:
    """Half of the 95 % interval of a measure that is no mean: of needs drawn again and again."""
    random = np.random.default_rng(1)
    sure, right = np.array(told), np.array(truth)
    values = []
    for _ in range(times):
        drawn = random.integers(0, len(sure), len(sure))
        values.append(measure(sure[drawn], right[drawn]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(high - low) / 2
