"""Figures of trainings: each counted from the rows that its list shows, so both tell one story."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from marketplace.core.text import N_
from marketplace.programs.rules.outcomes import (
    MONTHS,
    OUTCOME_NAMES,
    Fact,
    Outcome,
    months_after,
    reached,
)
from marketplace.programs.rules.trainings import SIGNED_UP, SignUpState


class TrainingFigure(StrEnum):
    HELD = "held"
    SEATS = "seats"
    SIGNED_UP = "signed_up"
    ATTENDED = "attended"
    CERTIFIED = "certified"


FIGURE_NAMES: Mapping[TrainingFigure, str] = MappingProxyType(
    {
        TrainingFigure.HELD: N_("Trainings held"),
        TrainingFigure.SEATS: N_("Seats"),
        TrainingFigure.SIGNED_UP: N_("Signed up"),
        TrainingFigure.ATTENDED: N_("Were there"),
        TrainingFigure.CERTIFIED: N_("Got a certificate"),
    }
)


PEOPLE_FIGURES = frozenset(
    {TrainingFigure.SIGNED_UP, TrainingFigure.ATTENDED, TrainingFigure.CERTIFIED}
)


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One training of a period: it counts for the kabupaten/kota where it was held."""

    id: int
    title: str
    organiser: str
    area: str
    starts_on: date
    ends_on: date
    seats: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One participant: counts for their own kabupaten/kota, the training's where none is known."""

    sign_up_id: int
    training_id: int
    title: str
    ends_on: date
    name: str
    area: str
    state: SignUpState
    sessions_attended: int
    is_certified: bool
    business_ids: frozenset[int] = frozenset()
    first: Mapping[Outcome, Fact] = field(default_factory=dict)

    @property
    def attended(self) -> bool:
        return self.sessions_attended > 0

    def had(self, outcome: Outcome, months: int) -> bool:
        return outcome in reached(self.first, months_after(self.ends_on, months))


@dataclass(frozen=True, slots=True)
class OutcomeFigure:
    """`count` of the `of` who were there and whose months have passed."""

    months: int
    outcome: Outcome
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class TrainingFigures:
    counts: Mapping[TrainingFigure, int]
    outcomes: Sequence[OutcomeFigure]


def people_of(figure: TrainingFigure, people: Sequence[PersonRow]) -> list[PersonRow]:
    """The rows behind a figure of people."""
    tests: Mapping[TrainingFigure, Callable[[PersonRow], bool]] = {
        TrainingFigure.SIGNED_UP: lambda one: one.state in SIGNED_UP or one.attended,
        TrainingFigure.ATTENDED: lambda one: one.attended,
        TrainingFigure.CERTIFIED: lambda one: one.is_certified,
    }
    test = tests.get(figure)
    return [one for one in people if test(one)] if test else []


def due_people(months: int, people: Sequence[PersonRow], day: date) -> list[PersonRow]:
    """Those who were there and whose so many months have passed."""
    return [one for one in people if one.attended and months_after(one.ends_on, months) <= day]


def outcome_people(
    outcome: Outcome, months: int, people: Sequence[PersonRow], day: date
) -> list[PersonRow]:
    """The rows behind an outcome figure."""
    return [one for one in due_people(months, people, day) if one.had(outcome, months)]


def rows_behind(
    key: str, people: Sequence[PersonRow], day: date
) -> tuple[str, int, list[PersonRow]] | None:
    """(name, months or 0, rows) of a figure of people by its key: `attended`, `started-6`.

    None where there is no such figure.
    """
    if key in PEOPLE_FIGURES:
        figure = TrainingFigure(key)
        return FIGURE_NAMES[figure], 0, people_of(figure, people)
    word, _, number = key.partition("-")
    if word not in set(Outcome) or number not in {str(months) for months in MONTHS}:
        return None
    outcome, months = Outcome(word), int(number)
    return OUTCOME_NAMES[outcome], months, outcome_people(outcome, months, people, day)


def figures_of(
    trainings: Sequence[TrainingRow], people: Sequence[PersonRow], day: date
) -> TrainingFigures:
    counts = {
        TrainingFigure.HELD: len(trainings),
        TrainingFigure.SEATS: sum(one.seats for one in trainings),
        **{
            figure: len(people_of(figure, people))
            for figure in (
                TrainingFigure.SIGNED_UP,
                TrainingFigure.ATTENDED,
                TrainingFigure.CERTIFIED,
            )
        },
    }
    outcomes = [
        OutcomeFigure(
            months,
            outcome,
            len(outcome_people(outcome, months, people, day)),
            len(due_people(months, people, day)),
        )
        for months in MONTHS
        for outcome in Outcome
    ]
    return TrainingFigures(counts, outcomes)
