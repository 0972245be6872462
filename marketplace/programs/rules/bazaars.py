"""What a bazaar or an expo is set up with: days with their hours, stalls, who stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.programs.rules.programs import ProgramKind, ProgramLevel

# Both have stalls; a training has sessions instead.
WITH_STALLS = (ProgramKind.BAZAAR, ProgramKind.EXPO)
DAYS_MOST = 31
STALLS_MOST = 500
LABEL_MAX = 20


class HolderState(StrEnum):
    """A stall that was given up owes no more figures; those it gave stay."""

    COMES = "comes"
    WITHDRAWN = "withdrawn"


HOLDER_STATE_NAMES: Mapping[HolderState, str] = {
    HolderState.COMES: N_("takes part"),
    HolderState.WITHDRAWN: N_("does not come"),
}


@dataclass(frozen=True, slots=True)
class DayDraft:
    """One day; hours in minutes after midnight, both or none. A shut day owes no figure."""

    on: date
    opens: int | None = None
    closes: int | None = None
    is_shut: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class BazaarDraft:
    """What the form of a bazaar or expo says; `stalls` are the labels in their order.

    `sells`: goods are sold at this expo; at a bazaar they always are.
    """

    kind: ProgramKind
    title: str
    level: ProgramLevel
    organiser: str
    region_code: str
    place: str
    days: tuple[DayDraft, ...]
    stalls: tuple[str, ...]
    about: str = ""
    sells: bool = False


@dataclass(frozen=True, slots=True)
class HolderDraft:
    """Who stands at a stall: a walk-in is in no register yet."""

    name: str
    contact_name: str = ""
    phone: str = ""
    region_code: str = ""
    sells: str = ""
    category_code: str = ""


def numbered(count: int) -> tuple[str, ...]:
    """Labels of stalls that have no names: 1, 2, 3."""
    return tuple(str(number) for number in range(1, count + 1))


def check_bazaar(draft: BazaarDraft) -> None:
    """Raise InvalidInput naming the field that cannot stand."""
    days = [day.on for day in draft.days]
    if not days:
        _refuse("days", N_("Write at least one day."))
    if len(set(days)) < len(days):
        _refuse("days", N_("The same day stands twice."))
    if len(days) > DAYS_MOST:
        _refuse("days", N_("At most a month of days in one record."))
    if all(day.is_shut for day in draft.days):
        _refuse("days", N_("It must be open on one day at least."))
    for day in draft.days:
        if day.opens is not None and day.closes is not None and day.opens >= day.closes:
            _refuse("days", N_("A day must open before it closes."))
    _check_stalls(draft.stalls)


def _check_stalls(labels: Sequence[str]) -> None:
    if not labels:
        _refuse("stalls", N_("Write how many stalls there are."))
    if len(labels) > STALLS_MOST:
        _refuse("stalls", N_("At most 500 stalls in one record."))
    if len(set(labels)) < len(labels):
        _refuse("names", N_("The same stall stands twice."))
    if any(len(label) > LABEL_MAX for label in labels):
        _refuse("names", N_("The name of a stall has at most 20 characters."))


def _refuse(field: str, msgid: str) -> None:
    raise InvalidInput(msgid, fields={field: msgid})
