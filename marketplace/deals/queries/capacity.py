"""Reads of the ledger of promises."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.deals.models import CapacityMonth, Deal, DealPromise
from marketplace.infra.db import session


def lock_products(product_ids: Collection[int]) -> Mapping[int, int | None]:
    """Capacity a month of these products as it is now; none of them changes until the end.

    Locked by number: two that need the same products never wait for each other.
    """
    rows = session.execute(
        select(Product.id, Product.capacity_per_month)
        .where(Product.id.in_(sorted(product_ids)))
        .order_by(Product.id)
        .with_for_update(key_share=True)
    )
    return dict(rows.all())


def capacities_of(product_ids: Collection[int]) -> Mapping[int, int | None]:
    """The same, for a page that only shows it."""
    rows = session.execute(
        select(Product.id, Product.capacity_per_month).where(Product.id.in_(product_ids))
    )
    return dict(rows.all())


def list_months(
    product_ids: Collection[int], first: date, last: date | None = None
) -> Sequence[CapacityMonth]:
    """The rows there are, by product and month; read anew, whoever changed them."""
    statement = select(CapacityMonth).where(
        CapacityMonth.product_id.in_(product_ids), CapacityMonth.month >= first
    )
    if last is not None:
        statement = statement.where(CapacityMonth.month <= last)
    return session.scalars(
        statement.order_by(CapacityMonth.product_id, CapacityMonth.month).execution_options(
            populate_existing=True
        )
    ).all()


def promises_of_product(product_id: int, first: date) -> Sequence[DealPromise]:
    """What deals hold of a product from a month on, the newest deal first."""
    return session.scalars(
        select(DealPromise)
        .join(DealPromise.deal)
        .options(joinedload(DealPromise.deal).joinedload(Deal.buyer))
        .where(DealPromise.product_id == product_id, DealPromise.month >= first)
        .order_by(DealPromise.month, Deal.signed_on.desc(), Deal.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def promises_of_deal(deal_id: int, first: date | None = None) -> Sequence[DealPromise]:
    """A deal's promises by product and month, read anew."""
    statement = select(DealPromise).where(DealPromise.deal_id == deal_id)
    if first is not None:
        statement = statement.where(DealPromise.month >= first)
    return session.scalars(
        statement.order_by(DealPromise.product_id, DealPromise.month).execution_options(
            populate_existing=True
        )
    ).all()


def list_promises(deal_id: int, month: date, product_ids: Collection[int]) -> list[DealPromise]:
    """A deal's promises of one month, in the order of these products."""
    found = {row.product_id: row for row in promises_of_deal(deal_id, month) if row.month == month}
    return [found[number] for number in product_ids if number in found]


def list_same_goods(product: Product, limit: int = 30) -> Sequence[Product]:
    """Products on offer of the same category, unit and content by other producers."""
    return session.scalars(
        select(Product)
        .options(joinedload(Product.business))
        .where(
            Product.id != product.id,
            Product.business_id != product.business_id,
            Product.state == ProductState.PUBLISHED,
            Product.category_code == product.category_code,
            Product.unit == product.unit,
            Product.net_amount == product.net_amount,
            Product.net_kind == product.net_kind,
            Product.capacity_per_month > 0,
        )
        .order_by(Product.capacity_per_month.desc(), Product.id)
        .limit(limit)
    ).all()


def free_by_month(
    product_ids: Collection[int], months: Sequence[date]
) -> dict[int, tuple[int, ...]]:
    """What each product still has in each of these months (at least one), by its calendar.

    A month without a row is an ordinary one that nothing is promised of.
    """
    ordinary = {number: capacity or 0 for number, capacity in capacities_of(product_ids).items()}
    left = {
        (row.product_id, row.month): row.capacity - row.promised
        for row in list_months(product_ids, min(months), max(months))
    }
    return {
        number: tuple(left.get((number, month), capacity) for month in months)
        for number, capacity in ordinary.items()
    }


def free_from(product_ids: Collection[int], months: Sequence[date]) -> dict[int, int]:
    """What each product still has in the tightest of these months."""
    if not months:
        return {number: capacity or 0 for number, capacity in capacities_of(product_ids).items()}
    return {number: min(left) for number, left in free_by_month(product_ids, months).items()}
