"""Kernels that pick the best of the candidates that are judged, and what a list shows of them."""

from typing import NamedTuple

import numpy as np

from marketplace.matching.kernels.gathering import Gathered
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.judging import Judged
from marketplace.matching.kernels.ordering import highest_first
from marketplace.matching.kernels.shapes import Array, Lent
from marketplace.matching.layout import NUMBER_BITS

# What is said of one that is picked, by column; HAS are bits of the words its title has.
INDEX, SCORE, CERTAIN, CONFLICT, FAILING, UNKNOWN, HAS, ID_ENDS, CODES_END = range(9)
_SAID = 9


class Names(NamedTuple):
    """The letters of the names of all rows, in UTF-8, and where each lies."""

    letters: Array
    starts: Array
    sizes: Array


class Shown(NamedTuple):
    """How many are picked, and how many comparisons are shown of each; 0 where none is asked for.

    Comparisons have a number, those of words first and then those of terms. `ranks` decides between
    two that earn the same; of `kinds` 1 is shown per cent, 2 is a place, 0 shows nothing. One of
    them, `share`, is told whenever it earns less than `most_of_share`, whatever that is. What is in
    `conflicts` says that goods differ.
    """

    top: int
    comparisons: int
    ranks: Array
    kinds: Array
    share: int
    most_of_share: int
    conflicts: Array


class Picked(NamedTuple):
    """Entry i of each is one that is picked, best first, ties by name.

    `said` has the columns above, `ids` the letters of all names. `codes` are comparisons, each with
    what is shown of it: those that earn most, then all that cost points.
    """

    said: Array
    sure: Array
    ids: Array
    codes: Array


@kernel
def pick_again(found: Lent, judged: Lent, names: Lent, shown: Lent) -> Picked:
    """`pick`, of the same in plain tuples."""
    return pick(Gathered(*found), Judged(*judged), Names(*names), Shown(*shown))


@kernel
def pick(found: Gathered, judged: Judged, names: Names, shown: Shown) -> Picked:
    """The best `top` of those that are eligible; behind those ranked come others as they lie."""
    scores = found.scores + judged.fit
    chosen = _best(judged.eligible, scores, found, names, shown.top)
    count = len(chosen)
    said = np.zeros((count, _SAID), np.int64)
    sure = np.empty(count)
    room = 0
    for place in range(count):
        room += names.sizes[found.rows[chosen[place]]]
    ids = np.empty(room, np.uint8)
    written = 0
    for place in range(count):
        index = chosen[place]
        row = found.rows[index]
        start, size = np.int64(names.starts[row]), np.int64(names.sizes[row])
        ids[written : written + size] = names.letters[start : start + size]
        written += int(size)
        line = said[place]
        line[INDEX], line[SCORE], line[CERTAIN] = index, scores[index], judged.certain[index]
        for one in shown.conflicts:
            if found.matrix[index, one] > 0:
                line[CONFLICT] = 1
        line[FAILING], line[UNKNOWN] = judged.failing[index], judged.unknown[index]
        for word in range(found.told.shape[1]):
            line[HAS] |= np.int64(found.told[index, word] > 0) << word
        line[ID_ENDS] = written
        sure[place] = found.sure[index]
    return Picked(said, sure, ids, _told(found, judged.parts, chosen, shown, said))


@kernel
def none_picked() -> Picked:
    """What stands for an answer that is not there yet."""
    return Picked(
        np.zeros((0, _SAID), np.int64), np.empty(0), np.empty(0, np.uint8), np.empty(0, np.int64)
    )


@kernel
def _best(eligible: Array, scores: Array, found: Gathered, names: Names, top: int) -> Array:
    """The places of the best `top`."""
    ranked = found.ranked
    chosen = np.flatnonzero(eligible[:ranked])
    chosen = chosen[highest_first(scores[chosen].astype(np.float64))]
    if len(chosen) > top > 0:
        last = top
        while last < len(chosen) and scores[chosen[last]] == scores[chosen[top - 1]]:
            last += 1
        chosen = chosen[:last]
    for place in range(1, len(chosen)):
        one, to = chosen[place], place
        while to > 0 and scores[chosen[to - 1]] == scores[one]:
            if not _goes_before(found.rows[one], found.rows[chosen[to - 1]], names):
                break
            chosen[to] = chosen[to - 1]
            to -= 1
        chosen[to] = one
    chosen = chosen[:top]
    if len(chosen) < top and ranked < len(eligible):
        beyond = ranked + np.flatnonzero(eligible[ranked:])
        chosen = np.concatenate((chosen, beyond[: top - len(chosen)]))
    return chosen


@kernel
def _goes_before(one: int, other: int, names: Names) -> bool:
    """Is the name of a row before that of another, sign by sign? UTF-8 keeps the order of signs."""
    first, second = np.int64(names.starts[one]), np.int64(names.starts[other])
    for at in range(min(names.sizes[one], names.sizes[other])):
        left, right = names.letters[first + at], names.letters[second + at]
        if left != right:
            return bool(left < right)
    return bool(names.sizes[one] < names.sizes[other])


@kernel
def _told(found: Gathered, parts: Array, chosen: Array, shown: Shown, said: Array) -> Array:
    """The codes of what earns most and of what costs points; `parts` are the points for terms."""
    points, matrix = found.points, found.matrix
    wide, all_ = points.shape[1], points.shape[1] + parts.shape[1]
    codes = np.empty((len(chosen) + 1) * (all_ + 1), np.int64)
    written = 0
    best = np.empty(all_ + 1, np.int64)
    for place in range(len(chosen) if shown.comparisons else 0):
        index = chosen[place]
        held = lost = 0
        has_share = False
        for one in range(all_):
            earned = _earned(points, parts, index, one, wide)
            if earned < 0:
                # They are put behind those that earn most, which are not known yet.
                lost += 1
                codes[len(codes) - lost] = _code(matrix, index, one, shown.kinds)
            if earned <= 0:
                continue
            at = held
            while at > 0:
                other = _earned(points, parts, index, best[at - 1], wide)
                before = shown.ranks[one] < shown.ranks[best[at - 1]]
                if earned < other or (earned == other and not before):
                    break
                best[at] = best[at - 1]
                at -= 1
            best[at] = one
            held = min(held + 1, shown.comparisons)
        for one in best[:held]:
            codes[written] = _code(matrix, index, one, shown.kinds)
            written += 1
            has_share |= one == shown.share
        share = _earned(points, parts, index, shown.share, wide)
        if 0 < share < shown.most_of_share and not has_share:
            codes[written] = _code(matrix, index, shown.share, shown.kinds)
            written += 1
        for one in range(lost):
            codes[written] = codes[len(codes) - 1 - one]
            written += 1
        said[place, CODES_END] = written
    return codes[:written]


@kernel
def _earned(points: Array, parts: Array, index: int, one: int, wide: int) -> int:
    """The points of a comparison, of words (the first `wide`) or of terms."""
    return int(points[index, one]) if one < wide else int(parts[index, one - wide])


@kernel
def _code(matrix: Array, index: int, one: int, kinds: Array) -> int:
    """A comparison, and what is shown of it as a whole number."""
    number = np.int64(0)
    if kinds[one] == 1:
        number = np.int64(np.rint(matrix[index, one] * 100))
    elif kinds[one] == 2:
        number = np.int64(np.rint(1 / matrix[index, one]))
    return int((np.int64(one) << NUMBER_BITS) | number)
