"""What an address asks for: of which period and area."""

from datetime import date, timedelta
from typing import Any

from flask import request

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.web import current_actor
from marketplace.regions.rules import HOME_PROVINCE
from marketplace.reporting import policies
from marketplace.reporting.rules.periods import (
    NO_PERIOD,
    Period,
    PeriodKind,
    free_period,
    period_of,
    read_period,
)
from marketplace.reporting.rules.scopes import Scope, check_area


def scope_asked() -> Scope:
    """The scope of this request; a kabupaten/kota gets its own area whatever it asks for."""
    actor = current_actor()
    home = (actor.area or HOME_PROVINCE)[:2]
    bound = policies.area_of(actor)
    area = bound or check_area(request.args.get("area", ""), home)
    return Scope(period_asked(), home, area, actor.other_provinces)


def period_asked() -> Period:
    first, last = request.args.get("from", ""), request.args.get("to", "")
    if first and last:
        try:
            return free_period(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError as error:
            raise NotFound(NO_PERIOD) from error
    text = request.args.get("period", "")
    return read_period(text) if text else period_of(today(), PeriodKind.QUARTER)


def args_of(scope: Scope, period: Period | None = None) -> dict[str, Any]:
    """The same scope in an address, of this period or another."""
    found: dict[str, Any] = {"period": str(period or scope.period)}
    if scope.area and not policies.area_of(current_actor()):
        found["area"] = scope.area
    return found


def period_links(period: Period) -> list[tuple[PeriodKind, Period]]:
    """The month, quarter and year around the last day of a period that is not to come."""
    day = min(period.last, max(today(), period.first))
    return [
        (kind, period_of(day, kind))
        for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
    ]


def is_running(period: Period) -> bool:
    """It goes on beyond today: what is counted is not all yet."""
    return period.last > today() - timedelta(days=1)


def no_page() -> NotFound:
    return NotFound(N_("There is no such page."))
