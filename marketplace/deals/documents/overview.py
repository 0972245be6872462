"""A deal at a glance: volumes by zone and province, promised against delivered against paid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.core.clock import today
from marketplace.deals import queries
from marketplace.deals.models import Deal, DealLine
from marketplace.deals.rules.lines import by_month, in_month, shares_of
from marketplace.deals.rules.months import month_of, months_from
from marketplace.regions.documents import FlowMap, flow_map, spot_of
from marketplace.regions.forms import place_name
from marketplace.regions.rules import Zone, regencies, zone_of


@dataclass(slots=True)
class Area:
    """A zone or a province: places served, units promised so far and delivered, rupiah of each."""

    name: str
    places: int = 0
    promised: int = 0
    delivered: int = 0
    promised_money: int = 0
    delivered_money: int = 0
    paid: int = 0
    inside: dict[str, "Area"] = field(default_factory=dict)

    def add(self, other: "Area") -> None:
        for name in (
            "places", "promised", "delivered", "promised_money", "delivered_money", "paid",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What a month needs of all suppliers, and what the first of them could make alone."""

    month: date
    needed: int
    alone: int
    pooled: int

    @property
    def gap(self) -> int:
        return max(0, self.needed - self.alone)


def areas_of(deal: Deal) -> list[Area]:
    """Zones with their provinces, the largest first; months count up to this one."""
    totals = queries.totals_by_line(deal.id)
    months = _months_so_far(deal)
    ramp = [step.stores for step in deal.ramp]
    prices = {item.id: item.price or 0 for item in deal.items}
    zones: dict[str, Area] = {}
    for line in deal.lines:
        total = totals.get(line.id, queries.LineTotal())
        promised = sum(in_month(line.volume, ramp, number) for number in range(months))
        price = prices[line.item_id]
        row = Area(
            "", 1, promised, total.accepted, promised * price, total.accepted * price, total.paid
        )
        zone, province = _where(line)
        above = zones.setdefault(zone, Area(place_name(zone)))
        above.add(row)
        above.inside.setdefault(province, Area(place_name(province))).add(row)
    return sorted(zones.values(), key=lambda area: -area.promised)


def map_of(deal: Deal) -> FlowMap:
    """Money promised so far, from the provinces of the suppliers to where the lines lie."""
    months, ramp = _months_so_far(deal), [step.stores for step in deal.ramp]
    items = {item.id: item for item in deal.items}
    flows: list[tuple[str, str, int]] = []
    for line in deal.lines:
        item = items[line.item_id]
        units = sum(in_month(line.volume, ramp, number) for number in range(months))
        parts = shares_of(units * (item.price or 0), [each.share_percent for each in item.supplies])
        for supply, part in zip(item.supplies, parts, strict=True):
            origin = spot_of(supply.product.business.region_code)
            flows.append((origin, spot_of(line.place), part))
    return flow_map(flows)


def months_of(deal: Deal) -> list[MonthRow]:
    """The first months of a deal until it is at full size: does one producer carry them alone?"""
    if deal.starts_on is None or deal.months is None or not deal.items:
        return []
    item = deal.items[0]
    volumes = [line.volume for line in deal.lines if line.item_id == item.id]
    needs = by_month(volumes, [step.stores for step in deal.ramp], deal.starts_on, deal.months)
    alone = queries.capacities_of([item.supplies[0].product_id])[item.supplies[0].product_id] or 0
    shares = [supply.share_percent for supply in item.supplies]
    rows = [
        MonthRow(month, volume, alone, sum(shares_of(volume, shares)[1:]))
        for month, volume in needs.items()
    ]
    return rows[: max(1, len(deal.ramp))]


def _months_so_far(deal: Deal) -> int:
    if deal.starts_on is None or deal.months is None:
        return 0
    now = month_of(today())
    return sum(month <= now for month in months_from(deal.starts_on, deal.months))


def _where(line: DealLine) -> tuple[str, str]:
    """The zone and the province of a line; a line to a whole zone names it twice."""
    place = line.place
    if place in set(Zone):
        return place, place
    code = place if place in regencies() else _first_of(place)
    return zone_of(code).value, place[:2]


def _first_of(province: str) -> str:
    return next(code for code in regencies() if code[:2] == province)


def widest(areas: Sequence[Area]) -> int:
    """The largest sum of money among the provinces: the full length of a bar."""
    return max(
        (
            max(each.promised_money, each.delivered_money)
            for area in areas
            for each in area.inside.values()
        ),
        default=0,
    )
