"""Reads of orders, payments and notices."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.catalog.models import Product
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.deals.models import (
    Deal,
    DealItem,
    DealLine,
    DealSupply,
    Notice,
    Order,
    OrderStep,
    OrderSupply,
    SalesReport,
)
from marketplace.deals.queries.deals import DealFilter, narrowed
from marketplace.deals.rules.months import last_day_of, month_of, summed
from marketplace.deals.rules.orders import OrderState, age_of, days_late
from marketplace.deals.rules.states import BINDING
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged

_PARTIES = (
    joinedload(Order.deal).joinedload(Deal.producer),
    joinedload(Order.deal).joinedload(Deal.buyer),
    joinedload(Order.deal)
    .selectinload(Deal.items)
    .selectinload(DealItem.supplies)
    .joinedload(DealSupply.product)
    .joinedload(Product.business),
    joinedload(Order.item),
    joinedload(Order.line).joinedload(DealLine.branch),
)


def get_order(order_id: int) -> Order:
    """One order with its deal, goods, destination, steps, payments and shares."""
    order = session.scalar(
        select(Order)
        .options(
            *_PARTIES,
            selectinload(Order.steps).joinedload(OrderStep.file),
            selectinload(Order.payments),
            selectinload(Order.supplies)
            .joinedload(OrderSupply.product)
            .joinedload(Product.business),
        )
        .where(Order.id == order_id)
    )
    if order is None:
        raise NotFound(N_("There is no such order."))
    return order


def lock_order(order_id: int) -> Order:
    """The order and its deal as they are now; nobody else changes them until the end."""
    deal_id = session.scalar(select(Order.deal_id).where(Order.id == order_id))
    if deal_id is None:
        raise NotFound(N_("There is no such order."))
    session.execute(select(Deal.id).where(Deal.id == deal_id).with_for_update(key_share=True)).one()
    return session.scalars(
        select(Order)
        .options(*_PARTIES)
        .where(Order.id == order_id)
        .execution_options(populate_existing=True)
    ).one()


def page_of_orders(deal_id: int, number: int, size: int = 25) -> Page[Order]:
    """A deal's orders, the newest first."""
    return paged(
        select(Order)
        .options(joinedload(Order.item), joinedload(Order.line).joinedload(DealLine.branch))
        .where(Order.deal_id == deal_id)
        .order_by(Order.number.desc()),
        number=number,
        size=size,
    )


def unsent_of(deal_id: int, first: date) -> dict[tuple[int, date], int]:
    """What is ordered but not sent of each product in each month, from a month on."""
    rows = session.execute(
        select(OrderSupply.product_id, Order.wanted_on, OrderSupply.quantity)
        .join(Order, Order.id == OrderSupply.order_id)
        .where(
            Order.deal_id == deal_id,
            Order.state == OrderState.ORDERED,
            Order.wanted_on >= first,
        )
    )
    return summed(
        ((product_id, month_of(wanted_on)), quantity) for product_id, wanted_on, quantity in rows
    )


def ordered_of_lines(deal_id: int, month: date) -> dict[int, int]:
    """What is ordered of each line for delivery in a month."""
    rows = session.execute(
        select(Order.line_id, func.sum(Order.quantity))
        .where(
            Order.deal_id == deal_id,
            Order.wanted_on >= month,
            Order.wanted_on <= last_day_of(month),
        )
        .group_by(Order.line_id)
    )
    return {line_id: int(total) for line_id, total in rows}


def list_reports(order_id: int) -> Sequence[SalesReport]:
    return session.scalars(
        select(SalesReport).where(SalesReport.order_id == order_id).order_by(SalesReport.id)
    ).all()


def _unpaid(wanted: DealFilter) -> Select[Order]:
    deals = narrowed(wanted).with_only_columns(Deal.id)
    return select(Order).where(
        Order.state == OrderState.INVOICED,
        Order.paid_amount < Order.invoice_amount,
        Order.deal_id.in_(deals),
    )


def page_of_unpaid(wanted: DealFilter, number: int) -> Page[Order]:
    """Invoices not paid in full, the one longest overdue first."""
    return paged(_by_due_day(wanted), number=number)


def count_late(wanted: DealFilter, today: date) -> int:
    """Invoices not paid in full whose day has passed."""
    late = _unpaid(wanted).where(Order.due_on < today).with_only_columns(Order.id).subquery()
    return session.scalar(select(func.count()).select_from(late)) or 0


def count_to_send(producer_ids: Collection[int]) -> int:
    """Orders these producers have still to send."""
    return _count_at({OrderState.ORDERED}, Deal.producer_id.in_(producer_ids))


