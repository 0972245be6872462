"""How good an order or a confidence is: the measures of engine.md, over plain lists.

Gains are linear: a grade scaled to 0..1, not 2^grade. Means over needs are left to the caller.
"""

from collections.abc import Collection, Mapping, Sequence
from math import log2

import numpy as np


def reciprocal_rank(found: Sequence[str], relevant: Collection[str], depth: int = 10) -> float:
    """1 / the place of the first relevant one among the first `depth`, else 0."""
    for place, one in enumerate(found[:depth], 1):
        if one in relevant:
            return 1 / place
    return 0.0


def recall_at(found: Sequence[str], relevant: Collection[str], depth: int = 10) -> float:
    """Share of the relevant ones among the first `depth`, of as many as could be there."""
    possible = min(depth, len(relevant))
    hits = sum(one in relevant for one in found[:depth])
    return hits / possible if possible else 0.0


def ndcg_at(found: Sequence[str], gains: Mapping[str, float], depth: int = 10) -> float:
    """Discounted gain of the first `depth` as a share of the best order; unknown ones gain 0."""
    best = _discounted(sorted(gains.values(), reverse=True)[:depth])
    return _discounted([gains.get(one, 0.0) for one in found[:depth]]) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def f1(found: Collection[str], relevant: Collection[str]) -> float:
    """Harmonic mean of precision and recall of one set of answers."""
    hits = len(set(found) & set(relevant))
    return 2 * hits / (len(found) + len(relevant)) if hits else 0.0


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Chance that a true one scores above a false one; ties and a missing side count half."""
    values, truth = np.asarray(scores, float), np.asarray(labels, bool)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return 0.5
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def calibration_error(
    confidences: Sequence[float], labels: Sequence[bool], bins: int = 10
) -> float:
    """Mean gap between confidence and truth over equal bins, weighted by their size."""
    values, truth = np.asarray(confidences, float), np.asarray(labels, float)
    if not len(values):
        return 0.0
    place = np.minimum((values * bins).astype(int), bins - 1)
    gap = 0.0
    for number in range(bins):
        here = place == number
        if here.any():
            gap += abs(values[here].mean() - truth[here].mean()) * here.mean()
    return float(gap)
