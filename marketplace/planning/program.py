"""Linear and mixed programs, solved by HiGHS; the only place that knows the solver."""

import os
from ctypes import CDLL
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
NO_LIMIT = float("inf")


@dataclass(slots=True)
class Program:
    """Maximise `gains` over variables between `lower` and `upper`.

    Entry i of `rows`, `columns`, `values` is one coefficient; row r lies between `least` and
    `most`. Variables in `whole` take whole values only.
    """

    gains: Numbers
    lower: Numbers
    upper: Numbers
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Numbers
    least: Numbers
    most: Numbers
    whole: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))


@dataclass(frozen=True, slots=True)
class Solution:
    """The best values found, what they gain, and what no solution can exceed.

    `prices` says of each row what one more unit of it would gain; only where nothing is whole.
    """

    values: Numbers
    objective: float
    bound: float
    prices: Numbers
    is_optimal: bool


def solve(
    program: Program, *, seconds: float, gap: float = 0.0, start: Numbers | None = None
) -> Solution | None:
    """The best solution found in the time; None where none was found. Same input, same answer.

    `gap` is the share of the bound at which a mixed program may stop.
    """
    with _LOCK:
        _let_it_introduce_itself()
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("time_limit", max(0.01, seconds))
    solver.passModel(_model(program))
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = list(start)
        solver.setSolution(first)
    solver.run()
    found = solver.getSolution()
    values = np.array(found.col_value)
    status = solver.getModelStatus()
    info = solver.getInfo()
    optimal = status == highspy.HighsModelStatus.kOptimal
    if len(values) != len(program.gains) or info.primal_solution_status != 2:
        return None
    objective = float(program.gains @ values)
    if program.whole.any():
        bound = max(objective, float(info.mip_dual_bound))
        prices = np.zeros(0)
    else:
        if not optimal:
            return None
        bound, prices = objective, np.array(found.row_dual)
    return Solution(values, objective, bound, prices, optimal)


_LOCK = Lock()


@cache
def _let_it_introduce_itself() -> None:
    """The first solver of a process writes its name to stdout, before it can be told not to."""
    try:
        flush = CDLL(None).fflush
        stdout = os.dup(1)
    except (AttributeError, OSError, TypeError):
        return  # no such library here, or no stdout to keep clean
    flush(None)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        highspy.Highs()  # type: ignore[no-untyped-call]
        flush(None)
    finally:
        os.dup2(stdout, 1)
        os.close(stdout)
        os.close(nowhere)


def _model(program: Program) -> Any:
    count = len(program.gains)
    order = np.lexsort((program.rows, program.columns))
    starts = np.searchsorted(program.columns[order], np.arange(count + 1))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(program.least)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = program.gains
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.least, program.most
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = starts.astype(np.int32)
    model.a_matrix_.index_ = program.rows[order].astype(np.int32)
    model.a_matrix_.value_ = program.values[order]
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(whole)] for whole in program.whole]
    return model
