"""The rules as data: whom each binds, since when, on what basis, and how hard.

Three of these changed within eighteen months, so none of them is written into code: `check` names
the comparison in `checks`, the rest says when it counts. Marks in the basis follow the facts: what
could not be verified warns and never blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from marketplace.matching.outcome import Severity

_NO_PARAMS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom a rule binds; an empty set binds everyone.

    `kinds` are kinds of goods (`food`, `drink`, `craft`, …), `storages` the storage of the offer,
    `size_classes` of the producer (`micro`, `small`, `medium`, `large`).
    """

    kinds: frozenset[str] = frozenset()
    storages: frozenset[str] = frozenset()
    size_classes: frozenset[str] = frozenset()
    animal_only: bool = False
    fresh_too: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `legal` marks what the law sets: a block of it can never be overridden."""

    code: str
    check: str
    severity: Severity
    applies_to: AppliesTo = AppliesTo()
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str = ""
    legal: bool = False
    params: Mapping[str, Any] = field(default_factory=lambda: _NO_PARAMS)

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def is_own(self) -> bool:
        """True for a rule an office made (limits.py), which others need not have."""
        return self.check in {"limit", "line_limit"}

    @property
    def is_shipped(self) -> bool:
        """True for a rule exactly as the engine ships it: nobody has changed it."""
        return SHIPPED_RULES.get(self.code) == self

    def as_dict(self) -> dict[str, Any]:
        """A rule as JSON. One of an office binds everyone, always, and never by law."""
        plain: dict[str, Any] = {
            "code": self.code,
            "check": self.check,
            "severity": self.severity,
            "params": dict(self.params),
        }
        if self.is_own:
            return plain
        return {
            **plain,
            "applies_to": {
                item.name: sorted(value) if isinstance(value, frozenset) else value
                for item in fields(self.applies_to)
                for value in [getattr(self.applies_to, item.name)]
            },
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "basis": self.basis,
            "legal": self.legal,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Rule":
        given = dict(data)
        given["params"] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in data["params"].items()
        }
        if "applies_to" in data:
            bound: dict[str, Any] = {
                name: frozenset(value) if isinstance(value, list) else value
                for name, value in data["applies_to"].items()
            }
            given["applies_to"] = AppliesTo(**bound)
        for name in ("valid_from", "valid_to"):
            if data.get(name):
                given[name] = date.fromisoformat(data[name])
        return cls(**given)


_EDIBLE = frozenset({"food", "drink"})
_PROCESSED = AppliesTo(kinds=_EDIBLE, fresh_too=False)
_BPOM = "PP 86/2019; BPOM 22/2018"
_HALAL = "UU 33/2014; PP 42/2024 art. 160"

DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("category", "category", "block"),
    Rule("papers", "required_papers", "block"),
    Rule(
        "food_permit",
        "one_paper_of",
        "block",
        # Frozen goods have a rule of their own: a P-IRT would not help them.
        AppliesTo(kinds=_EDIBLE, storages=frozenset({"", "ambient", "chilled"}), fresh_too=False),
        basis=_BPOM,
        legal=True,
        params={"any_of": ("pirt", "md", "ml"), "advise": "pirt"},
    ),
    Rule(
        "frozen_needs_md",
        "one_paper_of",
        "block",
        AppliesTo(kinds=_EDIBLE, storages=frozenset({"frozen"}), fresh_too=False),
        basis=_BPOM,
        legal=True,
        params={"any_of": ("md", "ml"), "advise": "md"},
    ),
    Rule(
        "chilled_animal_needs_md",
        "one_paper_of",
        "block",
        AppliesTo(
            kinds=_EDIBLE, storages=frozenset({"chilled"}), animal_only=True, fresh_too=False
        ),
        basis=_BPOM,
        legal=True,
        params={"any_of": ("md", "ml"), "advise": "md"},
    ),
    # Liquid drinks and the like: read from a talk of the authority, not from the text: warns only.
    Rule(
        "category_needs_md",
        "category_md",
        "warn",
        _PROCESSED,
        basis=_BPOM,
        params={"any_of": ("md", "ml"), "advise": "md"},
    ),
    # The P-IRT scheme is for goods that keep at least a week at room temperature.
    Rule(
        "short_life_needs_md",
        "short_life_md",
        "warn",
        AppliesTo(kinds=_EDIBLE, storages=frozenset({"ambient"}), fresh_too=False),
        basis=_BPOM,
        params={"any_of": ("md", "ml"), "advise": "md", "days": 7},
    ),
    Rule(
        "halal",
        "halal",
        "block",
        AppliesTo(kinds=_EDIBLE, size_classes=frozenset({"", "micro", "small"}), fresh_too=False),
        valid_from=date(2026, 10, 17),
        basis=_HALAL,
        legal=True,
    ),
    Rule(
        "halal_large",
        "halal",
        "block",
        AppliesTo(kinds=_EDIBLE, size_classes=frozenset({"medium", "large"}), fresh_too=False),
        valid_from=date(2024, 10, 18),
        basis=_HALAL,
        legal=True,
    ),
    Rule("papers_checked", "papers_checked", "warn"),
    Rule("storage", "storage", "block"),
    Rule("zone", "zone", "block"),
    Rule("shelf_life", "shelf_life", "block"),
    Rule("landed_price", "landed_price", "block"),
    Rule("min_order", "min_order", "block"),
    Rule("share", "share", "block"),
    Rule("terms", "terms", "block"),
    Rule("cash", "cash", "block"),
)

SHIPPED_RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in DEFAULT_RULES})


def with_changes(rules: tuple[Rule, ...], changed: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """These rules with others in the place of those of the same code; new ones come last.

    The place of a rule is the order in which its verdict is told, so it is kept.
    """
    by_code = {rule.code: rule for rule in changed}
    kept = tuple(by_code.pop(rule.code, rule) for rule in rules)
    return (*kept, *by_code.values())
