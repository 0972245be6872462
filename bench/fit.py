"""Fit the weights the engine ships with, and write `marketplace/matching/weights.py`.

Order: a conditional logit over each need's candidates, so that base rates of the sets cancel;
unjudged candidates count as wrong, or judged pairs alone would teach that words do not matter.
Confidence: a logistic that also sees orphans, needs whose true answers were taken out. Signs are
limited. Five folds by need or group: figures are only quoted on folds that were not fitted on; the
weights shipped are fitted on all.

    BENCH_DATA=/path/to/data python -m bench.fit [--write]
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bench.sets import TASKS, Task
from bench.tables import Table, blended, load, table_of
from marketplace.matching import evaluate
from marketplace.matching.features import FEATURES

FOLDS = 5
# Needs taken from each set for fitting, and how much a set weighs: large and small sets by what
# they teach, not by their size.
SAMPLE = 2500
WEIGHTS = {"shopee": 3.0, "icecat": 2.0}
# For confidence the set of Indonesian titles leads. Orphans shift what is usual: too many of them
# and true matches are doubted (.74 -> .70 mean F1), none and "no match" is never said.
SURE_WEIGHTS = {"shopee": 6.0, "icecat": 0.3, "crowdflower": 0.25, "crowdflower+text": 0.25}
SURE_WEIGHTS |= {"homedepot": 0.3}
ORPHANS = {"shopee": 220, "abt_buy": 460}
CONFIDENT_ABOUT = 60
SIGNS = np.array([-1.0 if name.endswith("_differs") else 1.0 for name in FEATURES])
TARGET = Path(__file__).parents[1] / "marketplace/matching/weights.py"


class Sample:
    """The tables of one set by fold."""

    def __init__(self, task: Task) -> None:
        self.task = task
        catalogue = load(task)
        needs = [need for need in task.needs if any(task.grades.get(need.id, {}).values())]
        random.Random(7).shuffle(needs)
        needs = needs[:SAMPLE]
        self.fold = {need.id: task.fold(need, FOLDS) for need in needs}
        made = [table_of(catalogue, task, need) for need in needs]
        self.tables = [table for table in made if table is not None]
        chosen = needs[: ORPHANS.get(task.name, 0)]
        lost = [table_of(catalogue, task, need, orphan=True) for need in chosen]
        self.orphans = [table for table in lost if table is not None]

    def apart(self, fold: int | None) -> tuple[list[Table], list[Table]]:
        """Tables and orphans outside one fold."""
        return (
            [table for table in self.tables if self.fold[table.need] != fold],
            [table for table in self.orphans if self.fold[table.need] != fold],
        )


def fit_order(samples: Sequence[Sample], fold: int | None) -> np.ndarray:
    """Weights of the conditional logit: search half, then match half."""
    packs = [
        (WEIGHTS.get(one.task.name, 1.0), *_softmax_pack(one.apart(fold)[0])) for one in samples
    ]

    def gradient(weights: np.ndarray) -> np.ndarray:
        total = 1e-4 * weights
        for weight, matrix, wanted, starts in packs:
            logits = matrix @ weights.astype(np.float32)
            owner = np.repeat(np.arange(len(starts)), np.diff([*starts, len(logits)]))
            odds = np.exp(logits - np.maximum.reduceat(logits, starts)[owner])
            shares = odds / np.add.reduceat(odds, starts)[owner]
            total = total + weight * (matrix.T @ (shares - wanted)) / len(starts)
        return total

    return _descend(gradient, np.tile(SIGNS, 2) * 0.5, np.tile(SIGNS, 2), rounds=250)


def _softmax_pack(tables: Iterable[Table]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    matrices, wanted, starts, size = [], [], [], 0
    for table in tables:
        gains = np.nan_to_num(table.gains)
        if gains.sum() <= 0:
            continue
        matrices.append(blended(table).astype(np.float32))
        wanted.append((gains / gains.sum()).astype(np.float32))
        starts.append(size)
        size += len(gains)
    return np.vstack(matrices), np.concatenate(wanted), np.array(starts)


def fit_confidence(samples: Sequence[Sample], order: np.ndarray, fold: int | None) -> np.ndarray:
    """Weights of the logistic over the best candidates: two intercepts, then both halves."""
    packs = []
    total_weight = sum(SURE_WEIGHTS.get(one.task.name, 1.0) for one in samples)
    for one in samples:
        tables, orphans = one.apart(fold)
        rows, truth = zip(
            *(confident_pack(table, order, one.task.is_match) for table in (*tables, *orphans)),
            strict=True,
        )
        weight = SURE_WEIGHTS.get(one.task.name, 1.0) / total_weight
        packs.append((weight, np.vstack(rows), np.concatenate(truth)))
    signs = np.concatenate([[0.0, 0.0], np.tile(SIGNS, 2)])

    def gradient(weights: np.ndarray) -> np.ndarray:
        total = 1e-5 * weights
        for weight, rows, truth in packs:
            sure = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            total = total + weight * (rows.T @ (sure - truth)) / len(truth)
        return total

    start = np.concatenate([[-3.0, -3.0], np.tile(SIGNS, 2) * 0.3])
    return _descend(gradient, start, signs, rounds=500)


def confident_pack(
    table: Table, order: np.ndarray, is_match: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and truth of a need's best candidates; what nobody judged teaches nothing."""
    matrix = blended(table)
    best = np.argsort(-(matrix @ order), kind="stable")[:CONFIDENT_ABOUT]
    if not is_match:
        best = best[~np.isnan(table.gains[best])]
    like = table.likeness
    intercepts = np.tile([1 - like, like], (len(best), 1))
    return np.hstack([intercepts, matrix[best]]), table.gains[best] >= (0.99 if is_match else 0.6)


