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
            "words_anywhere": 4.3266,
            "size_same": 1.3032,
            "size_differs": -0.7691,
            "measure_same": 0.5196,
            "model_differs": -0.8326,
            "brand_same": 0.7842,
            "place": 0.5108,
            "share_of_best": 0.4746,
            "company": 0.9809,
            "echo": 1.3492,
        }
    ),
    order_match=MappingProxyType(
        {
            "spelling_rare": 1.4420,
            "words_back": 1.2066,
            "size_same": 0.3092,
            "size_differs": -0.8356,
            "measure_differs": -0.2201,
            "model_same": 2.0523,
            "model_differs": -0.9778,
            "number_differs": -0.1942,
            "brand_same": 0.1401,
            "share_of_best": 3.5291,
            "title_share": 1.2943,
            "company": 1.5775,
            "echo": 0.5846,
            "rival_differs": -1.2589,
        }
    ),
    sure_search=MappingProxyType(
        {
            "": -0.8225,
            "spelling": 2.6301,
            "words_plain": 0.0949,
            "size_differs": -1.8965,
            "measure_same": 0.4428,
            "model_same": 0.1093,
            "model_differs": -0.7408,
            "brand_same": 3.2041,
            "echo": 1.9749,
            "rival_differs": -0.1111,
        }
    ),
    sure_match=MappingProxyType(
        {
            "": -6.6973,
            "spelling": 0.1664,
            "words": 0.7468,
            "words_plain": 1.2866,
            "words_all": 1.3699,
            "words_anywhere": 1.5636,
            "size_same": 0.0425,
            "size_differs": -1.6458,
            "measure_differs": -0.6118,
            "model_same": 1.3374,
            "model_differs": -3.0532,
            "brand_same": 0.7543,
            "share_of_best": 2.1696,
            "title_share": 0.4299,
            "share_of_self": 1.9285,
            "company": 0.4555,
            "echo": 0.9491,
            "rival_differs": -0.5173,
        }
    ),
)
