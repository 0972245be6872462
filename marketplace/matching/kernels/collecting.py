"""Kernels that find the best rows for a question in inverted lists.

The score is BM25F as `features.py` has it: what title, brand, category and description say of a
word is added up before it saturates. What a row says of a word changes little, so the sum of the
words it lacks bounds it well, and most lists are never read.
"""

import numpy as np

from marketplace.matching.kernels.asking import table
from marketplace.matching.kernels.jit import kernel
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


@kernel
def _weigh(share: float, weight: float, k1: float) -> float:
    """The saturated share of a word that counts only `weight` of itself."""
    if weight >= 1.0 or share <= 0.0:
        return share
    said = weight * k1 * share / max(1.0 - share, 1e-6)
    return said / (said + k1)


@kernel
def _score(
    row: int, texts: Texts, asked: Asked, keys: Array, places: Array, rule: Rule, best: Array
) -> float:
    """The row's score from its text. `best` has a place per word, zero before and after.

    Where several of its tokens stand for one word, the one that says most counts.
    """
    size = len(keys) - 1
    stretch_title = 1 - rule.b + rule.b * texts.title_lengths[row] / texts.average_title
    stretch_body = 1 - rule.b + rule.b * texts.body_lengths[row] / texts.average_body
    hit = False
    start = np.int64(texts.starts[row])
    for at in range(start, start + texts.lengths[row]):
        token = texts.tokens[at]
        slot = np.int64(token) & size
        while places[slot] >= 0 and keys[slot] != token:
            slot = (slot + 1) & size
        j = places[slot]
        if j < 0:
            continue
        hit = True
        field = np.int64(texts.fields[at])
        said = 0.0
        if field & 1:
            said += rule.title * ((field >> 4) & 63) / stretch_title
        if field & 6:
            said += rule.side
        if field & 8:
            said += (field >> 10) / stretch_body
        word = asked.word_of[j]
        best[word] = max(best[word], asked.weights[j] * said)
    total = 0.0
    if hit:
        for word in range(len(asked.idf)):
            said = best[word]
            best[word] = 0.0
            total += asked.idf[word] * said * (rule.k1 + 1) / (said + rule.k1)
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
def _is_in(row: int, bits: Array) -> bool:
    """Is this row in a mask? Rows that came after it was made are not."""
    at = np.int64(row) >> 3
    return bool(at < len(bits) and (bits[at] >> (np.int64(row) & 7)) & 1)


@kernel
def _passes(row: int, passing: Passing) -> bool:
    """May this row be found?"""
    if len(passing.bits) and not _is_in(row, passing.bits):
        return False
    if len(passing.alive) == 0:
        return True
    return bool(row < len(passing.alive) and passing.alive[row])


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
def _listed(
    lists: Lists,
    token: int,
    weight: float,
    most: float,
    k1: float,
    passing: Passing,
    rows: Array,
    values: Array,
    count: int,
) -> int:
    """Write the rows of one list that pass, and what each gets of `most`, behind the first `count`.

    Returns how many there are then.
    """
    if token >= len(lists.tops):
        return count
    masked, mortal = len(passing.bits) > 0, len(passing.alive) > 0
    for at in range(lists.offsets[token], lists.offsets[token + 1]):
        row = lists.rows[at]
        if masked and not _is_in(row, passing.bits):
            continue
        if mortal and not (row < len(passing.alive) and passing.alive[row]):
            continue
        share = lists.impacts[at] / STEPS
        rows[count] = row
        values[count] = most * (share if weight >= 1.0 else _weigh(share, weight, k1))
        count += 1
    return count


