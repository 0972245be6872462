"""Places of outlets that took goods of the area for the first time, by where they lie."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select, true

from marketplace.businesses.models import Branch
from marketplace.deals.models import Deal, DealLine, Order
from marketplace.deals.rules.orders import DELIVERED
from marketplace.regions.rules import Zone, provinces, regencies
from marketplace.reporting.queries.areas import area_on, in_scope, within_days
from marketplace.reporting.queries.events import Buyer, columns
from marketplace.reporting.queries.shares import Producer, join_producers
from marketplace.reporting.rules.figures import ZONE_OF_PLACE, Place
from marketplace.reporting.rules.scopes import Scope


def lies_in(place: Any, wanted: Place, home: str) -> ColumnElement[bool]:
    """Where a deal delivers: a kabupaten/kota, a province or a zone word (deals.models)."""
    own = func.substr(place, 1, 2) == home
    if wanted is Place.OWN:
        return and_(own)
    if wanted is Place.OTHER:
        known = [_in_zone(place, zone) for zone in (Zone.JABODETABEK, Zone.SUMATERA)]
        return and_(not_(own), not_(or_(*known)))
    return and_(not_(own), _in_zone(place, ZONE_OF_PLACE[wanted]))


def _in_zone(place: Any, zone: Zone) -> ColumnElement[bool]:
    codes = [code for code, regency in regencies().items() if regency.zone is zone]
    whole = [
        code
        for code in provinces()
        if all(one.zone is zone for one in regencies().values() if one.province_code == code)
    ]
    loose = [code for code in codes if code[:2] not in whole]
    return or_(func.substr(place, 1, 2).in_(whole), place.in_([*loose, zone.value]))


def place_of(place: Any, home: str) -> ColumnElement[str]:
    """Which of `Place` a place of delivery is: each is one of them."""
    known = [one for one in Place if one is not Place.OTHER]
    return case(*((lies_in(place, one, home), one.value) for one in known), else_=Place.OTHER.value)


def new_outlets(scope: Scope, wanted: Place | None = None) -> Select[Any]:
    """One row per place; its stores are the amount, its first deal the page about it.

    `wanted` leaves only those that lie there. New is what never took goods from this scope before:
    the first accepted delivery counts.
    """
    first = func.min(Order.decided_on)
    statement = (
        select(
            Deal.buyer_id.label("business_id"),
            *columns(
                func.min(Order.id),
                link=func.min(Deal.id),
                area=DealLine.place,
                on=first,
                who=Buyer.name,
                what=func.coalesce(Branch.name, ""),
                amount=func.coalesce(func.max(Branch.stores), 1),
            ),
        )
        .select_from(Order)
        .join(DealLine, DealLine.id == Order.line_id)
        .join(Deal, Deal.id == Order.deal_id)
    )
    return (
        join_producers(statement, Order)
        .join(Buyer, Buyer.id == Deal.buyer_id)
        .outerjoin(Branch, Branch.id == DealLine.branch_id)
        .where(
            Order.state.in_(DELIVERED),
            in_scope(area_on(Producer, Order.decided_on), scope),
            true() if wanted is None else lies_in(DealLine.place, wanted, scope.home),
        )
        .group_by(Deal.buyer_id, DealLine.branch_id, DealLine.place, Buyer.name, Branch.name)
        .having(within_days(first, scope))
    )
