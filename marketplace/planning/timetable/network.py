"""Linear programs over requests, solved by HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray


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
    if not gains:
        return Solved(np.zeros(0), 0.0, 0.0)
    count = len(gains)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(limits)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.asarray(gains, np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_ = np.full(len(limits), -highspy.kHighsInf)
    model.row_upper_ = np.asarray(limits, np.float64)
    lengths = [len(column) for column in columns]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    model.a_matrix_.index_ = np.array([row for column in columns for row in column], np.int32)
    model.a_matrix_.value_ = np.ones(sum(lengths))
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    solver.setOptionValue("time_limit", max(0.01, seconds))
    solver.passModel(model)
    solver.run()
    values = np.array(solver.getSolution().col_value)
    if len(values) != count:
        return None
    info = solver.getInfo()
    reached = float(np.dot(gains, values))
    if whole:
        return Solved(values, reached, max(reached, float(info.mip_dual_bound)))
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Solved(values, reached, reached) if optimal else None
