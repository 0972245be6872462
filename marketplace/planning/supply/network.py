"""The market as a network with a clock: it goes on from where it stands while there is time."""

from collections.abc import Callable

import numpy as np

from marketplace.planning import kernels
from marketplace.planning.supply.market import Ints, Mask

# So many pivots, a hundredth of a second or two, between two looks at the clock.
_PIVOTS = 1_000
_WIDTH = 8


class Network:
    """Arcs from the first `makers` nodes to the others; a node sends or gets up to its `size`."""

    def __init__(self, tail: Ints, head: Ints, most: Ints, size: Ints, makers: int) -> None:
        self.tail, self.head, self.size, self.makers = tail, head, size, makers
        self.most = most
        total = len(tail) + len(size)
        self._tree = np.full((len(size) + 1, _WIDTH), -1, np.int64)
        self._carried = np.zeros(total, np.int64)
        self._state = np.ones(total, np.int8)
        self._potential = np.zeros(len(size) + 1, np.int64)

    @property
    def flow(self) -> Ints:
        """What flows on each arc now; it keeps every limit at any time."""
        flow: Ints = self._carried[: len(self.tail)]
        return flow.copy()

    @property
    def prices(self) -> Ints:
        """What a unit is worth at each node."""
        prices: Ints = self._potential[:-1] - self._potential[-1]
        return prices

    def begin(self, full: Mask | None = None, twin: Ints | None = None) -> None:
        """Begin with nothing, or with `full` arcs; see `plant`."""
        if full is None or twin is None:
            full, twin = np.zeros(len(self.tail), bool), np.zeros(len(self.tail), np.int64)
        kernels.transport.plant(
            self.tail,
            self.head,
            self.most,
            self.size,
            self.makers,
            full,
            twin,
            self._tree,
            self._carried,
            self._state,
        )

    def solve(self, gain: Ints, left: Callable[[], float] | None = None) -> bool:
        """Go on to the flow of the largest gain; False where `left` was over before."""
        kernels.transport.price(self.tail, self.head, gain, self._tree, self._potential)
        start = 0
        while start >= 0:
            if left is not None and left() <= 0:
                return False
            start = kernels.transport.send(
                self.tail,
                self.head,
                gain,
                self.most,
                self.size,
                self.makers,
                self._tree,
                self._carried,
                self._state,
                self._potential,
                start,
                _PIVOTS,
            )
        return True

    def kept(self) -> tuple[np.ndarray, ...]:
        """Where it stands, to come back to."""
        return self._tree.copy(), self._carried.copy(), self._state.copy()

    def back(self, kept: tuple[np.ndarray, ...]) -> None:
        self._tree[:], self._carried[:], self._state[:] = kept