@kernel
def _merged(
    rows: Array,
    sums: Array,
    count: int,
    more: Array,
    values: Array,
    others: int,
    into: Array,
    results: Array,
    best: bool,
) -> int:
    """Two ascending lists of rows as one; who is in both gets the sum, or the best of its values.

    Nothing here is decided by a jump that depends on the rows: no processor foresees those.
    """
    i = j = written = 0
    while i < count and j < others:
        left, right = rows[i], more[j]
        is_left, is_right = left <= right, right <= left
        one = sums[i] if is_left else np.float32(0.0)
        two = values[j] if is_right else np.float32(0.0)
        into[written] = min(left, right)
        results[written] = max(one, two) if best else one + two
        written += 1
        i += is_left
        j += is_right
    for at in range(i, count):
        into[written], results[written] = rows[at], sums[at]
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
    scratch: Scratch,
    count: int,
    turn: int,
) -> tuple[int, int]:
    """Add all rows of a word to the `count` of `turn`; returns how many there are and their turn.

    A row that has several tokens of the word counts the best of them.
    """
    most = asked.idf[word] * (rule.k1 + 1)
    # Of the four lists there is room for, two are the sums so far and as they will be.
    kept, spare = 2, 3
    held = 0
    for j in range(len(asked.tokens)):
        if asked.word_of[j] != word:
            continue
        into = spare if held else kept
        new = 0
        # What came late has the higher rows: both lists together are still ascending.
        for lists in (main, late):
            new = _listed(
                lists, asked.tokens[j], asked.weights[j], most, rule.k1, passing,
                scratch.rows[into], scratch.values[into], new,
            )  # fmt: skip
        if held:
            held = _merged(
                scratch.rows[kept], scratch.values[kept], held,
                scratch.rows[spare], scratch.values[spare], new,
                scratch.rows[1 - turn], scratch.values[1 - turn], True,
            )  # fmt: skip
            scratch.rows[kept, :held] = scratch.rows[1 - turn, :held]
            scratch.values[kept, :held] = scratch.values[1 - turn, :held]
        else:
            held = new
    count = _merged(
        scratch.rows[turn], scratch.values[turn], count,
        scratch.rows[kept], scratch.values[kept], held,
        scratch.rows[1 - turn], scratch.values[1 - turn], False,
    )  # fmt: skip
    return count, 1 - turn


@kernel
def _sought(
    lists: Lists,
    token: int,
    weight: float,
    most: float,
    k1: float,
    rows: Array,
    count: int,
    values: Array,
) -> None:
    """Raise `values` of those of the first `count` rows that a list has, seeking each of them."""
    at, end = lists.offsets[token], lists.offsets[token + 1]
    for place in range(count):
        row = rows[place]
        # In ever longer steps until it is passed, then halving the last one.
        step = 1
        low = at
        while at < end and lists.rows[at] < row:
            low = at + 1
            at += step
            step *= 2
        high = min(at, end)
        while low < high:
            middle = (low + high) >> 1
            if lists.rows[middle] < row:
                low = middle + 1
            else:
                high = middle
        at = low
        if at >= end:
            return
        if lists.rows[at] == row:
            share = lists.impacts[at] / STEPS
            value = most * (share if weight >= 1.0 else _weigh(share, weight, k1))
            values[place] = max(values[place], np.float32(value))


@kernel
def _mark(rows: Array, count: int, bits: Array) -> None:
    """Turn over a bit for each row: on where it is off, off where it is on."""
    for place in range(count):
        row = rows[place]
        bits[row >> 3] ^= np.uint8(1 << (row & 7))


@kernel
def _scanned(
    lists: Lists,
    token: int,
    weight: float,
    most: float,
    k1: float,
    rows: Array,
    count: int,
    values: Array,
    bits: Array,
    hits: Array,
) -> None:
    """`_sought` by reading the whole list; `bits` are on for the rows. `hits` is scratch."""
    met = 0
    for at in range(lists.offsets[token], lists.offsets[token + 1]):
        row = lists.rows[at]
        hits[met] = at
        met += (bits[row >> 3] >> (row & 7)) & 1
    place = 0
    for one in range(met):
        at = hits[one]
        row = lists.rows[at]
        while rows[place] < row:
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
    rows: Array,
    sums: Array,
    count: int,
    values: Array,
    scratch: Scratch,
) -> None:
    """Add what a word says of the first `count` rows; `values` is scratch."""
    values[:count] = 0.0
    most = asked.idf[word] * (rule.k1 + 1)
    marked = False
    for j in range(len(asked.tokens)):
        if asked.word_of[j] != word:
            continue
        token = asked.tokens[j]
        for lists in (main, late):
            if token >= len(lists.tops):
                continue
            postings = lists.offsets[token + 1] - lists.offsets[token]
            if count * _SEEK_COST < postings:
                _sought(lists, token, asked.weights[j], most, rule.k1, rows, count, values)
                continue
            if not marked:
                marked = True
                _mark(rows, count, scratch.bits)
            _scanned(
                lists, token, asked.weights[j], most, rule.k1, rows, count, values,
                scratch.bits, scratch.hits,
            )  # fmt: skip
    if marked:
        _mark(rows, count, scratch.bits)
    for place in range(count):
        sums[place] += values[place]


