"""What else a word may stand for here: near spellings, longer and shorter article numbers."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Hashable
from itertools import chain
from typing import NamedTuple

from marketplace.matching.repair import Repairs
from marketplace.matching.store import Store, letters_of
from marketplace.matching.text import MODELS, TokenClass, class_of, plain_fold

_REPAIR_FROM = 4
_MODEL_PART = 5
_PART, _OF_PARTS = 3, 0.8
_MANY = 100

_REMEMBERED = 20_000


class Meant(NamedTuple):
    """A word of a need: its class, its kind of variant, and all that kernels need to know of it."""

    kind: TokenClass
    variant: int
    packed: bytes  # see `layout.py`


class Spellings:
    """The words of a store, sorted for repair and completion."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._models: list[str] = []
        self._words = Repairs()
        self._known_words = 0
        self._meant: tuple[Hashable, dict[str, Meant]] = None, {}

    def learn(self) -> None:
        """Take in the words the store got since."""
        new = self._store.words[self._known_words :]
        kinds = self._store.classes.view[self._known_words :].tolist()
        self._known_words = len(self._store.words)
        models = [word for word, kind in zip(new, kinds, strict=True) if kind in MODELS]
        self._words.add(
            word
            for word, kind in zip(new, kinds, strict=True)
            if len(word) >= _REPAIR_FROM - 1 and kind == TokenClass.WORD
        )
        if len(models) > _MANY:
            self._models = sorted([*self._models, *models])
        else:
            for word in models:
                insort(self._models, word)

    def meant_by(self, word: str, known: frozenset[str]) -> "Meant":
        """What a word is and stands for; `known` are words that are spelt as they should.

        Remembered for as long as the store is the same: needs ask in the same words.
        """
        store = self._store
        state = store.rows, store.counted, len(store.words), known
        before, meant = self._meant
        if before != state:
            meant = {}
            self._meant = state, meant
        found = meant.get(word)
        if found is None:
            found = self._told_of(word, known)
            if len(meant) < _REMEMBERED:
                meant[word] = found
        return found

    def _told_of(self, word: str, known: frozenset[str]) -> Meant:
        kind, variant, parting, outline = self._store.known(word)
        tokens, letters = self._stands_for(word, kind, known), letters_of(word)
        packed = array("d", (kind, variant, parting, outline))
        packed.extend((len(tokens), len(letters)))
        packed.extend(chain.from_iterable(tokens))
        packed.extend(letters)
        return Meant(kind, variant, packed.tobytes())

    def _stands_for(
        self, word: str, kind: TokenClass, known: frozenset[str]
    ) -> list[tuple[int, float]]:
        token = self._store.ids.get(word)
        found = [(token, 1.0)] if token is not None and self._store.frequency.view[token] else []
        if kind in MODELS:
            return found + self._model_forms(word)
        if found or kind is not TokenClass.WORD or len(word) < _REPAIR_FROM or word in known:
            return found
        return self._parts(word) or self._repairs(word)

    def _parts(self, word: str) -> list[tuple[int, float]]:
        """Two words written as one, by the rarer of them: `lcscsl` where offers have `lcs-csl`."""
        ids, frequency = self._store.ids, self._store.frequency.view
        best: list[tuple[int, int]] = []
        for cut in range(_PART, len(word) - _PART + 1):
            one, two = ids.get(word[:cut]), ids.get(word[cut:])
            if one is not None and two is not None:
                counts = [(int(frequency[token]), token) for token in (one, two)]
                if min(counts)[0]:
                    best.append(min(counts))
        return [(min(best)[1], _OF_PARTS)] if best else []

    def beginning_with(self, prefix: str, top: int) -> list[str]:
        """Words that begin with `prefix`, the commonest first; else the nearest spellings."""
        folded = plain_fold(prefix).strip()
        if not folded:
            return []
        known = self._words.beginning_with(folded)
        if not known:
            return [self._store.words[token] for token, _ in self._repairs(folded)]
        frequency, ids = self._store.frequency.view, self._store.ids
        return sorted(known, key=lambda word: (-int(frequency[ids[word]]), word))[:top]

    def _repairs(self, word: str) -> list[tuple[int, float]]:
        """One letter in five may as well make another word (beras, berat): it counts half."""
        ids = self._store.ids
        return [(ids[spelling], likeness**3) for spelling, likeness in self._words.near(word)]

    def _model_forms(self, word: str) -> list[tuple[int, float]]:
        """Article numbers that begin with this one, or that this one begins with."""
        if len(word) < _MODEL_PART:
            return []
        ids = self._store.ids
        found = []
        start = bisect_left(self._models, word)
        for longer in self._models[start : start + 6]:
            if longer != word and longer.startswith(word):
                found.append((ids[longer], 0.8))
        for length in range(_MODEL_PART, len(word)):
            shorter = ids.get(word[:length])
            if shorter is not None and class_of(word[:length]) in MODELS:
                found.append((shorter, 0.8))
        return found
