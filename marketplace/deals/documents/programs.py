"""What came of an expo or bazaar: the commitments said at its stalls, on its page."""

from flask import render_template
from markupsafe import Markup

from marketplace.deals import queries
from marketplace.deals.documents.shown import card_of
from marketplace.deals.queries.deals import DealFilter
from marketplace.infra.web import current_actor

_MOST = 25


def deals_of_program(program_id: int) -> Markup:
    """The part of the page, with the deals this officer may see."""
    area = current_actor().scope
    page = queries.page_of_deals(DealFilter(area=area, program_id=program_id), 1)
    cards = [card_of(deal) for deal in page.items[:_MOST]]
    # Rendered by our own template, which escapes what people typed.
    return Markup(render_template("deals/_of_program.html", cards=cards))  # noqa: S704