@kernel
def _bounds(asked: Asked, main: Lists, late: Lists, rule: Rule) -> tuple[Array, Array]:
    """The most every word can add, and how many postings it has."""
    most = np.zeros(len(asked.idf))
    postings = np.zeros(len(asked.idf), np.int64)
    for j in range(len(asked.tokens)):
        word, token = asked.word_of[j], asked.tokens[j]
        for lists in (main, late):
            if token < len(lists.tops):
                share = _weigh(lists.tops[token] / STEPS, asked.weights[j], rule.k1)
                most[word] = max(most[word], asked.idf[word] * (rule.k1 + 1) * share)
                postings[word] += lists.offsets[token + 1] - lists.offsets[token]
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
def _still(rows: Array, sums: Array, count: int, least: float) -> int:
    """Keep of the first `count` rows those with a sum of at least `least`; how many these are.

    Those already scored have a sum below zero, and go.
    """
    kept = 0
    for place in range(count):
        row, value = rows[place], sums[place]
        rows[kept], sums[kept] = row, value
        kept += (value >= least) & (value > 0.0)
    return kept


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
    keys, places = table(asked)
    best = np.zeros(len(asked.idf))
    most, postings = _bounds(asked, main, late, rule)
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
        score = _score(row, texts, asked, keys, places, rule, best)
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
            count, turn = _met(word, asked, main, late, rule, passing, scratch, count, turn)
        else:
            met, sums = scratch.rows[turn], scratch.values[turn]
            count = _still(met, sums, count, sure - rest[i] - slack)
            if (count - k) * _ROW_COST < min(postings[word], count * _FIND_COST):
                break
            _looked_up(
                word, asked, main, late, rule, met, sums, count, scratch.values[1 - turn], scratch
            )
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
                aside = scratch.rows[1 - turn]
                for place in range(count):
                    if sums[place] >= sure + slack and chosen < 2 * k:
                        aside[chosen] = scratch.rows[turn, place]
                        sums[place] = -np.inf
                        chosen += 1
                _approach(texts, aside, chosen)
                for place in range(chosen):
                    row = int(aside[place])
                    score = _score(row, texts, asked, keys, places, rule, best)
                    found, scores = _room(found, scores, done)
                    found[done], scores[done] = row, score
                    done += 1
                    held = _push(heap, held, score)

    # What is left is scored from the texts, the likeliest first.
    met, sums = scratch.rows[turn], scratch.values[turn]
    aside, likely = scratch.rows[1 - turn], scratch.values[1 - turn]
    first = _sure_of(sums, count, scores, done, k, rest[0], slack)
    for least in (first + slack, 0.0):
        chosen = 0
        for place in range(count):
            value = sums[place]
            is_likely = value > 0.0 and value >= least
            if is_likely and (held < k or value + rest[i] + slack >= heap[0]):
                aside[chosen], likely[chosen] = met[place], value
                sums[place] = 0.0
                chosen += 1
        _approach(texts, aside, chosen)
        for place in range(chosen):
            if held == k and likely[place] + rest[i] + slack < heap[0]:
                continue
            row = int(aside[place])
            score = _score(row, texts, asked, keys, places, rule, best)
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
        order = np.argsort(-scores, kind="mergesort")
    else:
        order = np.argsort(-scores)
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
