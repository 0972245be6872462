"""Cases of a producer that moves: the open ones go along, what was decided stays where it was."""

from sqlalchemy import select, update

from marketplace.catalog.models import Product
from marketplace.infra.db import session
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState

UNDECIDED = (SuggestionState.PROPOSED, SuggestionState.POSTPONED, SuggestionState.HELD)


def follow_producer(business_id: int, area: str) -> None:
    session.execute(
        update(Suggestion)
        .where(
            Suggestion.product_id.in_(select(Product.id).where(Product.business_id == business_id)),
            Suggestion.state.in_(UNDECIDED),
        )
        .values(area_code=area)
    )
