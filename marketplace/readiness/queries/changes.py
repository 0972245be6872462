"""Changes of rules: drafts, what is in force, what was."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.matching import Rule
from marketplace.matching.rulebook import DEFAULT_RULES, SHIPPED_RULES, with_changes
from marketplace.readiness.models import RuleChange
from marketplace.readiness.rules import ChangeState

# What a change may say of whom the rule binds (matching.rulebook.AppliesTo).
SCOPES = ("kinds", "storages", "size_classes")


def get_change(change_id: int) -> RuleChange:
    found = session.get(RuleChange, change_id, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such change."))
    return found


def find_adopted(code: str) -> RuleChange | None:
    return session.scalar(
        select(RuleChange).where(RuleChange.code == code, RuleChange.state == ChangeState.ADOPTED)
    )


def adopted_changes() -> Sequence[RuleChange]:
    """What is in force instead of a shipped rule; at most one for each rule."""
    return session.scalars(
        select(RuleChange).where(RuleChange.state == ChangeState.ADOPTED).order_by(RuleChange.id)
    ).all()


def list_changes(code: str = "", limit: int = 100) -> Sequence[RuleChange]:
    """The newest first, of one rule where one is named."""
    statement = select(RuleChange).order_by(RuleChange.id.desc()).limit(limit)
    return session.scalars(statement.where(RuleChange.code == code) if code else statement).all()


def rule_of(change: RuleChange) -> Rule:
    """The rule as this change wants it: the shipped one with what the province may set."""
    shipped = SHIPPED_RULES[change.code]
    bound: dict[str, Any] = {
        name: frozenset(change.applies[name]) for name in SCOPES if name in change.applies
    }
    return replace(
        shipped,
        severity=change.severity.value,
        valid_from=change.valid_from,
        valid_to=change.valid_to,
        basis=change.basis,
        applies_to=replace(shipped.applies_to, **bound),
    )


def rule_in_force(code: str) -> Rule:
    """The rule as it counts today; NotFound where the engine ships none of this code."""
    if code not in SHIPPED_RULES:
        raise NotFound(N_("There is no such rule."))
    adopted = find_adopted(code)
    return SHIPPED_RULES[code] if adopted is None else rule_of(adopted)


def changed_rules() -> tuple[Rule, ...]:
    """What takes the place of shipped rules (registered in wiring.py)."""
    return tuple(rule_of(change) for change in adopted_changes())


def rules_today() -> tuple[Rule, ...]:
    """The rules of eligibility as they count, in the order in which they are told."""
    return with_changes(DEFAULT_RULES, changed_rules())
