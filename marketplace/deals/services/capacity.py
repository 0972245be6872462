"""The capacity calendar: what a product can give each month, and what a cut would break."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from marketplace.audit import services as audit
from marketplace.catalog import queries as catalog
from marketplace.catalog import services as catalog_services
from marketplace.catalog.events import CapacityChanged
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.params import Month
from marketplace.core.text import N_
from marketplace.deals import guards, policies, queries
from marketplace.deals.models import CapacityMonth, DealPromise
from marketplace.deals.rules.months import add_months, month_of
from marketplace.infra.web import require

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Differing:
    """A month that differs from the others, and why."""

    capacity: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """What a lower capacity takes from one deal in one month."""

    promise_id: int
    deal_id: int
    title: str
    buyer: str
    month: date
    volume: int


def cuts_of(product_id: int, base: int | None, exceptions: Mapping[date, Differing]) -> list[Cut]:
    """Which deals a calendar would break, the newest deal of a month first; writes nothing."""
    first = month_of(today())
    rows = {row.month: row for row in queries.list_months([product_id], first)}
    promises = queries.promises_of_product(product_id, first)
    found: list[Cut] = []
    for month, row in sorted(rows.items()):
        over = row.promised - _wanted(month, base, exceptions)
        for promise in (each for each in promises if each.month == month):
            if over <= 0:
                break
            volume = min(over, promise.promised - promise.ordered)
            if volume:
                found.append(_cut(promise, volume))
                over -= volume
    return found


def set_capacity(
    *,
    actor: Actor,
    product_id: int,
    base: int | None,
    exceptions: Mapping[date, Differing],
    accepted: Collection[tuple[int, int]] = (),
) -> list[Cut]:
    """Set a product's capacity a month and the months that differ; returns what went at risk.

    `accepted` names the cuts the person saw, as (promise, volume): any other one is a Conflict,
    so that nothing breaks that nobody was shown.
    """
    product = catalog.get_product(product_id)
    require(policies.may_set_capacity(actor, product))
    queries.lock_products([product_id])
    cuts = cuts_of(product_id, base, exceptions)
    if {(cut.promise_id, cut.volume) for cut in cuts} - set(accepted):
        raise Conflict(N_("This breaks deals. Look at them, then decide."))
    first = month_of(today())
    guards.open_months({(product_id, month): each.capacity for month, each in exceptions.items()})
    for row in queries.list_months([product_id], first):
        _set_month(row, base, exceptions, [cut for cut in cuts if cut.month == row.month])
    _restore(product_id, first)
    if product.capacity_per_month != base:
        # The same draft the product form would send: the catalogue keeps its own rules.
        draft = replace(catalog_services.draft_of(product), capacity_per_month=base)
        catalog_services.change_product(actor=actor, product=product, draft=draft)
    audit.record(
        actor,
        "capacity.set",
        product,
        name=product.name,
        capacity=base,
        at_risk=sum(cut.volume for cut in cuts),
        deals=sorted({cut.deal_id for cut in cuts}),
    )
    return cuts


def follow_product(event: CapacityChanged) -> None:
    """A product's new capacity holds for every month that says nothing of its own.

    Below what is promised it is refused here, before anything is written: the calendar shows
    first which deals it breaks.
    """
    product_id, capacity = event.product_id, event.capacity or 0
    queries.lock_products([product_id])
    first = month_of(today())
    rows = [
        row
        for row in queries.list_months([product_id], first)
        if not row.reason and row.capacity != capacity
    ]
    if any(row.promised > capacity for row in rows):
        message = N_(
            "Less than is promised to deals. Change it in the capacity calendar, which shows"
            " the deals it breaks."
        )
        raise InvalidInput(message, fields={"capacity_per_month": message})
    for row in rows:
        guards.set_capacity(product_id, row.month, capacity, "", 0)
    _restore(product_id, first)


def calendar_months(product_id: int, base: int | None) -> list[CapacityMonth]:
    """The next twelve months of a product, with rows made up where none is stored yet."""
    first = month_of(today())
    last = add_months(first, MONTHS_SHOWN - 1)
    rows = {row.month: row for row in queries.list_months([product_id], first, last)}
    return [
        rows.get(month)
        or CapacityMonth(
            product_id=product_id, month=month, capacity=base or 0, promised=0, at_risk=0, reason=""
        )
        for month in (add_months(first, number) for number in range(MONTHS_SHOWN))
    ]


def _wanted(month: date, base: int | None, exceptions: Mapping[date, Differing]) -> int:
    own = exceptions.get(month)
    return own.capacity if own is not None else base or 0


def _cut(promise: DealPromise, volume: int) -> Cut:
    deal = promise.deal
    return Cut(promise.id, deal.id, deal.title, deal.buyer.name, promise.month, volume)


def _set_month(
    row: CapacityMonth,
    base: int | None,
    exceptions: Mapping[date, Differing],
    cuts: Collection[Cut],
) -> None:
    own = exceptions.get(row.month)
    reason = own.reason if own is not None else ""
    capacity = _wanted(row.month, base, exceptions)
    cut = sum(each.volume for each in cuts)
    if not guards.set_capacity(row.product_id, row.month, capacity, reason, cut):
        raise RuleBroken(
            N_("In %(month)s more is already ordered than this capacity."), month=Month(row.month)
        )
    for each in cuts:
        if not guards.put_at_risk(each.promise_id, each.volume):
            raise Conflict(N_("This breaks deals. Look at them, then decide."))


def _restore(product_id: int, first: date) -> None:
    """What was at risk is promised again where a month holds it again, the oldest deal first."""
    rows = {row.month: row for row in queries.list_months([product_id], first)}
    for promise in reversed(queries.promises_of_product(product_id, first)):
        row = rows[promise.month]
        back = min(promise.at_risk, row.capacity - row.promised)
        if back > 0 and guards.set_capacity(product_id, row.month, row.capacity, row.reason, -back):
            guards.put_at_risk(promise.id, -back)
            rows[promise.month] = queries.list_months([product_id], row.month, row.month)[0]
