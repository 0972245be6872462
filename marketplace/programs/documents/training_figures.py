"""Figures of trainings for reports, with what higher rooms know of the participants.

`figures(first, last, area)` counts; `trainings(...)` and `people(...)` are the rows behind:
`rules.training_figures.people_of` and `outcome_people` narrow them to one figure.
"""

from collections.abc import Sequence
from datetime import date

from flask import current_app

from marketplace.core.clock import today
from marketplace.programs.queries import training_figures as reads
from marketplace.programs.queries.training_figures import Provider
from marketplace.programs.rules.training_figures import (
    PersonRow,
    TrainingFigures,
    TrainingRow,
    figures_of,
)


def providers() -> Sequence[Provider]:
    """What higher rooms add (OUTCOMES in wiring.py)."""
    given: Sequence[Provider] = current_app.extensions.get("training_outcomes", ())
    return given


def trainings(first: date, last: date, area: str = "") -> list[TrainingRow]:
    return reads.training_rows(first, last, area)


def people(first: date, last: date, area: str = "") -> list[PersonRow]:
    return reads.person_rows(first, last, area, providers())


def people_of_training(program_id: int) -> list[PersonRow]:
    return reads.person_rows_of_training(program_id, providers())


def figures(first: date, last: date, area: str = "") -> TrainingFigures:
    """Of trainings that ended in this period; `area` a province (`19`), a kabupaten/kota or ""."""
    return figures_of(trainings(first, last, area), people(first, last, area), today())
