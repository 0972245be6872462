"""Kernels that turn comparisons into whole points and a confidence, for all candidates of a need.

What the numbers mean is said in `scoring.py`.
"""

import numpy as np

from marketplace.matching.kernels.comparing import compare
from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.ordering import highest_first, how_many_above
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
    rivals = logits[:field]
    order = highest_first(rivals)
    # Who is alone leads nobody.
    first, second = rivals[order[0]], rivals[order[min(1, field - 1)]]
    total = 0.0
    for place in order:
        total += np.exp(rivals[place] - first)
    ahead = how_many_above(rivals, logits + 1e-9)
    for place in range(count):
        inside = place < field
        logit = logits[place]
        odds = np.exp(logit - first)
        line = told[place]
        line[0] = odds / (total if inside else total + odds)
        line[1] = min(odds, 1.0)
        line[2] = 1.0 / (1 + ahead[place])
        lead = logit - (second if inside and logit >= first else first)
        line[3] = min(max(lead, 0.0), _MOST_LEAD) / _MOST_LEAD
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
        # Two sums at once: each addition waits for the one before.
        logit, other = base, 0.0
        for feature in range(0, features - 1, 2):
            logit += matrix[place, feature] * weights[1 + feature]
            other += matrix[place, feature + 1] * weights[2 + feature]
        if features % 2:
            logit += matrix[place, features - 1] * weights[features]
        logit += other
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
