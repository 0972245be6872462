"""Cases of a producer that moves: the open ones go along, what was decided stays where it was."""

from sqlalchemy import delete, select, update

from marketplace.accounts.models import Office
from marketplace.catalog.models import Product
from marketplace.infra.db import rows_changed, session
from marketplace.suggestions.models import CaseHolder, Suggestion
from marketplace.suggestions.rules import SuggestionState

UNDECIDED = (SuggestionState.PROPOSED, SuggestionState.POSTPONED, SuggestionState.HELD)


def follow_producer(business_id: int, area: str) -> int:
    """Who held a case at an office that does not answer for it any more, holds it no longer: it is
    the new province's, nobody's in particular."""
    moving = (
        select(Suggestion.id)
        .join(Product, Product.id == Suggestion.product_id)
        .where(Product.business_id == business_id, Suggestion.state.in_(UNDECIDED))
    )
    staying = select(Office.id).where(Office.region_code.in_([area[:2], area]))
    session.execute(
        delete(CaseHolder).where(
            CaseHolder.suggestion_id.in_(moving), CaseHolder.office_id.not_in(staying)
        )
    )
    return rows_changed(
        update(Suggestion)
        .where(
            Suggestion.product_id.in_(select(Product.id).where(Product.business_id == business_id)),
            Suggestion.state.in_(UNDECIDED),
        )
        .values(area_code=area)
    )
