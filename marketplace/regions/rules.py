"""Provinces, kabupaten/kota, zones, islands and the freight estimate: facts, without a database.

The key of a region is its Kemendagri code, always written with the dot (`19.71`). A bare number
is never taken for a code: BPS numbers differ (BPS 1903 is Bangka Barat, Kemendagri 19.03 is
Bangka Selatan), so `1903` alone says nothing.
"""

import csv
import math
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from rapidfuzz import fuzz, process, utils

from marketplace.core.text import N_, fold

FACTS = Path(__file__).parent / "facts"

HOME_PROVINCE = "19"


class Zone(StrEnum):
    """Where outlets lie, as the province plans its expansion (domain.md, section 4)."""

    JABODETABEK = "jabodetabek"
    SUMATERA = "sumatera"
    OTHER = "other"


ZONE_NAMES: Mapping[Zone, str] = MappingProxyType(
    {
        Zone.JABODETABEK: N_("Greater Jakarta"),
        Zone.SUMATERA: N_("Sumatra"),
        Zone.OTHER: N_("Other regions"),
    }
)


_ZONE_CODES = frozenset(zone.value for zone in Zone)


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 38 provinces; `code` has two digits, the centre is in degrees."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Regency:
    """One of the 514 kabupaten/kota.

    `name` is the official one, `short_name` the shortest that is unique in the country (`Depok`,
    but `Kota Bogor`). The centre is the seat of government where `at_seat`, else the polygon's
    centroid. `bps_code` is empty where domain.md does not give it.
    """

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    province_code: str
    lat: float
    lng: float
    at_seat: bool
    zone: Zone
    island_group: str
    bps_code: str

    @property
    def is_city(self) -> bool:
        return self.name.startswith("Kota ")


@dataclass(frozen=True, slots=True)
class LegEstimate:
    """What one leg probably costs and takes, until an officer enters a tariff (ADR 2)."""

    rupiah_per_kg: int
    days_median: int
    days_p90: int
    sea_legs: int
    distance_km: int


@dataclass(frozen=True, slots=True)
class LegDraft:
    """`origin` and `destination` are a kabupaten/kota code, a province code or a zone word."""

    origin: str
    destination: str
    rupiah_per_kg: int
    days_median: int
    days_p90: int
    noted_on: date
    source: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache
def provinces() -> Mapping[str, Province]:
    """All provinces by code, in code order."""
    return MappingProxyType(
        {
            row["code"]: Province(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                aliases=_split(row["aliases"]),
                lat=float(row["lat"]),
                lng=float(row["lng"]),
            )
            for row in _rows("provinces.csv")
        }
    )


@cache
def regencies() -> Mapping[str, Regency]:
    """All kabupaten/kota by Kemendagri code, in code order."""
    return MappingProxyType(
        {
            row["code"]: Regency(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                aliases=_split(row["aliases"]),
                province_code=row["code"][:2],
                lat=float(row["lat"]),
                lng=float(row["lng"]),
                at_seat=row["centre"] == "seat",
                zone=Zone(row["zone"]),
                island_group=row["island_group"],
                bps_code=row["bps_code"],
            )
            for row in _rows("regencies.csv")
        }
    )


def zone_of(code: str) -> Zone:
    """The zone of a kabupaten/kota. KeyError on an unknown code: codes are checked at the edge."""
    return regencies()[code].zone


def province_of(code: str) -> Province:
    """The province of a kabupaten/kota code (`19.71`) or of a province code itself (`19`)."""
    return provinces()[code[:2]]


def in_area(region_code: str, area: str) -> bool:
    """True where the kabupaten/kota lies in `area`: itself, its province, a zone; "" is anywhere.

    Zone "sumatera" includes Kepulauan Bangka Belitung: where expansion is counted, take out the
    home province with `is_own_province`.
    """
    if not area or region_code == area:
        return True
    if area in _ZONE_CODES:
        return zone_of(region_code) == area
    return region_code.startswith(f"{area}.")


