"""The rows figures are made of, page by page, and where goods went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, func, literal, null, select, union_all

from marketplace.core.clock import business_day
from marketplace.deals.models import DealLine, Order
from marketplace.infra.db import session
from marketplace.infra.paging import Page
from marketplace.reporting.queries import events
from marketplace.reporting.queries.areas import in_scope
from marketplace.reporting.queries.outlets import new_outlets
from marketplace.reporting.queries.shares import Producer, once, turn_of
from marketplace.reporting.rules.figures import OUTLET_FIGURES, FigureKey
from marketplace.reporting.rules.scopes import Scope

MOST_ROWS = 50_000  # of one export

EVENTS: Mapping[FigureKey, Callable[[Scope], Select[Any]]] = {
    FigureKey.REGISTERED: events.registered,
    FigureKey.PUBLISHED: events.published,
    FigureKey.MATCHED: events.matched,
    FigureKey.INTRODUCED: events.introduced,
    FigureKey.MET: events.met,
    FigureKey.DEALT: events.dealt,
    FigureKey.DELIVERED: events.delivered,
    FigureKey.RECEIVED: events.received,
}
# A deal of several producers is in each of their areas, with their part of its amount.
SHARED = frozenset({FigureKey.DEALT, FigureKey.DELIVERED, FigureKey.RECEIVED})
# What makes a producer one that was helped; being in the register does not.
HELP = tuple(key for key in EVENTS if key is not FigureKey.REGISTERED)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """`area` is the producer's kabupaten/kota then; of an outlet, the place of delivery."""

    id: int
    link: int
    area: str
    on: date | None
    who: str
    what: str
    amount: int


def rows_of(key: FigureKey, scope: Scope) -> Select[Any]:
    """The rows a figure is made of."""
    if key is FigureKey.HELPED:
        return _helped(scope)
    if key in OUTLET_FIGURES:
        return new_outlets(scope, OUTLET_FIGURES[key])
    if key in SHARED:
        return once(EVENTS[key](scope), scope)
    return _narrowed(EVENTS[key](scope), scope)


def _narrowed(statement: Select[Any], scope: Scope) -> Select[Any]:
    found = statement.subquery()
    return select(found).where(in_scope(found.c.area, scope))


def _helped(scope: Scope) -> Select[Any]:
    """One row per producer; the amount says how much happened."""
    each = _help(scope).subquery()
    grouped = (
        select(
            each.c.business_id.label("business_id"),
            func.min(each.c.area).label("area"),
            func.count().label("amount"),
        )
        .group_by(each.c.business_id)
        .subquery()
    )
    return select(
        grouped.c.business_id.label("business_id"),
        grouped.c.business_id.label("id"),
        grouped.c.business_id.label("link"),
        grouped.c.area.label("area"),
        null().label("on"),
        Producer.name.label("who"),
        literal("").label("what"),
        grouped.c.amount.label("amount"),
    ).join(Producer, Producer.id == grouped.c.business_id)


def _help(scope: Scope) -> CompoundSelect[Any]:
    """(business_id, area) of everything that counts as help: narrow, for it is the most rows."""
    return union_all(
        *(
            select(found.c.business_id, found.c.area).where(in_scope(found.c.area, scope))
            for found in (_of_help(key, scope).subquery() for key in HELP)
        )
    )


def _of_help(key: FigureKey, scope: Scope) -> Select[Any]:
    """Events of one kind; a supplier with two products in the same order was helped once."""
    statement = EVENTS[key](scope)
    if key not in SHARED:
        return statement
    found = statement.subquery()
    return select(found.c.id, found.c.business_id, found.c.area).distinct()


@dataclass(frozen=True, slots=True)
class Flow:
    """Goods accepted: from a producer's kabupaten/kota to where the deal delivers, in rupiah.

    A delivery of producers of two areas is one from each; what it is worth is divided. `counted`
    has it once, under the deal's contact: these may be added up.
    """

    origin: str
    to: str
    deliveries: int
    counted: int
    worth: int


def flows(scope: Scope) -> list[Flow]:
    """Where goods went, the most first; together they are the figure of deliveries."""
    needed = ("id", "business_id", "area", "who", "rank", "amount")
    parts = events.narrowed(events.delivered(scope), *needed).subquery()
    rows = select(parts, turn_of(parts)).where(in_scope(parts.c.area, scope)).subquery()
    deliveries, worth = func.count(rows.c.id.distinct()), func.sum(rows.c.amount)
    found = session.execute(
        select(
            rows.c.area,
            DealLine.place,
            deliveries,
            func.sum(case((rows.c.turn == 1, 1), else_=0)),
            worth,
        )
        .join(Order, Order.id == rows.c.id)
        .join(DealLine, DealLine.id == Order.line_id)
        .group_by(rows.c.area, DealLine.place)
        .order_by(worth.desc(), rows.c.area, DealLine.place)
    )
    return [Flow(origin, to, int(n), int(once), int(total)) for origin, to, n, once, total in found]


def page_of_rows(
    key: FigureKey, scope: Scope, number: int, size: int = 25, *, total: int | None = None
) -> Page[FigureRow]:
    """`total`, where the figure was counted before: it is the number of its rows."""
    return page_of(rows_of(key, scope), number, size, total)


def list_of_rows(key: FigureKey, scope: Scope) -> list[FigureRow]:
    """All rows, for a file."""
    return all_of(rows_of(key, scope))


def page_of(
    statement: Select[Any], number: int, size: int, total: int | None = None
) -> Page[FigureRow]:
    if total is None:
        total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    return Page(_found(statement, size, (number - 1) * size), number, size, total)


def all_of(statement: Select[Any]) -> list[FigureRow]:
    """Every row, for a file."""
    return _found(statement, MOST_ROWS, 0)


def _found(statement: Select[Any], limit: int, offset: int) -> list[FigureRow]:
    row = statement.subquery().c
    found = session.execute(
        select(row.id, row.link, row.area, row.on, row.who, row.what, row.amount)
        .order_by(row.on, row.who, row.id)
        .limit(limit)
        .offset(offset)
    )
    return [_row(*each) for each in found]


def _row(number: int, link: int, area: str, on: Any, who: str, what: str, amount: int) -> FigureRow:
    day = business_day(on) if isinstance(on, datetime) else on
    return FigureRow(number, link, area, day, who, what, int(amount))
