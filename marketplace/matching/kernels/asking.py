"""The kernel that reads what a need asks: its words as `spellings.py` packs them."""

from typing import NamedTuple

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.rows import trigrams
from marketplace.matching.kernels.shapes import Array, Asked, Named, Need, Words
from marketplace.matching.layout import (
    MEANT_HEAD,
    MEANT_KIND,
    MEANT_LETTERS,
    MEANT_OUTLINE,
    MEANT_PARTING,
    MEANT_TOKENS,
    MEANT_VARIANT,
)


class Slots(NamedTuple):
    """The question's tokens in a small hash: in each slot a token, its word and its weight.

    A free slot is of a word that nobody asked for, one behind all others, and weighs nothing.
    """

    tokens: Array
    words: Array
    weights: Array


@kernel
def slots_of(asked: Asked) -> Slots:
    """A hash of what is asked, four slots and more for each token."""
    size = 64
    while size < 4 * len(asked.tokens):
        size *= 2
    nobody = len(asked.idf)
    found = Slots(np.zeros(size, np.uint32), np.full(size, nobody), np.zeros(size))
    for j in range(len(asked.tokens)):
        at = asked.tokens[j] & (size - 1)
        while found.words[at] != nobody:
            at = (at + 1) & (size - 1)
        found.tokens[at] = asked.tokens[j]
        found.words[at], found.weights[at] = asked.word_of[j], asked.weights[j]
    return found


@kernel
def unpack(need: Need, words: Words) -> tuple[Asked, Named, Array]:
    """What is asked, what is known of its words, and the trigrams of all of them in a line."""
    width = need.width
    classes, variants = np.empty(width, np.uint8), np.empty(width, np.uint8)
    partings, outlines = np.empty(width, np.float64), np.empty(width, np.uint32)
    line = np.zeros(len(need.packed) + 1, np.uint8)
    written = 1  # a blank goes before every word, and one follows the last
    most = len(need.packed) + 2 * len(need.joined)
    tokens, word_of = np.empty(most, np.int64), np.empty(most, np.int64)
    weights = np.empty(most, np.float64)
    count = at = 0
    for word in range(width):
        said = need.packed[at:]
        classes[word] = np.uint8(said[MEANT_KIND])
        variants[word] = np.uint8(said[MEANT_VARIANT])
        partings[word] = said[MEANT_PARTING]
        outlines[word] = np.uint32(said[MEANT_OUTLINE])
        stands_for, letters = int(said[MEANT_TOKENS]), int(said[MEANT_LETTERS])
        for one in range(stands_for):
            place = MEANT_HEAD + 2 * one
            count = _put(tokens, word_of, weights, count, int(said[place]), word, said[place + 1])
        for one in range(len(need.joined)):
            if need.joined[one, 0] in (word, word - 1):
                count = _put(
                    tokens, word_of, weights, count, need.joined[one, 1], word, need.sure_if_joined
                )
        for one in range(letters):
            line[written] = np.uint8(said[MEANT_HEAD + 2 * stands_for + one])
            written += 1
        written += 1
        at += MEANT_HEAD + 2 * stands_for + letters
    order = np.argsort(tokens[:count])
    asked = Asked(
        tokens[:count][order],
        word_of[:count][order],
        weights[:count][order],
        np.full(width, _idf(words, 0), np.float64),
    )
    for is_own in (False, True):
        for j in range(count):
            if not is_own or asked.weights[j] >= 1.0:
                asked.idf[asked.word_of[j]] = _idf(words, words.frequency[asked.tokens[j]])
    named = Named(classes, variants, partings, outlines, need.brand)
    return asked, named, trigrams(line[:written] if width else line[:0])


@kernel
def _idf(words: Words, frequency: int) -> float:
    """How telling a token is: BM25's inverse document frequency; as rare as none where it is 0."""
    return float(np.log1p((words.counted - frequency + 0.5) / (frequency + 0.5)))


@kernel
def _put(
    tokens: Array,
    word_of: Array,
    weights: Array,
    count: int,
    token: int,
    word: int,
    weight: float,
) -> int:
    """Let a token stand for a word, unless it already stands for one as surely."""
    for place in range(count):
        if tokens[place] == token:
            if weight > weights[place]:
                word_of[place], weights[place] = word, weight
            return count
    tokens[count], word_of[count], weights[count] = token, word, weight
    return count + 1
