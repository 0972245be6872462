"""From comparisons to whole points, and to a confidence between 0 and 1.

The score is the sum of the points, exactly: each comparison's weight times its value, in
hundredths of a logit, rounded once. Order and confidence are two models (engine.md): an order is
only about one need's candidates, a confidence also about needs that have no match at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from marketplace.core.params import Param, Percent
from marketplace.matching import kernels
from marketplace.matching.features import FEATURES, Compared, Query
from marketplace.matching.outcome import Params, Point
from marketplace.matching.telling import Variant
from marketplace.matching.text import TokenClass
from marketplace.matching.weights import Weights

if TYPE_CHECKING:
    from marketplace.matching.kernels.shapes import Model

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


def text_points(weights: Weights, compared: Compared) -> NDArray[np.int64]:
    """Whole points of every comparison: candidates x FEATURES."""
    points: NDArray[np.int64] = kernels.scoring.text_points(
        compared.matrix, compared.likeness, model_of(weights)
    )
    return points


def confidence(
    weights: Weights, compared: Compared, points: NDArray[np.int64], field: int
) -> NDArray[np.float64]:
    """How sure it is that each candidate is really what is meant, 0..1.

    `points` are the text points of each; the first `field` candidates are those that compete.
    """
    stands = standing_of(weights, points, field)
    return confidence_of(weights, compared.matrix, compared.likeness, stands)


def standing_of(weights: Weights, points: NDArray[np.int64], field: int) -> NDArray[np.float64]:
    """Candidates x STANDING, whatever share of the points the weights give to texts."""
    return standing(np.asarray(points * model_of(weights).scale, np.float64), field)


def confidence_of(
    weights: Weights, matrix: NDArray[np.float64], like: float, stands: NDArray[np.float64]
) -> NDArray[np.float64]:
    """`confidence` from comparisons (candidates x FEATURES), likeness and standing."""
    sure: NDArray[np.float64] = kernels.scoring.confidence(matrix, like, stands, model_of(weights))
    return sure


def standing(points: NDArray[np.float64], field: int) -> NDArray[np.float64]:
    """Candidates x STANDING. One that does not compete is measured as if it did."""
    told: NDArray[np.float64] = kernels.scoring.standing(points, field)
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
    return [one.kind for one in query.meant]


def _variants(query: Query) -> list[int]:
    return [one.variant for one in query.meant]


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
# What of a comparison is shown as a whole number: nothing, per cent, a place.
NUMBERS = np.array(
    [2 if _SHOWN[name] is _PLACE else int(_SHOWN[name].percent) for name in FEATURES], np.int64
)
# Of which comparisons words are shown.
WITH_WORDS = frozenset(
    place for place, name in enumerate(FEATURES) if _SHOWN[name].words is not None
)


# By the identity of weights, which are kept with it: asked for every need.
_MODELS: dict[int, tuple[Weights, "Model"]] = {}
_MOST_MODELS = 64


def model_of(weights: Weights) -> "Model":
    """The weights as the kernels take them."""
    found = _MODELS.get(id(weights))
    if found is None or found[0] is not weights:
        sure = ("", *FEATURES, *STANDING)
        model = kernels.shapes.Model(
            _vector(weights.order_search, FEATURES),
            _vector(weights.order_match, FEATURES),
            _vector(weights.sure_search, sure),
            _vector(weights.sure_match, sure),
            100 / weights.text_percent,
        )
        found = weights, model
        if len(_MODELS) >= _MOST_MODELS:
            _MODELS.clear()
        _MODELS[id(weights)] = found
    return found[1]


def _vector(table: Mapping[str, float], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([table.get(one, 0.0) for one in names])
