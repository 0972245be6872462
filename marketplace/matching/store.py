"""The texts of all offers as flat number arrays: what the comparisons read, without objects.

Row i of the store is one text. Its tokens lie in one long array, of which a row is a start and a
length; the trigrams of every word lie in another, and those of a title are made of them. Rows
are only ever appended; one that was withdrawn or replaced keeps its place and is counted no more.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels, memory
from marketplace.matching.layout import (
    BASE,
    BODY_SHIFT,
    IN_BODY,
    IN_BRAND,
    IN_CATEGORY,
    IN_TITLE,
    TITLE_SHIFT,
    TRIGRAMS,
)
from marketplace.matching.telling import parting_of, variant_of
from marketplace.matching.text import TokenClass, class_of

__all__ = [
    "BASE", "BODY_SHIFT", "IN_BODY", "IN_BRAND", "IN_CATEGORY", "IN_TITLE", "TITLE_SHIFT",
    "TRIGRAMS", "Field", "Floats", "Growing", "Ints", "Lying", "Ragged", "Store",
    "letters_of", "outlines_of", "trigrams_of",
]  # fmt: skip

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float32]

_CODES = bytearray(256)
for _offset in range(26):
    _CODES[ord("a") + _offset] = 1 + _offset
for _offset in range(10):
    _CODES[ord("0") + _offset] = 27 + _offset
_TABLE = bytes(_CODES)
_PARTS = 4
_ROOM = 1024
# What is known of a word, and where a text lies and how long it is. Whoever asks for one of these
# asks for all: they lie side by side, so that memory is waited for once.
_KNOWN = np.dtype(
    [
        ("parting", "f4"), ("frequency", "i4"), ("outline", "u4"), ("trigrams", "u4"),
        ("letters", "u4"), ("kind", "u1"), ("variant", "u1"),
    ],
    align=True,
)  # fmt: skip
_HEAD = np.dtype(
    [
        ("tokens", "u4"), ("again", "u4"),
        ("token_count", "u2"), ("again_count", "u2"), ("title", "u2"), ("body", "u2"),
    ],
    align=True,
)  # fmt: skip


class Growing:
    """A numpy array that grows by half, so that rows cost little and memory is not doubled."""

    def __init__(self, dtype: Any, size: int = 1024) -> None:
        self._data: NDArray[Any] = memory.zeros(size, dtype)
        self.size = 0

    def __getstate__(self) -> tuple[int, NDArray[Any]]:
        """With some room behind, so that what a snapshot grows by stays in its own pages."""
        return self.size, self._data[: self.size + self.size // 8 + _ROOM]

    def __setstate__(self, state: tuple[int, NDArray[Any]]) -> None:
        self.size, self._data = state

    @property
    def view(self) -> NDArray[Any]:
        return self._data[: self.size]

    @property
    def lent(self) -> NDArray[Any]:
        """As kernels take it: two at least, whatever stands there.

        Of less than two, numpy says that they lie close wherever they lie, and every kernel would
        be compiled once more for a catalogue of a single offer.
        """
        return self._data[: max(self.size, 2)]

    def extend(self, values: Any) -> None:
        count = len(values)
        if self.size + count > len(self._data):
            size = max(len(self._data) * 3 // 2, self.size + count)
            grown = memory.zeros(size, self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : self.size + count] = values
        self.size += count


class Field:
    """One field of growing records, as if it were an array of its own."""

    def __init__(self, whole: Growing, name: str) -> None:
        self._whole = whole
        self._name = name

    @property
    def view(self) -> NDArray[Any]:
        return np.asarray(self._whole.view[self._name])

    @property
    def lent(self) -> NDArray[Any]:
        """As kernels take it."""
        return np.asarray(self._whole.lent[self._name])


class Lying:
    """Rows of different lengths in one flat array; where they lie is kept by somebody else."""

    def __init__(self, dtype: Any, starts: Field, lengths: Field) -> None:
        self.flat = Growing(dtype)
        self._starts: Field | Growing = starts
        self._lengths: Field | Growing = lengths

    def put(self, values: Ints, lengths: Ints) -> Ints:
        """Take in rows that lie one after the other in `values`; returns where each begins."""
        starts = self.flat.size + np.cumsum(lengths, dtype=np.int64) - lengths
        self.flat.extend(values)
        return starts

    @property
    def starts(self) -> NDArray[Any]:
        return self._starts.view

    @property
    def sizes(self) -> NDArray[Any]:
        return self._lengths.view

    @property
    def lent(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """All values, where each row begins and how long it is, as kernels take them."""
        return self.flat.lent, self._starts.lent, self._lengths.lent

    def row(self, row: int) -> NDArray[Any]:
        """The values of one row."""
        start = int(self._starts.view[row])
        return self.flat.view[start : start + int(self._lengths.view[row])]

    def positions(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the values of `rows` lie in `flat`, and which of `rows` each belongs to."""
        lengths = self.lengths(rows)
        ends = np.cumsum(lengths)
        owner = np.repeat(np.arange(len(rows)), lengths)
        first = self._starts.view[rows] - (ends - lengths)
        return np.arange(int(ends[-1]) if len(ends) else 0) + first[owner], owner

    def lengths(self, rows: Ints) -> Ints:
        return np.asarray(self._lengths.view[rows], np.int64)


