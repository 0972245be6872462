"""Whom to take along: producers of the register, by turn and by what they have ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, or_, select

from marketplace.businesses.models import Business, Paper
from marketplace.businesses.queries.businesses import in_area, living
from marketplace.businesses.rules import BusinessKind, PaperState
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.text import fold
from marketplace.infra.db import session
from marketplace.infra.paging import Page
from marketplace.programs.models import Program, StallHolder
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.bazaars import WITH_STALLS, HolderState

PAGE = 50


class Order(StrEnum):
    TURN = "turn"
    READY = "ready"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A producer with how often and when it took part, and what it has ready today."""

    id: int
    name: str
    region_code: str
    times: int
    last_on: date | None
    papers: int
    products: int


def page_of_candidates(
    program_id: int, number: int, *, area: str, text: str, order: Order, today: date
) -> Page[Candidate]:
    """Producers not yet on the list of the programme.

    By turn: who has never been comes first, then who was there longest ago; among equals who has
    more ready. Papers count where they are valid today, rejected and revoked ones never.
    """
    been = (
        select(
            StallHolder.business_id.label("business_id"),
            func.count().label("times"),
            func.max(Program.starts_on).label("last_on"),
        )
        .join(Program, Program.id == StallHolder.program_id)
        .where(
            StallHolder.state == HolderState.COMES,
            Program.kind.in_(WITH_STALLS),
            Program.state != ProgramState.CANCELLED,
        )
        .group_by(StallHolder.business_id)
        .subquery()
    )
    papers = (
        select(Paper.business_id, func.count(func.distinct(Paper.kind)).label("papers"))
        .where(
            Paper.state.in_((PaperState.ENTERED, PaperState.VERIFIED)),
            or_(Paper.valid_to.is_(None), Paper.valid_to >= today),
        )
        .group_by(Paper.business_id)
        .subquery()
    )
    products = (
        select(Product.business_id, func.count().label("products"))
        .where(Product.state == ProductState.PUBLISHED)
        .group_by(Product.business_id)
        .subquery()
    )
    times, held, shown = (
        func.coalesce(been.c.times, 0),
        func.coalesce(papers.c.papers, 0),
        func.coalesce(products.c.products, 0),
    )
    there = select(StallHolder.business_id).where(
        StallHolder.program_id == program_id, StallHolder.business_id.is_not(None)
    )
    chosen = in_area(
        living().where(Business.kind == BusinessKind.PRODUCER, Business.id.not_in(there)), area
    )
    if text:
        chosen = chosen.where(Business.folded_name.contains(fold(text), autoescape=True))
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    readiest = (held.desc(), shown.desc())
    orders = {
        Order.TURN: (been.c.last_on.is_not(None), been.c.last_on, times, *readiest),
        Order.READY: (*readiest, times),
        Order.NAME: (),
    }
    rows = session.execute(
        chosen.with_only_columns(
            Business.id, Business.name, Business.region_code, times, been.c.last_on, held, shown
        )
        .outerjoin(been, been.c.business_id == Business.id)
        .outerjoin(papers, papers.c.business_id == Business.id)
        .outerjoin(products, products.c.business_id == Business.id)
        .order_by(*orders[order], Business.folded_name, Business.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return Page([Candidate(*row) for row in rows], number, PAGE, total)


def goods_of(business_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Per producer the name and category of its first published product."""
    rows = session.execute(
        select(Product.business_id, Product.name, Product.category_code)
        .where(Product.business_id.in_(business_ids), Product.state == ProductState.PUBLISHED)
        .order_by(Product.business_id, Product.id)
    )
    found: dict[int, tuple[str, str]] = {}
    for business_id, name, category in rows:
        found.setdefault(business_id, (name, category or ""))
    return found
