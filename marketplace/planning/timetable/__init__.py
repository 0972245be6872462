"""Who meets whom, when, at which table: the timetable of a temu bisnis."""

from marketplace.planning.timetable.event import Event, Meeting, Participant, Request
from marketplace.planning.timetable.plan import Timetable, plan_timetable
from marketplace.planning.timetable.why import Reason

__all__ = [
    "Event",
    "Meeting",
    "Participant",
    "Reason",
    "Request",
    "Timetable",
    "plan_timetable",
]
