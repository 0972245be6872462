"""Deals of several producers: who supplies them, and which part of an amount is whose.

A select joined here has a row for each supplier, `Producer`; the parts of an event add up to it.
"""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.deals.models import Deal, DealItem, DealSupply, Order, OrderSupply
from marketplace.reporting.queries.areas import in_scope
from marketplace.reporting.rules.scopes import Scope

Producer = aliased(Business)
# Who supplies; what was ordered before suppliers were written down is its producer's alone.
SUPPLIER = func.coalesce(Product.business_id, Deal.producer_id)


def join_suppliers(statement: Select[Any], source: Any) -> Select[Any]:
    """Join the products that supply an order, or for `source` Deal all its items."""
    if source is Deal:
        statement = statement.outerjoin(DealItem, DealItem.deal_id == Deal.id).outerjoin(
            DealSupply, DealSupply.item_id == DealItem.id
        )
        return statement.outerjoin(Product, Product.id == DealSupply.product_id)
    return statement.outerjoin(OrderSupply, OrderSupply.order_id == Order.id).outerjoin(
        Product, Product.id == OrderSupply.product_id
    )


def suppliers_of(*which: Any) -> Select[Any]:
    """Who supplied at least one of these orders: of each deal the same few, so those come first."""
    pairs = select(Order.deal_id, OrderSupply.product_id).outerjoin(
        OrderSupply, OrderSupply.order_id == Order.id
    )
    found = pairs.where(*which).distinct().subquery()
    return (
        select(SUPPLIER)
        .select_from(found)
        .join(Deal, Deal.id == found.c.deal_id)
        .outerjoin(Product, Product.id == found.c.product_id)
    )


def join_producers(statement: Select[Any], source: Any) -> Select[Any]:
    return join_suppliers(statement, source).join(Producer, Producer.id == SUPPLIER)


def part_of(amount: Any, event: Any) -> Any:
    """The whole rupiah of `amount` that are a supplier's, by the units of the order it gives.

    The largest remainders are rounded up, as `deals.rules.months.shared_out` does; written so that
    nothing is multiplied that would not fit the column.
    """
    whole = Order.quantity
    units = func.coalesce(OrderSupply.quantity, whole)
    rest = (amount % whole) * units
    least = (amount // whole) * units + rest // whole
    missing = amount - func.sum(least).over(partition_by=event)
    turn = func.row_number().over(
        partition_by=event, order_by=((rest % whole).desc(), OrderSupply.product_id)
    )
    return least + case((turn <= missing, 1), else_=0)


def turn_of(parts: Any) -> Any:
    """Counts the parts of an event, the contact's first."""
    first = func.row_number().over(
        partition_by=parts.c.id, order_by=(parts.c.rank, parts.c.who, parts.c.business_id)
    )
    return first.label("turn")


def once(statement: Select[Any], scope: Scope) -> Select[Any]:
    """One row per event with what is the scope's of it, under its contact if that has a part."""
    parts = statement.subquery()
    kept = [column for column in parts.c if column.key not in {"amount", "rank"}]
    found = (
        select(
            *kept,
            func.sum(parts.c.amount).over(partition_by=parts.c.id).label("amount"),
            turn_of(parts),
        )
        .where(in_scope(parts.c.area, scope))
        .subquery()
    )
    return select(*(column for column in found.c if column.key != "turn")).where(found.c.turn == 1)
