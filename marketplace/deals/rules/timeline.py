"""The time line of a deal: what was written down of it, and what its orders tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OrderDays:
    """The days of one order; None where it did not come so far."""

    ordered_on: date
    delivered_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Milestones:
    """Read from orders, never stored: the first order, delivery, full payment, and the repeat."""

    first_order: date | None = None
    delivered: date | None = None
    paid: date | None = None
    repeat: date | None = None


def milestones_of(orders: Sequence[OrderDays]) -> Milestones:
    """A repeat is the first order on a day after goods of an earlier one were delivered."""
    delivered = _first([order.delivered_on for order in orders])
    return Milestones(
        _first([order.ordered_on for order in orders]),
        delivered,
        _first([order.paid_on for order in orders]),
        _first(
            [order.ordered_on for order in orders if delivered and order.ordered_on > delivered]
        ),
    )


def _first(days: Sequence[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)
