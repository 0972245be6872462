"""What is on offer at this moment, for the rooms above."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.catalog.models import Product
from marketplace.catalog.queries.products import get_product
from marketplace.catalog.rules import ProductState
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.db import session


def live_ids(product_ids: Collection[int]) -> frozenset[int]:
    """Which of these products are published at this moment."""
    published = select(Product.id).where(
        Product.id.in_(product_ids), Product.state == ProductState.PUBLISHED
    )
    return frozenset(session.scalars(published))


def published_ids_of(business_id: int) -> Sequence[int]:
    return session.scalars(
        select(Product.id).where(
            Product.business_id == business_id, Product.state == ProductState.PUBLISHED
        )
    ).all()


def list_published_of(business_ids: Collection[int], limit: int = 300) -> Sequence[Product]:
    """The published products of these producers with their business, by name."""
    return session.scalars(
        select(Product)
        .options(joinedload(Product.business))
        .where(Product.business_id.in_(business_ids), Product.state == ProductState.PUBLISHED)
        .order_by(Product.name)
        .limit(limit)
    ).all()


def get_published_product(product_id: int) -> Product:
    """A product everybody may see; drafts and withdrawn ones are not found."""
    found = get_product(product_id)
    if found.state is not ProductState.PUBLISHED:
        raise NotFound(N_("There is no such product."))
    return found
