"""Papers that run out, and what stops when they do."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.rules import BusinessKind, PaperKind, PaperState
from marketplace.catalog.models import Product, ProductPaper
from marketplace.catalog.rules import ProductState
from marketplace.deals.models import Deal, DealItem, DealPromise, DealSupply
from marketplace.deals.rules.states import BINDING
from marketplace.demand.models import Need
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.readiness.models import PaperNotice
from marketplace.readiness.rules import Horizon
from marketplace.readiness.rules.radar import LOOK_BACK_DAYS
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import OPEN_INTRODUCTIONS, SuggestionState

_LIVE = (PaperState.ENTERED, PaperState.VERIFIED)
_OPEN = (SuggestionState.PROPOSED, SuggestionState.POSTPONED, SuggestionState.HELD)
# Food may not be sold without these; the others stop only needs that ask for them.
BY_LAW = frozenset({PaperKind.PIRT, PaperKind.MD, PaperKind.ML, PaperKind.HALAL})


def _later(other: Any) -> ColumnElement[bool]:
    """Another live paper of the same kind that lasts longer: the renewal."""
    return and_(
        other.id != Paper.id,
        other.kind == Paper.kind,
        other.state.in_(_LIVE),
        or_(other.valid_to.is_(None), other.valid_to > Paper.valid_to),
    )


def _uncovered(link: Any) -> ColumnElement[bool]:
    """True where nothing takes the place of the paper for the product of this link."""
    again, renewal = aliased(ProductPaper), aliased(Paper)
    # Two levels down nothing is correlated by itself: every paper would then renew every other.
    return ~(
        select(again.id)
        .join(renewal, renewal.id == again.paper_id)
        .where(again.product_id == link.product_id, _later(renewal))
        .correlate(Paper, link)
        .exists()
    )


def _running_out(area: str, first: date, last: date) -> Select[Any]:
    """Live papers of producers whose last day lies between these and that nothing replaces."""
    link, product, renewal = aliased(ProductPaper), aliased(Product), aliased(Paper)
    links = select(link.id).where(link.paper_id == Paper.id)
    open_link = (
        select(link.id)
        .join(product, product.id == link.product_id)
        .where(
            link.paper_id == Paper.id,
            product.state != ProductState.WITHDRAWN,
            _uncovered(link),
        )
    )
    renewed = select(renewal.id).where(renewal.business_id == Paper.business_id, _later(renewal))
    statement = (
        select(Paper)
        .join(Paper.business)
        .where(
            Business.kind == BusinessKind.PRODUCER,
            Business.merged_into_id.is_(None),
            Paper.state.in_(_LIVE),
            Paper.valid_to.between(first, last),
            or_(exists(open_link), and_(~exists(links), ~exists(renewed))),
        )
    )
    return statement.where(lies_in(Business.region_code, area)) if area else statement


def span_of(horizon: Horizon | None, today: date) -> tuple[date, date]:
    """First and last last-day of a band; of all bands where none is named."""
    oldest = today - timedelta(days=LOOK_BACK_DAYS)
    if horizon is None:
        return oldest, today + timedelta(days=max(Horizon))
    if horizon is Horizon.EXPIRED:
        return oldest, today - timedelta(days=1)
    after = {Horizon.DAYS_30: 0, Horizon.DAYS_60: 31, Horizon.DAYS_90: 61}[horizon]
    return today + timedelta(days=after), today + timedelta(days=horizon)


def count_running_out(area: str, today: date) -> Mapping[Horizon, int]:
    return {horizon: count_within(area, horizon, today) for horizon in Horizon}


def count_within(area: str, horizon: Horizon, today: date) -> int:
    found = _running_out(area, *span_of(horizon, today)).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def page_of_running_out(
    area: str, horizon: Horizon | None, today: date, number: int
) -> Page[Paper]:
    """The nearest last day first, with the businesses."""
    return paged(_ordered(area, horizon, today), number=number)


def list_running_out(
    area: str, horizon: Horizon | None, today: date, limit: int = 2_000
) -> Sequence[Paper]:
    return session.scalars(_ordered(area, horizon, today).limit(limit)).all()


def _ordered(area: str, horizon: Horizon | None, today: date) -> Select[Any]:
    statement = _running_out(area, *span_of(horizon, today))
    return statement.options(joinedload(Paper.business)).order_by(Paper.valid_to, Paper.id)


def products_without(papers: Sequence[Paper]) -> Mapping[int, list[Product]]:
    """By paper, the products that lose it; a paper of the business covers all of its products."""
    found: dict[int, list[Product]] = {paper.id: [] for paper in papers}
    link = aliased(ProductPaper)
    rows = session.execute(
        select(Paper.id, Product)
        .join(link, link.paper_id == Paper.id)
        .join(Product, Product.id == link.product_id)
        .where(Paper.id.in_(found), Product.state != ProductState.WITHDRAWN, _uncovered(link))
        .order_by(Product.id)
    )
    for paper_id, product in rows:
        found[paper_id].append(product)
    return found


def promises_after(
    product_ids: Collection[int], first_month: date
) -> Sequence[tuple[int, int, str, date, int, int | None, str]]:
    """(product, deal, title, month, sales units promised, price, papers the need asks for)."""
    priced = (
        select(DealItem.deal_id, DealSupply.product_id, func.max(DealItem.price).label("price"))
        .join(DealSupply, DealSupply.item_id == DealItem.id)
        .where(DealSupply.product_id.in_(product_ids))
        .group_by(DealItem.deal_id, DealSupply.product_id)
        .subquery()
    )
    rows = session.execute(
        select(
            DealPromise.product_id,
            Deal.id,
            Deal.title,
            DealPromise.month,
            DealPromise.promised,
            priced.c.price,
            func.coalesce(Need.papers_required, ""),
        )
        .join(Deal, Deal.id == DealPromise.deal_id)
        .outerjoin(Need, Need.id == Deal.need_id)
        .outerjoin(
            priced,
            and_(priced.c.deal_id == Deal.id, priced.c.product_id == DealPromise.product_id),
        )
        .where(
            DealPromise.product_id.in_(product_ids),
            DealPromise.month >= first_month,
            Deal.state.in_(BINDING),
        )
        .order_by(Deal.id, DealPromise.month)
    )
    return [tuple(row) for row in rows]


def under_way(product_ids: Collection[int]) -> Sequence[tuple[int, bool, str]]:
    """(product, is it an introduction, papers the need asks for) of what is not decided yet."""
    waiting = (
        select(Suggestion.product_id, Suggestion.state, Need.papers_required)
        .join(Suggestion.need)
        .where(Suggestion.product_id.in_(product_ids), Suggestion.state.in_(_OPEN))
    )
    introduced = (
        select(Suggestion.product_id, Need.papers_required)
        .join(Introduction, Introduction.suggestion_id == Suggestion.id)
        .join(Suggestion.need)
        .where(
            Suggestion.product_id.in_(product_ids),
            Introduction.state.in_(OPEN_INTRODUCTIONS),
        )
    )
    return [
        *[(row[0], False, row[2]) for row in session.execute(waiting)],
        *[(row[0], True, row[1]) for row in session.execute(introduced)],
    ]


def letters_written(paper_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """(paper, horizon) of the letters that were written."""
    rows = session.execute(
        select(PaperNotice.paper_id, PaperNotice.horizon).where(PaperNotice.paper_id.in_(paper_ids))
    )
    return frozenset((row[0], row[1]) for row in rows)
