"""Bazaars and trainings of the period, as the room of programmes counts them.

Three things stand side by side and are never added: what stalls reported, how much of what was due
that is, and what an organiser estimates. Bazaars count for the office that keeps their records,
trainings for where they were held, people for their own kabupaten/kota.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.infra.i18n import say, show_number
from marketplace.programs.documents import training_figures as trainings
from marketplace.programs.queries import figures as bazaars
from marketplace.programs.queries.figures import BazaarFigures, Totals
from marketplace.programs.rules.outcomes import OUTCOME_NAMES, Outcome
from marketplace.programs.rules.training_figures import (
    FIGURE_NAMES,
    OutcomeFigure,
    PersonRow,
    TrainingFigure,
    TrainingFigures,
    outcome_people,
    people_of,
)
from marketplace.reporting.queries.figures import FigureRow
from marketplace.reporting.rules.scopes import OUTSIDE, Scope


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    name: str
    cells: Sequence[OutcomeFigure]


@dataclass(frozen=True, slots=True)
class ProgramsShown:
    """None of it of producers outside the province: no office there holds anything."""

    bazaars: Sequence[BazaarFigures]
    totals: Totals
    trainings: TrainingFigures
    outcomes: Sequence[OutcomeShown]

    @property
    def names(self) -> Mapping[TrainingFigure, str]:
        return {key: say(name) for key, name in FIGURE_NAMES.items()}

    @property
    def months(self) -> Sequence[int]:
        return sorted({one.months for one in self.trainings.outcomes})

    @property
    def is_empty(self) -> bool:
        return not self.bazaars and not self.trainings.counts[TrainingFigure.HELD]


def _days(scope: Scope) -> tuple[date, date, str]:
    """First and last day, and the area as the programmes know it; a code nobody has is nothing."""
    area = scope.area or scope.home
    return scope.period.first, scope.period.last, "-" if area == OUTSIDE else area


def programs_shown(scope: Scope) -> ProgramsShown:
    days = _days(scope)
    figures = trainings.figures(*days)
    return ProgramsShown(
        bazaars.list_figures(*days),
        bazaars.totals(*days),
        figures,
        [
            OutcomeShown(
                say(OUTCOME_NAMES[outcome]),
                [one for one in figures.outcomes if one.outcome is outcome],
            )
            for outcome in Outcome
        ],
    )


def training_rows(scope: Scope, key: TrainingFigure) -> list[FigureRow]:
    """The rows behind a figure of trainings: trainings, with their seats, or people."""
    if key in {TrainingFigure.HELD, TrainingFigure.SEATS}:
        return [
            FigureRow(one.id, one.id, one.area, one.ends_on, one.title, one.organiser, one.seats)
            for one in trainings.trainings(*_days(scope))
        ]
    return [_person(one) for one in people_of(key, trainings.people(*_days(scope)))]


def outcome_rows(scope: Scope, outcome: Outcome, months: int) -> list[FigureRow]:
    """Participants who had this outcome within so many months."""
    people = trainings.people(*_days(scope))
    return [_person(one) for one in outcome_people(outcome, months, people, today())]


def _person(one: PersonRow) -> FigureRow:
    return FigureRow(one.sign_up_id, one.training_id, one.area, one.ends_on, one.name, one.title, 1)


def training_page(row: FigureRow) -> str:
    return url_for("programs.show_training", training_id=row.link)


def apart() -> str:
    return str(
        _(
            "Turnover is what stalls of bazaars, and of expos where goods are sold, reported; "
            "coverage says how much of what was due that is. The organiser's estimate is another "
            "figure and is never added."
        )
    )


def coverage_of(one: BazaarFigures) -> str:
    return coverage(one.reported, one.due)


def coverage(reported: int, due: int) -> str:
    if not due:
        return "–"
    return str(
        _(
            "%(percent)s%%: %(reported)s of %(due)s stall-days",
            percent=show_number(100 * reported // due),
            reported=show_number(reported),
            due=show_number(due),
        )
    )


def bazaar_table(shown: ProgramsShown) -> tuple[list[Column], list[list[Cell]]]:
    number, money = ColumnKind.NUMBER, ColumnKind.MONEY
    columns = [
        Column("title", _("Bazaar"), width=36),
        Column("office", _("Office"), width=30),
        Column("starts", _("From"), kind=ColumnKind.DATE),
        Column("ends", _("Until"), kind=ColumnKind.DATE),
        Column("participants", _("Participants"), kind=number),
        Column("turnover", _("Reported turnover"), kind=money, width=20),
        Column("reported", _("Stall-days reported"), kind=number),
        Column("due", _("Stall-days due"), kind=number),
        Column("estimate", _("Estimate of the organiser, apart"), kind=money, width=24),
    ]
    rows: list[list[Cell]] = [
        [
            one.program.title,
            one.program.office.name,
            one.program.starts_on,
            one.program.ends_on,
            one.participants,
            one.turnover,
            one.reported,
            one.due,
            one.estimate.amount if one.estimate else None,
        ]
        for one in shown.bazaars
    ]
    return columns, rows


def training_table(shown: ProgramsShown) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("figure", _("Figure"), width=36),
        Column("months", _("Months after"), kind=ColumnKind.NUMBER),
        Column("count", _("How many"), kind=ColumnKind.NUMBER),
        Column("of", _("Of those who were there"), kind=ColumnKind.NUMBER),
    ]
    rows: list[list[Cell]] = [
        [shown.names[key], None, count, None] for key, count in shown.trainings.counts.items()
    ]
    rows += [
        [say(OUTCOME_NAMES[one.outcome]), one.months, one.count, one.of]
        for one in shown.trainings.outcomes
    ]
    return columns, rows
