"""Aggregates anybody may have: each with how many producers stand behind it, for suppression."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, extract, func, literal, select

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.commodities.rules import ancestors, categories
from marketplace.deals.models import Deal, DealLine, Order, Payment
from marketplace.deals.rules.orders import DELIVERED
from marketplace.infra.db import session
from marketplace.reporting.queries.areas import area_on
from marketplace.reporting.queries.outlets import lies_in
from marketplace.reporting.queries.shares import Producer, join_producers, part_of
from marketplace.reporting.rules.figures import Place
from marketplace.reporting.rules.suppression import TOTAL, Key


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`producers` are different ones, `count` products or events, `amount` rupiah."""

    producers: int
    count: int
    amount: int = 0


Table = Mapping[Key, Aggregate]


def _main_category() -> Any:
    return case(
        {code: (ancestors(code) or (code,))[-1] for code in categories()},
        value=Product.category_code,
        else_=Product.category_code,
    )


def catalogue(home: str, *, with_examples: bool) -> Table:
    """Published products by kabupaten/kota and main category, with totals both ways."""
    rows = (
        select(
            Business.region_code.label("row"),
            _main_category().label("column"),
            Product.id.label("id"),
            Business.id.label("producer"),
            literal(0).label("amount"),
        )
        .select_from(Product)
        .join(Business, Business.id == Product.business_id)
        .where(
            Product.state == ProductState.PUBLISHED,
            Business.region_code.like(f"{home}.%"),
            *_real(Business, with_examples),
        )
    )
    return _grouped(rows, both=True)


def deliveries_by_area(home: str, before: date, *, with_examples: bool) -> Table:
    """Accepted deliveries by quarter and the producer's kabupaten/kota then."""
    area = area_on(Producer, Order.decided_on)
    return _grouped(_deliveries(area, home, before, with_examples))


def deliveries_by_place(home: str, before: date, *, with_examples: bool) -> Table:
    """Accepted deliveries by quarter and where they went (rules.figures.Place)."""
    place = case(
        *(
            (lies_in(DealLine.place, one, home), one.value)
            for one in Place
            if one is not Place.OTHER
        ),
        else_=Place.OTHER.value,
    )
    return _grouped(_deliveries(place, home, before, with_examples))


def payments_by_area(home: str, before: date, *, with_examples: bool) -> Table:
    """Money received by quarter and the producer's kabupaten/kota then."""
    area = area_on(Producer, Payment.on)
    rows = (
        select(
            _quarter(Payment.on).label("row"),
            area.label("column"),
            Payment.id.label("id"),
            Producer.id.label("producer"),
            part_of(Payment.amount, Payment.id).label("amount"),
            area.label("area"),
            Producer.is_example.label("is_example"),
        )
        .select_from(Payment)
        .join(Order, Order.id == Payment.order_id)
        .join(Deal, Deal.id == Order.deal_id)
        .where(Payment.on < before)
    )
    return _grouped(_parts_at(join_producers(rows, Payment), home, with_examples))


def _deliveries(column: Any, home: str, before: date, with_examples: bool) -> Select[Any]:
    worth = func.coalesce(Order.accepted, 0) * Order.price
    rows = (
        select(
            _quarter(Order.decided_on).label("row"),
            column.label("column"),
            Order.id.label("id"),
            Producer.id.label("producer"),
            part_of(worth, Order.id).label("amount"),
            area_on(Producer, Order.decided_on).label("area"),
            Producer.is_example.label("is_example"),
        )
        .select_from(Order)
        .join(Deal, Deal.id == Order.deal_id)
        .join(DealLine, DealLine.id == Order.line_id)
        .where(Order.state.in_(DELIVERED), Order.decided_on < before)
    )
    return _parts_at(join_producers(rows, Order), home, with_examples)


def _parts_at(statement: Select[Any], home: str, with_examples: bool) -> Select[Any]:
    """Only the parts of producers of the province; narrowed after the whole was divided."""
    parts = statement.subquery()
    return select(parts).where(parts.c.area.like(f"{home}.%"), *_real(parts.c, with_examples))


def _real(business: Any, with_examples: bool) -> tuple[Any, ...]:
    return () if with_examples else (business.is_example.is_(False),)


def _quarter(day: Any) -> Any:
    """A number that orders quarters: 20264 is the fourth of 2026."""
    return extract("year", day) * 10 + (extract("month", day) + 2) // 3


def _grouped(statement: Select[Any], *, both: bool = False) -> Table:
    """The cells with the totals of each row, and with `both` of each column and of all."""
    rows = statement.subquery()
    measures = (
        func.count(func.distinct(rows.c.producer)),
        func.count(func.distinct(rows.c.id)),
        func.coalesce(func.sum(rows.c.amount), 0),
    )
    found: dict[Key, Aggregate] = {}
    groups: list[tuple[Any, ...]] = [(rows.c.row, rows.c.column), (rows.c.row,)]
    if both:
        groups += [(rows.c.column,), ()]
    for group in groups:
        for *names, producers, count, amount in session.execute(
            select(*group, *measures).group_by(*group)
        ):
            if not count:
                continue
            named = dict(zip((one.key for one in group), names, strict=True))
            key = (_name(named.get("row")), _name(named.get("column")))
            found[key] = Aggregate(int(producers), int(count), int(amount))
    return found


def _name(value: Any) -> str:
    if value is None:
        return TOTAL
    return value if isinstance(value, str) else str(int(value))
