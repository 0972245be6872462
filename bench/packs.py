"""Many tables in one, and the smallest loss found over them with signs limited."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.tables import Table
from marketplace.matching.features import FEATURES

Floats = NDArray[np.float64]
# No agreement lowers a score, no conflict raises it.
SIGNS = np.array([-1.0 if name.endswith("_differs") else 1.0 for name in FEATURES])


class Pack:
    """The candidates of many needs one after the other; `starts` is where each need begins."""

    def __init__(self, tables: Sequence[Table]) -> None:
        sizes = np.array([len(table.ids) for table in tables])
        self.starts = np.cumsum(sizes) - sizes
        self.owner = np.repeat(np.arange(len(tables)), sizes)
        self.matrix = np.vstack([table.matrix for table in tables])
        self.like = np.array([table.likeness for table in tables], np.float32)[self.owner]
        gains = np.nan_to_num(np.concatenate([table.gains for table in tables])).astype(float)
        total = np.add.reduceat(gains, self.starts)
        self.able = total > 0
        self.wanted = np.where(
            self.able[self.owner], gains / np.maximum(total, 1e-9)[self.owner], 0.0
        )

    def logits(self, weights: Floats) -> Floats:
        """`weights` are two rows: for searches and for matches."""
        both = self.matrix @ weights.T.astype(np.float32)
        blended: Floats = (both[:, 0] * (1 - self.like) + both[:, 1] * self.like).astype(float)
        return blended

    def back(self, slope: Floats) -> Floats:
        """What a slope in the logits is in the weights."""
        slopes = np.stack([slope * (1 - self.like), slope * self.like]).astype(np.float32)
        return (slopes @ self.matrix).astype(float)

    def softmax(self, logits: Floats) -> tuple[float, Floats]:
        """The mean loss of the needs that have an answer, and its slope in the logits."""
        lifted = logits - np.maximum.reduceat(logits, self.starts)[self.owner]
        odds = np.exp(lifted)
        total = np.add.reduceat(odds, self.starts)
        able = int(self.able.sum())
        loss = -(self.wanted * (lifted - np.log(total)[self.owner])).sum() / able
        slope = (odds / total[self.owner] * self.able[self.owner] - self.wanted) / able
        return float(loss), slope


def descend(
    loss: Callable[[Floats], tuple[float, Floats]], start: Floats, signs: Floats, rounds: int
) -> Floats:
    """The arguments of the smallest loss; each is 0 or of its sign, where it has one."""
    limits: list[tuple[float | None, float | None]] = [
        (0.0 if sign > 0 else None, 0.0 if sign < 0 else None) for sign in signs
    ]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": rounds, "gtol": 1e-7, "ftol": 1e-10},
    )
    return np.asarray(found.x)
