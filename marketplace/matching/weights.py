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
    """Weights by comparison; order weights in logits, confidence weights with an intercept `""`.

    Confidence also weighs how a candidate stands among the others (`scoring.STANDING`), by points
    as they were fitted: `text_percent` is what an office has since made of the order weights.
    """

    version: str
    order_search: Mapping[str, float]
    order_match: Mapping[str, float]
    sure_search: Mapping[str, float]
    sure_match: Mapping[str, float]
    text_percent: int = 100

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "order_search": dict(self.order_search),
            "order_match": dict(self.order_match),
            "sure_search": dict(self.sure_search),
            "sure_match": dict(self.sure_match),
            "text_percent": self.text_percent,
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
    version="2026-11-26",
    order_search=MappingProxyType(
        {
            "words_anywhere": 4.3796,
            "variant_same": 0.5596,
            "size_same": 1.0213,
            "size_differs": -0.0760,
            "model_differs": -1.3837,
            "brand_same": 0.3151,
            "brand_differs": -0.2427,
            "place": 0.5809,
            "share_of_best": 0.0853,
            "company": 1.0401,
            "echo": 1.6713,
        }
    ),
    order_match=MappingProxyType(
        {
            "spelling_back": 2.2375,
            "rarest": 2.2567,
            "begins": 0.9347,
            "unlike_differs": -1.2073,
            "filler": 1.1334,
            "variant_differs": -0.3977,
            "size_same": 0.1251,
            "size_differs": -0.7129,
            "measure_differs": -0.5053,
            "model_same": 1.3693,
            "model_differs": -0.8314,
            "number_differs": -0.5180,
            "brand_same": 0.2556,
            "brand_differs": -0.2427,
            "share_of_best": 3.1473,
            "company": 1.2887,
            "rival_differs": -0.6064,
            "nearest": 0.9834,
        }
    ),
    sure_search=MappingProxyType(
        {
            "": -3.9654,
            "words_plain": 0.2088,
            "words_anywhere": 2.7353,
            "unlike_differs": -0.9147,
            "size_same": 0.1578,
            "size_differs": -0.1307,
            "model_differs": -0.1717,
            "number_differs": -0.2433,
            "brand_same": 0.6911,
            "brand_differs": -0.0778,
            "share_of_best": 1.1413,
            "title_share": 0.1737,
            "share_of_self": 1.6482,
            "nearest": 0.2008,
            "odds_share": 0.8259,
            "lead": 3.7015,
            "own_level": 0.1443,
            "field_level": -2.4303,
        }
    ),
    sure_match=MappingProxyType(
        {
            "": -7.3353,
            "spelling_rare": 0.6100,
            "spelling_back": 1.9484,
            "words_anywhere": 0.5235,
            "rarest": 3.3878,
            "begins": 0.7314,
            "unlike_differs": -1.3269,
            "filler": 0.7706,
            "variant_same": 0.2849,
            "size_same": 0.5888,
            "size_differs": -1.5961,
            "measure_differs": -0.7012,
            "model_same": 0.6085,
            "model_differs": -1.2393,
            "number_same": 0.2946,
            "number_differs": -0.3743,
            "brand_same": 0.2419,
            "brand_differs": -0.0778,
            "company": 1.0288,
            "echo": 1.6136,
            "rival_differs": -1.5192,
            "nearest": 0.3452,
            "lead": 2.5435,
            "field_level": -0.4552,
        }
    ),
)
