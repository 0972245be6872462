"""Writes of the ledger of promises and of money that hold whoever else writes at that moment.

Callers take rows in one order: the deal, then products by number (`queries.lock_products`), then
months of products, then promises; so two of them never wait for each other.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite

from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.deals.models import CapacityMonth, Deal, DealPromise, Notice, Order
from marketplace.deals.rules.states import CLOSED
from marketplace.infra.db import rows_changed, session

# (product, month): volume
Volumes = Mapping[tuple[int, date], int]


def open_months(capacities: Volumes) -> None:
    """Add the rows that are not there yet; one that is there keeps what it says."""
    if not capacities:
        return
    rows: list[dict[str, Any]] = [
        {
            "product_id": product_id,
            "month": month,
            "capacity": capacity,
            "promised": 0,
            "at_risk": 0,
            "reason": "",
        }
        for (product_id, month), capacity in sorted(capacities.items())
    ]
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.execute(insert(CapacityMonth).values(rows).on_conflict_do_nothing())


def promise(product_id: int, month: date, volume: int) -> bool:
    """Take this much of a month; False where what is left does not cover it."""
    return (
        _changed(
            update(CapacityMonth)
            .where(
                CapacityMonth.product_id == product_id,
                CapacityMonth.month == month,
                CapacityMonth.promised + volume <= CapacityMonth.capacity,
            )
            .values(promised=CapacityMonth.promised + volume)
        )
        == 1
    )


def give_back(product_id: int, month: date, volume: int, at_risk: int) -> None:
    """Give back what a deal held of a month, and what of it was at risk."""
    _changed(
        update(CapacityMonth)
        .where(CapacityMonth.product_id == product_id, CapacityMonth.month == month)
        .values(promised=CapacityMonth.promised - volume, at_risk=CapacityMonth.at_risk - at_risk)
    )


def set_capacity(product_id: int, month: date, capacity: int, reason: str, cut: int) -> bool:
    """Set a month's capacity and move `cut` from promised to at risk; False where more is held."""
    return (
        _changed(
            update(CapacityMonth)
            .where(
                CapacityMonth.product_id == product_id,
                CapacityMonth.month == month,
                CapacityMonth.promised - cut <= capacity,
                CapacityMonth.promised >= cut,
            )
            .values(
                capacity=capacity,
                reason=reason,
                promised=CapacityMonth.promised - cut,
                at_risk=CapacityMonth.at_risk + cut,
            )
        )
        == 1
    )


def put_at_risk(promise_id: int, cut: int) -> bool:
    """Move this much of a promise to at risk; False where more of it was ordered already."""
    return (
        _changed(
            update(DealPromise)
            .where(DealPromise.id == promise_id, DealPromise.promised - cut >= DealPromise.ordered)
            .values(promised=DealPromise.promised - cut, at_risk=DealPromise.at_risk + cut)
        )
        == 1
    )


def release(promise_id: int) -> None:
    """Let go of what of a promise was not ordered."""
    _changed(
        update(DealPromise)
        .where(DealPromise.id == promise_id)
        .values(promised=DealPromise.ordered, at_risk=0)
    )


def order(deal_id: int, product_id: int, month: date, quantity: int) -> bool:
    """Order so much of a promise; False where the month promises less."""
    return (
        _changed(
            update(DealPromise)
            .where(
                DealPromise.deal_id == deal_id,
                DealPromise.product_id == product_id,
                DealPromise.month == month,
                DealPromise.ordered + quantity <= DealPromise.promised,
            )
            .values(ordered=DealPromise.ordered + quantity)
        )
        == 1
    )


def take_back(deal_id: int, product_id: int, month: date, quantity: int) -> None:
    """Undo an order of so much of a promise: it will never be sent."""
    _changed(
        update(DealPromise)
        .where(
            DealPromise.deal_id == deal_id,
            DealPromise.product_id == product_id,
            DealPromise.month == month,
        )
        .values(ordered=DealPromise.ordered - quantity)
    )


def pay(order_id: int, amount: int) -> bool:
    """Add a payment to an order; False where it would be more than the invoice."""
    return (
        _changed(
            update(Order)
            .where(Order.id == order_id, Order.paid_amount + amount <= Order.invoice_amount)
            .values(paid_amount=Order.paid_amount + amount, version=Order.version + 1)
        )
        == 1
    )


def sell(order_id: int, sold: int, returned: int) -> bool:
    """Add a report of consignment; False where more would be sold or returned than was taken."""
    return (
        _changed(
            update(Order)
            .where(
                Order.id == order_id,
                Order.sold + Order.returned + sold + returned
                <= case((Order.accepted.is_(None), 0), else_=Order.accepted),
            )
            .values(
                sold=Order.sold + sold,
                returned=Order.returned + returned,
                version=Order.version + 1,
            )
        )
        == 1
    )


def answer(notice_id: int, text: str, actor: Actor) -> bool:
    """Answer a notice nobody has answered yet; False where somebody was first."""
    return (
        _changed(
            update(Notice)
            .where(Notice.id == notice_id, Notice.answered_at.is_(None))
            .values(
                answer=text,
                answered_at=now(),
                answered_by_id=actor.person_id,
                answered_by_name=actor.name,
            )
        )
        == 1
    )


def _changed(statement: Any) -> int:
    found = session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(found, "rowcount", 0))


def follow_producer(business_id: int, area: str) -> int:
    """Deals that still go on are the new area's to follow; what was signed, sent and paid before
    the move is counted where it was (reporting.queries.areas)."""
    return rows_changed(
        update(Deal)
        .where(Deal.producer_id == business_id, Deal.state.not_in(CLOSED))
        .values(area_code=area)
    )
