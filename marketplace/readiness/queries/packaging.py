"""What outlets said of the packaging: judged samples, damaged goods, words of needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, or_, select

from marketplace.catalog.models import Product
from marketplace.deals.models import Deal, DealItem, DealSupply
from marketplace.deals.models.orders import Order, OrderSupply
from marketplace.deals.rules.orders import RejectReason
from marketplace.deals.rules.states import DealState
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.db import session
from marketplace.meetings.models import Meeting, Sample
from marketplace.readiness.models import MissedPairing
from marketplace.readiness.rules.packaging import POOR, Heard, Judged, last_words
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import OPEN_CASES

# An outlet that signed took the goods as they are packed, or had them packed better.
_SIGNED = (DealState.SIGNED, DealState.RUNNING, DealState.ENDED)


# (product, outlet, points, when)
_Points = Select[int | None, int, int | None, datetime | None]


def _judged() -> _Points:
    return (
        select(Sample.product_id, Meeting.buyer_id, Sample.pack_score, Sample.judged_at)
        .join(Meeting, Meeting.id == Sample.meeting_id)
        .where(Sample.judged_at.is_not(None), Sample.product_id.is_not(None))
        .order_by(Sample.judged_at, Sample.id)
    )


def _read(statement: _Points) -> dict[tuple[int, int], int]:
    return last_words(
        Judged(product_id, buyer_id, pack, at)
        for product_id, buyer_id, pack, at in session.execute(statement)
        if product_id is not None and pack is not None and at is not None
    )


def _unsigned() -> _Points:
    signed = exists().where(
        Deal.buyer_id == Meeting.buyer_id,
        Deal.state.in_(_SIGNED),
        DealItem.deal_id == Deal.id,
        DealSupply.item_id == DealItem.id,
        DealSupply.product_id == Sample.product_id,
    )
    return _judged().where(~signed)


def turned_down_by(need_id: int) -> frozenset[int]:
    """Products whose pack the outlet behind this need last found poor, and did not buy since."""
    buyer = select(Need.business_id).where(Need.id == need_id).scalar_subquery()
    found = _read(_unsigned().where(Meeting.buyer_id == buyer))
    return frozenset(product for (product, _buyer), pack in found.items() if pack <= POOR)


def needs_that_turned_down(product_id: int) -> Sequence[int]:
    """Open needs of the outlets that last found the pack of this product poor."""
    found = _read(_unsigned().where(Sample.product_id == product_id))
    buyers = [buyer for (_product, buyer), pack in found.items() if pack <= POOR]
    if not buyers:
        return []
    return session.scalars(
        select(Need.id)
        .where(Need.business_id.in_(buyers), Need.state == NeedState.OPEN)
        .order_by(Need.id)
    ).all()


def heard_of(business_id: int) -> Mapping[int, Heard]:
    """By product of a producer, the outlets that tried it, found the pack poor, got it damaged."""
    found: dict[int, Heard] = {}
    own = select(Product.id).where(Product.business_id == business_id)
    for product_id, buyer_id in _read(_judged().where(Sample.product_id.in_(own))):
        found.setdefault(product_id, Heard()).tried.add(buyer_id)
    for (product_id, buyer_id), pack in _read(
        _unsigned().where(Sample.product_id.in_(own))
    ).items():
        if pack <= POOR:
            found[product_id].poor.add(buyer_id)
    damaged = session.execute(
        select(OrderSupply.product_id, Deal.buyer_id)
        .join(Order, Order.id == OrderSupply.order_id)
        .join(Deal, Deal.id == Order.deal_id)
        .where(OrderSupply.product_id.in_(own), Order.reject_reason == RejectReason.DAMAGED)
    )
    for product_id, buyer_id in damaged:
        found.setdefault(product_id, Heard()).damaged.add(buyer_id)
    return found


def descriptions_near(business_id: int, limit: int = 200) -> Sequence[tuple[int, str, str]]:
    """(need, title, description) of open needs that a producer's products fit or nearly fit."""
    own = select(Product.id).where(Product.business_id == business_id)
    waiting = select(Suggestion.need_id).where(
        Suggestion.product_id.in_(own), Suggestion.state.in_(OPEN_CASES)
    )
    missed = select(MissedPairing.need_id).where(MissedPairing.business_id == business_id)
    rows = session.execute(
        select(Need.id, Need.title, Need.description)
        .where(
            Need.state == NeedState.OPEN,
            Need.description != "",
            or_(Need.id.in_(waiting), Need.id.in_(missed)),
        )
        .order_by(Need.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]
