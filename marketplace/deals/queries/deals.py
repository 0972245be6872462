"""Reads of deals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.deals.models import (
    Deal,
    DealItem,
    DealLine,
    DealStep,
    DealSupply,
    Order,
    OrderStep,
    Payment,
)
from marketplace.deals.rules.states import UNSIGNED, DealState, Origin
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.infra.storage import StoredFile

_SUPPLIES = (
    selectinload(Deal.items)
    .selectinload(DealItem.supplies)
    .joinedload(DealSupply.product)
    .joinedload(Product.business)
)
_WHOLE = (
    joinedload(Deal.producer),
    joinedload(Deal.buyer),
    joinedload(Deal.need),
    _SUPPLIES,
    selectinload(Deal.lines).joinedload(DealLine.branch),
    selectinload(Deal.lines).joinedload(DealLine.item),
    selectinload(Deal.ramp),
)


@dataclass(frozen=True, slots=True)
class DealFilter:
    """Whose deals; empty fields do not filter. `business_ids` None is every business.

    `party_id` keeps those in which one business takes part, of what may be seen at all.
    """

    state: DealState | None = None
    origin: Origin | None = None
    area: str = ""
    business_ids: frozenset[int] | None = None
    program_id: int | None = None
    lead_id: int | None = None
    party_id: int | None = None


def get_deal(deal_id: int) -> Deal:
    """One deal with its parties, goods, suppliers, lines and ramp."""
    deal = session.scalar(select(Deal).options(*_WHOLE).where(Deal.id == deal_id))
    if deal is None:
        raise NotFound(N_("There is no such deal."))
    return deal


def lock_deal(deal_id: int) -> Deal:
    """The deal as it is now, and nobody else changes it until the transaction ends."""
    session.execute(
        select(Deal.id).where(Deal.id == deal_id).with_for_update(key_share=True)
    ).one_or_none()
    deal = session.scalar(
        select(Deal)
        .options(*_WHOLE)
        .where(Deal.id == deal_id)
        .execution_options(populate_existing=True)
    )
    if deal is None:
        raise NotFound(N_("There is no such deal."))
    return deal


def find_of_introduction(introduction_id: int) -> Deal | None:
    return session.scalar(select(Deal).where(Deal.introduction_id == introduction_id))


def count_standing_of_lead(lead_id: int) -> int:
    """Deals that grew out of a contact and were not withdrawn."""
    return (
        session.scalar(
            select(func.count(Deal.id)).where(
                Deal.lead_id == lead_id, Deal.state != DealState.WITHDRAWN
            )
        )
        or 0
    )


def _supplied_by(business_ids: Collection[int]) -> Select[int]:
    return (
        select(DealItem.deal_id)
        .join(DealSupply, DealSupply.item_id == DealItem.id)
        .join(Product, Product.id == DealSupply.product_id)
        .where(Product.business_id.in_(business_ids))
    )


def _supplied_from(area: str) -> Select[int]:
    return (
        select(DealItem.deal_id)
        .join(DealSupply, DealSupply.item_id == DealItem.id)
        .join(DealSupply.product)
        .join(Product.business)
        .where(lies_in(Business.region_code, area))
    )


def narrowed(wanted: DealFilter) -> Select[Deal]:
    """The deals of this filter; of businesses, only those they were asked about.

    The same condition as `policies.is_party`.
    """
    statement = select(Deal)
    if wanted.area:
        statement = statement.where(
            or_(lies_in(Deal.area_code, wanted.area), Deal.id.in_(_supplied_from(wanted.area)))
        )
    if wanted.origin is not None:
        statement = statement.where(Deal.origin == wanted.origin)
    if wanted.program_id is not None:
        statement = statement.where(Deal.program_id == wanted.program_id)
    if wanted.lead_id is not None:
        statement = statement.where(Deal.lead_id == wanted.lead_id)
    if wanted.party_id is not None:
        party = wanted.party_id
        statement = statement.where(
            or_(
                Deal.producer_id == party,
                Deal.buyer_id == party,
                Deal.id.in_(_supplied_by([party])),
            )
        )
    if wanted.business_ids is not None:
        ids = sorted(wanted.business_ids)
        signed = Deal.state.not_in(UNSIGNED)
        statement = statement.where(
            or_(
                and_(
                    or_(signed, Deal.origin != Origin.PLAN),
                    or_(Deal.producer_id.in_(ids), Deal.buyer_id.in_(ids)),
                ),
                and_(signed, Deal.id.in_(_supplied_by(ids))),
            )
        )
    return statement


def page_of_deals(wanted: DealFilter, number: int) -> Page[Deal]:
    """Deals, the newest first, with their parties and goods."""
    return paged(_newest_first(wanted), number=number)


def list_deals(wanted: DealFilter, limit: int = 5_000) -> Sequence[Deal]:
    """The same without pages, for a file."""
    return session.scalars(_newest_first(wanted).limit(limit)).unique().all()


def _newest_first(wanted: DealFilter) -> Select[Deal]:
    statement = narrowed(wanted)
    if wanted.state is not None:
        statement = statement.where(Deal.state == wanted.state)
    return statement.options(joinedload(Deal.producer), joinedload(Deal.buyer), _SUPPLIES).order_by(
        Deal.id.desc()
    )


def count_by_state(wanted: DealFilter) -> dict[DealState, int]:
    inner = narrowed(wanted).with_only_columns(Deal.state).subquery()
    counts = dict.fromkeys(DealState, 0)
    for state, count in session.execute(
        select(inner.c.state, func.count()).group_by(inner.c.state)
    ):
        counts[state] = count
    return counts


def list_steps(deal_id: int) -> Sequence[DealStep]:
    return session.scalars(
        select(DealStep)
        .options(joinedload(DealStep.file))
        .where(DealStep.deal_id == deal_id)
        .order_by(DealStep.id)
    ).all()


def last_order_number(deal_id: int) -> int:
    return session.scalar(select(func.max(Order.number)).where(Order.deal_id == deal_id)) or 0


def find_evidence(deal_id: int, file_id: int) -> StoredFile | None:
    """A file that shows a step of this deal, of one of its orders or of a payment."""
    shown = (
        select(DealStep.file_id).where(DealStep.deal_id == deal_id),
        select(OrderStep.file_id)
        .join(Order, Order.id == OrderStep.order_id)
        .where(Order.deal_id == deal_id),
        select(Payment.file_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.deal_id == deal_id),
    )
    return session.scalar(
        select(StoredFile).where(
            StoredFile.id == file_id, or_(*(StoredFile.id.in_(part) for part in shown))
        )
    )
