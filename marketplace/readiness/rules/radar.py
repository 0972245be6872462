"""Which papers the radar shows: what has run out, and what runs out in 30, 60 and 90 days."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from types import MappingProxyType

from marketplace.core.text import N_


class Horizon(IntEnum):
    """Days left at most; 0 is what has run out."""

    EXPIRED = 0
    DAYS_30 = 30
    DAYS_60 = 60
    DAYS_90 = 90


HORIZONS: Mapping[Horizon, str] = MappingProxyType(
    {
        Horizon.EXPIRED: N_("Has expired"),
        Horizon.DAYS_30: N_("Expires within 30 days"),
        Horizon.DAYS_60: N_("Expires within 60 days"),
        Horizon.DAYS_90: N_("Expires within 90 days"),
    }
)
# How far back an expired paper is still worth a letter: older ones were given up.
LOOK_BACK_DAYS = 365
# A letter is prepared unasked within so many days of reaching a step: a few days of standstill of
# the service lose nobody.
FRESH_DAYS = 7


def horizon_of(valid_to: date, today: date) -> Horizon | None:
    """The nearest horizon a last day lies in; the last day itself still counts as valid."""
    left = (valid_to - today).days
    if left < 0:
        return Horizon.EXPIRED
    return next((each for each in sorted(Horizon) if each and left <= each), None)


def is_fresh(valid_to: date, today: date) -> bool:
    """It reached its horizon within the last days."""
    horizon = horizon_of(valid_to, today)
    if horizon is None:
        return False
    # A paper has expired on the day after its last one.
    since = horizon - (valid_to - today).days - (1 if horizon is Horizon.EXPIRED else 0)
    return since < FRESH_DAYS
