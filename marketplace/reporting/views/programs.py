"""The rows behind the figures of trainings; those of bazaars have pages of their own."""

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.paging import Page
from marketplace.infra.web import PAGE_SIZE, allow, page_number
from marketplace.programs.rules.outcomes import MONTHS, OUTCOME_NAMES, Outcome
from marketplace.programs.rules.training_figures import FIGURE_NAMES, TrainingFigure
from marketplace.reporting import policies
from marketplace.reporting.documents import programs, shown
from marketplace.reporting.queries.figures import FigureRow
from marketplace.reporting.rules.figures import Amount
from marketplace.reporting.rules.scopes import Scope
from marketplace.reporting.views.asked import no_page, scope_asked
from marketplace.reporting.views.blueprint import bp
from marketplace.reporting.views.report import heading


def _rows(key: str, scope: Scope) -> tuple[str, list[FigureRow]]:
    """The name and rows of `attended`, or of an outcome and its months: `paper-6`."""
    if key in set(TrainingFigure):
        figure = TrainingFigure(key)
        return say(FIGURE_NAMES[figure]), programs.training_rows(scope, figure)
    name, _dash, months = key.partition("-")
    if name not in set(Outcome) or months not in {str(one) for one in MONTHS}:
        raise no_page()
    outcome = Outcome(name)
    return say(OUTCOME_NAMES[outcome]).capitalize(), programs.outcome_rows(
        scope, outcome, int(months)
    )


@bp.get("/report/trainings/<key>")
@allow(policies.may_see_report)
def list_training_rows(key: str) -> ResponseReturnValue:
    scope, number = scope_asked(), page_number()
    name, rows = _rows(key, scope)
    is_seats = key == TrainingFigure.SEATS
    return render_template(
        "reporting/list_rows.html",
        **heading(scope),
        name=name,
        page=Page(
            rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(rows)
        ),
        row_url=programs.training_page,
        export="reporting.export_training_rows",
        key=key,
        amount=Amount.NONE,
        amount_name=say(FIGURE_NAMES[TrainingFigure.SEATS]) if is_seats else "",
        meaning="",
        total=None,
        extra={},
    )


@bp.get("/report/trainings/<key>.<ending>")
@allow(policies.may_see_report)
def export_training_rows(key: str, ending: str) -> ResponseReturnValue:
    if ending not in FORMATS:
        raise no_page()
    scope = scope_asked()
    _name, rows = _rows(key, scope)
    return export_response(*shown.rows_table(rows), f"pelatihan-{key}-{scope.period}", ending)
