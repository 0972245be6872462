"""Whether a deal is feasible in days and in cash; reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.clock import today
from marketplace.deals.models import Deal, DealItem, DealLine
from marketplace.deals.rules import feasible
from marketplace.deals.rules.feasible import Arrival, Cash, Journey, Selling
from marketplace.deals.rules.lines import shares_of
from marketplace.deals.rules.months import month_of
from marketplace.demand.rules import Terms
from marketplace.regions import queries as regions
from marketplace.regions.rules import in_area, regencies, sea_legs

# A shop's usual first filling and the days until it is sold, where nobody said better.
FILL_DAYS, SELL_DAYS, REPORT_DAYS = 14, 30, 14


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line with its journey and what it means for the first goods of the deal."""

    line: DealLine
    journey: Journey
    arrival: Arrival
    price: int | None
    least_days: int | None
    least_is_said: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What one supplier must lay out, against what they declared (None: nothing declared)."""

    business: Business
    needed: int
    declared: int | None

    @property
    def is_more(self) -> bool:
        return self.declared is not None and self.needed > self.declared


def lines_of(deal: Deal) -> list[LinePlan]:
    """Every line of a deal, by its journey from the product's own place."""
    entered = regions.legs()
    wanted_on = deal.starts_on or month_of(today())
    items = {item.id: item for item in deal.items}
    return [_plan(deal, line, items[line.item_id], wanted_on, entered) for line in deal.lines]


def ways_of(deal: Deal, unit_cost: int | None = None) -> dict[str, Cash]:
    """The ways of selling beside each other, over all goods of a deal; empty while it is vague."""
    units = sum(item.volume or 0 for item in deal.items)
    money = sum((item.volume or 0) * (item.price or 0) for item in deal.items)
    if not units or not money:
        return {}
    price = money // units
    said = unit_cost if unit_cost is not None else deal.unit_cost
    cost = said if said is not None else feasible.cost_of(price)
    way = _way_days(deal)
    days = deal.terms_days or 30
    commission = deal.commission_percent if deal.commission_percent is not None else 20
    selling = {
        "outright": Selling(),
        "days": Selling(pay_days=days),
        "consignment": Selling(
            pay_days=deal.terms_days or REPORT_DAYS,
            fill_days=FILL_DAYS,
            sell_days=SELL_DAYS,
            commission_percent=commission,
        ),
    }
    return {
        name: feasible.cash_of(
            units_a_month=units, price=price, unit_cost=cost, way_days=way, selling=each
        )
        for name, each in selling.items()
    }


def capital_of(deal: Deal, unit_cost: int | None = None) -> list[Need]:
    """What each supplier must lay out under the deal's own terms, by their part of it."""
    ways = ways_of(deal, unit_cost)
    if not ways or deal.terms not in set(Terms):
        return []
    suppliers: dict[int, tuple[Business, int]] = {}
    for item in deal.items:
        money = (item.volume or 0) * (item.price or 0)
        parts = shares_of(money, [supply.share_percent for supply in item.supplies])
        for supply, part in zip(item.supplies, parts, strict=True):
            business = supply.product.business
            suppliers[business.id] = (business, suppliers.get(business.id, (business, 0))[1] + part)
    whole = sum(part for _business, part in suppliers.values())
    tied_up = ways[deal.terms].tied_up
    return [
        Need(business, -(-tied_up * part // whole), business.working_capital)
        for business, part in suppliers.values()
    ]


def _plan(
    deal: Deal,
    line: DealLine,
    item: DealItem,
    wanted_on: date,
    entered: Mapping[tuple[str, str], regions.Leg],
) -> LinePlan:
    product = item.supplies[0].product
    journey = _slowest(product, line, entered)
    arrival = feasible.arrival_of(
        journey,
        wanted_on=wanted_on,
        lead_days=product.lead_days or 0,
        shelf_life_days=product.shelf_life_days,
        own_price=product.price,
    )
    said = deal.need.min_shelf_life_days if deal.need is not None else None
    # Two thirds is what shops usually ask; it warns, it never blocks.
    least = said if said is not None else -(-2 * (product.shelf_life_days or 0) // 3) or None
    return LinePlan(line, journey, arrival, item.price, least, said is not None)


def _slowest(
    product: Product, line: DealLine, entered: Mapping[tuple[str, str], regions.Leg]
) -> Journey:
    """The way to the line's place; to a province or zone, the slowest of those inside it."""
    origin = product.business.region_code
    inside = (
        [line.place]
        if line.place in regencies()
        else [code for code in regencies() if in_area(code, line.place)]
    )
    found = [(code, regions.narrowest(entered, origin, code)) for code in inside]
    code, leg = max(found, key=lambda one: (one[1].days_p90, one[1].rupiah_per_kg, one[0]))
    return Journey(
        leg.days_median,
        leg.days_p90,
        feasible.freight_per_unit(leg.rupiah_per_kg, product.weight_g),
        sea_legs(origin, code),
        leg.estimated,
    )


def _way_days(deal: Deal) -> int:
    """Preparing and transit as usual, of the line that takes longest."""
    lead = {
        item.id: max(supply.product.lead_days or 0 for supply in item.supplies)
        for item in deal.items
    }
    return max(
        (plan.journey.days_median + lead[plan.line.item_id] for plan in lines_of(deal)), default=0
    )
