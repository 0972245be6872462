"""Kernels that find the best rows for a question in inverted lists.

The score is BM25F as `features.py` has it: what title, brand, category and description say of a
word is added up before it saturates. What a row says of a word changes little, so the sum of the
words it lacks bounds it well, and most lists are never read.
"""

import numpy as np

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

_BUCKETS = 1024
# What it costs to score a row from its text, in postings read.
_ROW_COST = 48


@kernel
def _weigh(share: float, weight: float, k1: float) -> float:
    """The saturated share of a word that counts only `weight` of itself."""
    if weight >= 1.0 or share <= 0.0:
        return share
    said = weight * k1 * share / max(1.0 - share, 1e-6)
    return said / (said + k1)


@kernel
def _table(asked: Asked) -> tuple[Array, Array]:
    """The question's tokens in a small hash: keys, and which of them (-1 where free)."""
    size = 64
    while size < 4 * len(asked.tokens):
        size *= 2
    keys = np.zeros(size, np.uint32)
    places = np.full(size, -1, np.int32)
    for j in range(len(asked.tokens)):
        at = asked.tokens[j] & (size - 1)
        while places[at] >= 0:
            at = (at + 1) & (size - 1)
        keys[at] = asked.tokens[j]
        places[at] = j
    return keys, places


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
    start = texts.starts[row]
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
        start = texts.starts[rows[place]]
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
def _add(
    lists: Lists,
    token: int,
    weight: float,
    idf: float,
    k1: float,
    sums: Array,
    touched: Array,
    count: int,
    passing: Passing,
    old_only: bool,
) -> int:
    """Add one list to the sums; rows met for the first time join `touched`, if they pass."""
    if token >= len(lists.tops):
        return count
    unit = idf * (k1 + 1) / STEPS
    masked = len(passing.bits) > 0
    for at in range(lists.offsets[token], lists.offsets[token + 1]):
        row = lists.rows[at]
        # Asked first: a mask lies in the cache and lets few pass, the sums lie far apart.
        if masked and not _is_in(row, passing.bits):
            continue
        before = sums[row]
        if before == 0.0:
            if old_only or not _passes(row, passing):
                continue
            touched[count] = row
            count += 1
        if weight >= 1.0:
            sums[row] = before + np.float32(unit * lists.impacts[at])
        else:
            share = _weigh(lists.impacts[at] / STEPS, weight, k1)
            sums[row] = before + np.float32(idf * (k1 + 1) * share)
    return count


