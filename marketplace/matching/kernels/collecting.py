"""Kernels that find the best rows for a question in inverted lists.

The score is BM25F as `features.py` has it: what title, brand, category and description say of a
word is added up before it saturates. What a row says of a word changes little, so the sum of the
words it lacks bounds it well, and most lists are never read.
"""

import numpy as np

from marketplace.matching.kernels.asking import Slots, slots_of
from marketplace.matching.kernels.inverting import row_at
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.ordering import highest_first
from marketplace.matching.kernels.shapes import (
    STEPS,
    Array,
    Asked,
    Lists,
    Passing,
    Rule,
    Scratch,
    Texts,
)

_HALVINGS = 10
# What it costs to score a row from its text, to find it in a list that is read, and to seek it in
# one that is not, in postings read.
_ROW_COST, _FIND_COST, _SEEK_COST = 48, 8, 24
# Of a list as short as this, all is read: to find where a span begins in it would take as long.
_SHORT = 256


@kernel
def _weigh(share: float, weight: float, k1: float) -> float:
    """The saturated share of a word that counts only `weight` of itself."""
    if weight >= 1.0 or share <= 0.0:
        return share
    said = weight * k1 * share / max(1.0 - share, 1e-6)
    return said / (said + k1)


@kernel
def _score(row: int, texts: Texts, asked: Asked, slots: Slots, rule: Rule, best: Array) -> float:
    """The row's score from its text. `best` has a place per word and one more, zero before and
    after.

    Where several of its tokens stand for one word, the one that says most counts. A token that
    nobody asked for is worked out like any other: which it is no processor foresees.
    """
    width, last = len(asked.idf), np.uint64(len(slots.tokens) - 1)
    stretch_title = 1 - rule.b + rule.b * texts.title_lengths[row] / texts.average_title
    stretch_body = 1 - rule.b + rule.b * texts.body_lengths[row] / texts.average_body
    of_title, of_body = rule.title / stretch_title, 1.0 / stretch_body
    start = np.uint64(texts.starts[row])
    for at in range(start, start + np.uint64(texts.lengths[row])):
        token = texts.tokens[at]
        slot = np.uint64(token) & last
        while slots.words[slot] < width and slots.tokens[slot] != token:
            slot = (slot + np.uint64(1)) & last
        field = np.int64(texts.fields[at])
        said = of_title * (((field >> 4) & 63) * (field & 1))
        said += rule.side * ((field & 6) != 0)
        said += of_body * ((field >> 10) * ((field >> 3) & 1))
        word = slots.words[slot]
        best[word] = max(best[word], slots.weights[slot] * said)
    total = 0.0
    for word in range(width):
        said = best[word]
        best[word] = 0.0
        total += asked.idf[word] * said * (rule.k1 + 1) / (said + rule.k1)
    best[width] = 0.0
    return total


@kernel
def _approach(texts: Texts, rows: Array, count: int) -> None:
    """Read a little of some texts that lie far apart, so that memory fetches them all at once.

    What is read does not matter; it is written behind `rows`, where nothing is kept.
    """
    read = np.uint32(0)
    for place in range(count):
        start = np.int64(texts.starts[rows[place]])
        for at in range(start, start + texts.lengths[rows[place]], 16):
            read |= texts.tokens[at] | texts.fields[at]
        read |= np.uint32(texts.title_lengths[rows[place]])
    rows[len(rows) - 1] = read & 1


@kernel
def _is_in(place: int, bits: Array) -> bool:
    """Is this one in a mask? Those that came after it was made are not."""
    at = np.int64(place) >> 3
    return bool(at < len(bits) and (bits[at] >> (np.int64(place) & 7)) & 1)


@kernel
def _lives(row: int | np.int64, alive: Array) -> bool:
    return bool(row < len(alive) and alive[row])


@kernel
def _passes(row: int, passing: Passing) -> bool:
    """May this row be found?"""
    bits, alive = passing.sieve.bits, passing.alive
    if len(bits) and not _is_in(row, bits):
        return False
    return len(alive) == 0 or _lives(row, alive)


@kernel
def _push(heap: Array, held: int, score: float) -> int:
    """Keep the best scores: `heap[0]` is the lowest of those held."""
    if held < len(heap):
        at = held
        while at > 0 and heap[(at - 1) >> 1] > score:
            heap[at] = heap[(at - 1) >> 1]
            at = (at - 1) >> 1
        heap[at] = score
        return held + 1
    if score <= heap[0]:
        return held
    at = 0
    while True:
        below = 2 * at + 1
        if below >= held:
            break
        if below + 1 < held and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= score:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = score
    return held


