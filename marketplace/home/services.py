"""Writes of the front room."""

from collections.abc import Mapping

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.home import policies
from marketplace.infra import options
from marketplace.infra.web import require


def change_settings(*, actor: Actor, values: Mapping[str, int]) -> None:
    """Options by name; what is under way keeps the day it was told."""
    require(policies.may_change_settings(actor))
    for name, value in values.items():
        if options.get_text(name) == str(value):
            continue
        option = options.put(name, str(value))
        audit.record(actor, "settings.changed", option, **{name: value})