def count_to_take(buyer_ids: Collection[int]) -> int:
    """Orders on the way to these outlets, or come in and not judged yet."""
    return _count_at({OrderState.SENT, OrderState.RECEIVED}, Deal.buyer_id.in_(buyer_ids))


def _count_at(states: Collection[OrderState], whose: ColumnElement[bool]) -> int:
    statement = (
        select(func.count(Order.id))
        .join(Deal, Deal.id == Order.deal_id)
        .where(Order.state.in_(states), Deal.state.in_(BINDING), whose)
    )
    return session.scalar(statement) or 0


def list_unpaid(wanted: DealFilter, limit: int = 5_000) -> Sequence[Order]:
    """The same without pages, for a file."""
    return session.scalars(_by_due_day(wanted).limit(limit)).all()


def _by_due_day(wanted: DealFilter) -> Select[Order]:
    return _unpaid(wanted).options(*_PARTIES).order_by(Order.due_on, Order.id)


def sums_by_age(wanted: DealFilter, today: date) -> dict[int, int]:
    """Rupiah outstanding per column of the ageing list (`rules.orders.age_of`)."""
    rows = session.execute(
        _unpaid(wanted).with_only_columns(Order.due_on, Order.invoice_amount, Order.paid_amount)
    )
    sums: dict[int, int] = {}
    for due, invoiced, paid in rows:
        column = age_of(days_late(due, None, today))
        sums[column] = sums.get(column, 0) + invoiced - paid
    return sums


def _to_remind(today: date, soon: date) -> Select[Order]:
    """Invoices with money missing whose day comes or has passed, and nobody was told of it."""
    return select(Order).where(
        Order.state == OrderState.INVOICED,
        Order.paid_amount < Order.invoice_amount,
        or_(
            and_(Order.due_on < today, Order.late_told_on.is_(None)),
            and_(Order.due_on.between(today, soon), Order.due_told_on.is_(None)),
        ),
    )


def deals_to_remind(today: date, soon: date, limit: int) -> Sequence[int]:
    """Deals with such invoices, in the order in which they are locked."""
    return session.scalars(
        _to_remind(today, soon)
        .with_only_columns(Order.deal_id)
        .distinct()
        .order_by(Order.deal_id)
        .limit(limit)
    ).all()


def orders_to_remind(deal_id: int, today: date, soon: date) -> Sequence[Order]:
    return session.scalars(
        _to_remind(today, soon)
        .where(Order.deal_id == deal_id)
        .order_by(Order.id)
        .execution_options(populate_existing=True)
    ).all()


def orders_by_ids(deal_id: int, order_ids: Collection[int]) -> Sequence[Order]:
    """Orders of a deal with goods and destination, by number; those of another are left out."""
    return session.scalars(
        select(Order)
        .options(joinedload(Order.item), joinedload(Order.line).joinedload(DealLine.branch))
        .where(Order.deal_id == deal_id, Order.id.in_(order_ids))
        .order_by(Order.number)
    ).all()


def orders_on_the_way(deal_id: int, limit: int) -> Sequence[Order]:
    """Goods that left and that the buyer did not take or reject yet, the oldest first."""
    return session.scalars(
        select(Order)
        .options(joinedload(Order.item), joinedload(Order.line).joinedload(DealLine.branch))
        .where(Order.deal_id == deal_id, Order.state.in_((OrderState.SENT, OrderState.RECEIVED)))
        .order_by(Order.number)
        .limit(limit)
    ).all()


def list_notices(deal_id: int) -> Sequence[Notice]:
    return session.scalars(
        select(Notice)
        .options(joinedload(Notice.order))
        .where(Notice.deal_id == deal_id)
        .order_by(Notice.id.desc())
    ).all()


def open_notices(wanted: DealFilter) -> tuple[int, int | None]:
    """How many problems wait for the office's word, and the deal of the one waiting longest."""
    deals = narrowed(wanted).with_only_columns(Deal.id)
    waiting = select(Notice).where(Notice.answered_at.is_(None), Notice.deal_id.in_(deals))
    oldest = waiting.order_by(Notice.id).limit(1).with_only_columns(Notice.deal_id)
    counted = waiting.with_only_columns(func.count(Notice.id))
    return session.scalar(counted) or 0, session.scalar(oldest)


def get_notice(notice_id: int) -> Notice:
    notice = session.scalar(
        select(Notice)
        .options(
            joinedload(Notice.order),
            joinedload(Notice.deal).joinedload(Deal.producer),
            joinedload(Notice.deal).joinedload(Deal.buyer),
        )
        .where(Notice.id == notice_id)
    )
    if notice is None:
        raise NotFound(N_("There is no such notice."))
    return notice
