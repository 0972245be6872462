"""Published products as the engine reads them: columns only, no entities, four selects for all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Select, select

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import BUSINESS_PAPERS, PaperState
from marketplace.catalog.models import PriceBreak, Product, ProductPaper
from marketplace.catalog.rules import HalalClaim, ProductState, split
from marketplace.core.clock import today
from marketplace.core.quantity import Kind, Quantity
from marketplace.core.size_class import size_class
from marketplace.infra.db import session
from marketplace.matching.offers import HeldPaper, Offer
from marketplace.matching.offers import PriceBreak as OfferBreak

_Select: TypeAlias = Select[*tuple[Any, ...]]

# Below SQLite's limit on parameters of one statement.
_BATCH = 10_000


def list_offers(product_ids: Sequence[int] | None = None) -> list[Offer]:
    """The published products as offers, in order of number; all of them, or those of `product_ids`.

    Papers are those that count today (entered or verified, not expired): the ones linked to the
    product, and NIB and NPWP of its business. A product that is no longer published is left out.
    """
    if product_ids is None:
        return list(_offers(None))
    numbers = sorted(set(product_ids))
    batches = (numbers[at : at + _BATCH] for at in range(0, len(numbers), _BATCH))
    return [offer for batch in batches for offer in _offers(batch)]


def _published(statement: _Select, ids: Sequence[int] | None) -> _Select:
    """All published products, or a few by their key: their state is then looked at one by one,

    since SQLite would walk through everything published to find three of them.
    """
    if ids is None:
        return statement.where(Product.state == ProductState.PUBLISHED)
    return statement.where(Product.id.in_(ids))


@lru_cache(maxsize=4_096)
def _words(column: str) -> frozenset[str]:
    """The words of a column; thousands of products share the few sets there are."""
    return frozenset(split(column))


_COLUMNS = (
    Product.id,
    Product.state,
    Product.name,
    Product.description,
    Product.category_code,
    Product.brand,
    Product.price,
    Product.unit,
    Product.net_amount,
    Product.net_kind,
    Product.weight_g,
    Product.zones,
    Product.halal_claim,
    Product.capacity_per_month,
    Product.min_order,
    Product.shelf_life_days,
    Product.storage,
    Product.lead_days,
    Product.terms,
    Product.business_id,
    Business.region_code,
    Business.working_capital,
    Business.yearly_sales,
)


def _offers(ids: Sequence[int] | None) -> Iterator[Offer]:
    on = today()
    breaks = _breaks(ids)
    of_product, of_business = _product_papers(ids, on), _business_papers(ids, on)
    told = _told_of_papers(ids)
    rows = session.execute(
        _published(select(*_COLUMNS).join(Business, Business.id == Product.business_id), ids)
        .order_by(Product.id)
        .execution_options(yield_per=2_000)
    )
    for row in rows:
        if row.state is not ProductState.PUBLISHED:
            continue
        size = size_class(row.yearly_sales)
        yield Offer(
            id=str(row.id),
            title=row.name,
            description=row.description,
            category=row.category_code or "",
            brand=row.brand,
            price=row.price,
            price_breaks=breaks.get(row.id, ()),
            unit=row.unit,
            pack=Quantity(row.net_amount, Kind(row.net_kind)) if row.net_amount else None,
            weight_g=row.weight_g,
            region=row.region_code,
            zones=_words(row.zones),
            papers=(*of_business.get(row.business_id, ()), *of_product.get(row.id, ())),
            # Nobody lists all papers there are: of a kind never entered nothing is known.
            papers_known=False,
            papers_told=told.get(row.id, frozenset()),
            declared_not_halal=row.halal_claim is HalalClaim.NOT_HALAL,
            capacity_per_month=row.capacity_per_month,
            min_order=row.min_order,
            shelf_life_days=row.shelf_life_days,
            storage=row.storage.value if row.storage else "",
            lead_days=row.lead_days,
            terms=_words(row.terms),
            producer=str(row.business_id),
            working_capital=row.working_capital,
            size_class=size.value if size else "",
        )


def _breaks(ids: Sequence[int] | None) -> Mapping[int, tuple[OfferBreak, ...]]:
    found: dict[int, tuple[OfferBreak, ...]] = defaultdict(tuple)
    statement = select(PriceBreak.product_id, PriceBreak.min_quantity, PriceBreak.price)
    if ids is not None:
        statement = statement.where(PriceBreak.product_id.in_(ids))
    ordered = statement.order_by(PriceBreak.product_id, PriceBreak.min_quantity)
    for product_id, quantity, price in session.execute(ordered):
        found[product_id] += (OfferBreak(quantity, price),)
    return found


def _counting(statement: _Select, on: date) -> _Select:
    """Papers that count on the day: `businesses.rules.counts` said in SQL."""
    return statement.where(
        # Said by what it is not: for "in" SQLite walks through all papers of those states.
        Paper.state.not_in((PaperState.REJECTED, PaperState.REVOKED)),
        (Paper.valid_to.is_(None)) | (Paper.valid_to >= on),
    )


_PAPER = (Paper.kind, Paper.state, Paper.valid_to)


def _product_papers(ids: Sequence[int] | None, on: date) -> Mapping[int, tuple[HeldPaper, ...]]:
    statement = (
        select(ProductPaper.product_id, *_PAPER)
        .join(Paper, Paper.id == ProductPaper.paper_id)
        # NIB and NPWP come with the business: linked by hand too, they must not count twice.
        .where(Paper.kind.not_in(tuple(BUSINESS_PAPERS)))
        .order_by(ProductPaper.product_id, Paper.id)
    )
    if ids is not None:
        statement = statement.where(ProductPaper.product_id.in_(ids))
    return _grouped(_counting(statement, on))


def _told_of_papers(ids: Sequence[int] | None) -> Mapping[int, frozenset[str]]:
    """The kinds of papers somebody has entered for a product, whatever became of them.

    Of the other kinds nobody has said anything: missing data is unknown, it is asked for and
    removes no pairing (engine.md, three answers).
    """
    statement = select(ProductPaper.product_id, Paper.kind).join(
        Paper, Paper.id == ProductPaper.paper_id
    )
    if ids is not None:
        statement = statement.where(ProductPaper.product_id.in_(ids))
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    for product_id, kind in session.execute(statement):
        found[product_id] |= {kind.value}
    return found


def _business_papers(ids: Sequence[int] | None, on: date) -> Mapping[int, tuple[HeldPaper, ...]]:
    statement = (
        select(Paper.business_id, *_PAPER)
        .where(Paper.kind.in_(tuple(BUSINESS_PAPERS)))
        .order_by(Paper.business_id, Paper.id)
    )
    if ids is not None:
        sellers = select(Product.business_id).where(Product.id.in_(ids))
        statement = statement.where(Paper.business_id.in_(sellers))
    return _grouped(_counting(statement, on))


def _grouped(statement: _Select) -> Mapping[int, tuple[HeldPaper, ...]]:
    found: dict[int, tuple[HeldPaper, ...]] = defaultdict(tuple)
    for owner_id, kind, state, valid_to in session.execute(statement):
        found[owner_id] += (HeldPaper(kind.value, state is PaperState.VERIFIED, valid_to),)
    return found
