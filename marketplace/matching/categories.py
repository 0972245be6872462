"""The category a name suggests, learned from names that have one.

A ridge regression over words, pairs of words and pieces of three and four letters, the rare ones
weighing more: it learns which of them tell categories apart, where a mean of names (Rocchio) only
learns which are frequent. `bench/naming.py` measures it on names it was not fitted on.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.text import TokenClass, class_of, normalise
from marketplace.matching.words import DEFAULT_VOCABULARY, Vocabulary

_PIECES = (3, 4)
_WORD_WEIGHT = 3.0  # a whole word says more than any of its pieces
_MOST_WORDS = 40
_RIDGE = 0.2
# Likeness from which a name may be put into a category unseen. Five-fold this keeps 82 % of the
# labelled names, 84 % of them right; nine in ten goods of other kinds are left to a person.
_SURE = 0.3


class CategoryGuesser:
    """Suggests categories for names; immutable once made."""

    def __init__(
        self, labelled: Iterable[tuple[str, str]], vocabulary: Vocabulary = DEFAULT_VOCABULARY
    ) -> None:
        self._vocabulary = vocabulary
        examples = [(set(self._features(name)), category) for name, category in labelled]
        counts = Counter(feature for features, _category in examples for feature in features)
        self._rarity = {
            feature: math.log((len(examples) + 1) / (count + 0.5)) * _weight_of(feature)
            for feature, count in counts.items()
        }
        self._place = {feature: place for place, feature in enumerate(self._rarity)}
        self._categories = sorted({category for _features, category in examples})
        self._strengths = self._learn(examples)

    def suggest(self, name: str, *, top: int = 3) -> list[str]:
        """The likeliest categories, best first; empty where nothing of the name was ever seen."""
        scores = self._scores(set(self._features(name)))
        best = np.argsort(-scores, kind="stable")[:top]
        return [self._categories[place] for place in best]

    def sure(self, name: str) -> str:
        """The likeliest category where nobody looks at it again, "" where the name is too strange.

        A mousetrap shares pieces of words with terasi: only what is known of its name may count.
        """
        features = set(self._features(name))
        scores = self._scores(features)
        if not len(scores):
            return ""
        best = int(scores.argmax())
        known = sum(feature in self._rarity for feature in features) / len(features)
        return self._categories[best] if scores[best] * known >= _SURE else ""

    def _scores(self, features: set[str]) -> NDArray[np.float64]:
        """By category; empty where nothing of the name was ever seen."""
        vector = self._vector(features)
        if not vector:
            return np.zeros(0)
        places = [self._place[feature] for feature in vector]
        return np.array(list(vector.values())) @ self._strengths[places]

    def _learn(self, examples: Sequence[tuple[set[str], str]]) -> NDArray[np.float64]:
        """Features x categories: how strongly each speaks for each."""
        number = {category: place for place, category in enumerate(self._categories)}
        wanted = np.full((len(examples), len(number)), -1 / max(len(number), 1))
        holds: defaultdict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for row, (features, category) in enumerate(examples):
            wanted[row, number[category]] = 1.0
            for feature, weight in self._vector(features).items():
                holds[feature][0].append(row)
                holds[feature][1].append(weight)
        alike = np.eye(len(examples)) * _RIDGE
        for rows, weights in holds.values():
            alike[np.ix_(rows, rows)] += np.outer(weights, weights)
        part = np.linalg.solve(alike, wanted)
        strengths = np.zeros((len(self._place), len(number)))
        for feature, (rows, weights) in holds.items():
            strengths[self._place[feature]] = np.array(weights) @ part[rows]
        return strengths

    def _vector(self, features: set[str]) -> dict[str, float]:
        known = sorted(feature for feature in features if feature in self._rarity)
        length = math.sqrt(sum(self._rarity[feature] ** 2 for feature in known))
        return {feature: self._rarity[feature] / length for feature in known}

    def _features(self, name: str) -> Iterator[str]:
        tokens = normalise(name, self._vocabulary)
        words = [word for word in tokens if class_of(word) is TokenClass.WORD][:_MOST_WORDS]
        for word in words:
            yield f"w:{word}"
            edged = f"<{word}>"
            for size in _PIECES:
                for start in range(len(edged) - size + 1):
                    yield edged[start : start + size]
        if words:
            yield f"f:{words[0]}"  # the first word is most often what the thing is
        for first, second in pairwise(words):
            yield f"{first} {second}"


def _weight_of(feature: str) -> float:
    return _WORD_WEIGHT if feature[:2] in {"w:", "f:"} or " " in feature else 1.0
