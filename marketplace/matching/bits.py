"""One truth value for each row of a catalogue, eight to a byte: a million fit into a cache."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
NO_BITS: Bits = np.zeros(0, np.uint8)
# From a row to another: the truth values of the rows between.
Compute = Callable[[int, int], NDArray[Any]]


class Mask(NamedTuple):
    """The first `rows` rows, the lowest bit of a byte first; what lies behind them says nothing.

    Whoever made something of these bits may keep it in `made`: a mask that grew out of this one has
    it too, since what is said of a row is said once.
    """

    rows: int
    bits: Bits
    made: dict[str, Any]

    @classmethod
    def of(cls, rows: int, bits: Bits) -> "Mask":
        """A mask of which nothing was made yet."""
        return cls(rows, bits, {})

    def unpacked(self) -> NDArray[np.bool_]:
        """A truth value for each row."""
        return np.unpackbits(self.bits, count=self.rows, bitorder="little").astype(np.bool_)

    def grown(self, rows: int, compute: Compute) -> "Mask":
        """The same for `rows` rows, of which those that came later are computed."""
        whole = self.rows // 8
        late = np.packbits(compute(whole * 8, rows), bitorder="little")
        return Mask(rows, np.concatenate((self.bits[:whole], late)), self.made)


def all_of(masks: list[Mask], before: Mask | None = None) -> Mask:
    """The rows that are in each of these masks, which are of equal length.

    `before` is the same of the time when they had fewer rows.
    """
    first, *others = masks
    if not others:
        return first
    bits = first.bits.copy()
    for other in others:
        bits &= other.bits
    return Mask(first.rows, bits, before.made if before is not None else {})
