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
            "words_anywhere": 4.2736,
            "variant_same": 0.5661,
            "size_same": 0.9166,
            "size_differs": -0.1278,
            "model_same": 0.2320,
            "model_differs": -1.5710,
            "brand_same": 0.3329,
            "brand_differs": -0.1855,
            "place": 0.5726,
            "share_of_best": 0.2276,
            "company": 1.0218,
            "echo": 1.6783,
            "article_same": 2.2323,
            "article_differs": -0.7184,
            "article_told": 1.8881,
        }
    ),
    order_match=MappingProxyType(
        {
            "spelling_back": 2.1646,
            "rarest": 1.9770,
            "begins": 0.9244,
            "unlike_differs": -1.2578,
            "filler": 1.0988,
            "variant_differs": -0.4397,
            "size_same": 0.1884,
            "size_differs": -0.7006,
            "measure_differs": -0.4849,
            "model_same": 0.3213,
            "model_differs": -0.1825,
            "number_differs": -0.4834,
            "brand_same": 0.2123,
            "brand_differs": -0.1855,
            "share_of_best": 3.0978,
            "company": 1.3427,
            "rival_differs": -0.5860,
            "nearest": 1.0350,
            "article_same": 3.4670,
            "article_differs": -0.4331,
            "article_told": 4.6968,
        }
    ),
    sure_search=MappingProxyType(
        {
            "": -3.7216,
            "words_plain": 0.4888,
            "words_anywhere": 2.6063,
            "rarest": 0.0342,
            "unlike_differs": -0.7958,
            "size_same": 0.1903,
            "size_differs": -0.3349,
            "model_same": 0.0177,
            "model_differs": -0.8214,
            "number_differs": -0.2406,
            "brand_same": 0.7228,
            "brand_differs": -0.0663,
            "share_of_best": 0.6709,
            "title_share": 0.3794,
            "share_of_self": 1.4930,
            "nearest": 0.2966,
            "article_same": 0.4789,
            "article_told": 0.5460,
            "odds_share": 1.1133,
            "lead": 3.3493,
            "own_level": 0.4636,
            "field_level": -2.9025,
        }
    ),
    sure_match=MappingProxyType(
        {
            "": -6.9423,
            "spelling_rare": 0.6932,
            "spelling_back": 1.7951,
            "words_anywhere": 0.4722,
            "rarest": 3.1144,
            "begins": 0.7189,
            "unlike_differs": -1.3559,
            "filler": 0.7713,
            "variant_same": 0.2629,
            "size_same": 0.5882,
            "size_differs": -1.5972,
            "measure_differs": -0.6743,
            "model_same": 0.0281,
            "model_differs": -0.0138,
            "number_same": 0.4322,
            "number_differs": -0.2458,
            "brand_same": 0.2414,
            "brand_differs": -0.0663,
            "company": 1.1181,
            "echo": 1.7973,
            "rival_differs": -1.6946,
            "nearest": 0.2889,
            "article_same": 1.0332,
            "article_differs": -2.1114,
            "article_told": 1.3763,
            "lead": 2.6943,
            "field_level": -0.6494,
        }
    ),
)
