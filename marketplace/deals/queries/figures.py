"""Figures of deals: what was promised, delivered and paid, and how reliable each side is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from marketplace.catalog.models import Product
from marketplace.core.clock import today
from marketplace.deals.models import (
    Deal,
    DealStep,
    Notice,
    Order,
    OrderStep,
    Payment,
    SalesReport,
)
from marketplace.deals.rules.orders import DELIVERED, OrderState, Rate, rate_of
from marketplace.deals.rules.states import UNSIGNED
from marketplace.deals.rules.timeline import OrderDays, milestones_of
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import IntroductionState, Side


@dataclass(frozen=True, slots=True)
class LineTotal:
    """What became of one line: units ordered and accepted, rupiah invoiced and paid."""

    ordered: int = 0
    accepted: int = 0
    invoiced: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Reliability:
    """How one side kept its word, each with its sample."""

    response: Rate
    on_time: Rate
    repeat: Rate


def signed_by(business_ids: Collection[int]) -> list[tuple[int, date, str]]:
    """(producer, day of the signature, title) of every deal these producers signed."""
    rows = session.execute(
        select(Deal.producer_id, Deal.signed_on, Deal.title)
        .where(Deal.producer_id.in_(business_ids), Deal.signed_on.is_not(None))
        .order_by(Deal.signed_on, Deal.id)
    )
    return [(producer_id, signed_on, title) for producer_id, signed_on, title in rows if signed_on]


def totals_by_line(deal_id: int) -> dict[int, LineTotal]:
    rows = session.execute(
        select(
            Order.line_id,
            func.sum(Order.quantity),
            func.sum(func.coalesce(Order.accepted, 0)),
            func.sum(Order.invoice_amount),
            func.sum(Order.paid_amount),
        )
        .where(Order.deal_id == deal_id)
        .group_by(Order.line_id)
    )
    return {
        line_id: LineTotal(int(ordered), int(accepted), int(invoiced), int(paid))
        for line_id, ordered, accepted, invoiced, paid in rows
    }


def days_of_orders(deal_id: int) -> list[OrderDays]:
    """The days the time line of a deal is read from."""
    rows = session.execute(
        select(Order.ordered_on, Order.state, Order.decided_on, Order.paid_on)
        .where(Order.deal_id == deal_id)
        .order_by(Order.number)
    )
    return [
        OrderDays(ordered_on, decided_on if state in DELIVERED else None, paid_on)
        for ordered_on, state, decided_on, paid_on in rows
    ]


def reliability_of(business_id: int, side: Side) -> Reliability:
    """Answers to introductions, deliveries or payments in time, deals that were repeated."""
    return Reliability(
        rate_of(_answers(business_id, side)),
        rate_of(_on_time(business_id, side)),
        rate_of(_repeats(business_id, side)),
    )


def _answers(business_id: int, side: Side) -> Sequence[bool]:
    """Introductions that came to an end: did this side answer in time?"""
    own = Product.business_id if side is Side.PRODUCER else Need.business_id
    agreed_at = (
        Introduction.producer_agreed_at if side is Side.PRODUCER else Introduction.buyer_agreed_at
    )
    answered = case((or_(agreed_at.is_not(None), Introduction.declined_by == side), 1), else_=0)
    rows = session.scalars(
        select(answered)
        .select_from(Introduction)
        .join(Introduction.suggestion)
        .join(Suggestion.product)
        .join(Suggestion.need)
        .where(
            own == business_id,
            or_(
                Introduction.state.in_((IntroductionState.AGREED, IntroductionState.EXPIRED)),
                # The other side's no ends it before this one had its time.
                Introduction.declined_by == side,
            ),
        )
    )
    return [bool(row) for row in rows]


def _on_time(business_id: int, side: Side) -> Sequence[bool]:
    """Producers: goods received by the day they were wanted. Buyers: invoices paid by their day.

    What is past its day and not done counts as late: waiting longer must not look better.
    """
    day = today()
    due: Any
    if side is Side.PRODUCER:
        own, done, due = Deal.producer_id, Order.received_on, Order.wanted_on
        late = and_(
            done.is_(None),
            due < day,
            # Goods that could not be sent any more when their day came are nobody's delay.
            or_(Order.state != OrderState.ORDERED, Deal.closed_on.is_(None), Deal.closed_on > due),
        )
    else:
        own, done, due = Deal.buyer_id, Order.paid_on, Order.due_on
        # Paid so far with goods still on the shelf (consignment) is not late.
        late = and_(done.is_(None), due < day, Order.paid_amount < Order.invoice_amount)
    rows = session.execute(
        select(done, due).join(Order.deal).where(own == business_id, or_(done.is_not(None), late))
    )
    return [done_on is not None and done_on <= due_on for done_on, due_on in rows if due_on]


def _repeats(business_id: int, side: Side) -> Sequence[bool]:
    """Deals with a delivery: was there an order after it?"""
    own = Deal.producer_id if side is Side.PRODUCER else Deal.buyer_id
    rows = session.execute(
        select(Order.deal_id, Order.ordered_on, Order.state, Order.decided_on)
        .join(Order.deal)
        .where(own == business_id)
        .order_by(Order.deal_id, Order.number)
    )
    by_deal: dict[int, list[OrderDays]] = {}
    for deal_id, ordered_on, state, decided_on in rows:
        delivered_on: date | None = decided_on if state in DELIVERED else None
        by_deal.setdefault(deal_id, []).append(OrderDays(ordered_on, delivered_on))
    found = [milestones_of(orders) for orders in by_deal.values()]
    return [each.repeat is not None for each in found if each.delivered is not None]


def of_meetings(meeting_ids: Sequence[int]) -> tuple[int, int]:
    """Deals signed out of these meetings, whatever became of them, and rupiah paid under them."""
    signed = paid = 0
    for start in range(0, len(meeting_ids), 5_000):
        part = Deal.meeting_id.in_(meeting_ids[start : start + 5_000])
        signed += (
            session.scalar(
                select(func.count()).select_from(Deal).where(part, Deal.state.not_in(UNSIGNED))
            )
            or 0
        )
        paid += (
            session.scalar(select(func.sum(Order.paid_amount)).join(Order.deal).where(part)) or 0
        )
    return signed, int(paid)


def written_by(person_id: int) -> dict[str, Sequence[Any]]:
    """What a person wrote down of deals: steps, payments, sales reports and notices."""
    tables = (DealStep, OrderStep, Payment, SalesReport, Notice)
    return {
        table.__tablename__: session.scalars(
            select(table).where(table.by_id == person_id).order_by(table.id)
        ).all()
        for table in tables
    }


def answered_by(person_id: int) -> Sequence[Notice]:
    """Notices this person answered for the office."""
    return session.scalars(
        select(Notice).where(Notice.answered_by_id == person_id).order_by(Notice.id)
    ).all()
