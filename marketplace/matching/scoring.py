"""From comparisons to whole points, and to a confidence between 0 and 1.

The score is the sum of the points, exactly: each comparison's weight times its value, in
hundredths of a logit, rounded once. Order and confidence are two models (engine.md): an order is
only about one need's candidates, a confidence also about needs that have no match at all.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from marketplace.core.params import Percent
from marketplace.core.quantity import Quantity
from marketplace.matching.features import FEATURES, Compared, Query
from marketplace.matching.outcome import Params, Point
from marketplace.matching.text import TokenClass
from marketplace.matching.weights import Weights

POINTS_PER_LOGIT = 100
_CLASSES = {
    "size": (TokenClass.MASS, TokenClass.VOLUME, TokenClass.COUNT),
    "measure": (TokenClass.MEASURE,),
    "model": (TokenClass.MODEL,),
    "number": (TokenClass.NUMBER,),
}


def text_points(weights: Weights, compared: Compared) -> NDArray[np.int64]:
    """Whole points of every comparison: candidates x FEATURES."""
    search, match = _vector(weights, "order_search"), _vector(weights, "order_match")
    blend = (1 - compared.likeness) * search[1] + compared.likeness * match[1]
    return np.rint(compared.matrix * blend * POINTS_PER_LOGIT).astype(np.int64)


def confidence(weights: Weights, compared: Compared) -> NDArray[np.float64]:
    """How sure it is that each candidate is really what is meant, 0..1."""
    search, match = _vector(weights, "sure_search"), _vector(weights, "sure_match")
    like = compared.likeness
    logit = (1 - like) * (search[0] + compared.matrix @ search[1])
    logit += like * (match[0] + compared.matrix @ match[1])
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def points_of(
    points: NDArray[np.int64], values: NDArray[np.float64], found: NDArray[np.float64], query: Query
) -> list[Point]:
    """The text points of one candidate with what a reader needs to see; zeros are left out."""
    return [
        Point(name, int(earned), _params(name, float(value), found, query))
        for name, earned, value in zip(FEATURES, points, values, strict=True)
        if earned
    ]


def _params(name: str, value: float, found: NDArray[np.float64], query: Query) -> Params:
    comparison, _, way = name.partition("_")
    if comparison == "variant":
        kinds = query.variants > 0
        chosen = kinds & (found > 0) if way == "same" else kinds
        return {"words": tuple(query.words[i] for i in np.flatnonzero(chosen))}
    if comparison in _CLASSES and way in {"same", "differs"}:
        kinds = np.isin(query.classes, _CLASSES[comparison])
        chosen = kinds & (found > 0) if way == "same" else kinds
        return {"words": tuple(query.words[i] for i in np.flatnonzero(chosen))}
    if name == "words":
        return {
            "percent": Percent(round(value * 100)),
            "words": tuple(query.words[i] for i in np.flatnonzero(found > 0)),
        }
    if name in {"brand_same", "brand_differs", "words_all", "unlike_differs", "filler"}:
        return {}
    if name in {"place", "nearest"}:
        return {"place": round(1 / value)}
    return {"percent": Percent(round(value * 100))}


@lru_cache(maxsize=64)
def _frozen(
    version: str, items: tuple[tuple[str, float], ...]
) -> tuple[float, NDArray[np.float64]]:
    table = dict(items)
    return table.get("", 0.0), np.array([table.get(name, 0.0) for name in FEATURES])


def _vector(weights: Weights, name: str) -> tuple[float, NDArray[np.float64]]:
    table: Mapping[str, float] = getattr(weights, name)
    return _frozen(weights.version, tuple(table.items()))


def size_words(pack: Quantity | None) -> list[str]:
    """A stated pack as a word of the title, so that it is compared like a written one."""
    return [pack.token] if pack is not None else []
