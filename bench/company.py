"""Words by the company they keep, learned from texts alone: words of like titles are of like goods.

How often two words stand together beyond chance (positive pointwise mutual information), brought
down to a few numbers for each word; nobody judged anything. `bench/tried.py` says what it adds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from scipy.sparse.linalg import svds

Floats = NDArray[np.float64]
Said = tuple[Sequence[str], Sequence[str]]  # the words of a title, and those of its description
_DIMENSIONS, _LEAST = 64, 3
_RUN, _MOST = 10, 120  # a description is read so many words at a time, and no further than this
_RUN_COUNTS = 0.5
_EVENED = 0.75  # common words are drawn nearer to rare ones, or rare ones would go with everything


@dataclass(frozen=True)
class Company:
    """A row of `vectors` for every word that was seen often enough; the last is of all others."""

    numbers: Mapping[str, int]
    vectors: Floats

    def middles(self, texts: Sequence[Sequence[str]], rarity: Mapping[str, float]) -> Floats:
        """The middle of the words of each text, by their rarity."""
        bags = [dict.fromkeys(text) for text in texts]
        sizes = list(map(len, bags))
        others = len(self.vectors) - 1
        columns = [self.numbers.get(word, others) for bag in bags for word in bag]
        weights = np.array([rarity[word] for bag in bags for word in bag])
        owner = np.repeat(np.arange(len(bags)), sizes)
        share = weights / np.maximum(np.bincount(owner, weights, len(bags)), 1e-9)[owner]
        shape = len(bags), len(self.vectors)
        middles: Floats = csr_matrix((share, (owner, columns)), shape=shape) @ self.vectors
        return middles


def learned(texts: Iterable[Said]) -> Company:
    """The company that words keep in these texts."""
    runs, counts = [], []
    for run, count in _runs(texts):
        runs.append(frozenset(run))
        counts.append(count)
    seen = Counter(word for run in runs for word in run)
    words = sorted(word for word, count in seen.items() if count >= _LEAST)
    numbers = {word: number for number, word in enumerate(words)}
    known = [[numbers[word] for word in run if word in numbers] for run in runs]
    owner = np.repeat(np.arange(len(runs)), list(map(len, known)))
    columns = np.array([number for run in known for number in run], np.int64)
    there = csr_matrix((np.ones(len(columns)), (owner, columns)), shape=(len(runs), len(words)))
    together = (there.T @ diags_array(np.array(counts)) @ there).tocoo()
    apart = together.row != together.col
    one, two, often = together.row[apart], together.col[apart], together.data[apart]
    beyond = _beyond_chance(one, two, often, len(words))
    found = beyond > 0
    matrix = csr_matrix((beyond[found], (one[found], two[found])), shape=together.shape)
    size = min(_DIMENSIONS, len(words) - 1)
    left, strength, _ = svds(matrix, k=size, random_state=1)
    vectors = unit(left * np.sqrt(strength))
    return Company(numbers, np.vstack([vectors, np.zeros(size)]))


def unit(vectors: Floats) -> Floats:
    """Each of length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def main_direction(vectors: Floats) -> Floats:
    """What all of them have most in common, and which therefore says nothing of any."""
    values, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.asarray(directions[:, int(np.argmax(values))])


def _runs(texts: Iterable[Said]) -> Iterator[tuple[Sequence[str], float]]:
    for title, body in texts:
        yield title, 1.0
        for start in range(0, min(len(body), _MOST), _RUN):
            yield body[start : start + _RUN], _RUN_COUNTS


def _beyond_chance(
    one: NDArray[np.int64], two: NDArray[np.int64], often: Floats, words: int
) -> Floats:
    """How much more often, in logits, two words stand together than they would by chance."""
    alone = np.maximum(np.bincount(one, often, words), 1e-9)
    evened = alone**_EVENED
    return np.asarray(np.log(often * evened.sum() / (alone[one] * evened[two])))
