"""The kernel that compares one need with its candidates: a row of numbers for each.

What every comparison means is said in `features.py`, whose order the places below follow.
"""

from typing import NamedTuple

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.nearby import (
    Letters,
    Met,
    letters_of,
    met,
    near_texts,
    numbered,
)
from marketplace.matching.kernels.ordering import highest_first, how_many_above
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Named,
    Rule,
    Spelling,
    Texts,
    Words,
)
from marketplace.matching.layout import IN_TITLE

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


class Good(NamedTuple):
    """The distinct trigrams of title i, in `grams[ends[i]:ends[i + 1]]`, and how long it is."""

    grams: Array
    ends: Array
    norms: Array


@kernel
def _compare_words(
    texts: Texts,
    numbers: Array,
    known: Met,
    asked: Asked,
    named: Named,
    rule: Rule,
    matrix: Array,
    found: Array,
) -> tuple[Array, Array]:
    """All that words, sizes and brands say; returns the word scores, and those by title alone."""
    width = len(asked.idf)
    said, anywhere, told = np.zeros(width), np.zeros(width), np.zeros(width)
    side, spelt = np.zeros(width), np.zeros(width)
    count = len(texts.starts)
    scores, by_title = np.zeros(count), np.zeros(count)
    total = max(asked.idf.sum(), 1e-9)
    full = rule.title * (rule.k1 + 1) / (rule.title + rule.k1)
    rarest = max(asked.idf.max(), 1e-9) if width else 1.0
    of_kind, of_variant = np.zeros(_KINDS), np.zeros(_VARIANTS)
    for word in range(width):
        of_kind[named.classes[word]] += 1
        of_variant[named.variants[word]] += 1
    same, same_variant = np.zeros(_KINDS), np.zeros(_VARIANTS)
    most_asked = np.uint64(len(asked.tokens))
    for place in range(count):
        stretch_title = 1 - rule.b + rule.b * texts.title_lengths[place] / texts.average_title
        stretch_body = 1 - rule.b + rule.b * texts.body_lengths[place] / texts.average_body
        in_title = found[place]
        has_kind = has_variant = 0  # a bit for each
        title_idf = title_hit = begins = unlike = filler = 0.0
        leading = 0
        brands = brands_hit = brands_wanted = 0
        start = np.uint64(texts.starts[place])
        for at in range(start, start + np.uint64(texts.lengths[place])):
            # Those with no number are beyond all others then.
            number, field = np.uint64(numbers[at]), np.int64(texts.fields[at])
            weight = asked.weights[number] if number < most_asked else 0.0
            if field & 1:
                idf = known.idf[number]
                title_idf += idf
                title_hit += idf * weight
                has_kind |= 1 << known.classes[number]
                has_variant |= 1 << known.variants[number]
                if leading < _LEADING:
                    leading += 1
                    begins += weight > 0.0
                if weight <= 0.0:
                    unlike += max(-known.partings[number], 0.0)
                    filler += max(known.partings[number], 0.0)
                    if known.is_alike[number]:
                        for word in range(width):
                            if named.outlines[word] == known.outlines[number]:
                                spelt[word] = 1.0
            if field & 2:
                brands += 1
                brands_hit += weight > 0.0
                for one in named.brand:
                    brands_wanted += one == texts.tokens[at]
            if weight <= 0.0:
                continue
            word = asked.word_of[number]
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
                if (has_kind >> kind) & 1 and same[kind] == 0.0:
                    line[at + 1] = 1.0
        for kind in range(1, _VARIANTS):
            if of_variant[kind]:
                share = same_variant[kind] / of_variant[kind]
                line[_VARIANT_SAME] = max(line[_VARIANT_SAME], share)
                if (has_variant >> kind) & 1 and share == 0.0:
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
    ahead = how_many_above(scores[:context], scores + 1e-9)
    for place in range(len(scores)):
        line = matrix[place]
        line[_PLACE] = 1.0 / (1.0 + ahead[place])
        line[_SHARE_OF_BEST] = min(scores[place] / best, 1.0)
        line[_TITLE_SHARE] = min(by_title[place] / highest, 1.0)