class Ragged(Lying):
    """Rows of different lengths in one flat array."""

    def __init__(self, dtype: Any) -> None:
        self.flat = Growing(dtype)
        self._starts = Growing(np.int64)
        self._lengths = Growing(np.int32)

    def __len__(self) -> int:
        assert isinstance(self._starts, Growing)
        return self._starts.size

    def append(self, row: Sequence[int] | Ints) -> None:
        self.extend(np.asarray(row), np.array([len(row)], np.int32))

    def extend(self, values: Ints, lengths: Ints) -> None:
        """Add rows that lie one after the other in `values`."""
        assert isinstance(self._starts, Growing)
        assert isinstance(self._lengths, Growing)
        starts = self.put(values, lengths)
        self._lengths.extend(lengths)
        self._starts.extend(starts)


def letters_of(text: str) -> NDArray[np.uint8]:
    """The letters of a normalised text as numbers; 0 is a blank, and whatever is no letter."""
    return np.frombuffer(text.encode("ascii", "replace").translate(_TABLE), np.uint8)


def trigrams_of(text: str) -> Ints:
    """The distinct character trigrams of normalised words, each a number below 37^3."""
    found: Ints = kernels.rows.trigrams(letters_of(f" {text} "))
    return found


def _word_trigrams(words: Sequence[str]) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """The trigrams of each word between two blanks, one after the other, and how many it has."""
    letters, starts, sizes = _spelt(words)
    return kernels.rows.word_trigrams(letters, starts, sizes), sizes


def _spelt(
    words: Sequence[str],
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int32]]:
    """The letters of some words one after the other, where each begins, and how long it is."""
    sizes = np.array(list(map(len, words)), np.int32)
    return letters_of("".join(words)), np.cumsum(sizes, dtype=np.int64) - sizes, sizes


def outlines_of(words: Sequence[str]) -> NDArray[np.uint32]:
    """What is left of each normalised word when it is written carelessly, as a number."""
    found: NDArray[np.uint32] = kernels.rows.outlines(*_spelt(words))
    return found


