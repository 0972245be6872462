"""What came of an expo or bazaar, or of one contact there: commitments, on its page."""

from markupsafe import Markup

from marketplace.deals import queries
from marketplace.deals.documents.shown import card_of
from marketplace.deals.queries.deals import DealFilter
from marketplace.infra.web import current_actor, page_part

_MOST = 25


def deals_of_program(program_id: int) -> Markup:
    """The part of the page, with the deals this officer may see."""
    return _part(DealFilter(area=current_actor().scope, program_id=program_id))


def deals_of_lead(lead_id: int) -> Markup:
    """The commitments that grew out of a contact, for the office and for whose stall it was."""
    actor = current_actor()
    if actor.is_officer and actor.acting_for is None:
        return _part(DealFilter(area=actor.scope, lead_id=lead_id))
    own = actor.business_ids | ({actor.acting_for} if actor.acting_for is not None else set())
    return _part(DealFilter(business_ids=own, lead_id=lead_id))


def _part(wanted: DealFilter) -> Markup:
    page = queries.page_of_deals(wanted, 1)
    cards = [card_of(deal) for deal in page.items[:_MOST]]
    return page_part("deals/_of_program.html", cards=cards)
