"""The weights the engine ships with: frozen, versioned, and fitted by `bench/fit.py`.

Two vectors for the order of candidates and two for confidence: one for needs that are short
against titles (a search), one for needs that are titles themselves (a match). They are blended by
that length ratio. Signs are limited: no agreement lowers a score, no conflict raises it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by comparison; order weights in logits, confidence weights with an intercept `""`."""

    version: str
    order_search: Mapping[str, float]
    order_match: Mapping[str, float]
    sure_search: Mapping[str, float]
    sure_match: Mapping[str, float]

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "order_search": dict(self.order_search),
            "order_match": dict(self.order_match),
            "sure_search": dict(self.sure_search),
            "sure_match": dict(self.sure_match),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Weights":
        return cls(**data)


_HAND = {
    "spelling": 3.0, "words": 4.0, "words_back": 1.0, "words_anywhere": 1.0, "size_same": 1.0,
    "size_differs": -1.5, "model_same": 2.0, "model_differs": -1.0, "number_same": 0.3,
    "number_differs": -0.3, "brand_same": 0.5, "brand_differs": -1.0, "place": 0.5,
    "share_of_best": 2.0,
}  # fmt: skip
_SURE = {
    "": -5.0, "spelling": 4.0, "words": 4.0, "size_differs": -1.5, "model_differs": -1.0,
    "model_same": 1.0, "share_of_self": 1.0,
}  # fmt: skip
SHIPPED = Weights(
    version="2026-11-23",
    order_search=MappingProxyType(
        {
            "words_anywhere": 4.3139,
            "size_same": 1.2981,
            "size_differs": -0.7694,
            "measure_same": 0.5051,
            "model_differs": -0.8229,
            "brand_same": 0.7841,
            "place": 0.5072,
            "share_of_best": 0.5054,
            "company": 0.9886,
            "echo": 1.3334,
        }
    ),
    order_match=MappingProxyType(
        {
            "spelling_rare": 1.4291,
            "words_back": 1.2161,
            "size_same": 0.3087,
            "size_differs": -0.8344,
            "measure_differs": -0.2194,
            "model_same": 2.0499,
            "model_differs": -0.9790,
            "number_differs": -0.1913,
            "brand_same": 0.1400,
            "share_of_best": 3.5392,
            "title_share": 1.2880,
            "company": 1.5758,
            "echo": 0.5849,
            "rival_differs": -1.2537,
        }
    ),
    sure_search=MappingProxyType(
        {
            "": -2.6351,
            "spelling": 1.3229,
            "words": 0.3667,
            "words_plain": 0.3861,
            "words_anywhere": 1.1943,
            "size_differs": -2.5224,
            "measure_same": 0.2304,
            "model_differs": -0.2969,
            "brand_same": 2.2388,
            "share_of_best": 1.1690,
            "share_of_self": 1.1149,
            "rival_differs": -0.5589,
        }
    ),
    sure_match=MappingProxyType(
        {
            "": -7.5303,
            "spelling": 0.1460,
            "spelling_rare": 2.5222,
            "words_back": 1.9630,
            "words_all": 0.9792,
            "words_anywhere": 1.2424,
            "size_same": 0.1786,
            "size_differs": -1.1823,
            "measure_differs": -0.3009,
            "model_same": 0.6349,
            "model_differs": -1.6938,
            "number_differs": -0.1121,
            "brand_same": 0.6042,
            "share_of_best": 1.7674,
            "title_share": 0.2882,
            "share_of_self": 1.6373,
            "company": 2.0771,
            "echo": 0.3276,
            "rival_differs": -0.7515,
        }
    ),
)
