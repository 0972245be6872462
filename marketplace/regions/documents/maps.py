"""Where goods flow, as shapes for a plain SVG (macro `_macros/maps.html`).

The coast is drawn by hand to a tenth of a degree (`facts/coast.csv`): enough to know the islands
by, small enough for a phone. Degrees become pixels as they are: this close to the equator no
projection shows.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot, sqrt

from marketplace.infra.i18n import say
from marketplace.regions.rules import FACTS, ZONE_NAMES, Zone, provinces, regencies, zone_of

Point = tuple[float, float]  # degrees north, degrees east

WIDTH = 360  # units of the drawing, about the pixels of a phone
# Sumatra, the islands off it and the west of Java; a place beyond widens the picture.
_WEST, _EAST, _NORTH, _SOUTH = 94.6, 111.0, 6.1, -8.1
_MARGIN = 0.8
_THINNEST, _THICKEST = 1.0, 9.0
# Jakarta: where a flow to the whole of Jabodetabek ends.
_ZONE_CENTRES: Mapping[str, Point] = {Zone.JABODETABEK: (-6.3, 106.83), Zone.SUMATERA: (0.1, 101.6)}
_LETTER = 5.8  # how wide a letter of a name is, on average


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map; `value` is what arrives there. `is_origin`: something leaves it."""

    code: str
    name: str
    x: float
    y: float
    value: int
    is_origin: bool
    on_left: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One flow: a bent line `path` from the first place to the other, `width` by its value."""

    origin: str
    to: str
    value: int
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class FlowMap:
    """A picture `width` x `height`: coast below, then lines (the thickest first), then spots."""

    width: int
    height: int
    land: tuple[str, ...]
    lines: tuple[Line, ...]
    spots: tuple[Spot, ...]
    # Flows to a place no map knows ("other regions"): in the table they still are.
    not_drawn: tuple[tuple[str, str, int], ...]

    @property
    def most_to(self) -> str:
        """The name of the place the largest flow goes to; empty where nothing flows."""
        names = {spot.code: spot.name for spot in self.spots}
        return names[self.lines[0].to] if self.lines else ""


def spot_of(code: str) -> str:
    """The place a region is drawn at: Jabodetabek as one, elsewhere the province."""
    if code in regencies():
        return code[:2] if zone_of(code) is not Zone.JABODETABEK else Zone.JABODETABEK.value
    return Zone.JABODETABEK.value if code == "31" else code


def flow_map(flows: Iterable[tuple[str, str, int]]) -> FlowMap:
    """The map of (from, to, value); same ends are added up, a value of 0 is a place without a line.

    A place is a kabupaten/kota code, a province code or a zone word; values are in any one unit.
    """
    summed: dict[tuple[str, str], int] = {}
    for origin, to, value in flows:
        summed[origin, to] = summed.get((origin, to), 0) + value
    at = {code: _point_of(code) for ends in summed for code in ends}
    points = {code: point for code, point in at.items() if point is not None}
    frame = _Frame.around(points.values())
    drawn = {ends: value for ends, value in summed.items() if points.keys() >= set(ends)}
    largest = max(drawn.values(), default=0)
    return FlowMap(
        width=WIDTH,
        height=frame.height,
        land=tuple(_outline(island, frame) for island in _coast() if frame.shows(island)),
        lines=tuple(
            Line(origin, to, value, _bend(frame.at(points[origin]), frame.at(points[to])), width)
            for (origin, to), value in sorted(drawn.items(), key=lambda one: (-one[1], one[0]))
            if value > 0 and origin != to
            for width in [round(max(_THINNEST, _THICKEST * sqrt(value / largest)), 1)]
        ),
        spots=_spots(points, drawn, frame),
        not_drawn=tuple(
            (origin, to, value)
            for (origin, to), value in summed.items()
            if (origin, to) not in drawn
        ),
    )


def _spots(
    points: Mapping[str, Point], drawn: Mapping[tuple[str, str], int], frame: "_Frame"
) -> tuple[Spot, ...]:
    origins = {origin for origin, _to in drawn}
    places = {code: frame.at(point) for code, point in sorted(points.items())}
    spots = []
    for code, (x, y) in places.items():
        name = _name_of(code)
        partners = [
            places[to if origin == code else origin][0]
            for origin, to in drawn
            if code in {origin, to}
        ]
        others = [place for other, place in places.items() if other != code]
        spots.append(
            Spot(
                code,
                name,
                x,
                y,
                sum(value for (_origin, to), value in drawn.items() if to == code),
                code in origins,
                on_left=_is_left(x, y, _LETTER * len(name), sum(partners) / len(partners), others),
            )
        )
    return tuple(spots)


def _is_left(x: float, y: float, long: float, partners: float, others: Sequence[Point]) -> bool:
    """Which side a name stands on: away from its lines, unless it would run into a place or out."""

    def is_free(start: float, end: float) -> bool:
        inside = start > 0 and end < WIDTH
        return inside and not any(start < a < end and abs(b - y) < _LETTER * 2 for a, b in others)

    left, right = is_free(x - 7 - long, x), is_free(x, x + 7 + long)
    return left if left != right else partners > x


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    east: float
    north: float
    south: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> "_Frame":
        known = list(points)
        return cls(
            min([_WEST, *(lng - _MARGIN for _lat, lng in known)]),
            max([_EAST, *(lng + _MARGIN for _lat, lng in known)]),
            max([_NORTH, *(lat + _MARGIN for lat, _lng in known)]),
            min([_SOUTH, *(lat - _MARGIN for lat, _lng in known)]),
        )

    @property
    def scale(self) -> float:
        return WIDTH / (self.east - self.west)

    @property
    def height(self) -> int:
        return round((self.north - self.south) * self.scale)

    def at(self, point: Point) -> Point:
        """Right and down from the upper left corner."""
        lat, lng = point
        return round((lng - self.west) * self.scale, 1), round((self.north - lat) * self.scale, 1)

    def shows(self, island: Sequence[Point]) -> bool:
        return any(
            self.south < lat < self.north and self.west < lng < self.east for lat, lng in island
        )


def _point_of(code: str) -> Point | None:
    place = regencies().get(code) or provinces().get(code)
    return (place.lat, place.lng) if place else _ZONE_CENTRES.get(code)


def _name_of(code: str) -> str:
    place = regencies().get(code) or provinces().get(code)
    return place.short_name if place else say(ZONE_NAMES[Zone(code)])


def _outline(island: Sequence[Point], frame: _Frame) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in map(frame.at, island)) + "Z"


def _bend(start: Point, end: Point) -> str:
    """A curve that leaves a straight line by a sixth of its length, so that flows lie apart."""
    (from_x, from_y), (to_x, to_y) = start, end
    length = hypot(to_x - from_x, to_y - from_y) or 1.0
    aside = length / 6
    x = (from_x + to_x) / 2 + (to_y - from_y) / length * aside
    y = (from_y + to_y) / 2 - (to_x - from_x) / length * aside
    return f"M{from_x:g} {from_y:g}Q{x:.1f} {y:.1f} {to_x:g} {to_y:g}"


@cache
def _coast() -> tuple[tuple[Point, ...], ...]:
    """Islands, each once around."""
    found: dict[str, list[Point]] = {}
    with (FACTS / "coast.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["island"], []).append((float(row["lat"]), float(row["lng"])))
    return tuple(tuple(island) for island in found.values())
