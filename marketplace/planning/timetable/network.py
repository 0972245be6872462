"""Programs over requests: each is taken or not, and counts one in every row it touches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.program import Program, solve


@dataclass(frozen=True, slots=True)
class Solved:
    """The best values found, their objective, and what no solution can exceed."""

    values: NDArray[np.float64]
    objective: float
    bound: float


def maximise(
    gains: Sequence[float],
    columns: Sequence[Sequence[int]],
    limits: Sequence[float],
    *,
    whole: bool = False,
    seconds: float = 10.0,
) -> Solved | None:
    """Maximise the gain of 0..1 variables; variable j counts one in each row of `columns[j]`.

    Row i may reach `limits[i]`. With `whole`, variables are 0 or 1. None where the time was too
    short for any answer.
    """
    count = len(gains)
    if not count:
        return Solved(np.zeros(0), 0.0, 0.0)
    lengths = [len(column) for column in columns]
    program = Program(
        gains=np.asarray(gains, np.float64),
        lower=np.zeros(count),
        upper=np.ones(count),
        rows=np.array([row for column in columns for row in column], np.int64),
        columns=np.repeat(np.arange(count), lengths),
        values=np.ones(sum(lengths)),
        least=np.full(len(limits), -np.inf),
        most=np.asarray(limits, np.float64),
        whole=np.full(count, whole),
    )
    found = solve(program, seconds=seconds)
    return Solved(found.values, found.objective, found.bound) if found is not None else None
