"""Which category a product's name suggests, learnt from names that already have one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log, sqrt

from marketplace.matching.text import normalise
from marketplace.matching.words import DEFAULT_VOCABULARY, Vocabulary

_NEIGHBOURS = 12
_WORD_WEIGHT = 2.0


class CategoryGuide:
    """Nearest labelled names by words and character trigrams, voting by closeness."""

    def __init__(
        self, labelled: Iterable[tuple[str, str]], vocabulary: Vocabulary = DEFAULT_VOCABULARY
    ) -> None:
        self._vocabulary = vocabulary
        known = [(self._parts(name), category) for name, category in labelled]
        self._labels = [category for _, category in known]
        frequency = Counter(part for parts, _ in known for part in parts)
        self._rarity = {part: log(1 + len(known) / count) for part, count in frequency.items()}
        self._norms = [self._norm(parts) for parts, _ in known]
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (parts, _) in enumerate(known):
            for part in parts:
                self._places[part].append(place)

    def suggest(self, name: str, top: int = 3) -> list[str]:
        """The likeliest categories, best first; empty where the name resembles nothing known."""
        parts = self._parts(name)
        shared: dict[int, float] = defaultdict(float)
        for part in parts:
            weight = self._weight(part)
            for place in self._places.get(part, ()):
                shared[place] += weight * weight
        norm = self._norm(parts)
        near = sorted(
            ((total / (norm * self._norms[place]), -place) for place, total in shared.items()),
            reverse=True,
        )[:_NEIGHBOURS]
        votes: dict[str, float] = defaultdict(float)
        for closeness, place in near:
            # Squared: one close name outvotes several that share a common word only.
            votes[self._labels[-place]] += closeness * closeness
        return sorted(votes, key=lambda category: (-votes[category], category))[:top]

    def _parts(self, name: str) -> set[str]:
        words = normalise(name, self._vocabulary)
        text = f" {' '.join(words)} "
        return {f"w {word}" for word in words} | {text[i : i + 3] for i in range(len(text) - 2)}

    def _weight(self, part: str) -> float:
        weight = self._rarity.get(part, 0.0)
        return weight * _WORD_WEIGHT if part.startswith("w ") else weight

    def _norm(self, parts: Iterable[str]) -> float:
        return sqrt(sum(self._weight(part) ** 2 for part in parts)) or 1.0


def suggest_categories(
    name: str, labelled: Sequence[tuple[str, str]], vocabulary: Vocabulary = DEFAULT_VOCABULARY
) -> list[str]:
    """The three likeliest categories of a name, from (name, category) pairs.

    Keep a `CategoryGuide` where many names are asked about: it learns once.
    """
    return CategoryGuide(labelled, vocabulary).suggest(name)
