"""How often words are said in a whole catalogue, for an index that holds a part of it.

A word is as telling among the offers of one branch as it is among all: a part that is measured
against the whole says of a pair what the whole would say. Counts add up, so they can be made part
by part, anywhere.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.engine import Engine
from marketplace.matching.store import TRIGRAMS

_WORDS, _NUMBERS = "words.txt", "counts.npz"


def _no_trigrams() -> NDArray[np.int64]:
    return np.zeros(TRIGRAMS, np.int64)


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many texts each word and each character trigram stands, and how long the texts are."""

    words: Mapping[str, int] = field(default_factory=dict)
    trigrams: NDArray[np.int64] = field(default_factory=_no_trigrams)
    texts: int = 0
    title_tokens: int = 0
    body_tokens: int = 0

    def plus(self, other: "Frequencies", times: int = 1) -> "Frequencies":
        """These and `times` the others; -1 takes away what was counted twice."""
        words = Counter(self.words)
        for word, count in other.words.items():
            words[word] += times * count
        return Frequencies(
            {word: count for word, count in words.items() if count > 0},
            self.trigrams + times * other.trigrams,
            self.texts + times * other.texts,
            self.title_tokens + times * other.title_tokens,
            self.body_tokens + times * other.body_tokens,
        )

    def save(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        # Normalised words hold neither blanks nor line breaks.
        (directory / _WORDS).write_text("\n".join(self.words), encoding="utf-8")
        np.savez(
            directory / _NUMBERS,
            words=np.fromiter(self.words.values(), np.int64, len(self.words)),
            trigrams=self.trigrams,
            sizes=np.array([self.texts, self.title_tokens, self.body_tokens]),
        )

    @classmethod
    def load(cls, directory: Path) -> "Frequencies":
        text = (directory / _WORDS).read_text(encoding="utf-8")
        with np.load(directory / _NUMBERS) as numbers:
            counts = numbers["words"].tolist()
            words = dict(zip(text.split("\n") if text else (), counts, strict=True))
            return cls(words, numbers["trigrams"], *map(int, numbers["sizes"]))


def frequencies_of(engine: Engine) -> Frequencies:
    """What the texts of the offers an engine holds say."""
    store = engine._offers.store
    counts = store.frequency.view
    words = {store.words[token]: int(counts[token]) for token in np.flatnonzero(counts).tolist()}
    lengths = store._title_tokens, store._body_tokens
    return Frequencies(words, store.trigram_frequency.copy(), store.counted, *lengths)


def measure_against(engine: Engine, whole: Frequencies) -> None:
    """Have an engine weigh words as the whole does; words it has not are known from now on.

    Offers added later would count once more: this is for an index that is only read.
    """
    catalogue, store = engine._offers, engine._offers.store
    words = sorted(whole.words)
    tokens = [store.token(word) for word in words]
    store.learn_words()
    store.frequency.view[:] = 0
    store.frequency.view[tokens] = [whole.words[word] for word in words]
    store.trigram_frequency[:] = whole.trigrams
    store.counted = whole.texts
    store._title_tokens, store._body_tokens = whole.title_tokens, whole.body_tokens
    store._rarity = None
    catalogue._spellings.learn()
    catalogue._collector.catch_up(catalogue.alive.view, whole=True)
