"""Rules and their changes in words."""

from collections.abc import Sequence
from typing import Any

from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.matching import Rule
from marketplace.matching.explain import rule_name
from marketplace.readiness import queries
from marketplace.readiness.models import RuleChange
from marketplace.readiness.rules import (
    CHANGE_STATE_NAMES,
    EDITABLE,
    FIXED,
    SEVERITY_NAMES,
    RuleSeverity,
)
from marketplace.readiness.rules.rulebook import KIND_NAMES, SIZE_NAMES, STORAGE_NAMES

Card = dict[str, Any]
_LARGE = N_("Halal certificate (medium and large firms)")


def rule_card(rule: Rule) -> Card:
    """A rule as it counts: what it does, since when, for whom, on what basis."""
    return {
        "rule": rule,
        "code": rule.code,
        "name": say(_LARGE) if rule.code == "halal_large" else say(rule_name(rule.code)),
        "does": say(SEVERITY_NAMES[RuleSeverity(rule.severity)]),
        "binds": "; ".join(binds(rule)) or say(N_("everyone")),
        "is_changed": not rule.is_shipped,
        "is_fixed": rule.code in FIXED,
        "may_narrow": rule.code in EDITABLE,
    }


def binds(rule: Rule) -> list[str]:
    """Whom a rule binds; empty where it binds everyone."""
    to = rule.applies_to
    told = [
        _named(to.kinds, KIND_NAMES),
        _named(to.storages, STORAGE_NAMES),
        _named(to.size_classes, SIZE_NAMES),
        say(N_("animal products only")) if to.animal_only else "",
        "" if to.fresh_too else say(N_("not fresh goods")),
    ]
    return [each for each in told if each]


def _named(codes: frozenset[str], names: Sequence[tuple[str, str]]) -> str:
    return ", ".join(say(name) for code, name in names if code in codes)


def change_card(change: RuleChange) -> Card:
    """A change with the rule as it would count."""
    return {
        **rule_card(queries.rule_of(change)),
        "change": change,
        "state_name": say(CHANGE_STATE_NAMES[change.state]),
    }
