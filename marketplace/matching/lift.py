"""How well scores order decisions, how sure that is, and whether probabilities keep their word."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

DRAWS = 400
_LOW, _HIGH = 5.0, 95.0  # a 90 % interval
_BINS = 10


def order_accuracy(scores: Floats, good: Bools, weights: Floats | None = None) -> float:
    """The share of (accepted, rejected) pairs in which the accepted one scores higher; ties half.

    Also called AUC; .5 where there is no such pair. `weights` say how often each row counts.
    """
    counts = np.ones(len(scores)) if weights is None else weights
    _, place = np.unique(scores, return_inverse=True)
    accepted = np.bincount(place, counts * good)
    rejected = np.bincount(place, counts * ~good)
    below = np.cumsum(rejected) - rejected
    pairs = accepted.sum() * rejected.sum()
    return float((accepted * (below + rejected / 2)).sum() / pairs) if pairs > 0 else 0.5


def lift_interval(
    before: Floats, after: Floats, good: Bools, groups: tuple[Ints, Ints], seed: int
) -> tuple[float, float]:
    """The 90 % interval of what `after` orders better than `before`, in order accuracy.

    Rows of one group (a producer, a need) are not independent, so whole groups are drawn, both
    kinds at once; every draw compares the two scores on the same rows.
    """
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):
        weights = np.ones(len(good))
        for numbers in groups:
            size = int(numbers.max()) + 1
            weights = weights * np.bincount(random.integers(0, size, size), minlength=size)[numbers]
        drawn.append(order_accuracy(after, good, weights) - order_accuracy(before, good, weights))
    low, high = np.percentile(drawn, [_LOW, _HIGH])
    return float(low), float(high)


def calibration_error(sure: Floats, good: Bools) -> float:
    """Mean distance between what was said (0..1) and what came, over ten bins by size."""
    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    said = np.bincount(bins, sure, minlength=_BINS)
    came = np.bincount(bins, good, minlength=_BINS)
    return float(np.abs(said - came).sum() / len(good)) if len(good) else 0.0
