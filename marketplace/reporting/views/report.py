"""The report of a period: the page, the rows each figure is made of, and both as files."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.core.clock import today
from marketplace.core.text import clean_text
from marketplace.infra.downloads import FORMATS, export_response
from marketplace.infra.i18n import say
from marketplace.infra.paging import Page
from marketplace.infra.web import allow, current_actor, page_number
from marketplace.programs.policies import may_run_program
from marketplace.reporting import policies
from marketplace.reporting.documents import flows, programs, shown
from marketplace.reporting.queries import figures, funnel
from marketplace.reporting.queries.counting import total_of
from marketplace.reporting.queries.figures import FigureRow
from marketplace.reporting.rules.figures import (
    GENERAL,
    NOT_ADDITIVE,
    RULES,
    Amount,
    FigureKey,
    Total,
)
from marketplace.reporting.rules.funnel import LOSS_NAMES, MEANING, STEP_NAMES, Loss, Step
from marketplace.reporting.rules.letters import ADDRESSEE_NAMES
from marketplace.reporting.rules.scopes import Scope, areas_of
from marketplace.reporting.views.asked import (
    args_of,
    is_running,
    no_page,
    period_links,
    scope_asked,
)
from marketplace.reporting.views.blueprint import bp

# More rows than these make a page too heavy for a phone; a file holds all of them.
PLACES_SHOWN = 30


def heading(scope: Scope) -> dict[str, Any]:
    """What every page of the report says at its top."""
    return {
        "scope": scope,
        "args": args_of(scope),
        "period_name": shown.period_name(scope.period),
        "area_name": shown.area_name(scope.area, scope.home),
    }


@bp.get("/report")
@allow(policies.may_see_report)
def show_report() -> ResponseReturnValue:
    scope = scope_asked()
    counts = shown.count_all(scope)
    labels, trend = shown.trend_shown(scope, counts)
    period = scope.period
    return render_template(
        "reporting/show_report.html",
        **heading(scope),
        figures=shown.figures_shown(counts.present),
        areas=shown.areas_shown(scope, counts),
        area_keys=[shown.figure_shown(key, Total()) for key in shown.AREA_FIGURES],
        value_of=shown.value_of,
        steps=shown.funnel_shown(scope),
        trend_labels=labels,
        trend=trend,
        flows=flows.flows_shown(scope),
        programs=programs.programs_shown(scope),
        places_shown=PLACES_SHOWN,
        coverage=programs.coverage,
        apart=programs.apart(),
        may_run=may_run_program,
        general=[say(text) for text in GENERAL],
        not_additive=say(NOT_ADDITIVE),
        funnel_meaning=say(MEANING),
        periods=[
            (kind, one, url_for(".show_report", **args_of(scope, one)))
            for kind, one in period_links(period)
        ],
        before_url=url_for(".show_report", **args_of(scope, period.before)),
        after_url=None
        if period.last >= today()
        else url_for(".show_report", **args_of(scope, period.after)),
        is_running=is_running(period),
        addressees=[(code.value, say(name)) for code, name in ADDRESSEE_NAMES.items()],
        area_choices=[]
        if policies.area_of(current_actor())
        else [(area, shown.area_name(area, scope.home)) for area in areas_of(scope.home)],
    )


# --- the rows


def _rows(
    name: str, page: Page[FigureRow], kind: tuple[str, str], endpoint: str, **given: Any
) -> ResponseReturnValue:
    scope = scope_asked()
    return render_template(
        "reporting/list_rows.html",
        **heading(scope),
        name=name,
        page=page,
        row_url=lambda row: shown.page_of_row(row, kind),
        export=endpoint,
        **{
            "amount": Amount.NONE,
            "amount_name": "",
            "meaning": "",
            "total": None,
            "extra": {},
            **given,
        },
    )


def _file(rows: list[FigureRow], ending: str, name: str, amount: Amount) -> ResponseReturnValue:
    if ending not in FORMATS:
        raise no_page()
    return export_response(*shown.rows_table(rows, amount), name, ending)


def _figure(key: str) -> FigureKey:
    if key not in set(FigureKey):
        raise no_page()
    return FigureKey(key)


@bp.get("/report/figures/<key>")
@allow(policies.may_see_report)
def list_figure_rows(key: str) -> ResponseReturnValue:
    chosen, scope = _figure(key), scope_asked()
    rule, total = RULES[chosen], total_of(chosen, scope)
    return _rows(
        say(rule.name),
        figures.page_of_rows(chosen, scope, page_number(), total=total.count),
        shown.figure_page(chosen),
        "reporting.export_figure_rows",
        key=key,
        amount=rule.amount,
        amount_name=shown.amount_name(rule.amount),
        meaning=say(rule.counts),
        total=shown.figure_shown(chosen, total),
    )


@bp.get("/report/figures/<key>.<ending>")
@allow(policies.may_see_report)
def export_figure_rows(key: str, ending: str) -> ResponseReturnValue:
    chosen, scope = _figure(key), scope_asked()
    rows = figures.list_of_rows(chosen, scope)
    return _file(rows, ending, f"laporan-{chosen}-{scope.period}", RULES[chosen].amount)


def _step(key: str) -> Step:
    name = key.upper()
    if name not in Step.__members__:
        raise no_page()
    return Step[name]


@bp.get("/report/steps/<key>")
@allow(policies.may_see_report)
def list_step_rows(key: str) -> ResponseReturnValue:
    step, stopped = _step(key), request.args.get("stopped") == "1"
    return _rows(
        say(STEP_NAMES[step]).capitalize(),
        funnel.page_of_step(scope_asked(), step, stopped=stopped, number=page_number()),
        shown.BUSINESS_PAGE,
        "reporting.export_step_rows",
        key=key,
        meaning=say(MEANING),
        extra={"stopped": "1"} if stopped else {},
    )


@bp.get("/report/steps/<key>.<ending>")
@allow(policies.may_see_report)
def export_step_rows(key: str, ending: str) -> ResponseReturnValue:
    step, scope = _step(key), scope_asked()
    rows = funnel.list_of_step(scope, step, stopped=request.args.get("stopped") == "1")
    return _file(rows, ending, f"corong-{key}-{scope.period}", Amount.NONE)


def _loss(key: str) -> Loss:
    if key not in set(Loss):
        raise no_page()
    return Loss(key)


def _reason() -> str:
    """The code of a reason; what no database can hold is none (NUL on PostgreSQL)."""
    return clean_text(request.args.get("reason", ""))[:40]


@bp.get("/report/losses/<key>")
@allow(policies.may_see_report)
def list_loss_rows(key: str) -> ResponseReturnValue:
    loss, reason = _loss(key), _reason()
    return _rows(
        say(LOSS_NAMES[loss]),
        funnel.page_of_losses(scope_asked(), loss, reason, page_number()),
        shown.loss_page(loss),
        "reporting.export_loss_rows",
        key=key,
        extra={"reason": reason},
    )


@bp.get("/report/losses/<key>.<ending>")
@allow(policies.may_see_report)
def export_loss_rows(key: str, ending: str) -> ResponseReturnValue:
    loss, scope = _loss(key), scope_asked()
    rows = funnel.list_of_losses(scope, loss, _reason())
    return _file(rows, ending, f"berakhir-{key}-{scope.period}", Amount.NONE)


@bp.get("/report/flows.<ending>")
@allow(policies.may_see_report)
def export_flows(ending: str) -> ResponseReturnValue:
    if ending not in FORMATS:
        raise no_page()
    scope = scope_asked()
    columns, rows = flows.flows_table(flows.flows_shown(scope))
    return export_response(columns, rows, f"arus-barang-{scope.period}", ending)
