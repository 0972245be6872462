"""Writes of the front room."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.home import policies
from marketplace.infra import options
from marketplace.infra.web import require


def change_settings(*, actor: Actor, introduction_days: int) -> None:
    """New introductions wait this many days; those under way keep the day they were told."""
    require(policies.may_change_settings(actor))
    option = options.put("introduction_days", str(introduction_days))
    audit.record(actor, "settings.changed", option, introduction_days=introduction_days)