def is_own_province(region_code: str, home: str = HOME_PROVINCE) -> bool:
    """True inside the producers' own province: selling there is no expansion to a new zone."""
    return region_code[:2] == home[:2]


# --- names people write ---------------------------------------------------------------------

_NOT_WORD = re.compile(r"[\W_]+")
_ISLANDS = re.compile(r"\bkep\b\.?")
_GENERIC = re.compile(r"\b(kabupaten|kab|kota|administrasi|adm|kotamadya|kodya|dki)\b\.?")
_CODE = re.compile(r"\d\d\.\d\d")
_CITY_PREFIXES = ("", "kota", "kotaadm", "kotaadministrasi", "kotamadya", "kodya")
_REGENCY_PREFIXES = ("", "kab", "kabupaten")


def _key(text: str) -> str:
    """Letters and digits only, so that Pangkal Pinang, Pangkalpinang and PANGKAL-PINANG are one."""
    return _NOT_WORD.sub("", _ISLANDS.sub("kepulauan", fold(text)))


def _bare(name: str) -> str:
    for prefix in ("Kabupaten Administrasi ", "Kota Administrasi ", "Kabupaten ", "Kota "):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def _keys_of(regency: Regency) -> Iterator[str]:
    prefixes = _CITY_PREFIXES if regency.is_city else _REGENCY_PREFIXES
    for written in (_bare(regency.name), *regency.aliases):
        key = _key(written)
        for prefix in prefixes:
            yield prefix + key
            if regency.province_code == "31":
                yield f"{prefix}dki{key}"
    yield _key(regency.name)
    yield _key(regency.short_name)


@cache
def _codes_by_key() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for regency in regencies().values():
        for key in _keys_of(regency):
            found.setdefault(key, set()).add(regency.code)
    return {key: frozenset(codes) for key, codes in found.items()}


@cache
def _province_by_key() -> Mapping[str, str]:
    return {
        _key(written): province.code
        for province in provinces().values()
        for written in (province.name, province.short_name, *province.aliases)
    }


def find_province(text: str) -> Province | None:
    """The province of that name or code, or None."""
    if text.strip() in provinces():
        return provinces()[text.strip()]
    code = _province_by_key().get(_key(text).removeprefix("provinsi"))
    return provinces()[code] if code else None


def find_regency(text: str) -> Regency | None:
    """The one kabupaten/kota meant by `text`, or None where it is unknown or ambiguous.

    Takes the dotted code, the official or short name, an alias, with or without Kab./Kota, and
    `name, province`. `Bogor` alone is both a kabupaten and a kota: None, never a guess.
    """
    stripped = text.strip()
    if _CODE.fullmatch(stripped):
        return regencies().get(stripped)
    name, _, rest = stripped.partition(",")
    province = find_province(rest) if rest else None
    codes = _codes_by_key().get(_key(name), frozenset())
    if province:
        codes = frozenset(code for code in codes if code[:2] == province.code)
    return regencies()[next(iter(codes))] if len(codes) == 1 else None


@cache
def _choices() -> tuple[list[str], list[str]]:
    written = [
        (name, regency.code)
        for regency in regencies().values()
        for name in (_bare(regency.name), *regency.aliases)
    ]
    return [utils.default_process(name) for name, _ in written], [code for _, code in written]


def guess_regencies(text: str, n: int = 5) -> list[Regency]:
    """Up to `n` kabupaten/kota `text` may mean, best first; exact but ambiguous ones lead."""
    name = text.partition(",")[0]
    exact = sorted(_codes_by_key().get(_key(name), frozenset()))
    names, codes = _choices()
    # Without the generic words: "Kota X" would otherwise resemble every other kota.
    wanted = utils.default_process(_GENERIC.sub(" ", fold(name)))
    near = process.extract(wanted, names, scorer=fuzz.WRatio, limit=4 * n, score_cutoff=60)
    ordered = dict.fromkeys([*exact, *(codes[index] for _, _, index in near)])
    return [regencies()[code] for code in list(ordered)[:n]]


