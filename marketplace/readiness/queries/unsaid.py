"""Papers nobody has spoken of, added up: not known, apart from missing."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.commodities.rules import categories, is_within
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page
from marketplace.readiness.models import UnsaidPaper
from marketplace.readiness.queries.gaps import Scope

U = UnsaidPaper


@dataclass(frozen=True, slots=True)
class UnsaidLine:
    """One paper in one cell: how many producers are to be asked, and how many needs ask for it."""

    paper: PaperKind
    category_code: str
    area_code: str
    producers: int
    needs: int


@dataclass(frozen=True, slots=True)
class ToAsk:
    business: Business
    products: int
    needs: int


def _conditions(scope: Scope, paper: PaperKind | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if scope.area:
        found.append(lies_in(U.area_code, scope.area))
    if scope.category:
        within = [code for code in categories() if is_within(code, scope.category)]
        found.append(U.category_code.in_(within or [scope.category]))
    if paper is not None:
        found.append(U.paper == paper)
    return found


def unsaid_lines(scope: Scope, paper: PaperKind | None, limit: int) -> list[UnsaidLine]:
    """By paper, category and kabupaten/kota, what most needs ask for first."""
    needs = func.count(U.need_id.distinct())
    cell = (U.paper, U.category_code, U.area_code)
    rows = session.execute(
        select(*cell, func.count(U.business_id.distinct()), needs)
        .where(*_conditions(scope, paper))
        .group_by(*cell)
        .order_by(needs.desc(), *cell)
        .limit(limit)
    )
    return [UnsaidLine(*row) for row in rows]


def page_to_ask(scope: Scope, paper: PaperKind, number: int, size: int = 25) -> Page[ToAsk]:
    """The producers to ask for a paper, those most needs wait for first."""
    needs = func.count(U.need_id.distinct())
    grouped = (
        select(Business, func.count(U.product_id.distinct()), needs)
        .join(U, U.business_id == Business.id)
        .where(*_conditions(scope, paper))
        .group_by(Business.id)
    )
    asked = select(func.count(U.business_id.distinct())).where(*_conditions(scope, paper))
    rows = session.execute(
        grouped.order_by(needs.desc(), Business.name, Business.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    found = [ToAsk(business, products, count) for business, products, count in rows]
    return Page(found, number, size, session.scalar(asked) or 0)
