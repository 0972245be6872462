"""What the commonest rules need of every offer, as columns: most candidates fail at a glance.

A glance may only say "surely excluded", and only where a rule says so on the best reading of all
that is unknown. Whoever is not surely excluded is judged by the rules themselves, so a ranking is
the same with and without this file; it is only faster.
"""

from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from marketplace.core.quantity import Quantity, units_per_unit
from marketplace.matching.case import Case, Question
from marketplace.matching.checks import check_category, check_zone
from marketplace.matching.offers import Offer
from marketplace.matching.rulebook import AppliesTo, Rule
from marketplace.matching.store import Growing, Ints

_UNKNOWN = 2**62
_MOST_PAPERS = 62
Key = TypeVar("Key", bound=Hashable)


class _Interned(Generic[Key]):
    """Values that many offers share, each kept once under a number."""

    def __init__(self) -> None:
        self.values: list[Key] = []
        self.numbers = Growing(np.int32)
        self._places: dict[Key, int] = {}

    def append(self, value: Key) -> None:
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        self.numbers.extend([place])

    def ask(self, rows: Ints, question: Callable[[Key], int]) -> NDArray[np.int64]:
        """The answer for every row; each value is asked about once."""
        numbers = self.numbers.view[rows]
        answers: NDArray[np.int64] = np.zeros(len(self.values), np.int64)
        for number in np.unique(numbers):
            answers[number] = question(self.values[number])
        return np.asarray(answers[numbers])


class Columns:
    """One value per row, in the order the rows were added."""

    def __init__(self) -> None:
        self._zones: _Interned[frozenset[str]] = _Interned()
        self._categories: _Interned[str] = _Interned()
        self._units: _Interned[tuple[str, Quantity | None]] = _Interned()
        self._papers = Growing(np.int64)
        self._price = Growing(np.int64)
        self._life = Growing(np.int64)
        self._min_order = Growing(np.int64)
        self._paper_bits: dict[str, int] = {}

    def extend(self, batch: Iterable[Offer]) -> None:
        """Append the offers of a `Batch`."""
        for offer in batch:
            self.append(offer)

    def append(self, offer: Offer) -> None:
        self._zones.append(offer.zones)
        self._categories.append(offer.category)
        self._units.append((offer.unit, offer.pack))
        self._papers.extend([self._held(offer)])
        cheapest = [step.price for step in offer.price_breaks]
        price = min([offer.price, *cheapest]) if offer.price is not None else 0
        self._price.extend([min(price, 10**15)])
        life = offer.shelf_life_days
        self._life.extend([_UNKNOWN if life is None else life - (offer.lead_days or 0)])
        self._min_order.extend([offer.min_order or 0])

    def _held(self, offer: Offer) -> int:
        """A bit for every paper, valid or not; all bits where nobody has said."""
        if not offer.papers_known:
            return -1
        held = 0
        for paper in offer.papers:
            bit = self._paper_bits.setdefault(paper.kind, len(self._paper_bits))
            if bit > _MOST_PAPERS:
                return -1
            held |= 1 << bit
        return held

    def surely_excluded(self, question: Question, rows: Ints) -> NDArray[np.bool_]:
        """True for the rows of which it is certain that a blocking rule excludes them."""
        need = question.need
        rules = {rule.check: rule for rule in question.rules("", "", None)}
        blocking = {check for check, rule in rules.items() if _binds_everyone(rule)}
        gone = np.zeros(len(rows), bool)
        if "category" in blocking and need.category:
            rule = rules["category"]
            gone |= (
                self._categories.ask(rows, lambda code: _fails_category(code, question, rule)) > 0
            )
        if "zone" in blocking and need.lines:
            rule = rules["zone"]
            gone |= self._zones.ask(rows, lambda zones: _fails_zone(zones, question, rule)) > 0
        if "required_papers" in blocking and need.papers_required:
            asked = self._bits(need.papers_required)
            gone |= (self._papers.view[rows] & asked) != asked
        if "shelf_life" in blocking and need.min_shelf_life_days is not None:
            asked = need.min_shelf_life_days + question.settings.safety_days
            gone |= self._life.view[rows] < asked
        if "landed_price" in blocking and need.max_price is not None:
            most = self._units.ask(rows, lambda unit: _highest_price(unit, question))
            gone |= self._price.view[rows] > most
        if "min_order" in blocking and question.volume is not None:
            most = self._units.ask(rows, lambda unit: _sales_units(unit, question))
            gone |= self._min_order.view[rows] > most
        return gone

    def _bits(self, kinds: frozenset[str]) -> int:
        """A bit for every kind that has one; a kind without one is left to the rule itself."""
        return sum(1 << self._paper_bits[kind] for kind in kinds if kind in self._paper_bits)


def _binds_everyone(rule: Rule) -> bool:
    return rule.severity == "block" and rule.applies_to == AppliesTo()


def _fails_category(code: str, question: Question, rule: Rule) -> bool:
    found = check_category(Case(Offer("", "", category=code), question), rule)
    return found is not None and found.outcome == "fail" and found.severity is None


def _fails_zone(zones: frozenset[str], question: Question, rule: Rule) -> bool:
    case = Case(Offer("", "", zones=zones), question)
    found = [check_zone(case, rule, region) for region in question.regions]
    return all(one is not None and one.outcome == "fail" for one in found)


def _ratio(unit: tuple[str, Quantity | None], question: Question) -> Fraction | None:
    need = question.need
    return units_per_unit(unit[0], unit[1], need.unit, need.pack)


def _highest_price(unit: tuple[str, Quantity | None], question: Question) -> int:
    """The highest price of a sales unit that is within the ceiling where freight costs nothing."""
    ratio, ceiling = _ratio(unit, question), question.need.max_price
    return min(int(ceiling * ratio), _UNKNOWN) if ratio and ceiling is not None else _UNKNOWN


def _sales_units(unit: tuple[str, Quantity | None], question: Question) -> int:
    """The whole need in sales units, rounded down."""
    ratio, volume = _ratio(unit, question), question.volume
    return min(int(volume / ratio), _UNKNOWN) if ratio and volume is not None else _UNKNOWN
