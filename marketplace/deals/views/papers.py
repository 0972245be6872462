"""Papers of deals as PDF and Excel, and the public page that says whether one is genuine."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.deals import policies, queries
from marketplace.deals.documents import papers
from marketplace.deals.rules.papers import FILE_NAMES, PAPER_NAMES, DealPaper
from marketplace.deals.rules.states import CLOSED_NOTES
from marketplace.deals.views.blueprint import bp
from marketplace.infra.downloads import export_response, file_response
from marketplace.infra.i18n import say
from marketplace.infra.links import unsign
from marketplace.infra.pdf import Paper
from marketplace.infra.web import allow, public


@bp.get("/deals/<int:deal_id>/agreement.<format>")
@allow(policies.may_see_deal, lambda deal_id, format: queries.get_deal(deal_id))
def print_agreement(deal_id: int, format: str) -> ResponseReturnValue:
    """The partnership agreement: a draft until it is signed."""
    paper = papers.agreement_of(queries.get_deal(deal_id))
    return _file(DealPaper.AGREEMENT, deal_id, paper, format, f"{deal_id}")


@bp.get("/orders/<int:order_id>/papers/<kind>.<format>")
@allow(policies.may_see_order, lambda order_id, kind, format: queries.get_order(order_id))
def print_order_paper(order_id: int, kind: str, format: str) -> ResponseReturnValue:
    order = queries.get_order(order_id)
    if kind not in set(DealPaper) or not papers.is_printable(DealPaper(kind), order):
        raise NotFound(N_("There is no such paper yet."))
    paper = papers.order_paper(DealPaper(kind), order)
    return _file(DealPaper(kind), order_id, paper, format, f"{order.deal_id}-{order.number}")


def _file(kind: DealPaper, number: int, paper: Paper, format: str, name: str) -> Response:
    filename = f"{FILE_NAMES[kind]}-{name}"
    if format == "pdf":
        data = papers.pdf_of(kind, number, paper)
        return file_response(data, f"{filename}.pdf", "application/pdf")
    if format == "xlsx":
        columns, rows = papers.sheet_of(paper)
        return export_response(columns, rows, filename, format)
    raise NotFound(N_("There is no such page."))


@bp.get("/paper/<token>")
@public
def check_paper(token: str) -> ResponseReturnValue:
    """Says that a paper came from here and whether it still holds; tells nothing else of it."""
    payload = unsign(papers.PURPOSE, token)
    if len(payload) != 3 or payload[0] not in set(DealPaper):
        raise NotFound(N_("This link is not valid. Ask the office for a new one."))
    kind, number, printed = DealPaper(payload[0]), int(payload[1]), str(payload[2])
    if kind is DealPaper.AGREEMENT:
        deal = queries.get_deal(number)
        paper = papers.agreement_of(deal)
    else:
        order = queries.get_order(number)
        deal, paper = order.deal, papers.order_paper(kind, order)
    return render_template(
        "deals/check_paper.html",
        name=say(PAPER_NAMES[kind]),
        number=paper.number,
        office=paper.office,
        is_current=papers.digest_of(paper) == printed,
        closed=say(CLOSED_NOTES[deal.state]) if deal.state in CLOSED_NOTES else "",
        is_draft=bool(paper.draft),
    )
