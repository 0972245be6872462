"""Pages of temu bisnis."""

from marketplace.meetings.views import (  # noqa: F401
    day,
    events,
    figures,
    followup,
    invitations,
    links,
    outcomes,
    own,
    pairs,
    participants,
    places,
    prints,
    requests,
    singles,
    timetable,
)
from marketplace.meetings.views.blueprint import bp

__all__ = ["bp"]
