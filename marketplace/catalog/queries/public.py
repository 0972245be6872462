"""The catalogue everybody sees: published products, found by words, narrowed by filters.

The index proposes, the database decides: every filter and the state are asked of the database, so
a product withdrawn a moment ago is never shown, and the count is the count of what is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, intersect, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from marketplace.businesses.models import Paper
from marketplace.businesses.rules import BUSINESS_PAPERS, PaperState
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import ProductState, Sort
from marketplace.commodities.rules import is_within, leaves
from marketplace.core.clock import today
from marketplace.infra import search
from marketplace.infra.paging import Page, paged

# The index is asked for so many: nobody reads further, and each is looked up again.
MOST_HITS = 200
PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor looks for; empty and None do not narrow. Prices are rupiah per sales unit.

    `papers` and `min_capacity` are trade details: the caller hands them in only for those who may
    see them of every product.
    """

    text: str = ""
    category: str = ""
    zone: str = ""
    papers: frozenset[str] = frozenset()
    min_price: int | None = None
    max_price: int | None = None
    min_capacity: int | None = None
    sort: Sort | None = None


def page_of_public_products(wanted: Wanted, *, number: int) -> Page[Product]:
    """Published products with business and thumbnail, best match or newest first."""
    statement = select(Product).where(Product.state == ProductState.PUBLISHED)
    hits = search.find_products(wanted.text, limit=MOST_HITS) if wanted.text else None
    if hits is not None:
        statement = statement.where(Product.id.in_(hits))
    statement = _narrowed(statement, wanted)
    statement = statement.options(joinedload(Product.business), joinedload(Product.thumb))
    return paged(statement.order_by(*_order(wanted.sort, hits)), number=number, size=PAGE_SIZE)


def _narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.category:
        codes = [leaf.code for leaf in leaves() if is_within(leaf.code, wanted.category)]
        statement = statement.where(Product.category_code.in_(codes))
    if wanted.zone:
        # No zones named means everywhere; the bars make `other` and `another` two words.
        served = literal("|") + Product.zones + literal("|")
        statement = statement.where(
            or_(Product.zones == "", served.contains(f"|{wanted.zone}|", autoescape=True))
        )
    if wanted.min_price is not None:
        statement = statement.where(Product.price >= wanted.min_price)
    if wanted.max_price is not None:
        statement = statement.where(Product.price <= wanted.max_price)
    if wanted.min_capacity is not None:
        statement = statement.where(Product.capacity_per_month >= wanted.min_capacity)
    if wanted.papers:
        # One list of numbers: with a list for each paper SQLite tries every pair of them (29 s).
        held = intersect(*(_holders(kind) for kind in sorted(wanted.papers)))
        statement = statement.where(Product.id.in_(held))
    return statement


def _holders(kind: str) -> Select[int]:
    """Numbers of the products for which a paper of this kind counts today."""
    counting = and_(
        Paper.kind == kind,
        Paper.state.in_((PaperState.ENTERED, PaperState.VERIFIED)),
        or_(Paper.valid_to.is_(None), Paper.valid_to >= today()),
    )
    if kind in BUSINESS_PAPERS:
        own = aliased(Product)
        held = select(own.id).join(Paper, Paper.business_id == own.business_id)
    else:
        held = select(ProductPaper.product_id).join(Paper, Paper.id == ProductPaper.paper_id)
    return held.where(counting)


def _order(sort: Sort | None, hits: Sequence[int] | None) -> tuple[Any, ...]:
    if sort is Sort.CHEAPEST:
        return (Product.price, Product.id)
    if sort is Sort.DEAREST:
        return (Product.price.desc(), Product.id)
    if sort is Sort.NAME:
        return (Product.folded_name, Product.id)
    if hits and sort is not Sort.NEWEST:
        rank = {number: place for place, number in enumerate(hits)}
        return (case(rank, value=Product.id), Product.id)
    return (Product.published_at.desc(), Product.id.desc())
