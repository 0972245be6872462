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
            "words_anywhere": 4.5594,
            "variant_same": 0.4285,
            "variant_differs": -0.2190,
            "size_same": 0.4931,
            "size_differs": -0.1443,
            "model_differs": -1.5566,
            "brand_same": 0.2804,
            "brand_differs": -0.0127,
            "place": 0.6313,
            "share_of_best": 0.4043,
            "share_of_self": 0.2608,
            "company": 0.9410,
            "echo": 1.7244,
            "nearest": 0.0242,
            "article_same": 1.3233,
            "article_differs": -0.6133,
            "article_told": 1.0204,
            "written_otherwise": 4.3998,
        }
    ),
    order_match=MappingProxyType(
        {
            "spelling_back": 2.2362,
            "rarest": 1.7585,
            "begins": 1.0076,
            "unlike_differs": -1.2237,
            "filler": 1.0894,
            "variant_differs": -0.6146,
            "size_same": 0.2295,
            "size_differs": -0.6924,
            "measure_differs": -0.5263,
            "model_same": 0.7730,
            "model_differs": -0.2902,
            "number_differs": -0.4937,
            "brand_same": 0.0614,
            "brand_differs": -0.0127,
            "share_of_best": 3.2677,
            "company": 1.1254,
            "rival_differs": -0.4205,
            "nearest": 0.9921,
            "article_same": 3.8651,
            "article_differs": -0.7233,
            "article_told": 2.7080,
            "written_otherwise": 5.5977,
        }
    ),
    sure_search=MappingProxyType(
        {
            "": -3.7117,
            "words_plain": 0.3622,
            "words_anywhere": 2.5522,
            "unlike_differs": -0.8476,
            "size_differs": -0.3928,
            "model_same": 0.2189,
            "model_differs": -0.6372,
            "number_differs": -0.2736,
            "brand_same": 0.7118,
            "brand_differs": -0.0782,
            "share_of_best": 0.6901,
            "title_share": 0.2001,
            "share_of_self": 1.4471,
            "nearest": 0.3324,
            "article_same": 0.4640,
            "article_told": 0.5850,
            "written_otherwise": 2.4272,
            "odds_share": 1.1522,
            "lead": 3.1164,
            "own_level": 0.7886,
            "field_level": -2.7483,
        }
    ),
    sure_match=MappingProxyType(
        {
            "": -7.2066,
            "spelling_rare": 0.0560,
            "spelling_back": 1.7562,
            "words_back": 0.3567,
            "words_anywhere": 0.8267,
            "rarest": 3.1153,
            "begins": 0.6935,
            "unlike_differs": -1.3519,
            "filler": 0.7251,
            "variant_same": 0.2428,
            "size_same": 0.6259,
            "size_differs": -1.5900,
            "measure_differs": -0.6124,
            "number_same": 0.3927,
            "number_differs": -0.2433,
            "brand_same": 0.2469,
            "brand_differs": -0.0782,
            "company": 1.1321,
            "echo": 1.7910,
            "rival_differs": -1.7209,
            "nearest": 0.2620,
            "article_same": 0.9244,
            "article_differs": -2.1125,
            "article_told": 1.4710,
            "written_otherwise": 4.7596,
            "lead": 2.7590,
            "field_level": -0.4511,
        }
    ),
)
