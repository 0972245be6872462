"""Filters of the public catalogue search."""

from dataclasses import dataclass

from marketplace.matching.offers import Offer
from marketplace.matching.world import World


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor ticks. Unlike a rule, a filter keeps only what is known to pass.

    `zone` is a zone word or a region code that must be served; `papers` are kinds that must be
    held today; `max_price` is rupiah per sales unit; `min_capacity` is sales units a month.
    """

    category: str = ""
    zone: str = ""
    papers: frozenset[str] = frozenset()
    max_price: int | None = None
    min_capacity: int | None = None

    def accept(self, offer: Offer, world: World) -> bool:
        return (
            self._in_category(offer, world)
            and self._serves(offer, world)
            and self._holds(offer, world)
            and (self.max_price is None or _within(offer.price, self.max_price))
            and (self.min_capacity is None or (offer.capacity_per_month or 0) >= self.min_capacity)
        )

    def _in_category(self, offer: Offer, world: World) -> bool:
        return (
            not self.category
            or offer.category == self.category
            or self.category in world.ancestors(offer.category)
        )

    def _serves(self, offer: Offer, world: World) -> bool:
        if not self.zone or not offer.zones:
            return True
        words = {self.zone, self.zone.partition(".")[0], world.zone_of(self.zone)}
        return bool(offer.zones & words)

    def _holds(self, offer: Offer, world: World) -> bool:
        held = {
            paper.kind
            for paper in offer.papers
            if paper.valid_to is None or paper.valid_to >= world.today
        }
        return self.papers <= held


NO_FILTERS = Filters()


def _within(price: int | None, most: int) -> bool:
    return price is not None and price <= most
