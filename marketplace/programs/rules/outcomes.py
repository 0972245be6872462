"""What became of a participant: facts with their day, read from rows, never typed.

The one exception is a business that was started and is in no register: an officer heard it by
phone, and it says so. Higher rooms add facts of their own (OUTCOMES in wiring.py).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.text import N_

MONTHS = (3, 6, 12)


class Outcome(StrEnum):
    STARTED = "started"
    PAPER = "paper"
    PUBLISHED = "published"
    DEAL = "deal"


OUTCOME_NAMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.STARTED: N_("started a business"),
        Outcome.PAPER: N_("got a paper"),
        Outcome.PUBLISHED: N_("published a product"),
        Outcome.DEAL: N_("made a first deal"),
    }
)


class Answer(StrEnum):
    """What somebody said when the office called."""

    STARTED = "started"
    NOT_STARTED = "not_started"
    NOT_REACHED = "not_reached"


ANSWER_NAMES: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.STARTED: N_("Started a business"),
        Answer.NOT_STARTED: N_("Has not started one"),
        Answer.NOT_REACHED: N_("Could not be reached"),
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said; the day a business was started goes with that answer only."""

    answer: Answer
    started_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to a business on a day; `detail` is plain text for the list."""

    business_id: int
    kind: Outcome
    on: date
    detail: str = ""
    by_phone: bool = False


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def firsts(facts: Iterable[Fact], since: date) -> dict[Outcome, Fact]:
    """The first fact of each kind on or after a day: what was so before came not of the training.

    A paper or a product a business had before does not hide a new one; a deal counts as the first
    only where there was none before, and so does a business that was there already.
    """
    found: dict[Outcome, Fact] = {}
    before: set[Outcome] = set()
    for fact in sorted(facts, key=lambda one: one.on):
        if fact.on < since:
            before.add(fact.kind)
        else:
            found.setdefault(fact.kind, fact)
    only_once = before & {Outcome.STARTED, Outcome.DEAL}
    return {kind: fact for kind, fact in found.items() if kind not in only_once}


def reached(first: Mapping[Outcome, Fact], until: date) -> frozenset[Outcome]:
    """What had happened by a day."""
    return frozenset(kind for kind, fact in first.items() if fact.on <= until)


def due_horizons(ended_on: date, day: date) -> Sequence[int]:
    """Of 3, 6 and 12 months after the end, those that have passed by `day`."""
    return [months for months in MONTHS if months_after(ended_on, months) <= day]
