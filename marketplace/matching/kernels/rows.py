"""Kernels that write rows of the store, and find rows by their ids."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.layout import (
    BASE,
    BODY_SHIFT,
    IN_BODY,
    IN_BRAND,
    IN_CATEGORY,
    IN_TITLE,
    MOST_TIMES,
    TITLE_SHIFT,
    TRIGRAMS,
)

_FLAGS = (IN_TITLE, IN_BRAND, IN_CATEGORY, IN_BODY)
_SHIFTS = (TITLE_SHIFT, -1, -1, BODY_SHIFT)
# What stays of a letter (by its number, a is 1) in the outline of a word; 0 is left out.
_LETTERS, _WRITTEN, _LEFT = 26, 4, 3
_A, _F, _H, _K, _P, _S, _W, _X = 1, 6, 8, 11, 16, 19, 23, 24
_SOUNDS = (
    0, 0, 2, _K, 4, 0, _F, 7, 0, 0, 10, _K, 12, 13, 14, 0, _P, _K, 18, _S, 20, 0, _F, 0, _K, 0, _S,
)  # fmt: skip
MOST_STAMPS = 255
_BASIS, _TIMES = np.uint32(2166136261), np.uint64(16777619)
_SEED = np.uint64(14695981039346656037)
_PRIME = np.uint64(1099511628211)


@kernel
def write_tokens(
    words: NDArray[np.int32],
    runs: NDArray[np.int32],
    slot: NDArray[np.int32],
    tokens: NDArray[np.uint32],
    fields: NDArray[np.uint16],
    lengths: NDArray[np.int32],
) -> int:
    """The distinct tokens of rows in order of appearance, with their fields; how many were written.

    `words` are the tokens of all rows one after the other; `runs` (rows x 4) says how many stand in
    title, brand, category and body. `slot` is scratch with an entry for every token.
    """
    at = written = 0
    for row in range(len(runs)):
        first = written
        for part in range(4):
            for _ in range(runs[row, part]):
                token = words[at]
                at += 1
                place = slot[token]
                # Scratch is never cleared: an entry counts if it points at this token in this row.
                if place < first or place >= written or tokens[place] != token:
                    place = written
                    slot[token] = place
                    tokens[place] = token
                    fields[place] = 0
                    written += 1
                value = np.int64(fields[place])
                shift = _SHIFTS[part]
                if shift >= 0 and (value >> shift) & MOST_TIMES < MOST_TIMES:
                    value += 1 << shift
                fields[place] = value | _FLAGS[part]
        lengths[row] = written - first
    return written


@kernel
def word_trigrams(
    letters: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int32]
) -> NDArray[np.uint16]:
    """The trigrams of each word between two blanks, one for every letter, where its letters lie."""
    grams = np.empty(len(letters), np.uint16)
    for word in range(len(starts)):
        start, end = starts[word], starts[word] + sizes[word]
        before = np.int64(0)
        for at in range(start, end):
            after = np.int64(letters[at + 1]) if at + 1 < end else np.int64(0)
            grams[at] = (before * BASE + np.int64(letters[at])) * BASE + after
            before = np.int64(letters[at])
    return grams


@kernel
def copy_eight(
    source: NDArray[np.uint16], start: Any, into: NDArray[np.uint16], place: Any
) -> None:
    """All are read before the first is written: then it is one step for the processor."""
    one, two = source[start], source[start + 1]
    three, four = source[start + 2], source[start + 3]
    five, six = source[start + 4], source[start + 5]
    seven, eight = source[start + 6], source[start + 7]
    into[place], into[place + 1] = one, two
    into[place + 2], into[place + 3] = three, four
    into[place + 4], into[place + 5] = five, six
    into[place + 6], into[place + 7] = seven, eight


@kernel
def spell(
    tokens: NDArray[np.uint32],
    fields: NDArray[np.uint16],
    first: int,
    last: int,
    grams: NDArray[np.uint16],
    starts: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    stamps: NDArray[np.uint8],
    stamp: int,
    trigrams: NDArray[np.uint16],
    again: NDArray[np.uint16],
    told: int,
) -> tuple[int, int]:
    """Write the distinct trigrams of one title; how many there are.

    Those that it has once more go to `again`, behind the first `told`; how many are there then.

    The row has the tokens from `first` up to `last`, those of its title first; each word counts
    once, as in a need. `grams`, `starts` and `sizes` are the trigrams of every token; those across
    the blank between two words are made here. `stamps` has a place per trigram, where `stamp` is
    not yet: see `stamped`. `trigrams` has room for all of them, distinct or not, and what stands
    behind them may change.
    """
    count = np.int64(0)
    before = np.int64(-1)  # the last letter of the word before
    for at in range(first, last):
        if not fields[at] & IN_TITLE:
            break
        token = tokens[at]
        start, size = np.int64(starts[token]), np.int64(sizes[token])
        if size == 0:
            continue
        if before >= 0:
            letter = np.uint32(grams[start]) // np.uint32(BASE)  # its first: a blank goes before
            trigrams[count] = np.uint32(before) * np.uint32(BASE * BASE) + letter
            count += 1
        if start + size + 8 <= len(grams) and count + size + 8 <= len(trigrams):
            for part in range(0, size, 8):
                copy_eight(grams, start + part, trigrams, count + part)
        else:
            for part in range(size):
                trigrams[count + part] = grams[start + part]
        count += size
        before = np.int64(np.uint32(grams[start + size - 1]) // np.uint32(BASE) % np.uint32(BASE))
    mark = np.uint8(stamp)
    written = 0
    for at in range(count):
        gram = trigrams[at]
        is_new = stamps[gram] != mark
        stamps[gram] = mark
        trigrams[written] = again[told] = gram
        written += is_new
        told += not is_new
    return written, told


@kernel
def stamped(stamps: NDArray[np.uint8], turn: int) -> int:
    """The stamp of this turn, which stands nowhere in `stamps`; turns are counted from 0."""
    stamp = turn % MOST_STAMPS
    if stamp == 0:
        stamps[:] = 0
    return stamp + 1


@kernel
def count_trigrams(
    tokens: NDArray[np.uint32],
    fields: NDArray[np.uint16],
    lengths: NDArray[np.int32],
    grams: NDArray[np.uint16],
    starts: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    frequency: NDArray[np.int64],
    by: int,
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Add `by` to the frequency of every trigram of the titles of rows that lie one by one.

    Returns the trigrams that a title has once more, and how many those of each row are.
    """
    longest = first = total = 0
    for row in range(len(lengths)):
        size = 0
        for at in range(first, first + lengths[row]):
            if fields[at] & IN_TITLE:
                size += int(sizes[tokens[at]]) + 1
        longest = max(longest, size)
        total += size
        first += lengths[row]
    found, stamps = np.empty(longest + 8, np.uint16), np.empty(TRIGRAMS, np.uint8)
    again, counts = np.empty(total + 1, np.uint16), np.empty(len(lengths), np.uint16)
    first = told = 0
    for row in range(len(lengths)):
        last, before = first + lengths[row], told
        stamp = stamped(stamps, row)
        count, told = spell(
            tokens, fields, first, last, grams, starts, sizes, stamps, stamp, found, again, told
        )
        for place in range(count):
            frequency[found[place]] += by
        counts[row] = told - before
        first = last
    return again[:told], counts


