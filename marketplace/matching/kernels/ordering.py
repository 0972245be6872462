"""Kernels that put numbers in order by counting.

Of a few hundred numbers, how many are above each is told in less than half the time of sorting
them: no step hangs on how the one before came out.
"""

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.shapes import Array

# Of more numbers than this, sorting takes less.
_MOST_COUNTED = 512
# Numbers counted together, and bounds looked at together.
_TOGETHER, _BOUNDS = 16, 4


@kernel
def how_many_above(values: Array, bounds: Array) -> Array:
    """For each of the bounds, how many of the values are above it."""
    size = (len(values) + _TOGETHER - 1) // _TOGETHER * _TOGETHER
    # Whole steps alone: what is put behind the values is above no bound.
    padded = np.full(size, -np.inf)
    padded[: len(values)] = values
    last = (len(bounds) + _BOUNDS - 1) // _BOUNDS * _BOUNDS
    counts, asked = np.empty(last, np.int64), np.zeros(last)
    asked[: len(bounds)] = bounds
    for first in range(0, last, _BOUNDS):
        a, b, c, d = asked[first], asked[first + 1], asked[first + 2], asked[first + 3]
        above_a = above_b = above_c = above_d = 0
        for at in range(size):
            value = padded[at]
            above_a += value > a
            above_b += value > b
            above_c += value > c
            above_d += value > d
        counts[first], counts[first + 1] = above_a, above_b
        counts[first + 2], counts[first + 3] = above_c, above_d
    return counts[: len(bounds)]


@kernel
def highest_first(values: Array) -> Array:
    """The places of the values from the highest on, equal ones as they lie."""
    if len(values) > _MOST_COUNTED:
        return np.argsort(-values, kind="mergesort")
    above = how_many_above(values, values)
    order = np.full(len(values), -1, np.int64)
    for place in range(len(values)):
        at = above[place]
        while order[at] >= 0:  # one as high lies before
            at += 1
        order[at] = place
    return order
