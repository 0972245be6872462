"""From comparisons to whole points, and to a confidence between 0 and 1.

The score is the sum of the points, exactly: each comparison's weight times its value, in
hundredths of a logit, rounded once. Order and confidence are two models (engine.md): an order is
only about one need's candidates, a confidence also about needs that have no match at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.core.params import Param, Percent
from marketplace.matching.features import FEATURES, Compared, Query
from marketplace.matching.outcome import Params, Point
from marketplace.matching.telling import Variant
from marketplace.matching.text import TokenClass
from marketplace.matching.weights import Weights

POINTS_PER_LOGIT = 100
# How a candidate stands among the others by its text points: only confidence asks for it.
STANDING = (
    "odds_share",  # its share of the odds of all
    "odds_of_best",  # its odds as a share of the best one's
    "rank",  # 1 for the first, 1/2 for the next, …
    "lead",  # how far before all others, of at most five logits; 0 unless it is the first
    "own_level",  # its own text points, in tens of logits
    "field_level",  # how much all of them earn: says of no single one that it is right
)
_MOST_LEAD = 5.0


def text_points(weights: Weights, compared: Compared) -> NDArray[np.int64]:
    """Whole points of every comparison: candidates x FEATURES."""
    search, match = _vector(weights, "order_search"), _vector(weights, "order_match")
    blend = (1 - compared.likeness) * search[1] + compared.likeness * match[1]
    return np.rint(compared.matrix * blend * POINTS_PER_LOGIT).astype(np.int64)


def confidence(
    weights: Weights, compared: Compared, points: NDArray[np.int64], field: int
) -> NDArray[np.float64]:
    """How sure it is that each candidate is really what is meant, 0..1.

    `points` are the text points of each; the first `field` candidates are those that compete.
    """
    asks = any(table.keys() & STANDING for table in (weights.sure_search, weights.sure_match))
    stands = standing_of(weights, points, field) if asks else None
    return confidence_of(weights, compared.matrix, compared.likeness, stands)


def standing_of(weights: Weights, points: NDArray[np.int64], field: int) -> NDArray[np.float64]:
    """Candidates x STANDING, whatever share of the points the weights give to texts."""
    return standing(np.asarray(points * (100 / weights.text_percent), np.float64), field)


def confidence_of(
    weights: Weights,
    matrix: NDArray[np.float64],
    like: float,
    stands: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """`confidence` from comparisons (candidates x FEATURES), likeness and standing."""
    search, match = _vector(weights, "sure_search"), _vector(weights, "sure_match")
    logit = (1 - like) * (search[0] + matrix @ search[1])
    logit += like * (match[0] + matrix @ match[1])
    if stands is not None:
        searching, matching = _standing(weights, "sure_search"), _standing(weights, "sure_match")
        logit += stands @ ((1 - like) * searching + like * matching)
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def standing(points: NDArray[np.float64], field: int) -> NDArray[np.float64]:
    """Candidates x STANDING. One that does not compete is measured as if it did."""
    logits = points / POINTS_PER_LOGIT
    told = np.empty((len(logits), len(STANDING)))
    if not len(logits):
        return told
    rivals = np.sort(logits[:field])[::-1] if field else logits[:1]
    # Who is alone leads nobody.
    first, second = rivals[0], rivals[min(1, len(rivals) - 1)]
    inside = np.arange(len(logits)) < field
    total = np.exp(rivals - first).sum()
    odds = np.exp(logits - first)
    told[:, 0] = odds / (total + np.where(inside, 0.0, odds))
    told[:, 1] = np.minimum(odds, 1.0)
    told[:, 2] = 1 / (1 + np.searchsorted(-rivals, -logits - 1e-9))
    leads = inside & (logits >= first)
    ahead = logits - np.where(leads, second, first)
    told[:, 3] = np.clip(ahead, 0.0, _MOST_LEAD) / _MOST_LEAD
    told[:, 4] = logits / 10
    told[:, 5] = (first + np.log(total)) / 10
    return told


def points_of(
    points: NDArray[np.int64], values: NDArray[np.float64], found: NDArray[np.float64], query: Query
) -> list[Point]:
    """The text points of one candidate with what a reader needs to see; zeros are left out."""
    has = [share > 0 for share in found.tolist()]
    return [
        Point(name, earned, _params(_SHOWN[name], value, has, query))
        for name, earned, value in zip(FEATURES, points.tolist(), values.tolist(), strict=True)
        if earned
    ]


def point_of(
    place: int, earned: int, value: float, found: NDArray[np.float64], query: Query
) -> Point:
    """The one of `points_of` that is number `place` of FEATURES."""
    name = FEATURES[place]
    has = [share > 0 for share in found.tolist()]
    return Point(name, earned, _params(_SHOWN[name], value, has, query))


def shown_number(place: int, value: float) -> int | None:
    """What is shown of a comparison, where that is one number and no words."""
    shown = _SHOWN[FEATURES[place]]
    if shown.words is not None:
        return None
    if shown is _PLACE:
        return round(1 / value)
    return round(value * 100) if shown.percent else 0


def _params(shown: "_Shown", value: float, has: list[bool], query: Query) -> Params:
    if shown is _NOTHING:
        return {}
    if shown is _PLACE:
        return {"place": round(1 / value)}
    params: dict[str, Param | tuple[str, ...]] = {}
    if shown.percent:
        params["percent"] = Percent(round(value * 100))
    if shown.words is not None:
        chosen = [
            word
            for word, is_there, kind in zip(query.words, has, shown.words(query), strict=True)
            if kind in shown.kinds and (is_there or not shown.shared)
        ]
        params["words"] = tuple(chosen)
    return params


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of a comparison: its share, and the need's words of some kinds.

    `words` gives the kind of every word; with `shared` only words the title has are shown.
    """

    percent: bool = False
    words: Callable[[Query], list[int]] | None = None
    kinds: frozenset[int] = frozenset()
    shared: bool = False


