"""The kernel that asks a catalogue one need: who is collected, compared and rated, in one call.

Its arguments lie flat: handing over a named tuple costs five times as much, and a question is over
in a millisecond. What they are is said in `shapes.py`.
"""

import numpy as np

from marketplace.matching.kernels.collecting import collect, distinct
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.scoring import rate
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Lists,
    Model,
    Named,
    Passing,
    Rule,
    Scratch,
    Spelling,
    Texts,
    Words,
)


@kernel
def _met(
    texts: Texts,
    first: Lists,
    late: Lists,
    listed: int,
    rows: int,
    bits: Array,
    alive: Array,
    asked: Asked,
    rule: Rule,
    k: int,
    scratch: Scratch,
) -> Array:
    if len(asked.tokens) == 0 or rows == 0:
        return np.empty(0, np.int64)
    passing = Passing(bits, alive)
    return collect(texts, first, late, listed, rows, passing, asked, rule, k, scratch)[0]


@kernel
def gather(
    # All that is known of the catalogue, as `Catalogue.lent` puts it.
    tokens: Array,
    fields: Array,
    starts: Array,
    lengths: Array,
    title_lengths: Array,
    body_lengths: Array,
    average_title: float,
    average_body: float,
    # The averages of the day the lists were made.
    listed_title: float,
    listed_body: float,
    offsets: Array,
    list_rows: Array,
    impacts: Array,
    tops: Array,
    late_offsets: Array,
    late_rows: Array,
    late_impacts: Array,
    late_tops: Array,
    listed: int,
    classes: Array,
    variants: Array,
    partings: Array,
    outlines: Array,
    frequency: Array,
    counted: int,
    letters: Array,
    letter_starts: Array,
    letter_sizes: Array,
    rarity: Array,
    weight_of_title: float,
    weight_of_side: float,
    k1: float,
    b: float,
    alive: Array,
    rows: int,
    # The weights.
    order_search: Array,
    order_match: Array,
    sure_search: Array,
    sure_match: Array,
    scale: float,
    # Room of this thread.
    room_of_rows: Array,
    room_of_values: Array,
    room_of_bits: Array,
    room_of_hits: Array,
    marks: Array,
    # The question.
    asked_tokens: Array,
    word_of: Array,
    weights: Array,
    idf: Array,
    asked_classes: Array,
    asked_variants: Array,
    asked_partings: Array,
    asked_outlines: Array,
    brand: Array,
    trigrams: Array,
    within: Array,
    rows_within: int,
    passing: Array,
    rows_passing: int,
    is_masked: bool,
    own: int,
    also: int,
    k: int,
    limit: int,
    wide: bool,
) -> tuple[Array, int, int, Array, Array, float, Array, Array, Array, float]:
    """The candidates as `candidates.gather` has them, and all that `rate` says of them.

    `own` and `also` are rows, or -1. Masks are bits and how many rows they speak of; an empty one
    lets all pass. `is_masked` says whether those that pass are asked for beside the field.

    Rows; how many of them are ranked, and how many are the field; then matrix, words found,
    likeness, points, their sums, confidences; and the highest confidence in the field.
    """
    asked = Asked(asked_tokens, word_of, weights, idf)
    rule = Rule(weight_of_title, weight_of_side, k1, b)
    scratch = Scratch(room_of_rows, room_of_values, room_of_bits, room_of_hits)
    first = Lists(offsets, list_rows, impacts, tops)
    late = Lists(late_offsets, late_rows, late_impacts, late_tops)
    as_listed = Texts(
        tokens, fields, starts, lengths, title_lengths, body_lengths, listed_title, listed_body
    )
    everyone = np.empty(0, np.uint8)

    found = _met(
        as_listed, first, late, listed, min(rows, rows_within), within, alive, asked, rule,
        limit + 1, scratch,
    )  # fmt: skip
    others = found[found != own]
    field = min(len(others), k)
    parts = [others[:field]]
    if len(others) < len(found):
        parts.append(np.array([own], np.int64))
    if field == k and is_masked:
        parts.append(
            _met(
                as_listed, first, late, listed, min(rows, rows_passing), passing, alive, asked,
                rule, k, scratch,
            )
        )  # fmt: skip
    if wide and len(within):
        parts.append(
            _met(
                as_listed, first, late, listed, rows, everyone, alive, asked, rule, k, scratch,
            )
        )  # fmt: skip
    if also >= 0:
        parts.append(np.array([also], np.int64))
    chosen = _joined(parts)
    ranked = len(chosen)
    if len(others) > field and limit > field:
        parts.append(others[:limit])
        chosen = _joined(parts)

    matrix, told, like, points, scores, sure = rate(
        Texts(
            tokens, fields, starts, lengths, title_lengths, body_lengths,
            average_title, average_body,
        ),
        Words(classes, variants, partings, outlines, frequency, counted),
        Spelling(letters, letter_starts, letter_sizes, rarity),
        asked,
        Named(asked_classes, asked_variants, asked_partings, asked_outlines, brand),
        trigrams,
        chosen,
        field,
        rule,
        marks,
        Model(order_search, order_match, sure_search, sure_match, scale),
    )  # fmt: skip
    surest = 0.0
    for place in range(field):
        surest = max(surest, sure[place])
    return chosen, ranked, field, matrix, told, like, points, scores, sure, surest


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
