"""Writes of the front room."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.home import policies
from marketplace.infra import options
from marketplace.infra.web import require
from marketplace.questions.rules import OPEN_MAX_OPTION


def change_settings(*, actor: Actor, introduction_days: int, open_questions: int) -> None:
    """New introductions wait this many days; those under way keep the day they were told.

    `open_questions` is how many without an answer one business may have about one thing.
    """
    require(policies.may_change_settings(actor))
    option = options.put("introduction_days", str(introduction_days))
    audit.record(actor, "settings.changed", option, introduction_days=introduction_days)
    option = options.put(OPEN_MAX_OPTION, str(open_questions))
    audit.record(actor, "settings.changed", option, open_questions=open_questions)