class Store:
    """Tokens, their document frequencies, and the rows."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.words: list[str] = []
        known = self._known = Growing(_KNOWN)
        self.classes = Field(self._known, "kind")
        self.variants = Field(self._known, "variant")
        self.partings = Field(self._known, "parting")
        self.outlines = Field(self._known, "outline")
        self.frequency = Field(self._known, "frequency")
        heads = self._heads = Growing(_HEAD)
        self.tokens = Lying(np.uint32, Field(heads, "tokens"), Field(heads, "token_count"))
        self.fields = Growing(np.uint16)
        # The trigrams that a title has once more: all others follow from its words.
        self._again = Lying(np.uint16, Field(heads, "again"), Field(heads, "again_count"))
        self.trigram_frequency = np.zeros(TRIGRAMS, np.int64)
        self.title_lengths = Field(heads, "title")
        self.body_lengths = Field(heads, "body")
        self.rows = 0
        self.counted = 0
        # Of each word a trigram for every letter.
        self._spelt = Lying(np.uint16, Field(known, "trigrams"), Field(known, "letters"))
        self._title_tokens = 0
        self._body_tokens = 0
        self._rarity: tuple[int, NDArray[np.float64]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # One text is read far quicker than many small ones; no word holds a line break.
        return {**self.__dict__, "words": "\n".join(self.words), "ids": None, "_rarity": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.words = state["words"].split("\n") if state["words"] else []
        self.ids = {word: token for token, word in enumerate(self.words)}

    @property
    def lengths(self) -> tuple[int, int]:
        """Words in all titles and in all descriptions that are counted."""
        return self._title_tokens, self._body_tokens

    @lengths.setter
    def lengths(self, told: tuple[int, int]) -> None:
        self._title_tokens, self._body_tokens = told
        self._rarity = None

    @property
    def average_title(self) -> float:
        return max(1.0, self._title_tokens / max(1, self.counted))

    @property
    def average_body(self) -> float:
        return max(1.0, self._body_tokens / max(1, self.counted))

    def token(self, word: str) -> int:
        """The number of a normalised word; a new one gets the next."""
        token = self.ids.get(word)
        if token is None:
            token = self.ids[word] = len(self.words)
            self.words.append(word)
        return token

    def add(self, words: NDArray[np.int32], runs: NDArray[np.int32], *, counts: bool = True) -> int:
        """Append texts and return the row of the first.

        `words` are the tokens of all of them one after the other, `runs` (rows x 4) how many stand
        in title, brand, category and body. A text that does not count (a visitor, judged but not
        offered) changes no frequency.
        """
        self.learn_words()
        total, rows = len(words), len(runs)
        lengths = np.empty(rows, np.int32)
        tokens, fields = np.empty(total, np.uint32), np.empty(total, np.uint16)
        slot = np.zeros(len(self.words), np.int32)
        written = kernels.rows.write_tokens(words, runs, slot, tokens, fields, lengths)
        tokens = tokens[:written]
        heads = np.empty(rows, _HEAD)
        heads["tokens"], heads["token_count"] = self.tokens.put(tokens, lengths), lengths
        self.fields.extend(fields[:written])

        heads["title"], heads["body"] = runs[:, 0], runs[:, _PARTS - 1]
        by = 1 if counts else 0
        again, sizes = self._count(tokens, fields, lengths, by)
        heads["again"], heads["again_count"] = self._again.put(again, sizes), sizes
        self._heads.extend(heads)
        first = self.rows
        self.rows += rows
        self._title_tokens += by * int(runs[:, 0].sum())
        self._body_tokens += by * int(runs[:, _PARTS - 1].sum())
        return first

    def forget(self, row: int) -> None:
        """Count a row no more: frequencies become those of a store that never held it."""
        title, body = int(self.title_lengths.view[row]), int(self.body_lengths.view[row])
        tokens = self.tokens.row(row)
        lengths = np.array([len(tokens)], np.int32)
        self._count(tokens, self._fields_of(row), lengths, -1)
        self._title_tokens -= title
        self._body_tokens -= body

    def title_trigrams(self, row: int) -> Ints:
        """The distinct trigrams of one title, in the order of its letters."""
        tokens = self.tokens.row(row)
        grams, starts, sizes = self.spelling()
        found = np.empty(int(sizes[tokens].sum()) + len(tokens) + 1, np.uint16)
        count, _ = kernels.rows.spell(
            tokens, self._fields_of(row), 0, len(tokens), grams, starts, sizes,
            np.zeros(TRIGRAMS, np.uint8), 1, found, np.empty_like(found), 0,
        )  # fmt: skip
        return found[:count]

    def spelling(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The trigrams of all words one after the other, where each begins, and how many it has."""
        return self._spelt.lent

    def again(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The trigrams that titles have once more, as kernels take them; rows as in `tokens`."""
        return self._again.lent

    def _fields_of(self, row: int) -> NDArray[Any]:
        start = int(self.tokens.starts[row])
        return self.fields.view[start : start + int(self.tokens.sizes[row])]

    def _count(
        self,
        tokens: NDArray[np.uint32],
        fields: NDArray[np.uint16],
        lengths: NDArray[np.int32],
        by: int,
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """Count some rows in (1) or out (-1), or only look at them (0): what they have again."""
        if by:
            kernels.rows.count_tokens(tokens, self.frequency.lent, by)
        again: tuple[NDArray[np.uint16], NDArray[np.uint16]] = kernels.rows.count_trigrams(
            tokens, fields, lengths, *self.spelling(), self.trigram_frequency, by
        )
        self.counted += by * len(lengths)
        self._rarity = None
        return again

    def learn_words(self) -> None:
        """Make room for the words that were given a number since."""
        new = self.words[self._known.size :]
        if new:
            known = np.zeros(len(new), _KNOWN)
            # Each is new, so what is remembered of other words is kept.
            known["kind"] = list(map(class_of.__wrapped__, new))
            known["variant"] = list(map(variant_of, new))
            known["parting"] = list(map(parting_of, new))
            known["outline"] = outlines_of(new)
            trigrams, sizes = _word_trigrams(new)
            known["trigrams"], known["letters"] = self._spelt.put(trigrams, sizes), sizes
            self._known.extend(known)

    def known(self, word: str) -> tuple[TokenClass, int, float, int]:
        """Class, kind of variant, parting and outline of a word, whether a row has it or not."""
        token = self.ids.get(word)
        if token is None or token >= self._known.size:
            return class_of(word), variant_of(word), parting_of(word), int(outlines_of([word])[0])
        known = self._known.view[token]
        told = int(known["variant"]), float(known["parting"]), int(known["outline"])
        return TokenClass(known["kind"]), *told

    def idf(self, tokens: Ints) -> NDArray[np.float64]:
        """How telling each token is: BM25's inverse document frequency over the rows."""
        frequency = self.frequency.view[tokens]
        return np.log1p((self.counted - frequency + 0.5) / (frequency + 0.5))

    def trigram_weights(self) -> NDArray[np.float64]:
        """How telling each trigram is, squared: both sides of a cosine carry it."""
        if self._rarity is None or self._rarity[0] != self.counted:
            idf = np.log((self.counted + 1) / (self.trigram_frequency + 1)) + 1.0
            self._rarity = self.counted, np.asarray(idf * idf)
        return self._rarity[1]
