"""Products by number, by business and by area, with the loads their pages need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import BUSINESS_PAPERS, PRODUCT_PAPERS, PaperState
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import ProductState
from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, clean_text, fold
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.infra.storage import StoredFile


@dataclass(frozen=True, slots=True)
class OwnFilter:
    """What a list of one's own (or the area's) products is narrowed to; empty is all."""

    state: ProductState | None = None
    text: str = ""

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "OwnFilter":
        """The filter an address carries (`state`, `q`); what is nonsense narrows nothing."""
        state = words.get("state", "")
        return cls(
            state=ProductState(state) if state in set(ProductState) else None,
            text=clean_text(words.get("q", ""))[:200],
        )


def get_product(product_id: int) -> Product:
    """One product with its business, prices by quantity, papers and pictures; or NotFound."""
    found = session.scalar(_whole().where(Product.id == product_id))
    if found is None:
        raise NotFound(N_("There is no such product."))
    return found


def category_codes_of(business_id: int) -> list[str]:
    """The categories of the products of a business that are not withdrawn, most products first."""
    rows = session.execute(
        select(Product.category_code)
        .where(Product.business_id == business_id, Product.state != ProductState.WITHDRAWN)
        .group_by(Product.category_code)
        .order_by(func.count().desc(), Product.category_code)
    )
    return [row[0] for row in rows if row[0] is not None]


def _whole() -> Select[Product]:
    return select(Product).options(
        joinedload(Product.business),
        joinedload(Product.photo),
        joinedload(Product.thumb),
        selectinload(Product.price_breaks),
        selectinload(Product.paper_links).joinedload(ProductPaper.paper),
    )


def products_by_ids(ids: Sequence[int]) -> list[Product]:
    """Products with business and thumbnail, in the order of `ids`; missing ones are left out."""
    found = session.scalars(
        select(Product)
        .where(Product.id.in_(ids))
        .options(joinedload(Product.business), joinedload(Product.thumb))
    )
    by_id = {product.id: product for product in found}
    return [by_id[number] for number in dict.fromkeys(ids) if number in by_id]


def page_of_own_products(
    business_ids: Sequence[int] | frozenset[int], wanted: OwnFilter, *, number: int
) -> Page[Product]:
    """Products of these businesses in every state, last changed first."""
    return _listed(select(Product).where(Product.business_id.in_(business_ids)), wanted, number)


def page_of_area_products(area: str, wanted: OwnFilter, *, number: int) -> Page[Product]:
    """Products of the producers of a kabupaten/kota, or of all of them where `area` is empty."""
    statement = select(Product).join(Business, Business.id == Product.business_id)
    if area:
        statement = statement.where(lies_in(Business.region_code, area))
    return _listed(statement, wanted, number)


def _listed(statement: Select[Product], wanted: OwnFilter, number: int) -> Page[Product]:
    if wanted.state is not None:
        statement = statement.where(Product.state == wanted.state)
    if wanted.text:
        statement = statement.where(
            Product.folded_name.contains(fold(wanted.text)[:200], autoescape=True)
        )
    statement = statement.options(
        joinedload(Product.business),
        joinedload(Product.thumb),
        selectinload(Product.paper_links).joinedload(ProductPaper.paper),
    )
    return paged(statement.order_by(Product.updated_at.desc(), Product.id.desc()), number=number)


def count_by_state(business_ids: Sequence[int] | frozenset[int]) -> Mapping[ProductState, int]:
    """How many products these businesses have in each state; states without one are left out."""
    rows = session.execute(
        select(Product.state, func.count())
        .where(Product.business_id.in_(business_ids))
        .group_by(Product.state)
    )
    return {row[0]: row[1] for row in rows}


def list_products_of(business_id: int) -> Sequence[Product]:
    """The published products of one producer, by name; at most 200, for its public page."""
    return session.scalars(
        select(Product)
        .where(Product.business_id == business_id, Product.state == ProductState.PUBLISHED)
        .options(joinedload(Product.business), joinedload(Product.thumb))
        .order_by(Product.folded_name, Product.id)
        .limit(200)
    ).all()


def find_photo_product(stored: StoredFile) -> Product | None:
    """The product a picture belongs to, published ones first: the same picture is never shared."""
    return session.scalar(
        select(Product)
        .where(or_(Product.photo_id == stored.id, Product.thumb_id == stored.id))
        .options(joinedload(Product.business))
        .limit(1)
    )


def list_product_papers(business_id: int) -> Sequence[Paper]:
    """Papers of a business that can cover a product and are neither refused nor revoked."""
    return session.scalars(
        select(Paper)
        .where(
            Paper.business_id == business_id,
            Paper.kind.in_(tuple(PRODUCT_PAPERS)),
            Paper.state.in_((PaperState.ENTERED, PaperState.VERIFIED)),
        )
        .order_by(Paper.kind, Paper.id)
    ).all()


def list_held_kinds(product: Product) -> list[str]:
    """The kinds of papers that count for a product today, its business's NIB and NPWP included."""
    on = today()
    linked = select(ProductPaper.paper_id).where(ProductPaper.product_id == product.id)
    rows = session.scalars(
        select(Paper.kind)
        .where(
            Paper.business_id == product.business_id,
            or_(Paper.id.in_(linked), Paper.kind.in_(tuple(BUSINESS_PAPERS))),
            Paper.state.in_((PaperState.ENTERED, PaperState.VERIFIED)),
            or_(Paper.valid_to.is_(None), Paper.valid_to >= on),
        )
        .distinct()
        .order_by(Paper.kind)
    )
    return [kind.value for kind in rows]