@kernel
def _add_word(
    word: int,
    asked: Asked,
    main: Lists,
    late: Lists,
    rule: Rule,
    scratch: Scratch,
    count: int,
    passing: Passing,
    old_only: bool,
) -> int:
    """Add all lists of a word; a row that has several of its tokens counts the best."""
    tokens = 0
    for j in range(len(asked.tokens)):
        tokens += asked.word_of[j] == word
    sums, touched = scratch.sums, scratch.touched
    idf = asked.idf[word]
    if tokens == 1:
        for j in range(len(asked.tokens)):
            if asked.word_of[j] == word:
                for lists in (main, late):
                    count = _add(
                        lists, asked.tokens[j], asked.weights[j], idf, rule.k1,
                        sums, touched, count, passing, old_only,
                    )  # fmt: skip
        return count
    other, aside = scratch.other, scratch.aside
    masked = len(passing.bits) > 0
    met = 0
    for j in range(len(asked.tokens)):
        if asked.word_of[j] != word:
            continue
        for lists in (main, late):
            if asked.tokens[j] >= len(lists.tops):
                continue
            token = asked.tokens[j]
            for at in range(lists.offsets[token], lists.offsets[token + 1]):
                row = lists.rows[at]
                if masked and not _is_in(row, passing.bits):
                    continue
                share = _weigh(lists.impacts[at] / STEPS, asked.weights[j], rule.k1)
                value = np.float32(idf * (rule.k1 + 1) * share)
                if other[row] == 0.0:
                    aside[met] = row
                    met += 1
                if value > other[row]:
                    other[row] = value
    for place in range(met):
        row = aside[place]
        value = other[row]
        other[row] = 0.0
        if sums[row] == 0.0:
            if old_only or not _passes(row, passing):
                continue
            touched[count] = row
            count += 1
        sums[row] += value
    return count


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
    scratch: Scratch, count: int, scores: Array, done: int, k: int, most: float, slack: float
) -> float:
    """A score that at least `k` rows are sure to reach, from their sums so far; 0 if unknown."""
    if count + done < k or most <= 0.0:
        return 0.0
    histogram = np.zeros(_BUCKETS + 1, np.int64)
    scale = _BUCKETS / most
    for place in range(count):
        value = scratch.sums[scratch.touched[place]]
        if value > 0.0:
            histogram[min(int(value * scale), _BUCKETS)] += 1
    for place in range(done):
        histogram[min(int(scores[place] * scale), _BUCKETS)] += 1
    found = 0
    bucket = _BUCKETS
    while bucket > 0:
        found += histogram[bucket]
        if found >= k:
            break
        bucket -= 1
    return bucket / scale - slack if found >= k else 0.0


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

    Lists are read from the most telling word on. Once `k` rows are sure to have more than all
    words still unread can give, no new row is met; what is left is read only as long as that is
    cheaper than to score the rows in question from their texts. Rows from `inverted` on are in no
    list and are scored from their texts. Ties go to the lower row.
    """
    keys, places = _table(asked)
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

    sums, touched, aside = scratch.sums, scratch.touched, scratch.aside
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

    count = 0
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
        if not opened:
            kept = 0
            for place in range(count):
                row = touched[place]
                value = sums[row]
                if value + rest[i] + slack >= sure and value > 0.0:
                    touched[kept] = row
                    kept += 1
                elif value > 0.0:
                    sums[row] = 0.0
            count = kept
            if count * _ROW_COST < postings[word]:
                break
        count = _add_word(word, asked, main, late, rule, scratch, count, passing, not opened)
        i += 1
        if rest[0] - rest[i] > rest[i]:
            sure = max(sure, _sure_of(scratch, count, scores, done, k, rest[0], slack))
            if (
                not tried
                and i < words
                and sure <= rest[i] + slack
                and postings[order[i]] > 4 * k * _ROW_COST
                and count >= k
            ):
                # The best so far, scored in full, often show that the long lists need no reading.
                tried = True
                chosen = 0
                for place in range(count):
                    if sums[touched[place]] >= sure + slack and chosen < 2 * k:
                        aside[chosen] = touched[place]
                        chosen += 1
                _approach(texts, aside, chosen)
                for place in range(chosen):
                    row = aside[place]
                    score = _score(row, texts, asked, keys, places, rule, best)
                    found, scores = _room(found, scores, done)
                    found[done], scores[done] = row, score
                    done += 1
                    held = _push(heap, held, score)
                    sums[row] = -np.inf

    # What is left is scored from the texts, the likeliest first.
    first = _sure_of(scratch, count, scores, done, k, rest[0], slack)
    for least in (first + slack, 0.0):
        chosen = 0
        for place in range(count):
            row = touched[place]
            value = sums[row]
            likely = value > 0.0 and value >= least
            if likely and (held < k or value + rest[i] + slack >= heap[0]):
                aside[chosen] = row
                chosen += 1
        _approach(texts, aside, chosen)
        for place in range(chosen):
            row = aside[place]
            value = sums[row]
            sums[row] = 0.0
            if held == k and value + rest[i] + slack < heap[0]:
                continue
            score = _score(row, texts, asked, keys, places, rule, best)
            if held < k or score >= heap[0]:
                found, scores = _room(found, scores, done)
                found[done], scores[done] = row, score
                done += 1
                held = _push(heap, held, score)
    for place in range(count):
        sums[touched[place]] = 0.0
    for place in range(done):
        sums[found[place]] = 0.0

    lowest = heap[0] if held == k else -1.0
    kept = 0
    for place in range(done):
        if scores[place] >= lowest:
            found[kept], scores[kept] = found[place], scores[place]
            kept += 1
    by_row = np.argsort(found[:kept])
    found, scores = found[:kept][by_row], scores[:kept][by_row]
    ranked = np.argsort(-scores, kind="mergesort")[:k]
    return found[ranked], scores[ranked]


@kernel
def _room(found: Array, scores: Array, done: int) -> tuple[Array, Array]:
    """The same arrays, or longer ones where they are full."""
    if done < len(found):
        return found, scores
    more, higher = np.empty(2 * done, np.int64), np.empty(2 * done)
    more[:done], higher[:done] = found, scores
    return more, higher
