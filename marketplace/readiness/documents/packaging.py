"""What a producer is told of the packaging: what outlets said, and what needs ask in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.readiness import queries
from marketplace.readiness.documents.remedies import Told, Written, remedy_of
from marketplace.readiness.rules import GapKind
from marketplace.readiness.rules.packaging import Heard, asked_words

QUOTED = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A need in its own words; who asks is not told."""

    need_id: int
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Packaging:
    """`heard` are the products that somebody found badly packed, `asked` what needs say."""

    heard: Sequence[tuple[Product, Heard]]
    asked: Sequence[Quote]
    asks: int
    remedy: Told | None

    @property
    def outlets(self) -> int:
        """How many different outlets found a sample badly packed."""
        return len({buyer for _product, heard in self.heard for buyer in heard.poor})

    def __bool__(self) -> bool:
        return bool(self.heard or self.asked)


def packaging_of(business_id: int, written: Written) -> Packaging:
    """All that is known; the points of a buyer count by their newest word."""
    bad = {key: heard for key, heard in queries.heard_of(business_id).items() if heard.is_bad}
    products = sorted(catalog.products_by_ids(sorted(bad)), key=lambda each: each.name)
    quotes = [
        Quote(need_id, title, words)
        for need_id, title, description in queries.descriptions_near(business_id)
        if (words := asked_words(description))
    ]
    return Packaging(
        [(product, bad[product.id]) for product in products],
        quotes[:QUOTED],
        len(quotes),
        remedy_of(GapKind.PACKAGING, "", written),
    )
