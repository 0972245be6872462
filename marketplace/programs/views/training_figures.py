"""Figures of a year of trainings, each with the rows it is counted from."""

from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.web import allow, current_actor
from marketplace.programs import policies
from marketplace.programs.documents import training_figures as figures
from marketplace.programs.rules.outcomes import MONTHS, OUTCOME_NAMES
from marketplace.programs.rules.training_figures import (
    FIGURE_NAMES,
    PersonRow,
    rows_behind,
)
from marketplace.programs.sheets.training_outcomes import outcome_columns, outcome_rows
from marketplace.programs.views.blueprint import bp


def _area() -> str:
    """The province counts all, a kabupaten/kota its own people."""
    actor = current_actor()
    return actor.scope


def _year() -> int:
    asked = request.args.get("year", "")
    known = asked.isascii() and asked.isdigit() and len(asked) == 4
    return min(max(int(asked) if known else today().year, 2000), 2100)


@bp.get("/training-figures")
@allow(policies.may_list_trainings)
def show_training_figures() -> ResponseReturnValue:
    """A year of trainings: the whole province, or a kabupaten/kota its own area."""
    year, area = _year(), _area()
    first, last = date(year, 1, 1), date(year, 12, 31)
    return render_template(
        "programs/show_training_figures.html",
        year=year,
        this_year=today().year,
        figures=figures.figures(first, last, area),
        trainings=figures.trainings(first, last, area),
        figure_names=FIGURE_NAMES,
        outcome_names=OUTCOME_NAMES,
        months=MONTHS,
    )


def _rows(key: str) -> tuple[str, list[PersonRow]]:
    """The name of a figure and its rows; NotFound for a figure that is none."""
    year = _year()
    people = figures.people(date(year, 1, 1), date(year, 12, 31), _area())
    found = rows_behind(key, people, today())
    if found is None:
        raise NotFound(N_("There is no such page."))
    name, months, rows = found
    shown = say(name)
    if months:
        shown = say(N_("%(name)s within %(months)s months"), {"name": shown, "months": months})
    return shown, rows


@bp.get("/training-figures/<key>")
@allow(policies.may_list_trainings)
def list_training_figure_rows(key: str) -> ResponseReturnValue:
    name, rows = _rows(key)
    return render_template(
        "programs/list_training_figure_rows.html",
        name=name,
        key=key,
        year=_year(),
        rows=rows,
        outcome_names=OUTCOME_NAMES,
    )


@bp.get("/training-figures/<key>.<ending>")
@allow(policies.may_list_trainings)
def export_training_figure_rows(key: str, ending: str) -> Response:
    if ending not in FORMATS:
        raise NotFound(N_("There is no such page."))
    _name, rows = _rows(key)
    return export_response(
        outcome_columns(), outcome_rows(rows), f"pelatihan-{key}-{_year()}", ending
    )