@kernel
def _not_below(seats: Array, at: int, end: int, least: int) -> int:
    """Where the first of the ascending `seats[at:end]` is that is not below `least`."""
    while at < end:
        middle = (at + end) >> 1
        if seats[middle] < least:
            at = middle + 1
        else:
            end = middle
    return at


@kernel
def _parts(lists: Lists, token: int, spans: Array, parts: Array) -> int:
    """Write from where to where a list is to be read, of the `spans` alone; how many such parts.

    There is one where nothing is said of spans, and none where the token has no list.
    """
    if token >= len(lists.tops):
        return 0
    at, end = lists.offsets[token], lists.offsets[token + 1]
    if len(spans) == 0 or end - at <= _SHORT:
        parts[0] = (at, end)
        return 1
    for one in range(len(spans)):
        first = _not_below(lists.seats, at, end, spans[one, 0])
        at = _not_below(lists.seats, first, end, spans[one, 1])
        parts[one] = (first, at)
    return len(spans)


@kernel
def _listed(
    lists: Lists,
    first: int,
    last: int,
    weight: float,
    most: float,
    k1: float,
    bits: Array,
    passing: Passing,
    seats: Array,
    values: Array,
    count: int,
) -> int:
    """Write the seats of a part of a list that pass, and what each gets of `most`.

    They go behind the first `count`; returns how many there are then.
    """
    masked = len(bits) > 0
    for at in range(first, last):
        seat = lists.seats[at]
        if masked and not _is_in(seat, bits):
            continue
        if passing.mortal and not _lives(row_at(passing.order, seat), passing.alive):
            continue
        share = lists.impacts[at] / STEPS
        seats[count] = seat
        values[count] = most * (share if weight >= 1.0 else _weigh(share, weight, k1))
        count += 1
    return count


@kernel
def _merged(
    seats: Array,
    sums: Array,
    count: int,
    more: Array,
    values: Array,
    others: int,
    into: Array,
    results: Array,
    best: bool,
) -> int:
    """Two ascending lists of seats as one; who is in both gets the sum, or the best of its values.

    Nothing here is decided by a jump that depends on the seats: no processor foresees those.
    """
    i = j = written = 0
    while i < count and j < others:
        left, right = seats[i], more[j]
        is_left, is_right = left <= right, right <= left
        one = sums[i] if is_left else np.float32(0.0)
        two = values[j] if is_right else np.float32(0.0)
        into[written] = min(left, right)
        results[written] = max(one, two) if best else one + two
        written += 1
        i += is_left
        j += is_right
    for at in range(i, count):
        into[written], results[written] = seats[at], sums[at]
        written += 1
    for at in range(j, others):
        into[written], results[written] = more[at], values[at]
        written += 1
    return written


@kernel
def _met(
    word: int,
    asked: Asked,
    main: Lists,
    late: Lists,
    rule: Rule,
    passing: Passing,
    parts: Array,
    scratch: Scratch,
    count: int,
    turn: int,
) -> tuple[int, int]:
    """Add all seats of a word to the `count` of `turn`; returns how many there are and their turn.

    A row that has several tokens of the word counts the best of them. `parts` is scratch.
    """
    most = asked.idf[word] * (rule.k1 + 1)
    sieve, k1 = passing.sieve, rule.k1
    # Of the four lists there is room for, two are the sums so far and as they will be.
    kept, spare = 2, 3
    held = 0
    for j in range(len(asked.tokens)):
        if asked.word_of[j] != word:
            continue
        into = spare if held else kept
        token, weight = asked.tokens[j], asked.weights[j]
        seats, values = scratch.seats[into], scratch.values[into]
        new = 0
        for one in range(_parts(main, token, sieve.spans, parts)):
            first, last = parts[one, 0], parts[one, 1]
            new = _listed(
                main, first, last, weight, most, k1, sieve.arranged, passing, seats, values, new
            )
        # What came late has the higher seats: both lists together are still ascending.
        for one in range(_parts(late, token, sieve.spans[:0], parts)):
            first, last = parts[one, 0], parts[one, 1]
            new = _listed(
                late, first, last, weight, most, k1, sieve.bits, passing, seats, values, new
            )
        if held:
            held = _merged(
                scratch.seats[kept], scratch.values[kept], held,
                scratch.seats[spare], scratch.values[spare], new,
                scratch.seats[1 - turn], scratch.values[1 - turn], True,
            )  # fmt: skip
            scratch.seats[kept, :held] = scratch.seats[1 - turn, :held]
            scratch.values[kept, :held] = scratch.values[1 - turn, :held]
        else:
            held = new
    count = _merged(
        scratch.seats[turn], scratch.values[turn], count,
        scratch.seats[kept], scratch.values[kept], held,
        scratch.seats[1 - turn], scratch.values[1 - turn], False,
    )  # fmt: skip
    return count, 1 - turn


