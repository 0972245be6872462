"""Words that are spelt nearly so: what an unknown word may have been meant to say."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

_LIKENESS = 0.75
# One letter in four may differ: what a likeness of .75 allows.
_LETTERS_PER_ERROR = 4
_NEAREST = 3
_MOST_KEPT = 50_000


class Repairs:
    """Words of a catalogue by their first letter, which a misspelt word nearly always keeps."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = defaultdict(list)
        self._marks: dict[str, _Marks] = defaultdict(_Marks)
        self._found: dict[str, list[tuple[str, float]]] = {}

    def add(self, words: Iterable[str]) -> None:
        """Take in words that are not there yet."""
        for word in words:
            self._words[word[0]].append(word)
        self._found = {}

    def beginning_with(self, prefix: str) -> list[str]:
        return [word for word in self._words.get(prefix[0], ()) if word.startswith(prefix)]

    def near(self, word: str) -> list[tuple[str, float]]:
        """The nearest spellings and their likeness, .75 to 1, best first."""
        kept = self._found
        found = kept.get(word)
        if found is None:
            found = self._nearest(word)
            if len(kept) < _MOST_KEPT:
                kept[word] = found
        return found

    def _nearest(self, word: str) -> list[tuple[str, float]]:
        words = self._words.get(word[0])
        if not words:
            return []
        places = self._marks[word[0]].possible(word, words)
        near = process.extract(
            word,
            [words[place] for place in places],
            scorer=OSA.normalized_similarity,
            score_cutoff=_LIKENESS,
            limit=_NEAREST,
        )
        return [(spelling, likeness) for spelling, likeness, _ in near]


class _Marks:
    """Which letters each word of a list has, and how many: enough to rule nearly all of them out.

    An error changes at most two of the letters a word has at all, and its length by at most one.
    """

    def __init__(self) -> None:
        self._marks = _marks_of([])

    def possible(self, word: str, words: list[str]) -> list[int]:
        """Places in `words` of those that `word` may be a misspelling of, in order."""
        letters, lengths = self._marks
        if len(letters) < len(words):
            more = _marks_of(words[len(letters) :])
            letters = np.concatenate([letters, more[0]])
            lengths = np.concatenate([lengths, more[1]])
            self._marks = letters, lengths
        (mine,), (length,) = _marks_of([word])
        errors = np.maximum(lengths, length) // _LETTERS_PER_ERROR
        near = np.abs(lengths - length) <= errors
        near &= np.bitwise_count(letters ^ mine) <= 2 * errors
        places: list[int] = np.flatnonzero(near).tolist()
        return places


def _marks_of(words: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A bit for every letter that occurs (letters 64 apart share one), and the length."""
    if not words:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    lengths = np.array([len(word) for word in words], np.int64)
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    bits = np.uint64(1) << (codes % 64).astype(np.uint64)
    return np.bitwise_or.reduceat(bits, np.cumsum(lengths) - lengths), lengths