@kernel
def trigrams(line: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The distinct trigrams of one line of letters, in ascending order."""
    count = max(len(line) - 2, 0)
    grams = np.empty(count, np.int32)
    for place in range(count):
        gram = (np.int64(line[place]) * BASE + line[place + 1]) * BASE + line[place + 2]
        grams[place] = gram
    grams.sort()
    kept = 0
    for place in range(count):
        if place == 0 or grams[place] != grams[place - 1]:
            grams[kept] = grams[place]
            kept += 1
    return grams[:kept]


@kernel
def outlines(
    letters: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int32]
) -> NDArray[np.uint32]:
    """What is left of each word when it is written carelessly, as a number; 0 where too little is.

    Vowels, h and w within a word, doubled letters, and c, q, x, v, z, ph for k, ks, f, s:
    `kardigan` and `cardigan` have one outline, `sendal` and `sandal` too. Only words of letters
    alone have one.
    """
    found = np.zeros(len(starts), np.uint32)
    for word in range(len(starts)):
        start, size = starts[word], sizes[word]
        value, count, last = _BASIS, 0, 0
        for at in range(start, start + size):
            code = np.int64(letters[at])
            if code < 1 or code > _LETTERS or size < _WRITTEN:
                count = 0
                break
            if code == _P and at + 1 < start + size and letters[at + 1] == _H:
                code = np.int64(_F)
            first = _SOUNDS[code]
            if at == start and first == 0:
                first = int(code) if code in (_H, _W) else _A
            second = _S if code == _X else 0
            for sound in (first, second):
                if sound and sound != last:
                    value = np.uint32((np.uint64(value) ^ np.uint64(sound)) * _TIMES)
                    last = sound
                    count += 1
        if count >= _LEFT:
            found[word] = max(value, np.uint32(1))
    return found


@kernel
def count_tokens(tokens: NDArray[np.uint32], frequency: NDArray[np.int32], by: int) -> None:
    """Add `by` to the frequency of every token."""
    for token in tokens:
        frequency[token] += by


@kernel
def slot_of(
    table: NDArray[np.int32],
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int32],
    key: NDArray[np.uint8],
    begin: int,
    size: int,
) -> int:
    """The place in the hash table where `key[begin:begin+size]` stands or would stand."""
    mask = len(table) - 1
    value = _SEED
    for place in range(begin, begin + size):
        value = (value ^ np.uint64(key[place])) * _PRIME
    spot = int(value ^ (value >> np.uint64(29))) & mask
    while table[spot] >= 0:
        other = table[spot]
        if sizes[other] == size:
            start = starts[other]
            same = True
            for offset in range(size):
                if letters[start + offset] != key[begin + offset]:
                    same = False
                    break
            if same:
                break
        spot = (spot + 1) & mask
    return spot


@kernel
def enter_names(
    table: NDArray[np.int32],
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int32],
    rows: NDArray[np.int32],
    before: NDArray[np.int32],
) -> None:
    """Point the hash table at `rows`; `before` gets for each the row it pointed at, or -1.

    `table` has a power of two places, at least twice as many as are taken.
    """
    for place in range(len(rows)):
        row = rows[place]
        spot = slot_of(table, letters, starts, sizes, letters, starts[row], sizes[row])
        before[place] = table[spot]
        table[spot] = row


@kernel
def find_name(
    table: NDArray[np.int32],
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int32],
    key: NDArray[np.uint8],
) -> int:
    """The row last entered under `key`, or -1."""
    spot = slot_of(table, letters, starts, sizes, key, 0, len(key))
    return int(table[spot])
