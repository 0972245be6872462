"""The texts of all offers as flat number arrays: what the comparisons read, without objects.

Row i of the store is one text. Its tokens and its character trigrams lie in two long arrays; a row
is a start and a length in each. Rows are only ever appended; who is withdrawn is forgotten by the
engine, not here.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.text import class_of

IN_TITLE, IN_BRAND, IN_CATEGORY, IN_BODY = 1, 2, 4, 8
# Above these four bits a field number counts how often title and description say the word.
TITLE_SHIFT, BODY_SHIFT = 4, 10
_MOST_TIMES = 63
BASE = 37
TRIGRAMS = BASE**3

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float32]

_CODES = bytearray(256)
for _offset in range(26):
    _CODES[ord("a") + _offset] = 1 + _offset
for _offset in range(10):
    _CODES[ord("0") + _offset] = 27 + _offset
_TABLE = bytes(_CODES)


class Growing:
    """A numpy array that grows by doubling."""

    def __init__(self, dtype: Any, size: int = 1024) -> None:
        self._data: NDArray[Any] = np.zeros(size, dtype)
        self.size = 0

    @property
    def view(self) -> NDArray[Any]:
        return self._data[: self.size]

    def extend(self, values: Any) -> None:
        count = len(values)
        if self.size + count > len(self._data):
            grown = np.zeros(max(len(self._data) * 2, self.size + count), self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : self.size + count] = values
        self.size += count


class Ragged:
    """Rows of different lengths in one flat array."""

    def __init__(self, dtype: Any) -> None:
        self.flat = Growing(dtype)
        self._starts = Growing(np.int64)
        self._lengths = Growing(np.int32)

    def append(self, row: Sequence[int] | Ints) -> None:
        self._starts.extend([self.flat.size])
        self._lengths.extend([len(row)])
        self.flat.extend(row)

    def positions(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the values of `rows` lie in `flat`, and which of `rows` each belongs to."""
        lengths = self._lengths.view[rows]
        ends = np.cumsum(lengths)
        owner = np.repeat(np.arange(len(rows)), lengths)
        first = self._starts.view[rows] - (ends - lengths)
        return np.arange(int(ends[-1]) if len(ends) else 0) + first[owner], owner

    def lengths(self, rows: Ints) -> Ints:
        return self._lengths.view[rows]


def trigrams_of(text: str) -> Ints:
    """The distinct character trigrams of normalised words, each a number below 37^3."""
    codes = np.frombuffer(
        f" {text} ".encode("ascii", "replace").translate(_TABLE), np.uint8
    ).astype(np.int32)
    if len(codes) < 3:
        return np.zeros(0, np.int32)
    return np.unique(codes[:-2] * (BASE * BASE) + codes[1:-1] * BASE + codes[2:])


class Store:
    """Tokens, their document frequencies, and the rows."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.words: list[str] = []
        self.classes = Growing(np.uint8)
        self.frequency = Growing(np.int32)
        self.tokens = Ragged(np.uint32)
        self.fields = Growing(np.uint16)
        self.trigrams = Ragged(np.uint16)
        self.trigram_frequency = np.zeros(TRIGRAMS, np.int64)
        self.title_lengths = Growing(np.int32)
        self.body_lengths = Growing(np.int32)
        self.rows = 0
        self.counted = 0
        self._title_tokens = 0
        self._body_tokens = 0
        self._trigram_weights: tuple[int, NDArray[np.float64]] | None = None

    @property
    def average_title(self) -> float:
        return max(1.0, self._title_tokens / max(1, self.counted))

    @property
    def average_body(self) -> float:
        return max(1.0, self._body_tokens / max(1, self.counted))

    def add(
        self,
        title: Sequence[str],
        brand: Iterable[str] = (),
        category: Iterable[str] = (),
        body: Iterable[str] = (),
        *,
        counts: bool = True,
    ) -> int:
        """Append one text of normalised tokens and return its row.

        A text that does not count (a visitor, judged but not offered) changes no frequency.
        """
        flags: dict[int, int] = {}
        lengths = {IN_TITLE: 0, IN_BRAND: 0, IN_CATEGORY: 0, IN_BODY: 0}
        for words, flag, shift in (
            (title, IN_TITLE, TITLE_SHIFT),
            (brand, IN_BRAND, None),
            (category, IN_CATEGORY, None),
            (body, IN_BODY, BODY_SHIFT),
        ):
            for word in words:
                token = self._token(word)
                lengths[flag] += 1
                before = flags.get(token, 0)
                if shift is not None and (before >> shift) & _MOST_TIMES < _MOST_TIMES:
                    before += 1 << shift
                flags[token] = before | flag
        self.tokens.append(list(flags))
        self.fields.extend(list(flags.values()))
        grams = trigrams_of(" ".join(title))
        self.trigrams.append(grams)
        self.title_lengths.extend([lengths[IN_TITLE]])
        self.body_lengths.extend([lengths[IN_BODY]])
        if counts:
            self.trigram_frequency[grams] += 1
            self._title_tokens += lengths[IN_TITLE]
            self._body_tokens += lengths[IN_BODY]
            self.frequency.view[list(flags)] += 1
            self.counted += 1
        row = self.rows
        self.rows += 1
        return row

    def _token(self, word: str) -> int:
        token = self.ids.get(word)
        if token is None:
            token = self.ids[word] = len(self.words)
            self.words.append(word)
            self.classes.extend([class_of(word)])
            self.frequency.extend([0])
        return token

    def idf(self, tokens: Ints) -> NDArray[np.float64]:
        """How telling each token is: BM25's inverse document frequency over the rows."""
        frequency = self.frequency.view[tokens]
        return np.log1p((self.counted - frequency + 0.5) / (frequency + 0.5))

    @property
    def unknown_idf(self) -> float:
        """What a word no offer has would be worth."""
        return float(np.log1p((self.counted + 0.5) / 0.5))

    def trigram_weights(self) -> NDArray[np.float64]:
        """How telling each trigram is, squared: both sides of a cosine carry it."""
        if self._trigram_weights is None or self._trigram_weights[0] != self.counted:
            idf = np.log((self.counted + 1) / (self.trigram_frequency + 1)) + 1.0
            self._trigram_weights = self.counted, np.asarray(idf * idf)
        return self._trigram_weights[1]
