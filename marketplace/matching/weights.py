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
    "0",
    MappingProxyType(_HAND),
    MappingProxyType(_HAND),
    MappingProxyType({**_SURE, "": -3.5}),
    MappingProxyType(_SURE),
)
