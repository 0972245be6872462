"""Kernels that turn comparisons into whole points and a confidence, for all candidates of a need.

What the numbers mean is said in `scoring.py`.
"""

import numpy as np

from marketplace.matching.kernels.comparing import compare
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.shapes import (
    Array,
    Asked,
    Model,
    Named,
    Rule,
    Spelling,
    Texts,
    Words,
)

POINTS_PER_LOGIT = 100
STANDING = 6
_MOST_LEAD = 5.0
_MOST_LOGIT = 30.0


@kernel
def text_points(matrix: Array, like: float, model: Model) -> Array:
    """Whole points: candidates x FEATURES, as `matrix` is."""
    points = np.empty(matrix.shape, np.int64)
    blend = (1 - like) * model.order_search + like * model.order_match
    for place in range(matrix.shape[0]):
        for feature in range(matrix.shape[1]):
            value = matrix[place, feature] * blend[feature] * POINTS_PER_LOGIT
            points[place, feature] = np.int64(np.rint(value))
    return points


@kernel
def standing(points: Array, field: int) -> Array:
    """Candidates x STANDING from their points; the first `field` are the rivals of all."""
    count = len(points)
    logits = points / POINTS_PER_LOGIT
    told = np.empty((count, STANDING))
    if count == 0:
        return told
    if field == 0:  # nobody competes: each stands alone, in whatever company it is looked at
        for place in range(count):
            told[place] = (0.5, 1.0, 1.0, 0.0, logits[place] / 10, logits[place] / 10)
        return told
    # Below 0, so that the best comes first.
    rivals = np.sort(-logits[:field])
    # Who is alone leads nobody.
    first, second = -rivals[0], -rivals[min(1, len(rivals) - 1)]
    total = 0.0
    for rival in rivals:
        total += np.exp(-rival - first)
    for place in range(count):
        inside = place < field
        logit = logits[place]
        odds = np.exp(logit - first)
        line = told[place]
        line[0] = odds / (total if inside else total + odds)
        line[1] = min(odds, 1.0)
        line[2] = 1.0 / (1 + np.searchsorted(rivals, -logit - 1e-9))
        ahead = logit - (second if inside and logit >= first else first)
        line[3] = min(max(ahead, 0.0), _MOST_LEAD) / _MOST_LEAD
        line[4] = logit / 10
        line[5] = (first + np.log(total)) / 10
    return told


@kernel
def confidence(matrix: Array, like: float, stands: Array, model: Model) -> Array:
    """How sure it is of each, 0..1; `stands` is candidates x STANDING, or has no rows."""
    features = matrix.shape[1]
    base = (1 - like) * model.sure_search[0] + like * model.sure_match[0]
    weights = (1 - like) * model.sure_search + like * model.sure_match
    sure = np.empty(matrix.shape[0])
    for place in range(matrix.shape[0]):
        logit = base
        for feature in range(features):
            logit += matrix[place, feature] * weights[1 + feature]
        if len(stands):
            for one in range(STANDING):
                logit += stands[place, one] * weights[1 + features + one]
        logit = min(max(logit, -_MOST_LOGIT), _MOST_LOGIT)
        sure[place] = 1 / (1 + np.exp(-logit))
    return sure


@kernel
def rate(
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
    model: Model,
) -> tuple[Array, Array, float, Array, Array, Array]:
    """All that texts say of the candidates `rows`: `compare`, and what follows from it.

    Candidates x FEATURES; candidates x words; the likeness; points (candidates x FEATURES); their
    sum and the confidence of each candidate.
    """
    matrix, found, usual = compare(
        texts, words, spelling, asked, named, trigrams, rows, context, rule, marks
    )
    like = min(1.0, len(asked.idf) / max(usual, 1.0))
    points = text_points(matrix, like, model)
    scores = np.zeros(len(rows), np.int64)
    for place in range(len(rows)):
        for one in points[place]:
            scores[place] += one
    stands = standing(scores * model.scale, context)
    return matrix, found, like, points, scores, confidence(matrix, like, stands, model)


@kernel
def best(eligible: Array, scores: Array, ranked: int, top: int) -> Array:
    """Which of the first `ranked` may be among the best `top` that are eligible, best first.

    All that tie with the last of them are there, so there may be more.
    """
    chosen = np.flatnonzero(eligible[:ranked])
    if len(chosen) > top:
        least = np.sort(-scores[chosen])[top - 1]
        chosen = chosen[-scores[chosen] <= least]
    return chosen[np.argsort(-scores[chosen], kind="mergesort")]


@kernel
def shown(
    points: Array,
    parts: Array,
    matrix: Array,
    chosen: Array,
    ranks: Array,
    kinds: Array,
    count: int,
) -> tuple[Array, Array]:
    """What is told of the candidates `chosen`: comparisons, of words first and then of terms.

    `points` is candidates x FEATURES, `parts` candidates x terms; ties go to the lower of `ranks`,
    which like `kinds` has a place for each of both. First what earns most, chosen x `count` x 3:
    number of the comparison (-1 where nothing more earns anything), points, and what is shown of it
    as a whole number (`kinds` 1 per cent, 2 a place, 0 nothing). Then what costs points: rows of
    which of the chosen, number, points, and what is shown.
    """
    wide, all_ = points.shape[1], points.shape[1] + parts.shape[1]
    told = np.zeros((len(chosen), count, 3), np.int64)
    lost = np.empty((len(chosen) * all_, 4), np.int64)
    losses = 0
    left = np.empty(all_, np.int64)
    for place in range(len(chosen)):
        index = chosen[place]
        left[:wide] = points[index]
        left[wide:] = parts[index]
        for one in range(all_):
            if left[one] < 0:
                lost[losses, 0], lost[losses, 1], lost[losses, 2] = place, one, left[one]
                lost[losses, 3] = _number(matrix, index, one, kinds)
                losses += 1
        for turn in range(count):
            most = 0
            for one in range(1, all_):
                if left[one] > left[most] or (left[one] == left[most] and ranks[one] < ranks[most]):
                    most = one
            line = told[place, turn]
            line[0], line[1] = most, left[most]
            if left[most] <= 0:
                line[0] = -1
                break
            line[2] = _number(matrix, index, most, kinds)
            left[most] = 0
    return told, lost[:losses]


@kernel
def _number(matrix: Array, index: int, one: int, kinds: Array) -> int:
    """What is shown of a comparison as a whole number."""
    if kinds[one] == 1:
        return int(np.rint(matrix[index, one] * 100))
    return int(np.rint(1 / matrix[index, one])) if kinds[one] == 2 else 0
