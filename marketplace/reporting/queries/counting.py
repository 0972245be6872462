"""Figures as the number and sum of their rows: counted by the database, never loaded to count.

What a report says of a period, of the periods before it and of each kabupaten/kota is counted
together: the events of all of them are read once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, BigInteger, Select, case, cast, func, literal, null, select, union_all

from marketplace.infra.db import session
from marketplace.reporting.queries.areas import in_scope
from marketplace.reporting.queries.events import narrowed
from marketplace.reporting.queries.figures import EVENTS, HELP, SHARED
from marketplace.reporting.queries.outlets import new_outlets, place_of
from marketplace.reporting.rules.figures import OUTLET_FIGURES, FigureKey, Total
from marketplace.reporting.rules.periods import Period, PeriodKind
from marketplace.reporting.rules.scopes import OUTSIDE, Scope, areas_of

Totals = Mapping[FigureKey, Total]
# The figures as numbers: what is sorted and grouped by the million is short.
_NUMBERS = {key: number for number, key in enumerate(FigureKey)}
_KEYS = {number: key for key, number in _NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """`periods`: the figures in each period asked for, the oldest first, the outlets in the last
    alone; `areas`: those of the last in each kabupaten/kota and outside, none of one area."""

    periods: Sequence[Totals]
    areas: Mapping[str, Totals]

    @property
    def present(self) -> Totals:
        return self.periods[-1]


def total_of(key: FigureKey, scope: Scope) -> Total:
    return totals_of(scope, (key,))[key]


def totals_of(scope: Scope, keys: Sequence[FigureKey] = tuple(FigureKey)) -> Totals:
    return counted(scope, [scope.period], keys, by_area=False).present


def counted(
    scope: Scope,
    periods: Sequence[Period],
    keys: Sequence[FigureKey] = tuple(FigureKey),
    *,
    by_area: bool = True,
) -> Counted:
    """Figures of `periods`, which follow each other; the last is that of the scope."""
    areas = [] if scope.area or not by_area else areas_of(scope.home)
    totals = [dict.fromkeys(keys, Total()) for _period in periods]
    in_areas = {area: dict.fromkeys(keys, Total()) for area in areas}
    kinds = (*HELP, FigureKey.REGISTERED) if FigureKey.HELPED in keys else tuple(keys)
    kinds = tuple(key for key in EVENTS if key in kinds)
    if kinds:
        events = union_all(*(_events(key, scope, periods) for key in kinds)).cte("events")
        for period, area, number, count, amount in session.execute(
            union_all(*_cuts(events, keys, areas, len(periods) - 1))
        ):
            into = in_areas[area] if area else totals[period]
            if (key := _KEYS[number]) in into:
                into[key] = Total(int(count), int(amount))
    if any(key in OUTLET_FIGURES for key in keys):
        found = _outlets(scope)
        totals[-1] |= {key: found[key] for key in keys if key in OUTLET_FIGURES}
    return Counted(totals, in_areas)


def _events(key: FigureKey, scope: Scope, periods: Sequence[Period]) -> Select[Any]:
    """What is counted of one kind in all the periods: `often` by period, producer and area.

    Deals are told one by one, with a row for each who supplies: one may count in several areas.
    """
    whole = scope.during(Period(periods[0].first, periods[-1].last, PeriodKind.FREE))
    found = narrowed(EVENTS[key](whole), "id", "business_id", "area", "on", "amount").subquery()
    row, is_shared = found.c, key in SHARED
    begins = [one.first if is_shared else one.span()[0] for one in periods[1:]]
    passed = [(row.on < begin, number) for number, begin in enumerate(begins)]
    period: Any = case(*passed, else_=len(begins)) if begins else literal(0)
    by = (literal(_NUMBERS[key]).label("figure"), period.label("period"), row.business_id, row.area)
    if is_shared:
        # Two products of a supplier in the same order: helped once.
        parts = select(*by, row.id, literal(1).label("often"), func.sum(row.amount).label("amount"))
        statement = parts.group_by(row.id, row.business_id, row.area, row.on)
    else:
        no_deal, no_money = cast(null(), BigInteger).label("id"), literal(0).label("amount")
        statement = select(*by, no_deal, func.count().label("often"), no_money).group_by(*by[1:])
    return statement.where(in_scope(row.area, scope))


def _cuts(
    events: CTE, keys: Sequence[FigureKey], areas: Sequence[str], last: int
) -> Iterable[Select[Any]]:
    """(period, area, figure, count, amount) of the periods, and of the areas in the last one."""
    row = events.c
    events_of = func.count(row.id.distinct()) + func.sum(
        case((row.id.is_(None), row.often), else_=0)
    )
    each = (row.figure, events_of, func.sum(row.amount))
    helped = (
        literal(_NUMBERS[FigureKey.HELPED]),
        func.count(row.business_id.distinct()),
        func.sum(row.often),
    )
    helps = row.figure != _NUMBERS[FigureKey.REGISTERED]
    place = case((row.area.in_(areas), row.area), else_=OUTSIDE).label("place")
    yield select(row.period, literal(""), *each).group_by(row.period, row.figure)
    if FigureKey.HELPED in keys:
        yield select(row.period, literal(""), *helped).where(helps).group_by(row.period)
    if not areas:
        return
    present = row.period == last
    yield select(literal(last), place, *each).where(present).group_by(place, row.figure)
    if FigureKey.HELPED in keys:
        yield select(literal(last), place, *helped).where(present, helps).group_by(place)


def _outlets(scope: Scope) -> Totals:
    """New places of all kinds in one pass."""
    rows = narrowed(new_outlets(scope), "area", "amount").subquery()
    place = place_of(rows.c.area, scope.home).label("place")
    found = {
        kind: Total(int(count), int(amount))
        for kind, count, amount in session.execute(
            select(place, func.count(), func.sum(rows.c.amount)).group_by(place)
        )
    }
    return {key: found.get(kind.value, Total()) for key, kind in OUTLET_FIGURES.items()}
