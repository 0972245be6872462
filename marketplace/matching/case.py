"""One offer against one need, with what both sides' numbers come to in common units."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any

from marketplace.core.params import UnitPrice
from marketplace.core.quantity import mass_of, shown_content, units_per_unit
from marketplace.matching.lazy import lazy
from marketplace.matching.offers import HeldPaper, Need, NeedLine, Offer
from marketplace.matching.rulebook import AppliesTo, Rule
from marketplace.matching.settings import Settings
from marketplace.matching.world import Category, Leg, World

# By day, storage, size of the producer and category.
Memory = dict[tuple[date, str, str, str], tuple[Rule, ...]]
# A change of an offer that would mend a verdict (counterfactual.py).
Fix = Mapping[str, Any]
_REMEMBERED = 20_000
_WORDS = {"id", "title", "description", "brand"}
_ASKS = attrgetter(*[field.name for field in fields(Need) if field.name not in _WORDS])
ANY_LINE = (NeedLine(""),)
# A P-IRT is given for food alone: what holds one is food, whether or not its category is named. Of
# frozen goods that decides, as it does not cover them.
PIRT, FROZEN = "pirt", "frozen"
FROZEN_FOOD = Category("?frozen food", kind="food")
_ratio = lru_cache(maxsize=100_000)(units_per_unit)


class Question:
    """One need with the facts and settings it is asked under, and what follows from these alone.

    `memory` is kept by whoever asks many questions under one world: which rules bind which goods.
    """

    def __init__(
        self, need: Need, world: World, settings: Settings, memory: Memory | None = None
    ) -> None:
        self.need = need
        self.world = world
        self.settings = settings
        # All that is asked but the words: needs that share it share what follows from it.
        self.asks: tuple[Hashable, ...] = _ASKS(need)
        # The day papers must still hold: when the goods are needed, never in the past.
        self.day: date = max(need.needed_on or world.today, world.today)
        self.lines = need.lines or ANY_LINE
        self.regions = tuple(dict.fromkeys(line.region for line in self.lines))
        # Need units a month over all lines that state a volume.
        self.volume = need.volume_per_month
        self._memory: Memory = memory if memory is not None else {}

    def rules(self, storage: str, size_class: str, node: Category | None) -> tuple[Rule, ...]:
        """The rules in force on the day that bind goods so stored, so made and of this kind."""
        key = self.day, storage, size_class, node.code if node is not None else ""
        found = self._memory.get(key)
        if found is None:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            found = self._memory[key] = tuple(
                rule
                for rule in self.world.rules
                if rule.in_force(self.day) and binds(rule.applies_to, storage, size_class, node)
            )
        return found


def binds(to: AppliesTo, storage: str, size_class: str, node: Category | None) -> bool:
    """True where a rule for these is for goods so stored, so made and of this kind."""
    if to.storages and storage not in to.storages:
        return False
    if to.size_classes and size_class not in to.size_classes:
        return False
    if to.kinds and (node is None or node.kind not in to.kinds):
        return False
    if to.animal_only and (node is None or not node.is_animal):
        return False
    return to.fresh_too or node is None or not node.is_fresh


@dataclass(frozen=True, slots=True)
class Landed:
    """Rupiah per need unit at the door. `exact` is False where freight could not be known."""

    price: int
    exact: bool
    estimated: bool = False


class Case:
    """The pair under judgement. Everything derived is computed once, when first asked for."""

    def __init__(self, offer: Offer, question: Question) -> None:
        self.offer = offer
        self.question = question
        self.need = question.need
        self.world = question.world
        self.settings = question.settings
        self.day = question.day
        self.lines = question.lines
        self.volume = question.volume
        self._landed: dict[str, Landed | None] = {}
        self._legs: dict[str, Leg | None] = {}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that bind this pair."""
        return self.question.rules(self.offer.storage, self.offer.size_class, self.category)

    @lazy
    def category(self) -> Category | None:
        """The category of the goods: what the offer says, else what the need says."""
        tree = self.world.categories
        named = tree.get(self.offer.category) or tree.get(self.need.category)
        if named is None and self.offer.storage == FROZEN:
            return FROZEN_FOOD if any(paper.kind == PIRT for paper in self.offer.papers) else None
        return named

    @lazy
    def held(self) -> dict[str, HeldPaper]:
        """Papers valid on the day, by kind; a verified one before an unverified one."""
        found: dict[str, HeldPaper] = {}
        for paper in self.offer.papers:
            valid = paper.valid_to is None or paper.valid_to >= self.day
            if valid and (paper.kind not in found or paper.verified):
                found[paper.kind] = paper
        return found

    @lazy
    def ratio(self) -> Fraction | None:
        """Need units in one sales unit; None where the units cannot be compared."""
        offer, need = self.offer, self.need
        return _ratio(offer.unit, offer.pack, need.unit, need.pack)

    def per_need_unit(self, rupiah: int) -> UnitPrice:
        """A price at the door: it is for one unit of the need, whatever the offer is sold by."""
        need = self.need
        return UnitPrice(rupiah, need.unit, shown_content(need.unit, need.pack))

    def fix(self, field: str, **bound: int) -> Fix:
        """A change of the offer told in its own sales unit: `at_least` or `at_most` so much."""
        offer = self.offer
        pack = shown_content(offer.unit, offer.pack)
        return {"field": field, **bound, "unit": offer.unit, **({"pack": pack} if pack else {})}

    @lazy
    def sales_units_wanted(self) -> Fraction | None:
        """The whole need in sales units a month."""
        if self.volume is None or self.ratio is None:
            return None
        return self.volume / self.ratio

    @lazy
    def capacity(self) -> int | None:
        """The producer's capacity a month in whole need units."""
        if self.offer.capacity_per_month is None or self.ratio is None:
            return None
        return int(self.offer.capacity_per_month * self.ratio)

    @lazy
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

    @lazy
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
        return -(-leg.rupiah_per_kg * self.weight_g // 1000) if self.weight_g else None

    def landed(self, region: str) -> Landed | None:
        """The landed price at `region`, or the least it can be; None without price or unit."""
        if region not in self._landed:
            self._landed[region] = self._land(region)
        return self._landed[region]

    def _land(self, region: str) -> Landed | None:
        if self.unit_price is None or self.ratio is None:
            return None
        freight, leg = self.freight(region), self.leg(region)
        asked = (self.unit_price + (freight or 0)) * self.ratio.denominator
        price = -(-asked // self.ratio.numerator)
        return Landed(price, freight is not None, leg is not None and leg.estimated)
