"""Reads for tables that come in and go out: many products at once."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Business
from marketplace.businesses.queries.businesses import in_area
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import ProductState
from marketplace.core.text import fold
from marketplace.infra.db import session

_WHOLE = (
    joinedload(Product.business),
    joinedload(Product.photo),
    joinedload(Product.thumb),
    selectinload(Product.price_breaks),
    selectinload(Product.paper_links).joinedload(ProductPaper.paper),
)
_CHUNK = 400


def find_same_products(
    business_ids: Collection[int], names: Collection[str]
) -> dict[tuple[int, str, int | None, str], Product]:
    """Products not withdrawn, whole, by business, folded name and net content; the oldest each."""
    found: dict[tuple[int, str, int | None, str], Product] = {}
    folded = sorted({fold(name)[:200] for name in names})
    for start in range(0, len(folded), _CHUNK):
        statement = (
            select(Product)
            .options(*_WHOLE)
            .where(
                Product.business_id.in_(business_ids),
                Product.folded_name.in_(folded[start : start + _CHUNK]),
                Product.state != ProductState.WITHDRAWN,
            )
            .order_by(Product.id)
        )
        for product in session.scalars(statement):
            key = (
                product.business_id, product.folded_name, product.net_amount, product.net_kind
            )  # fmt: skip
            found.setdefault(key, product)
    return found


def list_whole(
    *,
    business_ids: Collection[int] | None,
    area: str,
    state: ProductState | None,
    text: str,
    after: int,
    limit: int,
) -> Sequence[Product]:
    """The next products by id after `after`, for an export; None is every business of the area."""
    of = in_area(select(Business.id), area)
    statement = (
        select(Product)
        .options(joinedload(Product.business), selectinload(Product.price_breaks))
        .where(Product.id > after)
    )
    if business_ids is None:
        statement = statement.where(Product.business_id.in_(of))
    else:
        statement = statement.where(Product.business_id.in_(business_ids))
    if state is not None:
        statement = statement.where(Product.state == state)
    if text:
        statement = statement.where(Product.folded_name.contains(fold(text), autoescape=True))
    return session.scalars(statement.order_by(Product.id).limit(limit)).all()
