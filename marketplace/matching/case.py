"""One offer against one need, with what both sides' numbers come to in common units."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import ceil

from marketplace.core.quantity import mass_of, units_per_unit
from marketplace.matching.offers import HeldPaper, Need, NeedLine, Offer
from marketplace.matching.settings import Settings
from marketplace.matching.world import Category, Leg, World

ANY_LINE = (NeedLine(""),)


@dataclass(frozen=True, slots=True)
class Landed:
    """Rupiah per need unit at the door. `exact` is False where freight could not be known."""

    price: int
    exact: bool
    estimated: bool = False


@dataclass
class Case:
    """The pair under judgement. Everything derived is computed once, when first asked for."""

    offer: Offer
    need: Need
    world: World
    settings: Settings
    _landed: dict[str, Landed | None] = field(default_factory=dict)
    _legs: dict[str, Leg | None] = field(default_factory=dict)

    @cached_property
    def day(self) -> date:
        """The day papers must still hold: when the goods are needed, never in the past."""
        return max(self.need.needed_on or self.world.today, self.world.today)

    @cached_property
    def lines(self) -> tuple[NeedLine, ...]:
        return self.need.lines or ANY_LINE

    @cached_property
    def category(self) -> Category | None:
        """The category of the goods: what the offer says, else what the need says."""
        tree = self.world.categories
        return tree.get(self.offer.category) or tree.get(self.need.category)

    @cached_property
    def held(self) -> dict[str, HeldPaper]:
        """Papers valid on the day, by kind; a verified one before an unverified one."""
        found: dict[str, HeldPaper] = {}
        for paper in self.offer.papers:
            valid = paper.valid_to is None or paper.valid_to >= self.day
            if valid and (paper.kind not in found or paper.verified):
                found[paper.kind] = paper
        return found

    @cached_property
    def ratio(self) -> Fraction | None:
        """Need units in one sales unit; None where the units cannot be compared."""
        offer, need = self.offer, self.need
        return units_per_unit(offer.unit, offer.pack, need.unit, need.pack)

    @cached_property
    def volume(self) -> int | None:
        """Need units a month over all lines."""
        return self.need.volume_per_month

    @cached_property
    def sales_units_wanted(self) -> Fraction | None:
        """The whole need in sales units a month."""
        if self.volume is None or self.ratio is None:
            return None
        return self.volume / self.ratio

    @cached_property
    def capacity(self) -> int | None:
        """The producer's capacity a month in whole need units."""
        if self.offer.capacity_per_month is None or self.ratio is None:
            return None
        return int(self.offer.capacity_per_month * self.ratio)

    @cached_property
    def unit_price(self) -> int | None:
        """Rupiah per sales unit at the quantity that would be bought a month."""
        offer = self.offer
        if offer.price is None or not offer.price_breaks or self.sales_units_wanted is None:
            return offer.price
        bought = self.sales_units_wanted
        if offer.capacity_per_month is not None:
            bought = min(bought, Fraction(offer.capacity_per_month))
        reached = [step.price for step in offer.price_breaks if step.min_quantity <= bought]
        return min([offer.price, *reached])

    @cached_property
    def weight_g(self) -> int | None:
        """Grams of one sales unit, for freight."""
        return self.offer.weight_g or mass_of(self.offer.unit, self.offer.pack)

    def leg(self, region: str) -> Leg | None:
        if region not in self._legs:
            known = self.offer.region and region
            self._legs[region] = self.world.leg(self.offer.region, region) if known else None
        return self._legs[region]

    def freight(self, region: str) -> int | None:
        """Rupiah of freight for one sales unit to `region`; None where it cannot be known."""
        leg = self.leg(region)
        if leg is None:
            return None
        if leg.rupiah_per_kg == 0:
            return 0
        return ceil(leg.rupiah_per_kg * self.weight_g / 1000) if self.weight_g else None

    def landed(self, region: str) -> Landed | None:
        """The landed price at `region`, or the least it can be; None without price or unit."""
        if region not in self._landed:
            self._landed[region] = self._land(region)
        return self._landed[region]

    def _land(self, region: str) -> Landed | None:
        if self.unit_price is None or self.ratio is None:
            return None
        freight, leg = self.freight(region), self.leg(region)
        price = ceil((self.unit_price + (freight or 0)) / self.ratio)
        return Landed(price, freight is not None, leg is not None and leg.estimated)
