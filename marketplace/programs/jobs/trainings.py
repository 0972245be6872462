"""Once an hour: whom to call 3, 6 and 12 months after a training."""

from datetime import timedelta

from marketplace.core.clock import now, today
from marketplace.infra.transaction import transaction
from marketplace.programs.services import following_up

_EVERY = timedelta(hours=1)
_last = [now() - _EVERY]


def call_participants() -> None:
    if now() - _last[0] < _EVERY:
        return
    _last[0] = now()
    with transaction():
        following_up.open_due(today())
