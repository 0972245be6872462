"""What a reader knows of strings, kept so that whole batches of texts are looked up at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.store import Growing

# Entries; past that the table begins anew, since memory is worth more than time.
_MOST = 400_000
_LEAST = 1 << 14
Words = NDArray[np.int32]


class Chunks:
    """Strings, and what was learned of each: its kinds (`layout.py`) and its words."""

    def __init__(self) -> None:
        self._learned: list[tuple[bytes, int, Sequence[int]]] = []
        self._forget()

    def _forget(self) -> None:
        self._letters, self._words = Growing(np.uint8), Growing(np.int32)
        self._entries = 0
        self._table = np.full(0, -1, np.int32)
        self._begins, self._sizes = np.zeros(0, np.int64), np.zeros(0, np.int32)
        self._kinds = np.zeros(0, np.uint8)
        self._word_begins, self._word_counts = np.zeros(0, np.int32), np.zeros(0, np.int32)

    def learn(self, text: str, kind: int, words: Sequence[int] = ()) -> None:
        """What was found out of a string; it is known to the next `read`."""
        key = text.encode("utf-8", "surrogatepass")
        if len(words) <= len(key):  # `read` makes room for so many
            self._learned.append((key, kind, words))

    def read(self, texts: Sequence[str], most: int, *, numbers: bool) -> tuple[Words, Words]:
        """The words of all texts one after the other, and how many each has.

        -1 where it must be read in another way; see `kernels.chunking.read`. No text has a line
        break.
        """
        self._take_in()
        lines = np.frombuffer("\n".join(texts).encode("utf-8", "surrogatepass"), np.uint8)
        out, counts = np.empty(len(lines) + 1, np.int32), np.empty(len(texts), np.int32)
        written = kernels.chunking.read(
            lines, self._table, self._letters.view, self._begins, self._sizes, self._kinds,
            self._word_begins, self._word_counts, self._words.view, most, numbers, out, counts,
        )  # fmt: skip
        return out[:written], counts

    def _take_in(self) -> None:
        learned, self._learned = self._learned, []
        if self._entries + len(learned) > _MOST:
            self._forget()
        self._make_room(self._entries + len(learned))
        if not learned:
            return
        keys = [key for key, _, _ in learned]
        letters = np.frombuffer(b"".join(keys), np.uint8)
        sizes = np.array(list(map(len, keys)), np.int32)
        counts = np.array([len(words) for _, _, words in learned], np.int32)
        begins = self._letters.size + np.cumsum(sizes, dtype=np.int64) - sizes
        word_begins = self._words.size + np.cumsum(counts, dtype=np.int32) - counts
        self._letters.extend(letters)
        self._words.extend([word for _, _, words in learned for word in words])
        self._entries = kernels.chunking.enter(
            self._table, self._letters.view, self._begins, self._sizes, self._kinds,
            self._word_begins, self._word_counts, self._entries,
            begins, sizes, np.array([kind for _, kind, _ in learned], np.uint8),
            word_begins, counts,
        )  # fmt: skip

    def _make_room(self, entries: int) -> None:
        """At least twice as many places in the table as entries."""
        if len(self._table) >= max(2 * entries, 1):
            return
        size = max(_LEAST, 1 << (2 * entries - 1).bit_length())
        grown = size // 2
        for name in ("_begins", "_sizes", "_kinds", "_word_begins", "_word_counts"):
            old = getattr(self, name)
            new = np.zeros(grown, old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)
        self._table = np.full(size, -1, np.int32)
        kernels.chunking.place(
            self._table, self._letters.view, self._begins, self._sizes, self._entries
        )
