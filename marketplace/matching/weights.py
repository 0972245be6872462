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
    version="2026-11-27",
    order_search=MappingProxyType(
        {
            "words_anywhere": 4.5570,
            "variant_same": 0.4618,
            "variant_differs": -0.2122,
            "size_same": 0.4945,
            "size_differs": -0.1425,
            "model_differs": -1.5690,
            "brand_same": 0.2788,
            "brand_differs": -0.0270,
            "place": 0.6314,
            "share_of_best": 0.3991,
            "share_of_self": 0.2679,
            "company": 0.9403,
            "echo": 1.7251,
            "nearest": 0.0245,
            "article_same": 1.3231,
            "article_differs": -0.6213,
            "article_told": 1.0112,
            "written_otherwise": 4.3947,
        }
    ),
    order_match=MappingProxyType(
        {
            "spelling_back": 2.2342,
            "rarest": 1.7636,
            "begins": 1.0055,
            "unlike_differs": -1.2261,
            "filler": 1.0896,
            "variant_differs": -0.6091,
            "size_same": 0.2292,
            "size_differs": -0.6933,
            "measure_differs": -0.5268,
            "model_same": 0.7758,
            "model_differs": -0.2869,
            "number_differs": -0.4950,
            "brand_same": 0.0728,
            "brand_differs": -0.0270,
            "share_of_best": 3.2634,
            "company": 1.1281,
            "rival_differs": -0.4216,
            "nearest": 0.9909,
            "article_same": 3.8649,
            "article_differs": -0.7224,
            "article_told": 2.7211,
            "written_otherwise": 5.5963,
        }
    ),
    sure_search=MappingProxyType(
        {
            "": -3.7705,
            "words_plain": 0.3436,
            "words_anywhere": 2.5192,
            "unlike_differs": -0.8211,
            "size_differs": -0.3740,
            "model_same": 0.2134,
            "model_differs": -0.6257,
            "number_differs": -0.2760,
            "brand_same": 0.7031,
            "brand_differs": -0.0829,
            "share_of_best": 0.6429,
            "title_share": 0.2237,
            "share_of_self": 1.4371,
            "nearest": 0.3401,
            "article_same": 0.4357,
            "article_told": 0.5719,
            "written_otherwise": 2.3930,
            "odds_share": 1.1641,
            "lead": 3.1126,
            "own_level": 0.8605,
            "field_level": -2.6668,
        }
    ),
    sure_match=MappingProxyType(
        {
            "": -7.2318,
            "spelling_rare": 0.0393,
            "spelling_back": 1.7548,
            "words_back": 0.3352,
            "words_anywhere": 0.8019,
            "rarest": 3.1274,
            "begins": 0.7031,
            "unlike_differs": -1.3545,
            "filler": 0.7204,
            "variant_same": 0.2890,
            "size_same": 0.6232,
            "size_differs": -1.6032,
            "measure_differs": -0.6047,
            "number_same": 0.4005,
            "number_differs": -0.2414,
            "brand_same": 0.2480,
            "brand_differs": -0.0829,
            "company": 1.1279,
            "echo": 1.8198,
            "rival_differs": -1.7211,
            "nearest": 0.2564,
            "article_same": 0.8964,
            "article_differs": -2.1038,
            "article_told": 1.4528,
            "written_otherwise": 4.7485,
            "lead": 2.7942,
            "field_level": -0.4259,
        }
    ),
)
