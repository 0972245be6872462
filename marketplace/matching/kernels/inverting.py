"""The kernels that turn texts into inverted lists, and arrange masks as those are arranged."""

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.shapes import STEPS, Array, Lists, Rule, Texts

_MOST_SPANS = 16


@kernel
def _said(field: np.int64, stretch_title: float, stretch_body: float, rule: Rule) -> float:
    """How often a row says a word, weighted and damped, before it saturates."""
    said = 0.0
    if field & 1:
        said += rule.title * ((field >> 4) & 63) / stretch_title
    if field & 6:
        said += rule.side
    if field & 8:
        said += (field >> 10) / stretch_body
    return said


@kernel
def row_at(order: Array, seat: int) -> np.int64:
    """The row of a seat, as `shapes.Passing` says."""
    return np.int64(order[seat]) if seat < len(order) else np.int64(seat)


@kernel
def arranged(bits: Array, order: Array) -> Array:
    """The bits of a mask over rows, by seat."""
    found = np.zeros((len(order) + 7) // 8, np.uint8)
    for seat in range(len(order)):
        row = np.int64(order[seat])
        at = row >> 3
        if at < len(bits):
            found[seat >> 3] |= ((bits[at] >> (row & 7)) & 1) << (seat & 7)
    return found


@kernel
def spans(bits: Array, bounds: Array) -> Array:
    """Of the seats between two `bounds` each, those where a bit is on: (from, to), ascending.

    What touches is one span. Where no bit is on, there is a single one with nothing in it. Where
    there are many, those nearest to each other are one: finding each in every list takes its time.
    """
    found = np.zeros((len(bounds), 2), np.int64)
    count = 0
    for one in range(len(bounds) - 1):
        seat, end = bounds[one], bounds[one + 1]
        while seat < end and not (bits[seat >> 3] >> (seat & 7)) & 1:
            # Whole bytes are passed over at once.
            empty = seat & 7 == 0 and seat + 8 <= end and bits[seat >> 3] == 0
            seat += 8 if empty else 1
        if seat >= end:
            continue
        if count and found[count - 1, 1] == bounds[one]:
            found[count - 1, 1] = end
        else:
            found[count] = (bounds[one], end)
            count += 1
    if count > _MOST_SPANS:
        near = np.sort(found[1:count, 0] - found[: count - 1, 1])[count - _MOST_SPANS]
        kept = 0
        for one in range(1, count):
            if found[one, 0] - found[kept, 1] <= near:
                found[kept, 1] = found[one, 1]
            else:
                kept += 1
                found[kept] = found[one]
        count = kept + 1
    return found[: max(count, 1)].copy()


@kernel
def offsets(texts: Texts, order: Array, first: int, last: int, alive: Array, words: int) -> Array:
    """Where each of `words` lists begins, of the seats from `first` up to `last`; and the end."""
    found = np.zeros(words + 1, np.int64)
    for seat in range(first, last):
        row = row_at(order, seat)
        if alive[row]:
            start = np.int64(texts.starts[row])
            for at in range(start, start + texts.lengths[row]):
                found[texts.tokens[at] + 1] += 1
    for token in range(words):
        found[token + 1] += found[token]
    return found


@kernel
def invert(
    texts: Texts, rule: Rule, order: Array, first: int, last: int, alive: Array, lists: Lists
) -> None:
    """Fill the lists of the seats from `first` up to `last` whose rows are alive.

    `lists.offsets` are told; for all else there is room, and `tops` are 0.
    """
    free = lists.offsets[:-1].copy()
    seats, impacts, tops = lists.seats, lists.impacts, lists.tops
    for seat in range(first, last):
        row = row_at(order, seat)
        if not alive[row]:
            continue
        stretch_title = 1 - rule.b + rule.b * texts.title_lengths[row] / texts.average_title
        stretch_body = 1 - rule.b + rule.b * texts.body_lengths[row] / texts.average_body
        start = np.int64(texts.starts[row])
        for at in range(start, start + texts.lengths[row]):
            token = texts.tokens[at]
            said = _said(np.int64(texts.fields[at]), stretch_title, stretch_body, rule)
            impact = np.uint16(np.ceil(said / (said + rule.k1) * STEPS))
            seats[free[token]] = seat
            impacts[free[token]] = impact
            free[token] += 1
            tops[token] = max(tops[token], impact)
