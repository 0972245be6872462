"""How well the engine finds and orders on the shared sets, on needs it was not fitted on.

The same needs and measures as the peers (`bench/peers/quality.py`). Five folds: each need is
ordered, and its answers trusted, by what was learned without its fold.

    BENCH_DATA=/path/to/data python -m bench.quality [--quick]
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.fit import Fitted, fit
from bench.peers.quality import interval
from bench.samples import FOLDS, FULL, QUICK, Sample, samples
from bench.sets import Task
from bench.tables import Table
from marketplace.matching import DEFAULT_SETTINGS, evaluate
from marketplace.matching.scoring import confidence, text_points
from marketplace.matching.weights import Weights

Measures = dict[str, dict[str, float | int | None]]


@dataclass
class Tally:
    """The values of single needs by measure, and how sure each best answer was, and rightly."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sure: list[tuple[float, bool]] = field(default_factory=list)

    def measures(self) -> Measures:
        found: Measures = {
            name: {"value": float(np.mean(some)), "plus_minus": interval(some), "count": len(some)}
            for name, some in self.values.items()
        }
        if self.sure:
            told, truth = zip(*self.sure, strict=True)
            for name, measure in _OF_ANSWERS.items():
                found[name] = {
                    "value": measure(told, truth),
                    "plus_minus": _resampled(measure, self.sure),
                    "count": len(self.sure),
                }
        return found


_OF_ANSWERS = {"no-match AUC": evaluate.auc, "calibration error": evaluate.calibration_error}


def measure(*, quick: bool) -> dict[str, Any]:
    """Sets -> measures -> value, half of the 95 % interval, count; and rows of what parts add."""
    taken, words = samples(QUICK if quick else FULL)
    fits = [fit(taken, len(words), fold) for fold in range(FOLDS)]
    return {"sets": {one.task.name: tally(one, fits).measures() for one in taken}, "ablation": []}


def tally(sample: Sample, fits: Sequence[Fitted]) -> Tally:
    """Every need of a set under the weights that were fitted without its fold."""
    found = Tally()
    for fold, fitted in enumerate(fits):
        weights = fitted.weights(f"without fold {fold}")
        for table in sample.inside(sample.measured, fold):
            _add(found, sample, fitted, weights, table)
    return found


def _add(found: Tally, sample: Sample, fitted: Fitted, weights: Weights, table: Table) -> None:
    task, grades = sample.task, sample.task.grades[table.need]
    order, sure = ranked(fitted.told(table), weights)
    ids = [table.ids[place] for place in order]
    if task.judged_only:
        ids = [one for one in ids if one in grades]
    for name, value in _order_values(task, ids, grades):
        found.values[name].append(value)
    inside = set(table.ids[: table.field])
    good = {one for one, grade in grades.items() if grade >= 0.5}
    if good and not task.judged_only:
        found.values["collected"].append(len(good & inside) / len(good))
    if not task.is_match:
        return
    if task.name == "shopee":
        taken = {one for one, told in zip(table.ids, sure, strict=True) if told >= THRESHOLD}
        # The need itself counts on both sides, as the set's own measure has it.
        found.values["mean F1"].append(evaluate.f1({*taken, ""}, {*grades, ""}))
    lost = sample.lost.get(table.need)
    if lost is not None:
        order, sure = ranked(fitted.told(lost), weights)
        table = lost
    found.sure.append((float(sure[order[0]]), table.ids[order[0]] in grades))


THRESHOLD = DEFAULT_SETTINGS.match_threshold


def ranked(table: Table, weights: Weights) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Places best first, as the engine ranks them, and how sure each is."""
    compared = table.compared
    scores = text_points(weights, compared).sum(1)
    return np.lexsort((np.array(table.ids), -scores)), confidence(weights, compared)


def _order_values(
    task: Task, ids: list[str], grades: dict[str, float]
) -> Iterator[tuple[str, float]]:
    if not task.is_match:
        yield "nDCG@10", evaluate.ndcg_at(ids, grades)
    elif task.name == "shopee":
        yield "MRR@10", evaluate.reciprocal_rank(ids, grades)
        yield "recall@10", evaluate.recall_at(ids, grades)
    else:
        yield "P@1", float(ids[0] in grades)


def _resampled(measure: Any, pairs: Sequence[tuple[float, bool]], times: int = 200) -> float:
    """Half of the 95 % interval of a measure that is no mean: of needs drawn again and again."""
    random = np.random.default_rng(1)
    told, truth = np.array([one for one, _ in pairs]), np.array([one for _, one in pairs])
    values = []
    for _ in range(times):
        drawn = random.integers(0, len(pairs), len(pairs))
        values.append(measure(told[drawn], truth[drawn]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(high - low) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    found = measure(quick=parser.parse_args().quick)
    for where, measures in found["sets"].items():
        for name, one in measures.items():
            print(f"{where:18s} {name:20s} {one['value']:.4f} ± {one['plus_minus']:.3f}")
    for row in found["ablation"]:
        print(f"without {row['without']:30s} {row['set']:18s} {row['measure']} {row['value']:.4f}")


if __name__ == "__main__":
    main()
