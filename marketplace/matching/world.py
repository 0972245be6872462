"""The facts an engine is given: categories, freight, zones, words, rules and the day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from marketplace.matching.rulebook import DEFAULT_RULES, AppliesTo, Rule
from marketplace.matching.words import DEFAULT_VOCABULARY, Vocabulary

EDIBLE = frozenset({"food", "drink"})
_EVERYONE = AppliesTo()


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree.

    `kind` is `food`, `drink` or another word. `is_animal` matters for chilled goods, `is_fresh`
    goods (unprocessed) need no food permit, `needs_md` goods usually cannot use a P-IRT.
    """

    code: str
    parent: str = ""
    name: str = ""
    kind: str = ""
    is_animal: bool = False
    is_fresh: bool = False
    needs_md: bool = False

    @property
    def is_edible(self) -> bool:
        return self.kind in EDIBLE


@dataclass(frozen=True, slots=True)
class Leg:
    """Freight from one region to another; `estimated` where no tariff was entered."""

    rupiah_per_kg: int
    days_median: int
    days_p90: int
    estimated: bool = False


def no_leg(origin: str, destination: str) -> Leg | None:
    """Freight where none is known."""
    return None


def no_zone(region: str) -> str:
    """The zone where none is known."""
    return ""


@dataclass(frozen=True, slots=True)
class World:
    """Everything the engine knows beside the offers and needs; immutable.

    `leg` and `zone_of` must be pure functions of their arguments. `today` is the business day.
    """

    today: date
    categories: Mapping[str, Category] = field(default_factory=dict)
    leg: Callable[[str, str], Leg | None] = no_leg
    zone_of: Callable[[str], str] = no_zone
    vocabulary: Vocabulary = DEFAULT_VOCABULARY
    rules: tuple[Rule, ...] = DEFAULT_RULES

    @property
    def words_version(self) -> str:
        """Another word whenever texts would be read differently: an index is made for one."""
        named = sorted((code, node.name) for code, node in self.categories.items())
        spellings = sorted(self.vocabulary.spellings.items())
        told = repr((named, spellings, sorted(self.vocabulary.protected)))
        return sha256(told.encode()).hexdigest()[:16]

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The category and everything above it, nearest first; empty if not in the tree."""
        path: list[str] = []
        while code in self.categories and code not in path:
            path.append(code)
            code = self.categories[code].parent
        return tuple(path)

    def branch_of(self, category: str) -> str:
        """The branch whose offers may serve a need of this category; "" where none is ruled out."""
        above = self.ancestors(category) if any(map(_keeps_branches_apart, self.rules)) else ()
        return above[-1] if above else ""


def _keeps_branches_apart(rule: Rule) -> bool:
    """True for the rule that excludes goods of another branch from every need on every day."""
    if rule.check != "category" or rule.severity != "block":
        return False
    return rule.valid_from is None and rule.valid_to is None and rule.applies_to == _EVERYONE