@kernel
def _compare_letters(
    near: Texts,
    numbers: Array,
    letters: Letters,
    trigrams: Array,
    rarity: Array,
    order: Array,
    matrix: Array,
    marks: Array,
) -> None:
    """All that the trigrams of titles say: those of each word, one word after the other.

    `order` are the places of the field, best first. `marks` has four places per trigram, zero
    before and after: here whether the need has it, its rarity then, and its rarity in the middle
    of the best.
    """
    good = _good(near, numbers, letters, rarity, order[:_GOOD])
    own = 0.0
    for gram in trigrams:
        marks[gram, 0], marks[gram, 1] = 1.0, rarity[gram]
        own += rarity[gram]
    own = np.sqrt(max(own, 1e-9))
    best = min(_BEST, len(good.norms))
    middle = 0.0
    for place in range(best):
        for at in range(good.ends[place], good.ends[place + 1]):
            marks[good.grams[at], 2] += 1.0 / good.norms[place]
    for place in range(best):
        for at in range(good.ends[place], good.ends[place + 1]):
            # Summed over the best, each trigram comes to its mark squared.
            gram = good.grams[at]
            middle += marks[gram, 2] * rarity[gram] / good.norms[place]
    middle = np.sqrt(max(middle, 1e-9))

    of_words = _of_words(letters, rarity, marks)
    for place in range(len(near.starts)):
        count = shared = shared_rare = near_middle = norm = 0.0
        end = np.uint32(0)
        start = np.uint64(near.starts[place])
        for at in range(start, start + np.uint64(near.lengths[place])):
            if not near.fields[at] & IN_TITLE:
                break
            number = np.uint64(numbers[at])
            said = of_words[number]
            if said[0] == 0.0:
                continue
            if count > 0.0:
                gram = np.uint64(end + letters.opens[number])
                count += 1.0
                norm += rarity[gram]
                shared += marks[gram, 0]
                shared_rare += marks[gram, 1]
                near_middle += marks[gram, 2] * rarity[gram]
            end = letters.ends[number]
            count += said[0]
            norm += said[1]
            shared += said[2]
            shared_rare += said[3]
            near_middle += said[4]
        again = letters.again_starts[place]
        for gram in letters.again[again : again + letters.again_sizes[place]]:
            count -= 1.0
            norm -= rarity[gram]
            shared -= marks[gram, 0]
            shared_rare -= marks[gram, 1]
            near_middle -= marks[gram, 2] * rarity[gram]
        norm = max(norm, 1e-9)
        values = matrix[place]
        values[_SPELLING] = shared / np.sqrt(max(count, 1.0) * max(len(trigrams), 1))
        values[_SPELLING_RARE] = shared_rare / (np.sqrt(norm) * own)
        values[_SPELLING_BACK] = shared_rare / norm
        values[_COMPANY] = near_middle / (np.sqrt(norm) * middle)
    for gram in trigrams:
        marks[gram, 0] = marks[gram, 1] = 0.0
    for gram in good.grams[: good.ends[best]]:
        marks[gram, 2] = 0.0
    _compare_neighbours(good, rarity, order[:_GOOD], matrix, marks)


@kernel
def _of_words(letters: Letters, rarity: Array, marks: Array) -> Array:
    """Of each word how many trigrams it has, how rare all are, and the sums of three marks."""
    said = np.zeros((len(letters.sizes), 5))
    for number in range(len(letters.sizes)):
        norm = one = two = three = 0.0
        begin, size = letters.begins[number], letters.sizes[number]
        for at in range(begin, begin + size):
            gram = np.uint64(letters.grams[at])
            norm += rarity[gram]
            one += marks[gram, 0]
            two += marks[gram, 1]
            three += marks[gram, 2] * rarity[gram]
        line = said[number]
        line[0], line[1], line[2], line[3], line[4] = size, norm, one, two, three
    return said