# --- names to show, and places wider than one kabupaten/kota ------------------------------------


def region_name(code: str) -> str:
    """`Kab. Bangka Tengah`, `Kota Pangkalpinang` or a province's name; an unknown code as it is.

    What it returns for a kabupaten/kota is understood by `find_regency`.
    """
    if code in regencies():
        official = regencies()[code].name.replace("Administrasi ", "")
        return official.replace("Kabupaten ", "Kab. ", 1)
    return provinces()[code].name if code in provinces() else code


def full_region_name(code: str) -> str:
    """`Kab. Bangka Tengah, Kepulauan Bangka Belitung`."""
    if code not in regencies():
        return region_name(code)
    return f"{region_name(code)}, {province_of(code).name}"


def places_of(code: str) -> tuple[str, ...]:
    """The places that hold a kabupaten/kota, narrowest first: itself, its province, its zone."""
    if code not in regencies():
        return (code,)
    return code, code[:2], zone_of(code).value


# --- freight estimate: formula and constants are argued in docs/adr/0002-freight-estimate.md ----

HANDLING_PER_KG = 1_000
PER_KG_KM = 3.5
SEA_LEG_PER_KG = 1_200
LOCAL_PER_KG = 500
ROUND_TO = 50

HANDLING_DAYS = 0.5
KM_PER_DAY = 300
SEA_LEG_DAYS = 1.5
P90_SPREAD = 1.25
P90_DAYS_PER_SEA_LEG = 1

_EARTH_RADIUS_KM = 6_371.0


def distance_km(a: str, b: str) -> int:
    """Great-circle distance between two kabupaten/kota centres, in whole kilometres."""
    start, end = regencies()[a], regencies()[b]
    lat_a, lat_b = math.radians(start.lat), math.radians(end.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lng = math.radians(end.lng - start.lng) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lng) ** 2
    return round(2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(chord)))


@cache
def _neighbours() -> Mapping[str, tuple[str, ...]]:
    joined: dict[str, list[str]] = {}
    for row in _rows("sea_links.csv"):
        joined.setdefault(row["group_a"], []).append(row["group_b"])
        joined.setdefault(row["group_b"], []).append(row["group_a"])
    return {group: tuple(others) for group, others in joined.items()}


@cache
def _crossings_from(group: str) -> Mapping[str, int]:
    """Fewest sea crossings from one island group to every other."""
    legs = {group: 0}
    waiting = deque([group])
    while waiting:
        here = waiting.popleft()
        for other in _neighbours()[here]:
            if other not in legs:
                legs[other] = legs[here] + 1
                waiting.append(other)
    return legs


def sea_legs(a: str, b: str) -> int:
    """How many times goods cross the sea between two kabupaten/kota; 0 on one island."""
    return _crossings_from(regencies()[a].island_group)[regencies()[b].island_group]


@lru_cache(maxsize=65_536)
def estimate_leg(origin: str, destination: str) -> LegEstimate:
    """Estimate freight for small cargo lots between two kabupaten/kota; shown as an estimate.

    Rupiah per kilogram of chargeable weight, rounded up to 50; whole days from pick-up to receipt.
    """
    if origin == destination:
        return LegEstimate(LOCAL_PER_KG, days_median=1, days_p90=1, sea_legs=0, distance_km=0)
    km = distance_km(origin, destination)
    legs = sea_legs(origin, destination)
    rupiah = HANDLING_PER_KG + PER_KG_KM * km + SEA_LEG_PER_KG * legs
    median = math.ceil(HANDLING_DAYS + km / KM_PER_DAY + SEA_LEG_DAYS * legs)
    return LegEstimate(
        rupiah_per_kg=math.ceil(rupiah / ROUND_TO) * ROUND_TO,
        days_median=median,
        days_p90=math.ceil(median * P90_SPREAD) + P90_DAYS_PER_SEA_LEG * legs,
        sea_legs=legs,
        distance_km=km,
    )
