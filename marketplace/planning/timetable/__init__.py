"""Who meets whom, when, at which table: the timetable of a temu bisnis.

`plan_timetable` makes or renews one; a `Desk` answers what can be done to it by hand, slot by slot;
`why_unplaced` and `find_remedies` tell of a request without a meeting why, and what would place it.
"""

from marketplace.planning.timetable.desk import Choice, Desk
from marketplace.planning.timetable.event import Event, Meeting, Participant, Request
from marketplace.planning.timetable.plan import Timetable, plan_timetable
from marketplace.planning.timetable.remedy import Remedy, apply_remedy, find_remedies
from marketplace.planning.timetable.told import Reason, Slot, Slots, Table, Who
from marketplace.planning.timetable.why import why_unplaced

__all__ = [
    "Choice",
    "Desk",
    "Event",
    "Meeting",
    "Participant",
    "Reason",
    "Remedy",
    "Request",
    "Slot",
    "Slots",
    "Table",
    "Timetable",
    "Who",
    "apply_remedy",
    "find_remedies",
    "plan_timetable",
    "why_unplaced",
]