@kernel
def _sought(
    lists: Lists,
    token: int,
    weight: float,
    most: float,
    k1: float,
    seats: Array,
    count: int,
    values: Array,
) -> None:
    """Raise `values` of those of the first `count` seats that a list has, seeking each of them."""
    at, end = lists.offsets[token], lists.offsets[token + 1]
    for place in range(count):
        seat = seats[place]
        # In ever longer steps until it is passed, then halving the last one.
        step = 1
        low = at
        while at < end and lists.seats[at] < seat:
            low = at + 1
            at += step
            step *= 2
        high = min(at, end)
        while low < high:
            middle = (low + high) >> 1
            if lists.seats[middle] < seat:
                low = middle + 1
            else:
                high = middle
        at = low
        if at >= end:
            return
        if lists.seats[at] == seat:
            share = lists.impacts[at] / STEPS
            value = most * (share if weight >= 1.0 else _weigh(share, weight, k1))
            values[place] = max(values[place], np.float32(value))


@kernel
def _mark(seats: Array, count: int, bits: Array) -> None:
    """Turn over a bit for each seat: on where it is off, off where it is on."""
    for place in range(count):
        seat = seats[place]
        bits[seat >> 3] ^= np.uint8(1 << (seat & 7))


@kernel
def _scanned(
    lists: Lists,
    first: int,
    last: int,
    weight: float,
    most: float,
    k1: float,
    seats: Array,
    values: Array,
    bits: Array,
    hits: Array,
) -> None:
    """`_sought` by reading a part of a list; `bits` are on for the seats, `hits` is scratch."""
    met = 0
    for at in range(first, last):
        seat = lists.seats[at]
        hits[met] = at
        met += (bits[seat >> 3] >> (seat & 7)) & 1
    place = 0
    for one in range(met):
        at = hits[one]
        seat = lists.seats[at]
        while seats[place] < seat:
            place += 1
        share = lists.impacts[at] / STEPS
        value = most * (share if weight >= 1.0 else _weigh(share, weight, k1))
        values[place] = max(values[place], np.float32(value))


@kernel
def _looked_up(
    word: int,
    asked: Asked,
    main: Lists,
    late: Lists,
    rule: Rule,
    narrow: Array,
    parts: Array,
    seats: Array,
    sums: Array,
    count: int,
    values: Array,
    scratch: Scratch,
) -> None:
    """Add what a word says of the first `count` seats; `values` and `parts` are scratch."""
    values[:count] = 0.0
    most = asked.idf[word] * (rule.k1 + 1)
    marked = False
    for j in range(len(asked.tokens)):
        if asked.word_of[j] != word:
            continue
        token = asked.tokens[j]
        for lists, spans in ((main, narrow), (late, narrow[:0])):
            found = _parts(lists, token, spans, parts)
            postings = 0
            for one in range(found):
                postings += parts[one, 1] - parts[one, 0]
            if count * _SEEK_COST < postings:
                _sought(lists, token, asked.weights[j], most, rule.k1, seats, count, values)
                continue
            if not marked:
                marked = True
                _mark(seats, count, scratch.bits)
            for one in range(found):
                first, last = parts[one, 0], parts[one, 1]
                _scanned(
                    lists, first, last, asked.weights[j], most, rule.k1, seats, values,
                    scratch.bits, scratch.hits,
                )  # fmt: skip
    if marked:
        _mark(seats, count, scratch.bits)
    for place in range(count):
        sums[place] += values[place]