def _classes(query: Query) -> list[int]:
    found: list[int] = query.classes.tolist()
    return found


def _variants(query: Query) -> list[int]:
    found: list[int] = query.variants.tolist()
    return found


_NOTHING, _PLACE, _PERCENT = _Shown(), _Shown(), _Shown(percent=True)
_KINDS = {
    "size": (_classes, frozenset({TokenClass.MASS, TokenClass.VOLUME, TokenClass.COUNT})),
    "measure": (_classes, frozenset({TokenClass.MEASURE})),
    "model": (_classes, frozenset({TokenClass.MODEL})),
    "article": (_classes, frozenset({TokenClass.ARTICLE})),
    "number": (_classes, frozenset({TokenClass.NUMBER})),
    "variant": (_variants, frozenset(Variant) - {Variant.NONE}),
}
_SHOWN = {
    **dict.fromkeys(FEATURES, _PERCENT),
    **dict.fromkeys(("brand_same", "brand_differs", "words_all"), _NOTHING),
    **dict.fromkeys(("unlike_differs", "filler"), _NOTHING),
    **dict.fromkeys(("place", "nearest"), _PLACE),
    "words": _Shown(True, _classes, frozenset(TokenClass), shared=True),
    "article_told": _Shown(False, *_KINDS["article"]),
    **{f"{name}_same": _Shown(False, *of, shared=True) for name, of in _KINDS.items()},
    **{f"{name}_differs": _Shown(False, *of) for name, of in _KINDS.items()},
}


# By the identity of weights, which are kept with it: asked four times for every need.
_VECTORS: dict[tuple[int, str], tuple[Weights, float, NDArray[np.float64]]] = {}
_MOST_VECTORS = 64


def _vector(weights: Weights, name: str) -> tuple[float, NDArray[np.float64]]:
    found = _VECTORS.get((id(weights), name))
    if found is None or found[0] is not weights:
        table: Mapping[str, float] = getattr(weights, name)
        vector = np.array([table.get(one, 0.0) for one in FEATURES])
        found = weights, table.get("", 0.0), vector
        if len(_VECTORS) >= _MOST_VECTORS:
            _VECTORS.clear()
        _VECTORS[id(weights), name] = found
    return found[1:]


def _standing(weights: Weights, name: str) -> NDArray[np.float64]:
    table: Mapping[str, float] = getattr(weights, name)
    return np.array([table.get(one, 0.0) for one in STANDING])
