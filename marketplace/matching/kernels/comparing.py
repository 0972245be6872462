"""The kernel that compares one need with its candidates: a row of numbers for each.

What every comparison means is said in `features.py`, whose order the places below follow.
"""

import numpy as np

from marketplace.matching.kernels.asking import table
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.rows import spell, stamped
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Named,
    Rule,
    Spelling,
    Spelt,
    Texts,
    Words,
)
from marketplace.matching.layout import TRIGRAMS

(
    _SPELLING, _SPELLING_RARE, _SPELLING_BACK,
    _WORDS, _WORDS_PLAIN, _WORDS_BACK, _WORDS_ALL, _WORDS_ANYWHERE,
    _RAREST, _BEGINS, _UNLIKE_DIFFERS, _FILLER, _VARIANT_SAME, _VARIANT_DIFFERS,
    _SIZE_SAME, _SIZE_DIFFERS, _MEASURE_SAME, _MEASURE_DIFFERS, _MODEL_SAME, _MODEL_DIFFERS,
    _NUMBER_SAME, _NUMBER_DIFFERS, _BRAND_SAME, _BRAND_DIFFERS, _PLACE, _SHARE_OF_BEST,
    _TITLE_SHARE, _SHARE_OF_SELF, _COMPANY, _ECHO, _RIVAL_DIFFERS, _NEAREST,
    _ARTICLE_SAME, _ARTICLE_DIFFERS, _ARTICLE_TOLD, _OTHERWISE,
) = range(36)  # fmt: skip
FEATURES = 36
# Classes of tokens (`text.TokenClass`), and where their agreement goes; three kinds are sizes.
_KINDS, _ARTICLE = 8, 7
_PLACE_OF_KIND = (
    -1, _NUMBER_SAME, _MODEL_SAME, _SIZE_SAME, _SIZE_SAME, _SIZE_SAME, _MEASURE_SAME, _ARTICLE_SAME,
)  # fmt: skip
_VARIANTS = 6
_BEST, _GOOD, _LEADING = 8, 30, 3


@kernel
def _approach(tokens: Array, spelling: Spelling) -> None:
    """Read a little of what is known of all these words, so that memory fetches it all at once.

    What is read does not matter; it is written where `tokens` has a place that is not used.
    """
    read = np.uint32(0)
    for at in range(len(tokens) - 1):
        read |= spelling.starts[tokens[at]]
    for at in range(len(tokens) - 1):
        start = np.int64(spelling.starts[tokens[at]])
        if start < len(spelling.grams):
            read |= np.uint32(spelling.grams[start])
    tokens[len(tokens) - 1] = read


@kernel
def _title_idf(words: Words, token: int) -> float:
    """How telling a word of a title is; those that nobody asks for count as well."""
    return float(np.log((words.counted + 1) / (words.frequency[token] + 0.5)))