@kernel
def _good(near: Texts, numbers: Array, letters: Letters, rarity: Array, places: Array) -> Good:
    """The trigrams of some titles."""
    total = 0
    for place in places:
        for at in range(near.starts[place], near.starts[place] + near.lengths[place]):
            if near.fields[at] & IN_TITLE:
                total += int(letters.sizes[numbers[at]]) + 1
    grams = np.empty(total, np.uint16)
    ends, norms = np.zeros(len(places) + 1, np.int64), np.empty(len(places))
    written = 0
    for one in range(len(places)):
        place = places[one]
        end = np.uint32(0)
        norm = 0.0
        for at in range(near.starts[place], near.starts[place] + near.lengths[place]):
            if not near.fields[at] & IN_TITLE:
                break
            number = np.uint64(numbers[at])
            if letters.sizes[number] == 0:
                continue
            if written > ends[one]:
                gram = np.uint16(end + letters.opens[number])
                grams[written] = gram
                norm += rarity[gram]
                written += 1
            end = letters.ends[number]
            for each in range(
                letters.begins[number], letters.begins[number] + letters.sizes[number]
            ):
                gram = letters.grams[each]
                grams[written] = gram
                norm += rarity[gram]
                written += 1
        again = letters.again_starts[place]
        for gram in letters.again[again : again + letters.again_sizes[place]]:
            at = ends[one]
            while grams[at] != gram:
                at += 1
            written -= 1
            grams[at] = grams[written]
            norm -= rarity[gram]
        norms[one], ends[one + 1] = np.sqrt(max(norm, 1e-9)), written
    return Good(grams, ends, norms)


@kernel
def _compare_neighbours(
    good: Good, rarity: Array, places: Array, matrix: Array, marks: Array
) -> None:
    """How each of the `good`, which stand at these places, stands to the others of them.

    Four are looked at together: then the trigrams of another are read once for all four.
    """
    count = len(places)
    nearest, closer = np.zeros(count), np.zeros(count)
    for first in range(0, count, 4):
        last = min(first + 4, count)
        for i in range(first, last):
            for gram in good.grams[good.ends[i] : good.ends[i + 1]]:
                marks[gram, i - first] = rarity[gram]
        for k in range(last - 1):
            shared = _four(good.grams, good.ends[k], good.ends[k + 1], marks)
            two = matrix[places[k]]
            for i in range(max(first, k + 1), last):
                one = matrix[places[i]]
                alike = shared[i - first] / (good.norms[i] * good.norms[k])
                nearest[i], nearest[k] = max(nearest[i], alike), max(nearest[k], alike)
                closer[i] += alike > one[_SPELLING_RARE] + 1e-9
                closer[k] += alike > two[_SPELLING_RARE] + 1e-9
                one[_ECHO] = max(one[_ECHO], min(alike, two[_SPELLING_RARE]))
                two[_ECHO] = max(two[_ECHO], min(alike, one[_SPELLING_RARE]))
        for gram in good.grams[good.ends[first] : good.ends[last]]:
            marks[gram] = 0.0
    for i in range(count):
        line = matrix[places[i]]
        line[_RIVAL_DIFFERS] = max(nearest[i] - line[_SPELLING_RARE], 0.0)
        line[_NEAREST] = 1.0 / (1.0 + closer[i])


@kernel
def _four(grams: Array, first: int, last: int, marks: Array) -> tuple[float, float, float, float]:
    """The sums of all four marks of some trigrams."""
    one = two = three = four = 0.0
    for at in range(np.uint64(first), np.uint64(last)):
        gram = np.uint64(grams[at])
        one += marks[gram, 0]
        two += marks[gram, 1]
        three += marks[gram, 2]
        four += marks[gram, 3]
    return one, two, three, four


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
    `marks` has four places per trigram, zero before and after.
    """
    near = near_texts(texts, rows)
    numbers, tokens = numbered(near, asked)
    letters = letters_of(tokens, rows, spelling)
    matrix = np.zeros((len(rows), FEATURES))
    found = np.zeros((len(rows), len(asked.idf)))
    known = met(tokens, words, named)
    scores, by_title = _compare_words(near, numbers, known, asked, named, rule, matrix, found)
    order = highest_first(scores[:context])
    _place(scores, by_title, order, matrix, context)
    _compare_letters(near, numbers, letters, trigrams, spelling.rarity, order, matrix, marks)
    usual = texts.average_title
    if context:
        usual = 0.0
        for place in order[:_BEST]:
            usual += near.title_lengths[place]
        usual /= min(context, _BEST)
    return matrix, found, usual
