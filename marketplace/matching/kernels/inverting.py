"""The kernel that turns texts into inverted lists."""

import numpy as np

from marketplace.matching.kernels.jit import kernel
from marketplace.matching.kernels.shapes import STEPS, Array, Lists, Rule, Texts


@kernel
def _said(field: np.int64, stretch_title: float, stretch_body: float, rule: Rule) -> float:
    """How often a row says a word, weighted and damped, before it saturates."""
    said = 0.0
    if field & 1:
        said += rule.title * ((field >> 4) & 63) / stretch_title
    if field & 6:
        said += rule.side
    if field & 8:
        said += (field >> 10) / stretch_body
    return said


@kernel
def invert(texts: Texts, rule: Rule, first: int, last: int, alive: Array, words: int) -> Lists:
    """Lists of the rows from `first` up to `last` that are alive, over `words` tokens."""
    offsets = np.zeros(words + 1, np.int64)
    for row in range(first, last):
        if alive[row]:
            start = np.int64(texts.starts[row])
            for at in range(start, start + texts.lengths[row]):
                offsets[texts.tokens[at] + 1] += 1
    for token in range(words):
        offsets[token + 1] += offsets[token]
    place = offsets[:-1].copy()
    rows = np.empty(offsets[words], np.uint32)
    impacts = np.empty(offsets[words], np.uint16)
    tops = np.zeros(words, np.uint16)
    for row in range(first, last):
        if not alive[row]:
            continue
        stretch_title = 1 - rule.b + rule.b * texts.title_lengths[row] / texts.average_title
        stretch_body = 1 - rule.b + rule.b * texts.body_lengths[row] / texts.average_body
        start = np.int64(texts.starts[row])
        for at in range(start, start + texts.lengths[row]):
            token = texts.tokens[at]
            said = _said(np.int64(texts.fields[at]), stretch_title, stretch_body, rule)
            impact = np.uint16(np.ceil(said / (said + rule.k1) * STEPS))
            rows[place[token]] = row
            impacts[place[token]] = impact
            place[token] += 1
            tops[token] = max(tops[token], impact)
    return Lists(offsets, rows, impacts, tops)
