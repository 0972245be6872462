"""Kernels that read whole batches of texts whose chunks are all known.

What a chunk is, and what belongs to a number, is said in `reading.py`; `chunks.py` keeps the table.
"""

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.rows import slot_of
from marketplace.matching.kernels.shapes import Array
from marketplace.matching.layout import KNOWN, LEANS, LEANS_ON, NUMBERED, TRIED, WINDOW

_BLANK, _LINE = 32, 10


@kernel
def enter(
    table: Array,
    letters: Array,
    begins: Array,
    sizes: Array,
    kinds: Array,
    word_begins: Array,
    word_counts: Array,
    entries: int,
    key_begins: Array,
    key_sizes: Array,
    key_kinds: Array,
    key_word_begins: Array,
    key_word_counts: Array,
) -> int:
    """Enter strings, or say more of those that are there; how many entries there are then.

    The strings stand in `letters` already, where `key_begins` tells; one that is not new leaves its
    letters unused.
    """
    for one in range(len(key_begins)):
        first, size = key_begins[one], key_sizes[one]
        spot = slot_of(table, letters, begins, sizes, letters, first, size)
        entry = table[spot]
        if entry < 0:
            entry = entries
            entries += 1
            table[spot] = entry
            begins[entry], sizes[entry], kinds[entry] = first, size, 0
        kinds[entry] |= key_kinds[one]
        if key_kinds[one] & (KNOWN | WINDOW):
            word_begins[entry], word_counts[entry] = key_word_begins[one], key_word_counts[one]
    return entries


@kernel
def place(table: Array, letters: Array, begins: Array, sizes: Array, entries: int) -> None:
    """Enter the first `entries` into a new table."""
    for entry in range(entries):
        first = begins[entry]
        spot = slot_of(table, letters, begins, sizes, letters, first, sizes[entry])
        table[spot] = entry


@kernel
def read(
    text: Array,
    table: Array,
    letters: Array,
    begins: Array,
    sizes: Array,
    kinds: Array,
    word_begins: Array,
    word_counts: Array,
    words: Array,
    most: int,
    numbers: bool,
    out: Array,
    counts: Array,
) -> int:
    """Read lines of `text` one by one; how many words were written to `out`.

    `counts` gets the words of each line, -1 where somebody else must read it: a chunk is not known,
    blanks are not single, it has more than `most` words, or it holds a number and `numbers` is
    False. `out` has room for all.
    """
    written = line = at = 0
    longest = 0
    here = 0
    for letter in text:
        here = 0 if letter == _LINE else here + 1
        longest = max(longest, here)
    found = np.empty(longest // 2 + 2, np.int32)
    firsts, lasts = np.empty(longest // 2 + 2, np.int64), np.empty(longest // 2 + 2, np.int64)
    total = len(text)
    while line < len(counts):
        end = at
        while end < total and text[end] != _LINE:
            end += 1
        chunks = 0
        known = True
        numbered = False
        while at < end and known:
            first = at
            while at < end and text[at] > _BLANK:
                at += 1
            if at == first or (at < end and text[at] != _BLANK):
                known = False
                break
            entry = table[slot_of(table, letters, begins, sizes, text, first, at - first)]
            if entry < 0 or not kinds[entry] & (KNOWN | NUMBERED):
                known = False
                break
            numbered |= kinds[entry] & NUMBERED > 0
            found[chunks], firsts[chunks], lasts[chunks] = entry, first, at
            chunks += 1
            if at < end:
                at += 1
                known = at < end  # no blank at the end
        at = end + 1
        begun = written
        if known and (numbers or not numbered):
            place = done = 0
            while known and place < chunks:
                if not kinds[found[place]] & NUMBERED:
                    place += 1
                    continue
                start, stop = place, place + 1
                while start > done:
                    kind = kinds[found[start - 1]]
                    known &= kind & TRIED > 0
                    if not kind & LEANS_ON:
                        break
                    start -= 1
                while stop < chunks:
                    kind = kinds[found[stop]]
                    if not kind & NUMBERED:
                        known &= kind & TRIED > 0
                        if not kind & LEANS:
                            break
                    stop += 1
                window = found[place]
                if stop - start > 1:
                    size = lasts[stop - 1] - firsts[start]
                    spot = slot_of(table, letters, begins, sizes, text, firsts[start], size)
                    window = table[spot]
                if not known or window < 0 or not kinds[window] & WINDOW:
                    known = False
                    break
                for one in range(done, start):
                    written = _write(found[one], word_begins, word_counts, words, out, written)
                written = _write(window, word_begins, word_counts, words, out, written)
                place = done = stop
            if known:
                for one in range(done, chunks):
                    written = _write(found[one], word_begins, word_counts, words, out, written)
        else:
            known = False
        if not known or written - begun > most:
            written = begun
            counts[line] = -1
        else:
            counts[line] = written - begun
        line += 1
    return written


@kernel
def _write(
    entry: int, word_begins: Array, word_counts: Array, words: Array, out: Array, written: int
) -> int:
    begin = word_begins[entry]
    for at in range(begin, begin + word_counts[entry]):
        out[written] = words[at]
        written += 1
    return written