@kernel
def _compare_words(
    texts: Texts,
    words: Words,
    asked: Asked,
    named: Named,
    rows: Array,
    rule: Rule,
    matrix: Array,
    found: Array,
) -> tuple[Array, Array]:
    """All that words, sizes and brands say; returns the word scores, and those by title alone."""
    keys, places = table(asked)
    size = len(keys) - 1
    width = len(asked.idf)
    said, anywhere, told = np.zeros(width), np.zeros(width), np.zeros(width)
    side, spelt = np.zeros(width), np.zeros(width)
    outlines = np.uint64(0)  # a bit for some of them: most outlines of titles are none of these
    for outline in named.outlines:
        outlines |= np.uint64(1) << np.uint64(outline & 63)
    scores, by_title = np.zeros(len(rows)), np.zeros(len(rows))
    total = max(asked.idf.sum(), 1e-9)
    full = rule.title * (rule.k1 + 1) / (rule.title + rule.k1)
    rarest = max(asked.idf.max(), 1e-9) if width else 1.0
    of_kind, of_variant = np.zeros(_KINDS), np.zeros(_VARIANTS)
    for word in range(width):
        of_kind[named.classes[word]] += 1
        of_variant[named.variants[word]] += 1
    telling = np.empty(len(asked.tokens))
    for j in range(len(asked.tokens)):
        telling[j] = _title_idf(words, asked.tokens[j])
    has_kind, has_variant = np.zeros(_KINDS, np.bool_), np.zeros(_VARIANTS, np.bool_)
    same, same_variant = np.zeros(_KINDS), np.zeros(_VARIANTS)
    for place in range(len(rows)):
        row = rows[place]
        stretch_title = 1 - rule.b + rule.b * texts.title_lengths[row] / texts.average_title
        stretch_body = 1 - rule.b + rule.b * texts.body_lengths[row] / texts.average_body
        in_title = found[place]
        has_kind[:] = False
        has_variant[:] = False
        title_idf = title_hit = begins = unlike = filler = 0.0
        leading = 0
        brands = brands_hit = brands_wanted = 0
        for at in range(texts.starts[row], texts.starts[row] + texts.lengths[row]):
            token, field = texts.tokens[at], np.int64(texts.fields[at])
            slot = np.int64(token) & size
            while places[slot] >= 0 and keys[slot] != token:
                slot = (slot + 1) & size
            j = places[slot]
            weight = asked.weights[j] if j >= 0 else 0.0
            if field & 1:
                idf = telling[j] if j >= 0 else _title_idf(words, token)
                title_idf += idf
                title_hit += idf * weight
                has_kind[words.classes[token]] = True
                has_variant[words.variants[token]] = True
                if leading < _LEADING:
                    leading += 1
                    begins += weight > 0.0
                if weight <= 0.0:
                    unlike += max(-words.partings[token], 0.0)
                    filler += max(words.partings[token], 0.0)
                    outline = words.outlines[token]
                    if outline and (outlines >> np.uint64(outline & 63)) & np.uint64(1):
                        for word in range(width):
                            if named.outlines[word] == outline:
                                spelt[word] = 1.0
            if field & 2:
                brands += 1
                brands_hit += weight > 0.0
                for one in named.brand:
                    brands_wanted += one == token
            if weight <= 0.0:
                continue
            word = asked.word_of[j]
            once = 0.0
            if field & 1:
                in_title[word] = max(in_title[word], weight)
                anywhere[word] = max(anywhere[word], weight)
                once += rule.title * ((field >> 4) & 63) / stretch_title
            if field & 6:
                side[word] = max(side[word], weight)
                anywhere[word] = max(anywhere[word], weight)
                once += rule.side
            if field & 8:
                told[word] = 1.0
                anywhere[word] = max(anywhere[word], min(weight * (field >> 10), 1.0))
                once += (field >> 10) / stretch_body
            said[word] = max(said[word], weight * once)
        score = of_title = hit = plain = wide = rare = otherwise = 0.0
        lacking = 0
        same[:] = 0.0
        same_variant[:] = 0.0
        turn = (rule.k1 + 1) / (1 + rule.k1 * stretch_title)
        for word in range(width):
            idf = asked.idf[word]
            score += idf * said[word] * (rule.k1 + 1) / (said[word] + rule.k1)
            of_title += idf * (in_title[word] * turn + 0.5 * side[word] + 0.125 * told[word])
            hit += idf * in_title[word]
            plain += in_title[word]
            wide += idf * anywhere[word]
            if in_title[word] > 0.0:
                rare = max(rare, idf)
            else:
                lacking += 1
                otherwise += idf * spelt[word]
                unlike += max(-named.partings[word], 0.0)
                filler += max(named.partings[word], 0.0)
            if named.classes[word] == _ARTICLE:
                matrix[place, _ARTICLE_TOLD] = max(matrix[place, _ARTICLE_TOLD], told[word])
            same[named.classes[word]] += in_title[word]
            same_variant[named.variants[word]] += in_title[word]
            said[word] = anywhere[word] = told[word] = side[word] = spelt[word] = 0.0
        scores[place], by_title[place] = score, of_title
        line = matrix[place]
        line[_WORDS] = hit / total
        line[_WORDS_PLAIN] = plain / max(width, 1)
        line[_WORDS_BACK] = title_hit / max(title_idf, 1e-9)
        line[_WORDS_ALL] = 1.0 if width > 0 and lacking == 0 else 0.0
        line[_WORDS_ANYWHERE] = wide / total
        line[_OTHERWISE] = otherwise / total
        line[_RAREST] = rare / rarest
        line[_BEGINS] = begins / _LEADING
        line[_UNLIKE_DIFFERS], line[_FILLER] = unlike, filler
        line[_SHARE_OF_SELF] = min(score / (total * full), 1.0)
        for kind in range(1, _KINDS):
            if of_kind[kind]:
                at = _PLACE_OF_KIND[kind]
                line[at] = max(line[at], same[kind] / of_kind[kind])
                if has_kind[kind] and same[kind] == 0.0:
                    line[at + 1] = 1.0
        for kind in range(1, _VARIANTS):
            if of_variant[kind]:
                share = same_variant[kind] / of_variant[kind]
                line[_VARIANT_SAME] = max(line[_VARIANT_SAME], share)
                if has_variant[kind] and share == 0.0:
                    line[_VARIANT_DIFFERS] = 1.0
        if brands:
            agrees = brands_wanted > 0 if len(named.brand) else brands_hit >= brands
            line[_BRAND_SAME] = 1.0 if agrees else 0.0
            line[_BRAND_DIFFERS] = 1.0 if len(named.brand) and not agrees else 0.0
    return scores, by_title


