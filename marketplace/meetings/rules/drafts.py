"""What people type about an event, a participant, a single meeting, and what of it can be used."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.meetings.rules.grid import Break, Day, Grid, grid_of
from marketplace.meetings.rules.states import EventKind, MeetingWay

SLOT_MINUTES = (15, 20, 30)
DAYS_MOST = 5
BREAKS_MOST = 6
SLOTS_MOST = 200
TABLES_MOST = 500
WEIGHT_USUAL = 50  # of a request that no suggestion speaks for
WEIGHT_MOST = 1_000
SINGLE_MINUTES_MOST = 480
REQUEST_DAYS = 5  # default of the option `meeting_request_days`
REMINDER_DAYS = 2  # default of the option `meeting_reminder_days`


@dataclass(frozen=True, slots=True)
class EventDraft:
    name: str
    kind: EventKind
    region_code: str
    place: str
    slot_minutes: int
    tables: int
    spare_tables: int
    days: tuple[Day, ...]
    breaks: tuple[Break, ...] = ()
    note: str = ""

    def grid(self) -> Grid:
        return grid_of(self.days, self.breaks, self.slot_minutes)


@dataclass(frozen=True, slots=True)
class ParticipantDraft:
    """`available` None: in every slot."""

    person_name: str
    phone: str
    available: frozenset[int] | None = None
    max_meetings: int | None = None


@dataclass(frozen=True, slots=True)
class SingleDraft:
    """A meeting outside events: when, how long, how and where."""

    producer_id: int
    buyer_id: int
    starts_at: datetime
    minutes: int
    way: MeetingWay
    place: str = ""
    note: str = ""


def _refuse(field: str, msgid: str, **params: object) -> InvalidInput:
    return InvalidInput(msgid, fields={field: msgid}, **params)


def check_event_draft(draft: EventDraft, today: date) -> None:
    """Raise InvalidInput, naming the field, where no meeting could be held that way."""
    if not draft.name:
        raise _refuse("name", N_("Give the event a name."))
    if not draft.region_code:
        raise _refuse("region", N_("Say in which kabupaten or kota it is."))
    if draft.slot_minutes not in SLOT_MINUTES:
        raise _refuse("slot_minutes", N_("A meeting lasts 15, 20 or 30 minutes."))
    if draft.tables < 1:
        raise _refuse("tables", N_("Without a table nobody can meet: at least one, please."))
    if draft.tables + draft.spare_tables > TABLES_MOST:
        raise _refuse("tables", N_("At most %(most)s tables, please."), most=TABLES_MOST)
    _check_days(draft, today)
    for pause in draft.breaks:
        if pause.starts >= pause.ends:
            raise _refuse("breaks", N_("A break ends after it begins."))
    slots = len(draft.grid())
    if not slots:
        raise _refuse("days", N_("In these hours there is no room for a single meeting."))
    if slots > SLOTS_MOST:
        raise _refuse("days", N_("These are more than %(most)s slots."), most=SLOTS_MOST)


def _check_days(draft: EventDraft, today: date) -> None:
    if not draft.days:
        raise _refuse("days", N_("Say on which day it is, from when to when."))
    if len({day.on for day in draft.days}) < len(draft.days):
        raise _refuse("days", N_("The same day stands there twice."))
    for day in draft.days:
        if day.starts >= day.ends:
            raise _refuse("days", N_("A day ends after it begins."))
        if day.on < today:
            raise _refuse("days", N_("%(day)s is over. Choose a day to come."), day=day.on)
        if day.on > today + timedelta(days=3 * 365):
            raise _refuse("days", N_("%(day)s is too far away. Check the year."), day=day.on)


def check_participant_draft(draft: ParticipantDraft, grid: Grid) -> None:
    if draft.available is not None and not draft.available & grid.numbers:
        raise _refuse(
            "when",
            N_(
                "With this they could come in no slot at all. Choose one, or note that they do "
                "not come."
            ),
        )
    if draft.max_meetings is not None and draft.max_meetings < 1:
        raise _refuse("max_meetings", N_("At least one meeting, or leave it empty."))


def check_single(draft: SingleDraft, now: datetime) -> None:
    if draft.starts_at <= now:
        raise _refuse("day", N_("This time is over. Choose one to come."))
    if draft.starts_at > now + timedelta(days=366):
        raise _refuse("day", N_("This is more than a year away. Check the year."))
    if not 5 <= draft.minutes <= SINGLE_MINUTES_MOST:
        raise _refuse("minutes", N_("A meeting lasts between 5 minutes and 8 hours."))
    if draft.way is MeetingWay.IN_PERSON and not draft.place:
        raise _refuse("place", N_("Say where they meet."))


def remap(available: list[int] | None, before: Grid, after: Grid) -> list[int] | None:
    """Availability said for one grid in the slots of another; None stays None.

    A new slot counts where the old ones it lies in all did; one at hours nobody was asked about
    counts too, so that a longer day takes nothing from anybody.
    """
    if available is None:
        return None
    could = set(available)
    kept = []
    for slot in after.slots:
        within = [
            old.number
            for old in before.slots
            if old.on == slot.on and old.starts < slot.ends and slot.starts < old.ends
        ]
        if all(number in could for number in within):
            kept.append(slot.number)
    return kept
