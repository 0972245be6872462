"""Changes of rules: drafts, what is in force, what was."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.readiness.models import RuleChange
from marketplace.readiness.rules import ChangeState


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
