"""Kernels that bring the texts of one need's candidates together before they are compared.

The titles of candidates share most of their words and trigrams, and those of a million offers lie
far apart in memory. So each is fetched once, and gets a small number under which all that is known
of it lies near.
"""

from typing import NamedTuple

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.rows import copy_eight
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Named,
    Spelling,
    Texts,
    Words,
)
from marketplace.matching.layout import BASE, IN_TITLE


class Met(NamedTuple):
    """What is known of each token met. `idf` is how telling it is in a title, those that nobody
    asks for included; `is_alike` whether a word asked for has its outline.
    """

    idf: Array
    classes: Array
    variants: Array
    partings: Array
    outlines: Array
    is_alike: Array


@kernel
def near_texts(texts: Texts, rows: Array) -> Texts:
    """The texts of some rows, one after the other; one place behind them is not used."""
    tokens, starts, lengths = _copied(texts.tokens, texts.starts, texts.lengths, rows)
    return Texts(
        tokens,
        _copied(texts.fields, texts.starts, texts.lengths, rows)[0],
        starts,
        lengths,
        texts.title_lengths[rows],
        texts.body_lengths[rows],
        texts.average_title,
        texts.average_body,
    )


@kernel
def _copied(flat: Array, starts: Array, lengths: Array, rows: Array) -> tuple[Array, Array, Array]:
    """The values of some rows, one after the other, with their starts and lengths.

    Candidates lie far apart in memory. Copying waits for many of them at once, comparing one by
    one would wait for each.
    """
    size = lengths[rows].astype(np.int64)
    ends = np.cumsum(size)
    begins = starts[rows].astype(np.int64)
    total = ends[-1] if len(rows) else 0
    copied = np.empty(total + 8, flat.dtype)
    copied[total] = 0
    line = 64 // flat.itemsize
    for place in range(len(rows)):
        # Asks for all of them before the first is needed; what is read here does not matter.
        for at in range(begins[place], begins[place] + size[place], line):
            copied[total] |= flat[at]
    for place in range(len(rows)):
        begin, end = np.uint64(begins[place]), np.uint64(ends[place])
        first = np.uint64(end - np.uint64(size[place]))
        if begin + np.uint64(size[place] + 8) <= np.uint64(len(flat)):
            # Whole steps: what is written beyond the end is written over by the next.
            for at in range(np.uint64(0), end - first, np.uint64(8)):
                copy_eight(flat, begin + at, copied, first + at)
        else:
            for at in range(end - first):
                copied[first + at] = flat[begin + at]
    return copied[: total + 1], ends - size, size


@kernel
def numbered(near: Texts, asked: Asked) -> tuple[Array, Array]:
    """The number of the token at each place of the texts, and the tokens by number.

    Those asked for come first, in their order; then those of titles. All others have -1.
    """
    places = len(near.tokens) - 1
    most = len(asked.tokens)
    for at in range(places):
        most += near.fields[at] & IN_TITLE
    size = 64
    while size < 2 * most:
        size *= 2
    held = np.full(size, -1, np.int32)
    tokens, numbers = np.empty(most, np.uint32), np.empty(places, np.int32)
    count = len(asked.tokens)
    for number in range(count):
        token = np.uint32(asked.tokens[number])
        tokens[number] = token
        held[_slot(held, tokens, token)] = number
    for at in range(places):
        token = near.tokens[at]
        slot = _slot(held, tokens, token)
        if held[slot] < 0 and near.fields[at] & IN_TITLE:
            held[slot] = count
            tokens[count] = token
            count += 1
        numbers[at] = held[slot]
    return numbers, tokens[:count]


@kernel
def _slot(held: Array, tokens: Array, token: np.uint32) -> np.uint64:
    """Where in the hash the number of a token stands or would stand."""
    last = np.uint64(len(held) - 1)
    slot = np.uint64(token) & last
    while held[slot] >= 0 and tokens[np.uint64(held[slot])] != token:
        slot = (slot + np.uint64(1)) & last
    return slot


@kernel
def met(tokens: Array, words: Words, named: Named) -> Met:
    """What is known of these tokens."""
    outlines = words.outlines[tokens]
    some = np.uint64(0)  # a bit for some of them: most outlines of titles are none of these
    for outline in named.outlines:
        some |= np.uint64(1) << np.uint64(outline & 63)
    idf, is_alike = np.empty(len(tokens)), np.zeros(len(tokens), np.bool_)
    for number in range(len(tokens)):
        idf[number] = words.frequency[tokens[number]]
        outline = outlines[number]
        if outline and (some >> np.uint64(outline & 63)) & np.uint64(1):
            for one in named.outlines:
                is_alike[number] |= one == outline
    for number in range(len(tokens)):
        idf[number] = np.log((words.counted + 1) / (idf[number] + 0.5))
    return Met(
        idf,
        words.classes[tokens],
        words.variants[tokens],
        words.partings[tokens],
        outlines,
        is_alike,
    )


class Letters(NamedTuple):
    """The trigrams of each token met: from where in `grams`, and how many; and those that the title
    of each candidate has once more.

    The trigram across the blank between two is the sum of what the first one `ends` and the second
    one `opens` with.
    """

    begins: Array
    sizes: Array
    grams: Array
    opens: Array
    ends: Array
    again: Array
    again_starts: Array
    again_sizes: Array


@kernel
def letters_of(tokens: Array, rows: Array, spelling: Spelling) -> Letters:
    """The trigrams of these tokens, where they lie."""
    sizes, begins = spelling.sizes[tokens], spelling.starts[tokens]
    opens, ends = np.zeros(len(tokens), np.uint32), np.zeros(len(tokens), np.uint32)
    for number in range(len(tokens)):
        if sizes[number]:
            # A blank goes before the first letter, and another behind the last.
            begin = np.uint64(begins[number])
            last = begin + np.uint64(sizes[number]) - np.uint64(1)
            opens[number] = np.uint32(spelling.grams[begin]) // BASE
            ends[number] = np.uint32(spelling.grams[last]) // BASE % BASE * (BASE * BASE)
    again = _copied(spelling.again, spelling.again_starts, spelling.again_sizes, rows)
    return Letters(begins, sizes, spelling.grams, opens, ends, again[0], again[1], again[2])
