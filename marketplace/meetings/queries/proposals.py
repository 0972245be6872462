"""What speaks for a meeting: accepted suggestions between participants, and open needs."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.catalog.models import Product
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.db import session
from marketplace.meetings.models import MeetingRequest, Participant
from marketplace.meetings.rules import (
    ParticipantState,
)
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion whose two sides both take part and have not been asked yet."""

    suggestion_id: int
    producer_id: int
    buyer_id: int
    score: int
    product: str
    need: str


def proposals_for(
    event_id: int, states: Collection[SuggestionState] = (SuggestionState.ACCEPTED,)
) -> list[Proposal]:
    """One per pair of participants, the best suggestion for each, the best pairs first."""
    comes = (
        select(Participant.business_id)
        .where(Participant.event_id == event_id, Participant.state != ParticipantState.DECLINED)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Suggestion.id,
            Product.business_id,
            Need.business_id,
            Suggestion.score,
            Product.name,
            Need.title,
        )
        .join(Suggestion.product)
        .join(Suggestion.need)
        .where(
            Suggestion.state.in_(states),
            Product.business_id.in_(comes),
            Need.business_id.in_(comes),
            Need.state == NeedState.OPEN,
        )
        .order_by(Suggestion.score.desc(), Suggestion.id)
    )
    asked = {
        (producer_id, buyer_id)
        for producer_id, buyer_id in session.execute(
            select(MeetingRequest.producer_id, MeetingRequest.buyer_id).where(
                MeetingRequest.event_id == event_id
            )
        )
    }
    found: dict[tuple[int, int], Proposal] = {}
    for number, producer_id, buyer_id, score, product, need in rows:
        pair = (producer_id, buyer_id)
        if pair not in asked:
            found.setdefault(pair, Proposal(number, producer_id, buyer_id, score, product, need))
    return list(found.values())


def best_suggestion(producer_id: int, buyer_id: int) -> Suggestion | None:
    """What speaks most for these two, as far as the office accepted it."""
    return session.scalar(
        select(Suggestion)
        .join(Suggestion.product)
        .join(Suggestion.need)
        .where(
            Product.business_id == producer_id,
            Need.business_id == buyer_id,
            Suggestion.state == SuggestionState.ACCEPTED,
        )
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(1)
    )


def open_needs_of(business_ids: Collection[int]) -> dict[int, list[str]]:
    """What each of these outlets looks for: titles of its open needs."""
    found: dict[int, list[str]] = {}
    for business_id, title in session.execute(
        select(Need.business_id, Need.title)
        .where(Need.business_id.in_(business_ids), Need.state == NeedState.OPEN)
        .order_by(Need.id)
    ):
        found.setdefault(business_id, []).append(title)
    return found
