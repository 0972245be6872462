"""Ids and the rows they name, without a Python object for each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.store import Ragged

_NOWHERE = -1
_LEAST = 1024


class Names:
    """Row i is called `name(i)`. Rows that were entered are found by their name."""

    def __init__(self) -> None:
        self._letters = Ragged(np.uint8)
        # Open addressing: a power of two places, never more than half of them taken.
        self._table: NDArray[np.int32] = np.full(_LEAST, _NOWHERE, np.int32)
        self._entered = 0

    def extend(self, names: Sequence[str]) -> None:
        """Name the next rows, without entering them."""
        written = [name.encode("utf-8", "surrogatepass") for name in names]
        lengths = np.array(list(map(len, written)), np.int32)
        self._letters.extend(np.frombuffer(b"".join(written), np.uint8), lengths)

    def enter(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Let rows be found, the later of two of one name; returns whom each displaced, or -1."""
        self._entered += len(rows)
        if self._entered * 2 > len(self._table):
            known = self._table[self._table >= 0]
            self._entered = len(known) + len(rows)
            places = max(_LEAST, 1 << (self._entered * 2 - 1).bit_length())
            self._table = np.full(places, _NOWHERE, np.int32)
            self._put(np.sort(known))
        return self._put(rows)

    def again(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Name and enter the next rows; true for those whose name was there before."""
        first = len(self._letters)
        self.extend(names)
        return self.enter(np.arange(first, len(self._letters), dtype=np.int32)) >= 0

    def name(self, row: int) -> str:
        return self._letters.row(row).tobytes().decode("utf-8", "surrogatepass")

    def lent(self) -> tuple[Any, ...]:
        """The letters of all names, and where each lies."""
        letters = self._letters
        return letters.flat.view, letters.starts, letters.sizes

    def find(self, name: str) -> int | None:
        """The row last entered under that name; None where there is none."""
        if not self._entered:
            return None
        key = np.frombuffer(bytearray(name, "utf-8", "surrogatepass"), np.uint8)
        named = self._letters
        row = kernels.rows.find_name(self._table, named.flat.view, named.starts, named.sizes, key)
        return row if row >= 0 else None

    def _put(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        before = np.empty(len(rows), np.int32)
        named = self._letters
        kernels.rows.enter_names(
            self._table, named.flat.view, named.starts, named.sizes, rows, before
        )
        return before