@kernel
def _place(scores: Array, by_title: Array, order: Array, matrix: Array, context: int) -> None:
    """Where each candidate stands in the field of the first `context`; `order` is best first."""
    best = max(scores[order[0]], 1e-9) if context else 1e-9
    highest = 1e-9
    for place in range(context):
        highest = max(highest, by_title[place])
    for place in range(len(scores)):
        low, high = 0, context
        while low < high:
            middle = (low + high) >> 1
            if scores[order[middle]] > scores[place] + 1e-9:
                low = middle + 1
            else:
                high = middle
        line = matrix[place]
        line[_PLACE] = 1.0 / (1.0 + low)
        line[_SHARE_OF_BEST] = min(scores[place] / best, 1.0)
        line[_TITLE_SHARE] = min(by_title[place] / highest, 1.0)


@kernel
def _summed(marks: Array, grams: Array, start: int, end: int) -> float:
    """The marks of some trigrams. Four sums at once: each addition waits for the one before."""
    one = two = three = four = 0.0
    at = start
    while at + 4 <= end:
        one += marks[grams[at]]
        two += marks[grams[at + 1]]
        three += marks[grams[at + 2]]
        four += marks[grams[at + 3]]
        at += 4
    while at < end:
        one += marks[grams[at]]
        at += 1
    return (one + two) + (three + four)


@kernel
def _shared(spelt: Spelt, marks: Array, start: int, end: int) -> tuple[float, float, float]:
    """Of some trigrams how many are marked, how rare those are, and how rare all are."""
    one = two = rare_one = rare_two = norm_one = norm_two = 0.0
    at = start
    while at + 2 <= end:
        gram, other = spelt.grams[at], spelt.grams[at + 1]
        mark, rarity = marks[gram], spelt.rarity[gram]
        other_mark, other_rarity = marks[other], spelt.rarity[other]
        one += mark
        two += other_mark
        rare_one += mark * rarity
        rare_two += other_mark * other_rarity
        norm_one += rarity
        norm_two += other_rarity
        at += 2
    if at < end:
        gram = spelt.grams[at]
        one += marks[gram]
        rare_one += marks[gram] * spelt.rarity[gram]
        norm_one += spelt.rarity[gram]
    return one + two, rare_one + rare_two, norm_one + norm_two


@kernel
def _compare_letters(
    spelt: Spelt, asked: Array, rows: Array, order: Array, matrix: Array, marks: Array
) -> None:
    """All that the trigrams of titles say. `marks` has a place per trigram, zero before and after.

    `order` are the places of the field, best first.
    """
    count = len(rows)
    norms = np.empty(count)
    own = 0.0
    for gram in asked:
        marks[gram] = 1.0
        own += spelt.rarity[gram]
    own = np.sqrt(max(own, 1e-9))
    for place in range(count):
        row = rows[place]
        start, length = spelt.starts[row], spelt.lengths[row]
        shared, shared_rare, norm = _shared(spelt, marks, start, start + length)
        norms[place] = np.sqrt(max(norm, 1e-9))
        line = matrix[place]
        line[_SPELLING] = shared / np.sqrt(max(length, 1) * max(len(asked), 1))
        line[_SPELLING_RARE] = shared_rare / (norms[place] * own)
        line[_SPELLING_BACK] = shared_rare / max(norm, 1e-9)
    marks[asked] = 0.0

    best = order[:_BEST]
    total = 0
    for place in best:
        total += spelt.lengths[rows[place]]
    told = np.empty(total, np.uint16)
    marked = 0
    middle = 0.0
    for place in best:
        row = rows[place]
        for at in range(spelt.starts[row], spelt.starts[row] + spelt.lengths[row]):
            gram = spelt.grams[at]
            if marks[gram] == 0.0:
                told[marked] = gram
                marked += 1
            marks[gram] += 1.0 / norms[place]
    for place in best:
        row = rows[place]
        for at in range(spelt.starts[row], spelt.starts[row] + spelt.lengths[row]):
            # Summed over the best, each trigram comes to its mark squared.
            gram = spelt.grams[at]
            middle += marks[gram] * spelt.rarity[gram] / norms[place]
    middle = np.sqrt(max(middle, 1e-9))
    for gram in told[:marked]:
        marks[gram] *= spelt.rarity[gram]
    for place in range(count):
        row = rows[place]
        start = spelt.starts[row]
        near = _summed(marks, spelt.grams, start, start + spelt.lengths[row])
        matrix[place, _COMPANY] = near / (norms[place] * middle)
    marks[told[:marked]] = 0.0
    _compare_neighbours(spelt, rows, order[:_GOOD], norms, matrix, marks)


