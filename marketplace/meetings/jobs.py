"""Background work: the clocks of requests, and next steps whose day has come."""

from datetime import timedelta

from marketplace.core.clock import now
from marketplace.infra.transaction import transaction
from marketplace.meetings.services import clocks, steps

_EVERY = timedelta(minutes=1)
_last = [now() - _EVERY]


def keep_clocks() -> None:
    """Once a minute: reminders, requests whose time to answer is over, and steps that are due."""
    if now() - _last[0] < _EVERY:
        return
    _last[0] = now()
    with transaction():
        clocks.keep()
    with transaction():
        steps.chase_due()
