"""Background work: who must be reminded of money."""

from datetime import timedelta

from marketplace.core.clock import now
from marketplace.deals.services import telling
from marketplace.infra.transaction import transaction

_EVERY = timedelta(minutes=10)
_last = [now() - _EVERY]


def remind_of_payments() -> None:
    """Every ten minutes: invoices whose day comes or has passed."""
    if now() - _last[0] < _EVERY:
        return
    _last[0] = now()
    with transaction():
        telling.remind_of_payments()