@kernel
def _compare_neighbours(
    spelt: Spelt, rows: Array, good: Array, norms: Array, matrix: Array, marks: Array
) -> None:
    """How each of the `good` stands to the others of them."""
    nearest = np.zeros(len(good))
    closer = np.zeros(len(good))
    for i in range(len(good)):
        row = rows[good[i]]
        for at in range(spelt.starts[row], spelt.starts[row] + spelt.lengths[row]):
            marks[spelt.grams[at]] = spelt.rarity[spelt.grams[at]]
        near = matrix[good[i], _SPELLING_RARE]
        for k in range(i):
            other = rows[good[k]]
            start = spelt.starts[other]
            alike = _summed(marks, spelt.grams, start, start + spelt.lengths[other])
            alike /= norms[good[i]] * norms[good[k]]
            nearest[i], nearest[k] = max(nearest[i], alike), max(nearest[k], alike)
            one, two = matrix[good[i]], matrix[good[k]]
            closer[i] += alike > near + 1e-9
            closer[k] += alike > two[_SPELLING_RARE] + 1e-9
            one[_ECHO] = max(one[_ECHO], min(alike, two[_SPELLING_RARE]))
            two[_ECHO] = max(two[_ECHO], min(alike, near))
        for at in range(spelt.starts[row], spelt.starts[row] + spelt.lengths[row]):
            marks[spelt.grams[at]] = 0.0
    for i in range(len(good)):
        line = matrix[good[i]]
        line[_RIVAL_DIFFERS] = max(nearest[i] - line[_SPELLING_RARE], 0.0)
        line[_NEAREST] = 1.0 / (1.0 + closer[i])


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
    copied = np.zeros(total + 1, flat.dtype)
    line = 64 // flat.itemsize
    for place in range(len(rows)):
        # Asks for all of them before the first is needed; what is read here does not matter.
        for at in range(begins[place], begins[place] + size[place], line):
            copied[total] |= flat[at]
    for place in range(len(rows)):
        begin, end = begins[place], ends[place]
        first = end - size[place]
        copied[first:end] = flat[begin : begin + size[place]]
    return copied, ends - size, size


@kernel
def _near_texts(texts: Texts, rows: Array) -> Texts:
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
def _spelt(near: Texts, spelling: Spelling) -> Spelt:
    """The trigrams of titles. They are made here: kept, they would be a fifth of all memory."""
    count = len(near.starts)
    total = 8
    for at in range(len(near.tokens) - 1):
        total += int(spelling.sizes[near.tokens[at]]) + 1
    grams, starts, lengths = np.empty(total, np.uint16), np.empty(count, np.int64), near.starts * 0
    stamps = np.empty(TRIGRAMS, np.uint8)
    written = 0
    for place in range(count):
        starts[place] = written
        first = near.starts[place]
        written = spell(
            near.tokens, near.fields, first, first + near.lengths[place],
            spelling.grams, spelling.starts, spelling.sizes,
            stamps, stamped(stamps, place), grams, written,
        )  # fmt: skip
        lengths[place] = written - starts[place]
    return Spelt(grams, starts, lengths, spelling.rarity)


@kernel
def compare(
    texts: Texts,
    words: Words,
    spelling: Spelling,
    asked: Asked,
    named: Named,
    trigrams: Array,
    rows: Array,
    context: int,
    rule: Rule,
    marks: Array,
) -> tuple[Array, Array, float]:
    """Candidates x FEATURES; candidates x words, how surely the title has each; and a length.

    The first `context` rows are the field; the length is the usual one of the titles of its best.
    """
    near, places = _near_texts(texts, rows), np.arange(len(rows))
    _approach(near.tokens, spelling)
    letters = _spelt(near, spelling)
    matrix = np.zeros((len(rows), FEATURES))
    found = np.zeros((len(rows), len(asked.idf)))
    scores, by_title = _compare_words(near, words, asked, named, places, rule, matrix, found)
    order = np.argsort(-scores[:context], kind="mergesort")
    _place(scores, by_title, order, matrix, context)
    _compare_letters(letters, trigrams, places, order, matrix, marks)
    usual = texts.average_title
    if context:
        usual = 0.0
        for place in order[:_BEST]:
            usual += near.title_lengths[place]
        usual /= min(context, _BEST)
    return matrix, found, usual