@kernel
def _bounds(
    asked: Asked, main: Lists, late: Lists, rule: Rule, share: float
) -> tuple[Array, Array]:
    """The most every word can add, and about how many postings are to be read of it.

    That is a `share` of those in the main lists.
    """
    most, postings = np.zeros(len(asked.idf)), np.zeros(len(asked.idf))
    for j in range(len(asked.tokens)):
        word, token = asked.word_of[j], asked.tokens[j]
        for lists, read in ((main, share), (late, 1.0)):
            if token < len(lists.tops):
                top = _weigh(lists.tops[token] / STEPS, asked.weights[j], rule.k1)
                most[word] = max(most[word], asked.idf[word] * (rule.k1 + 1) * top)
                postings[word] += read * (lists.offsets[token + 1] - lists.offsets[token])
    return most, postings


@kernel
def _sure_of(
    sums: Array, count: int, scores: Array, done: int, k: int, most: float, slack: float
) -> float:
    """A score that at least `k` rows are sure to reach, from their sums so far; 0 if unknown.

    Found by halving: counting those above a bound is what a processor does fastest.
    """
    if count + done < k or most <= 0.0:
        return 0.0
    low, high = np.float32(0.0), np.float32(most)
    for _ in range(_HALVINGS):
        middle = (low + high) * np.float32(0.5)
        found = 0
        for place in range(count):
            found += sums[place] >= middle
        for place in range(done):
            found += scores[place] >= middle
        if found >= k:
            low = middle
        else:
            high = middle
    return float(low) - slack if low > 0.0 else 0.0


@kernel
def _still(seats: Array, sums: Array, count: int, least: float) -> int:
    """Keep of the first `count` seats those with a sum of at least `least`; how many these are.

    Those already scored have a sum below zero, and go.
    """
    kept = 0
    for place in range(count):
        seat, value = seats[place], sums[place]
        seats[kept], sums[kept] = seat, value
        kept += (value >= least) & (value > 0.0)
    return kept


@kernel
def _taken(seats: Array, sums: Array, count: int, least: float, into: Array, values: Array) -> int:
    """Take of the first `count` seats those with a sum above zero and of at least `least`.

    Returns how many these are; a sum that is taken is zero from then on.
    """
    taken = 0
    for place in range(count):
        seat, value = seats[place], sums[place]
        is_taken = (value >= least) & (value > 0.0)
        into[taken], values[taken] = seat, value
        sums[place] = np.float32(0.0) if is_taken else value
        taken += is_taken
    return taken


