"""The report as a paper and a workbook, and the page that says whether one is genuine."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.core.clock import today
from marketplace.core.text import clean_text
from marketplace.infra.downloads import XLSX, file_response
from marketplace.infra.links import unsign
from marketplace.infra.web import allow, public
from marketplace.reporting import policies
from marketplace.reporting.documents import paper as papers
from marketplace.reporting.documents import shown
from marketplace.reporting.rules.letters import Addressee, Letter
from marketplace.reporting.rules.periods import read_period
from marketplace.reporting.rules.scopes import Scope
from marketplace.reporting.views.asked import no_page, scope_asked
from marketplace.reporting.views.blueprint import bp

LONGEST = 120  # characters of what is typed into the head of the letter


def _asked(name: str) -> str:
    return clean_text(request.args.get(name, ""))[:LONGEST]


def _letter() -> Letter:
    to, lang = request.args.get("to_whom", ""), request.args.get("lang", "")
    return Letter(
        Addressee(to) if to in set(Addressee) else Addressee.GOVERNOR,
        _asked("number"),
        _asked("signer"),
        _asked("post"),
        lang if lang in {"id", "en"} else "id",
    )


@bp.get("/report.<format>")
@allow(policies.may_see_report)
def print_report(format: str) -> ResponseReturnValue:
    scope, letter = scope_asked(), _letter()
    name = f"laporan-{scope.area or scope.home}-{scope.period}"
    if format == "pdf":
        return file_response(papers.pdf_of(scope, letter), f"{name}.pdf", "application/pdf")
    if format == "xlsx":
        return file_response(papers.workbook_of(scope, letter), f"{name}.xlsx", XLSX)
    raise no_page()


@bp.get("/report-paper/<token>")
@public
def check_report(token: str) -> ResponseReturnValue:
    """Says that a report came from here and whether its figures still hold; shows none of them."""
    payload = unsign(papers.PURPOSE, token)
    if len(payload) < 4:
        raise no_page()
    period, home, area, *others, printed = map(str, payload)
    scope = Scope(read_period(period), home, area, frozenset(others))
    return render_template(
        "reporting/check_report.html",
        period_name=shown.period_name(scope.period),
        area_name=shown.area_name(area, home),
        is_current=papers.digest_of_scope(scope) == printed,
        is_over=scope.period.last < today(),
    )
