"""What is on offer at this moment, for the rooms above."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.businesses.models import Paper
from marketplace.businesses.rules import PaperState
from marketplace.catalog.models import Product, ProductPaper
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


def ids_with_papers_ended(day: date, within: timedelta = timedelta(days=7)) -> Sequence[int]:
    """Published products that a paper covered whose last day passed in the days before `day`."""
    ended = select(Paper.id, Paper.business_id).where(
        Paper.state.in_([PaperState.ENTERED, PaperState.VERIFIED]),
        Paper.valid_to.between(day - within, day - timedelta(days=1)),
    )
    papers = ended.subquery()
    linked = select(ProductPaper.product_id).join(papers, papers.c.id == ProductPaper.paper_id)
    return session.scalars(
        select(Product.id).where(
            Product.state == ProductState.PUBLISHED,
            Product.id.in_(linked) | Product.business_id.in_(select(papers.c.business_id)),
        )
    ).all()
