"""The best assignment of rows to columns: the Hungarian method with potentials."""

import numpy as np

from marketplace.planning.kernels.grid import Ints
from marketplace.planning.kernels.jit import kernel

INFINITE = 1 << 61


@kernel
def assign(cost: Ints, rows: int, columns: int) -> Ints:
    """The column of each row with the least total cost; columns >= rows, costs below 2**58."""
    row_price = np.zeros(rows + 1, np.int64)
    column_price = np.zeros(columns + 1, np.int64)
    held = np.zeros(columns + 1, np.int64)
    way = np.zeros(columns + 1, np.int64)
    nearest = np.empty(columns + 1, np.int64)
    used = np.empty(columns + 1, np.bool_)
    for row in range(1, rows + 1):
        held[0] = row
        here = 0
        nearest[:] = INFINITE
        used[:] = False
        while held[here]:
            used[here] = True
            at, step, then = held[here], INFINITE, 0
            for column in range(1, columns + 1):
                if used[column]:
                    continue
                left = cost[at - 1, column - 1] - row_price[at] - column_price[column]
                if left < nearest[column]:
                    nearest[column] = left
                    way[column] = here
                if nearest[column] < step:
                    step, then = nearest[column], column
            for column in range(columns + 1):
                if used[column]:
                    row_price[held[column]] += step
                    column_price[column] -= step
                else:
                    nearest[column] -= step
            here = then
        while here:
            held[here] = held[way[here]]
            here = way[here]
    found = np.empty(rows, np.int64)
    for column in range(1, columns + 1):
        if held[column]:
            found[held[column] - 1] = column - 1
    return found