@kernel
def collect(
    texts: Texts,
    main: Lists,
    late: Lists,
    inverted: int,
    rows: int,
    passing: Passing,
    asked: Asked,
    rule: Rule,
    k: int,
    scratch: Scratch,
) -> tuple[Array, Array]:
    """The best `k` rows of those that pass, and their scores.

    Lists are read from the most telling word on, and merged. Once `k` rows are sure to have more
    than all words still unread can give, no new row is met: the rows in question are looked up in
    what is left, as long as that is cheaper than to score them from their texts. Rows from
    `inverted` on are in no list and are scored from their texts. Ties go to the lower row.
    """
    slots, best = slots_of(asked), np.zeros(len(asked.idf) + 1)
    spans = passing.sieve.spans
    parts = np.empty((max(len(spans), 1), 2), np.int64)
    share = 1.0
    if len(spans):
        share = (spans[:, 1] - spans[:, 0]).sum() / max(len(passing.order), 1)
    most, postings = _bounds(asked, main, late, rule, share)
    order = np.argsort(-most)
    words = 0
    while words < len(order) and most[order[words]] > 0.0:
        words += 1
    rest = np.zeros(words + 1)
    for i in range(words - 1, -1, -1):
        rest[i] = rest[i + 1] + most[order[i]]
    slack = 1e-3 + rest[0] * 1e-5 + asked.idf.sum() * (rule.k1 + 1) / STEPS

    heap = np.empty(k)
    held = 0
    found = np.empty(1024, np.int64)
    scores = np.empty(1024)
    done = 0
    for row in range(inverted, rows):
        if not _passes(row, passing):
            continue
        score = _score(row, texts, asked, slots, rule, best)
        if score > 0.0 and (held < k or score >= heap[0]):
            found, scores = _room(found, scores, done)
            found[done], scores[done] = row, score
            done += 1
            held = _push(heap, held, score)

    count = turn = 0
    i = 0
    sure = 0.0
    opened = True
    tried = False
    while i < words:
        word = order[i]
        if held == k:
            sure = max(sure, heap[0])
        if opened and sure > rest[i] + slack:
            opened = False
        if opened:
            count, turn = _met(word, asked, main, late, rule, passing, parts, scratch, count, turn)
        else:
            met, sums = scratch.seats[turn], scratch.values[turn]
            count = _still(met, sums, count, sure - rest[i] - slack)
            if (count - k) * _ROW_COST < min(postings[word], count * _FIND_COST):
                break
            _looked_up(
                word, asked, main, late, rule, spans, parts, met, sums, count,
                scratch.values[1 - turn], scratch,
            )  # fmt: skip
        i += 1
        if rest[0] - rest[i] > rest[i]:
            sums = scratch.values[turn]
            sure = max(sure, _sure_of(sums, count, scores, done, k, rest[0], slack))
            if (
                not tried
                and opened
                and i < words
                and sure <= rest[i] + slack
                and postings[order[i]] > 4 * k * _ROW_COST
                and count >= k
            ):
                # The best so far, scored in full, often show that the long lists need no reading.
                tried = True
                chosen = 0
                aside = scratch.seats[1 - turn]
                for place in range(count):
                    if sums[place] >= sure + slack and chosen < 2 * k:
                        aside[chosen] = row_at(passing.order, scratch.seats[turn, place])
                        sums[place] = -np.inf
                        chosen += 1
                _approach(texts, aside, chosen)
                for place in range(chosen):
                    row = int(aside[place])
                    score = _score(row, texts, asked, slots, rule, best)
                    found, scores = _room(found, scores, done)
                    found[done], scores[done] = row, score
                    done += 1
                    held = _push(heap, held, score)

    # What is left is scored from the texts, the likeliest first.
    met, sums = scratch.seats[turn], scratch.values[turn]
    aside, likely = scratch.seats[1 - turn], scratch.values[1 - turn]
    first = _sure_of(sums, count, scores, done, k, rest[0], slack)
    for least in (first + slack, 0.0):
        bound = least
        if held == k:
            bound = max(bound, heap[0] - rest[i] - slack)
        chosen = _taken(met, sums, count, bound, aside, likely)
        for place in range(chosen):
            aside[place] = row_at(passing.order, aside[place])
        _approach(texts, aside, chosen)
        for place in range(chosen):
            if held == k and likely[place] + rest[i] + slack < heap[0]:
                continue
            row = int(aside[place])
            score = _score(row, texts, asked, slots, rule, best)
            if held < k or score >= heap[0]:
                found, scores = _room(found, scores, done)
                found[done], scores[done] = row, score
                done += 1
                held = _push(heap, held, score)

    lowest = heap[0] if held == k else -1.0
    kept = 0
    for place in range(done):
        if scores[place] >= lowest:
            found[kept], scores[kept] = found[place], scores[place]
            kept += 1
    return _ranked(found[:kept], scores[:kept], k)


@kernel
def _ranked(rows: Array, scores: Array, k: int) -> tuple[Array, Array]:
    """The best `k` by score, ties to the lower row."""
    if len(rows) > 4 * k:  # that many are equal
        by_row = np.argsort(rows)
        rows, scores = rows[by_row], scores[by_row]
        order = highest_first(scores)
    else:
        order = highest_first(scores)
        # Few are equal: they are put in the order of their rows one by one.
        for place in range(1, len(rows)):
            one, to = order[place], place
            while to > 0:
                other = order[to - 1]
                if scores[other] != scores[one] or rows[other] < rows[one]:
                    break
                order[to] = other
                to -= 1
            order[to] = one
    return rows[order[:k]], scores[order[:k]]


@kernel
def _room(found: Array, scores: Array, done: int) -> tuple[Array, Array]:
    """The same arrays, or longer ones where they are full."""
    if done < len(found):
        return found, scores
    more, higher = np.empty(2 * done, np.int64), np.empty(2 * done)
    more[:done], higher[:done] = found, scores
    return more, higher


@kernel
def distinct(rows: Array) -> Array:
    """The rows in order, each once."""
    size = 64
    while size < 2 * len(rows):
        size *= 2
    slots = np.full(size, -1, np.int64)
    found = np.empty(len(rows), np.int64)
    count = 0
    for row in rows:
        at = (row * 0x9E3779B1 >> 7) & (size - 1)
        while slots[at] >= 0 and slots[at] != row:
            at = (at + 1) & (size - 1)
        if slots[at] < 0:
            slots[at] = row
            found[count] = row
            count += 1
    return found[:count]
