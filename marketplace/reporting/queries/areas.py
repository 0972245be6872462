"""The area something happened in: where the producer lay then, not where it lies today."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from marketplace.businesses.models import BusinessMove
from marketplace.reporting.rules.scopes import OUTSIDE, Scope


def area_at(business: Any, instant: Any) -> ColumnElement[str]:
    """The kabupaten/kota of `business` (the table or an alias) at an instant, in SQL."""
    return _before(business, BusinessMove.at > instant)


def area_on(business: Any, day: Any) -> ColumnElement[str]:
    """The same on a day: a column of days, or one day."""
    return _before(business, BusinessMove.moved_on > day)


def _before(business: Any, is_later: ColumnElement[bool]) -> ColumnElement[str]:
    moved = (
        select(BusinessMove.from_code)
        .where(BusinessMove.business_id == business.id, is_later)
        .order_by(BusinessMove.at, BusinessMove.id)
        .limit(1)
        .correlate_except(BusinessMove)
        .scalar_subquery()
    )
    # Few ever move: where nobody did, the moves are not looked through for every row.
    has_moved = business.id.in_(select(BusinessMove.business_id))
    return case((has_moved, func.coalesce(moved, business.region_code)), else_=business.region_code)


def in_scope(area: Any, scope: Scope) -> ColumnElement[bool]:
    """True where the area belongs to what the report speaks of."""
    if scope.area == OUTSIDE:
        return and_(area.not_like(f"{scope.home}.%"), _no_other(area, scope))
    if scope.area:
        return and_(area == scope.area)
    return _no_other(area, scope)


def _no_other(area: Any, scope: Scope) -> ColumnElement[bool]:
    """Not in a province with an office of its own."""
    return and_(true(), *(area.not_like(f"{code}.%") for code in sorted(scope.others)))


def within_days(column: Any, scope: Scope) -> ColumnElement[bool]:
    first: date = scope.period.first
    return and_(column >= first, column <= scope.period.last)


def within_instants(column: Any, scope: Scope) -> ColumnElement[bool]:
    first, last = scope.period.span()
    return and_(column >= first, column < last)
