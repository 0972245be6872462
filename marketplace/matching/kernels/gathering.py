"""The kernels that ask a catalogue one need: who is collected, compared and rated, in one call.

Arguments lie in plain tuples, which hold what the named ones of `shapes.py` do in the same order:
handing over a named tuple costs five times as much, and a question is over in a millisecond.
"""

from typing import NamedTuple

import numpy as np

from marketplace.matching.kernels.asking import unpack
from marketplace.matching.kernels.collecting import collect, distinct
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.scoring import rate
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Field,
    Lent,
    Lists,
    Model,
    Need,
    Passing,
    Rule,
    Scratch,
    Sieve,
    Spelling,
    Texts,
    Words,
)


class Gathered(NamedTuple):
    """Candidates as `candidates.gather` has them, and all that `scoring.rate` says of them.

    `ranked` is how many of them compete for the best places, `field` how many everyone is measured
    against; `surest` the highest confidence among those.
    """

    rows: Array
    ranked: int
    field: int
    matrix: Array
    told: Array
    like: float
    points: Array
    scores: Array
    sure: Array
    surest: float


class Listed(NamedTuple):
    """All that collecting reads, and room for it: a catalogue's texts and lists, one question."""

    texts: Texts
    first: Lists
    late: Lists
    listed: int
    order: Array
    mortal: bool
    alive: Array
    asked: Asked
    rule: Rule
    scratch: Scratch


@kernel
def _met(known: Listed, rows: int, sieve: Sieve, k: int) -> Array:
    if len(known.asked.tokens) == 0 or rows == 0:
        return np.empty(0, np.int64)
    passing = Passing(sieve, known.alive, known.mortal, known.order)
    return collect(
        known.texts, known.first, known.late, known.listed, rows, passing,
        known.asked, known.rule, k, known.scratch,
    )[0]  # fmt: skip


@kernel
def gather(known: Lent, room: Lent, weights: Lent, need: Lent, field_of: Lent) -> Gathered:
    """Collect, compare and rate the candidates of one need.

    `known` is all that is known of the catalogue and `room` the room of this thread, as
    `Catalogue.lent` puts them; the others are what `Model`, `Need` and `Field` hold.
    """
    (
        in_texts,
        averages,
        first,
        late,
        listed,
        order,
        mortal,
        of_words,
        of_trigrams,
        rules,
        alive,
        rows,
    ) = known
    texts, words, rule = Texts(*in_texts), Words(*of_words), Rule(*rules)
    scratch, marks = room
    wanted = Field(*field_of)
    asked, named, trigrams = unpack(Need(*need), words)
    as_listed = Texts(
        texts.tokens, texts.fields, texts.starts, texts.lengths,
        texts.title_lengths, texts.body_lengths, averages[0], averages[1],
    )  # fmt: skip
    lists = Listed(
        as_listed, Lists(*first), Lists(*late), listed, order, mortal, alive, asked, rule,
        Scratch(*scratch),
    )  # fmt: skip
    within = Sieve(*wanted.within)
    k, limit = wanted.k, wanted.limit

    found = _met(lists, min(rows, wanted.rows_within), within, limit + 1)
    others = found[found != wanted.own]
    field = min(len(others), k)
    parts = [others[:field]]
    if len(others) < len(found):
        parts.append(np.array([wanted.own], np.int64))
    if field == k and wanted.is_masked:
        parts.append(_met(lists, min(rows, wanted.rows_passing), Sieve(*wanted.passing), k))
    if wanted.wide and len(within.bits):
        everywhere = Sieve(within.bits[:0], within.arranged[:0], within.spans[:0])
        parts.append(_met(lists, rows, everywhere, k))
    if wanted.also >= 0:
        parts.append(np.array([wanted.also], np.int64))
    chosen = _joined(parts)
    ranked = len(chosen)
    if len(others) > field and limit > field:
        parts.append(others[:limit])
        chosen = _joined(parts)

    matrix, told, like, points, scores, sure = rate(
        texts, words, Spelling(*of_trigrams), asked, named, trigrams, chosen, field, rule, marks,
        Model(*weights),
    )  # fmt: skip
    surest = 0.0
    for place in range(field):
        surest = max(surest, sure[place])
    return Gathered(chosen, ranked, field, matrix, told, like, points, scores, sure, surest)


@kernel
def _joined(parts: list[Array]) -> Array:
    """The rows of all parts in order, each once."""
    total = 0
    for part in parts:
        total += len(part)
    rows = np.empty(total, np.int64)
    at = 0
    for part in parts:
        rows[at : at + len(part)] = part
        at += len(part)
    return distinct(rows)
