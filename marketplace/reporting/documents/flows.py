"""Where goods went: a map and the same numbers in a table, by zone."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.regions.documents import FlowMap, flow_map, spot_of
from marketplace.regions.forms import place_name
from marketplace.regions.rules import Zone, provinces, regencies, zone_of
from marketplace.reporting.queries import figures
from marketplace.reporting.queries.figures import Flow
from marketplace.reporting.rules.figures import Place
from marketplace.reporting.rules.scopes import Scope

# More names than these no map of a phone's width can carry: then provinces are drawn.
MOST_SPOTS = 12
PLACE_NAMES = {
    Place.JABODETABEK: N_("Jabodetabek"),
    Place.SUMATERA: N_("The rest of Sumatra"),
    Place.OWN: N_("The own province"),
    Place.OTHER: N_("Elsewhere"),
}


@dataclass(frozen=True, slots=True)
class FlowsShown:
    rows: Sequence[Flow]
    zones: Sequence[tuple[str, Sequence[Flow]]]
    map: FlowMap
    deliveries: int
    worth: int


def flows_shown(scope: Scope) -> FlowsShown:
    rows = figures.flows(scope)
    by_place: dict[Place, list[Flow]] = {place: [] for place in Place}
    for row in rows:
        by_place[place_of(row.to, scope.home)].append(row)
    return FlowsShown(
        rows,
        [(say(PLACE_NAMES[place]), found) for place, found in by_place.items() if found],
        _map(rows, scope.home),
        sum(row.counted for row in rows),
        sum(row.worth for row in rows),
    )


def place_of(code: str, home: str) -> Place:
    """Where a place of delivery lies: the same rule as `queries.outlets.lies_in`."""
    if code[:2] == home:
        return Place.OWN
    if code in {zone.value for zone in Zone}:
        return Place(code)
    if code in regencies():
        return Place(zone_of(code).value)
    zones = {one.zone for one in regencies().values() if one.province_code == code}
    return Place(zones.pop().value) if code in provinces() and len(zones) == 1 else Place.OTHER


def _map(rows: Sequence[Flow], home: str) -> FlowMap:
    """What leaves the province; Jabodetabek is one spot, for its fourteen lie too close."""
    away = [row for row in rows if row.to[:2] != home]
    few = len({row.to for row in away}) <= MOST_SPOTS

    def spot(code: str) -> str:
        near = spot_of(code)
        return code if few and code in regencies() and near != Zone.JABODETABEK else near

    return flow_map((spot_of(row.origin), spot(row.to), row.worth) for row in away)


def flows_table(shown: FlowsShown) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("zone", _("Zone"), width=22),
        Column("to_code", _("Region code")),
        Column("to", _("To"), width=30),
        Column("origin_code", _("Region code of the producer")),
        Column("origin", _("From"), width=30),
        Column("deliveries", _("Deliveries"), kind=ColumnKind.NUMBER),
        Column("worth", _("Rupiah"), kind=ColumnKind.MONEY),
    ]
    rows: list[list[Cell]] = [
        [
            zone,
            row.to,
            place_name(row.to),
            row.origin,
            place_name(row.origin),
            row.deliveries,
            row.worth,
        ]
        for zone, found in shown.zones
        for row in found
    ]
    return columns, rows
