"""Which suggestions the demonstration's story is played on."""

from collections.abc import Sequence

from sqlalchemy import func, select

from marketplace.businesses.models import Branch, Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.programs.models import Lead, StallHolder
from marketplace.programs.rules.leads import LeadState
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState


def story_suggestion(producer_name: str) -> int | None:
    """The best pairing of the story's producer with the need that covers most places."""
    return session.scalar(
        select(Suggestion.id)
        .join(Suggestion.product)
        .join(Product.business)
        .join(Suggestion.need)
        .where(
            Business.name.contains(producer_name),
            Suggestion.state == SuggestionState.PROPOSED,
            Suggestion.is_eligible,
        )
        .order_by(Suggestion.lines_total.desc(), Suggestion.score.desc(), Need.id)
        .limit(1)
    )


def busiest_businesses(kind: BusinessKind, count: int) -> Sequence[int]:
    """Those with most pairings in the queue: whom one would invite to an event."""
    side = Product.business_id if kind is BusinessKind.PRODUCER else Need.business_id
    return session.scalars(
        select(side)
        .select_from(Suggestion)
        .join(Suggestion.product)
        .join(Suggestion.need)
        .where(
            Suggestion.state.in_([SuggestionState.PROPOSED, SuggestionState.ACCEPTED]),
            Suggestion.is_eligible,
        )
        .group_by(side)
        .order_by(func.count().desc(), side)
        .limit(count)
    ).all()


def some_suggestions(count: int) -> Sequence[int]:
    """Proposed pairings spread over the queue, each of another need."""
    found = session.scalars(
        select(Suggestion.id)
        .where(Suggestion.state == SuggestionState.PROPOSED, Suggestion.is_eligible)
        .order_by(Suggestion.need_id, Suggestion.score.desc())
    ).all()
    step = max(1, len(found) // count)
    return found[::step][:count]


def story_product(producer_name: str) -> Product | None:
    """The story's first product on offer."""
    return session.scalar(
        select(Product)
        .join(Product.business)
        .where(
            Business.name.contains(producer_name),
            Product.state == ProductState.PUBLISHED,
            Product.is_example,
        )
        .order_by(Product.id)
        .limit(1)
    )


def branches_of(business_id: int) -> Sequence[Branch]:
    return session.scalars(
        select(Branch).where(Branch.business_id == business_id).order_by(Branch.id)
    ).all()


def story_contact(program_id: int, business_id: int) -> int | None:
    """The contact at this producer's stall that became the story's commitment."""
    return session.scalar(
        select(Lead.id)
        .join(Lead.holder)
        .where(
            Lead.program_id == program_id,
            Lead.state == LeadState.COMMITMENT,
            StallHolder.business_id == business_id,
        )
        .order_by(Lead.id)
        .limit(1)
    )
