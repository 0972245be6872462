"""Whether a deal can be kept: in days until the goods arrive, and in cash until the money does.

Source of the cash test: domain.md, section 3 (unit cost x days tied up x units a day).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

# Days of slack beside the slow journey; the engine uses the same for its shelf-life rule.
SAFETY_DAYS = 2
# What a unit costs its maker where nobody said it, in percent of the price agreed.
COST_PERCENT = 70
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Journey:
    """One line's way: days as usual and slow, rupiah of freight for one unit, legs over sea."""

    days_median: int
    days_p90: int
    freight_per_unit: int | None
    sea_legs: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a line's journey means for goods that must be there on a day."""

    order_by: date
    ship_by: date
    shelf_left: int | None
    landed: int | None


def arrival_of(
    journey: Journey,
    *,
    wanted_on: date,
    lead_days: int,
    shelf_life_days: int | None,
    own_price: int | None,
) -> Arrival:
    """Ship by the day that leaves room for a slow journey; what is left of the shelf life then.

    Remaining life = shelf life - (lead + slow transit + safety).
    """
    ship_by = wanted_on - timedelta(days=journey.days_p90 + SAFETY_DAYS)
    left = (
        max(0, shelf_life_days - lead_days - journey.days_p90 - SAFETY_DAYS)
        if shelf_life_days is not None
        else None
    )
    freight = journey.freight_per_unit
    return Arrival(
        order_by=ship_by - timedelta(days=lead_days),
        ship_by=ship_by,
        shelf_left=left,
        landed=own_price + freight if own_price is not None and freight is not None else None,
    )


def freight_per_unit(rupiah_per_kg: int, weight_g: int | None) -> int | None:
    """Rounded up to a whole rupiah; None where the weight was not said."""
    return -(-rupiah_per_kg * weight_g // 1_000) if weight_g is not None else None


@dataclass(frozen=True, slots=True)
class Selling:
    """How the goods are paid for: days until the money, days on the shelf, what is taken off."""

    pay_days: int = 0
    fill_days: int = 0
    sell_days: int = 0
    commission_percent: int = 0


@dataclass(frozen=True, slots=True)
class Cash:
    """What one way of selling asks of the maker, and leaves them, in an ordinary month."""

    tied_up: int
    days_to_money: int
    net_price: int
    margin_a_month: int
    # Percent of the units sent that must be paid for before a rupiah is earned; above 100, never.
    break_even_percent: int


def cash_of(
    *, units_a_month: int, price: int, unit_cost: int, way_days: int, selling: Selling
) -> Cash:
    """Capital needed = unit cost x days tied up x units a day, rounded up to a whole rupiah.

    `way_days` is preparing and transit as usual; on consignment the first filling of the shelves
    and the days until half of it is sold come on top.
    """
    days = way_days + selling.fill_days + selling.sell_days + selling.pay_days
    tied_up = -(-unit_cost * days * units_a_month // DAYS_A_MONTH)
    net = (price * (100 - selling.commission_percent) + 50) // 100
    needed = Fraction(100 * unit_cost, net) if net else Fraction(1_000)
    return Cash(tied_up, days, net, (net - unit_cost) * units_a_month, -(-needed // 1))


def cost_of(price: int, percent: int = COST_PERCENT) -> int:
    """A maker's cost of one unit where nobody said it, rounded up."""
    return -(-price * percent // 100)