def _descend(gradient, weights: np.ndarray, signs: np.ndarray, rounds: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Adam; after each step a weight of the wrong sign becomes zero."""
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, rounds + 1):
        slope = gradient(weights)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        pace = 0.08 * (1.0 if step < rounds * 0.6 else 0.2)
        fair_mean, fair_square = mean / (1 - 0.9**step), square / (1 - 0.999**step)
        weights = weights - pace * fair_mean / (np.sqrt(fair_square) + 1e-8)
        weights = np.where(weights * signs < 0, 0.0, weights)
    return weights


def held_out(samples: Sequence[Sample]) -> None:
    """Print every measure on needs whose fold was not fitted on."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    sure: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    chosen: dict[str, list[tuple[np.ndarray, np.ndarray, int]]] = defaultdict(list)
    for fold in range(FOLDS):
        order = fit_order(samples, fold)
        confidence = fit_confidence(samples, order, fold)
        for one in samples:
            for table in (*one.tables, *one.orphans):
                if one.fold[table.need] != fold:
                    continue
                rows, truth = confident_pack(table, order, one.task.is_match)
                values = 1 / (1 + np.exp(-np.clip(rows @ confidence, -30, 30)))
                if len(values):
                    sure[one.task.name].append((float(values[0]), bool(truth[0])))
                if not table.is_orphan:
                    found[one.task.name].append(_order_figures(one.task, table, order))
                    grades = one.task.grades[table.need]
                    chosen[one.task.name].append((values, truth, len(grades)))
    for one in samples:
        name = one.task.name
        figures = np.array(found[name])
        error = figures.std(0) / np.sqrt(len(figures))
        told = ["ndcg@10"] if not one.task.is_match else ["mrr@10", "recall@10", "p@1"]
        for column, label in enumerate(told):
            mean, width = figures[:, column].mean(), 1.96 * error[column]
            print(f"{name:18s} {label:10s} {mean:.4f} ± {width:.3f}")
        confidences, truths = zip(*sure[name], strict=True)
        gap = evaluate.calibration_error(confidences, truths)
        area = evaluate.auc(confidences, truths)
        print(f"{name:18s} {'top-1':10s} calibration {gap:.3f}  auc {area:.3f}")
        if name == "shopee":
            for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55):
                mean = _mean_f1(chosen[name], threshold)
                print(f"{name:18s} {'mean F1':10s} {mean:.4f} at {threshold}")


def _order_figures(task: Task, table: Table, order: np.ndarray) -> list[float]:
    points = np.rint(blended(table) * order * 100).sum(1)
    ids = [table.ids[place] for place in np.lexsort((np.array(table.ids), -points))]
    grades = task.grades[table.need]
    if task.judged_only:
        ids = [one for one in ids if one in grades]
    if not task.is_match:
        return [evaluate.ndcg_at(ids, grades)]
    return [
        evaluate.reciprocal_rank(ids, grades),
        evaluate.recall_at(ids, grades),
        float(ids[0] in grades),
    ]


def _mean_f1(chosen: Sequence[tuple[np.ndarray, np.ndarray, int]], threshold: float) -> float:
    """Mean F1 of the sets above the threshold, the need itself included on both sides."""
    total = 0.0
    for values, truth, relevant in chosen:
        taken = values >= threshold
        hits = 1 + int((taken & truth).sum())
        total += 2 * hits / (1 + int(taken.sum()) + 1 + relevant)
    return total / max(1, len(chosen))


def write(order: np.ndarray, confidence: np.ndarray, version: str) -> None:
    """Put the weights into the shipped module, between its marks."""
    half = len(FEATURES)
    tables = {
        "order_search": (None, order[:half]),
        "order_match": (None, order[half:]),
        "sure_search": (confidence[0], confidence[2 : 2 + half]),
        "sure_match": (confidence[1], confidence[2 + half :]),
    }
    lines = ["SHIPPED = Weights(", f'    version="{version}",']
    for name, (intercept, values) in tables.items():
        lines.append(f"    {name}=MappingProxyType(")
        lines.append("        {")
        if intercept is not None:
            lines.append(f'            "": {intercept:.4f},')
        for feature, value in zip(FEATURES, values, strict=True):
            if abs(value) >= 0.005:
                lines.append(f'            "{feature}": {value:.4f},')
        lines += ["        }", "    ),"]
    lines.append(")")
    text = TARGET.read_text(encoding="utf-8")
    TARGET.write_text(text[: text.index("SHIPPED = ")] + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit on all and write the weights")
    parser.add_argument("--quick", action="store_true", help="no held-out figures")
    options = parser.parse_args()
    samples = [Sample(make()) for make in TASKS.values()]
    if options.write:
        order = fit_order(samples, None)
        write(order, fit_confidence(samples, order, None), f"{date.today():%Y-%m-%d}")  # noqa: DTZ011
    if not options.quick:
        held_out(samples)


if __name__ == "__main__":
    main()
