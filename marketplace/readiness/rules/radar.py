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


def horizon_of(valid_to: date, today: date) -> Horizon | None:
    """The nearest horizon a last day lies in; the last day itself still counts as valid."""
    left = (valid_to - today).days
    if left < 0:
        return Horizon.EXPIRED
    return next((each for each in sorted(Horizon) if each and left <= each), None)
