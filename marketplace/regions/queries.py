"""Reads of regions and freight: the legs entered, and the estimate where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.regions import rules
from marketplace.regions.models import FreightLeg, Region


@dataclass(frozen=True, slots=True)
class Leg:
    """Freight between two places; `entered` is the row behind it, None for an estimate."""

    rupiah_per_kg: int
    days_median: int
    days_p90: int
    estimated: bool
    noted_on: date | None = None
    source: str = ""
    entered: FreightLeg | None = None


def regions_by_code() -> Mapping[str, Region]:
    """Every region row (552 at most): for keeping the table equal to the facts."""
    return {region.code: region for region in session.scalars(select(Region))}


def get_leg(leg_id: int) -> FreightLeg:
    found = session.get(FreightLeg, leg_id)
    if found is None:
        raise NotFound(N_("There is no such freight leg."))
    return found


def find_entered(origin: str, destination: str) -> FreightLeg | None:
    """The leg entered for exactly these two places."""
    return session.scalar(
        select(FreightLeg).where(FreightLeg.origin == origin, FreightLeg.destination == destination)
    )


def _legs(origin: str, destination: str) -> Select[Any]:
    """Entered legs; a filter by a kabupaten/kota also shows the wider legs that apply to it."""
    statement = select(FreightLeg).order_by(FreightLeg.origin, FreightLeg.destination)
    if origin:
        statement = statement.where(FreightLeg.origin.in_(rules.places_of(origin)))
    if destination:
        statement = statement.where(FreightLeg.destination.in_(rules.places_of(destination)))
    return statement


def page_of_legs(number: int, origin: str = "", destination: str = "") -> Page[FreightLeg]:
    return paged(_legs(origin, destination), number=number)


def list_legs(origin: str = "", destination: str = "") -> Sequence[FreightLeg]:
    """The same legs, all of them: for a download."""
    return session.scalars(_legs(origin, destination)).all()


def legs() -> Mapping[tuple[str, str], Leg]:
    """All entered legs by (origin, destination) as entered: codes, province codes and zone words.

    For the engine, which reads it once per run and asks `narrowest` for each pair.
    """
    return {
        (row.origin, row.destination): _as_leg(row) for row in session.scalars(select(FreightLeg))
    }


def narrowest(entered: Mapping[tuple[str, str], Leg], origin: str, destination: str) -> Leg:
    """The leg between two kabupaten/kota: the narrowest entered one, else the estimate.

    The destination counts more than the origin: a tariff to this very kabupaten/kota from the
    whole province is nearer to the truth than one from here to a whole zone.
    """
    for there in rules.places_of(destination):
        for here in rules.places_of(origin):
            found = entered.get((here, there))
            if found is not None:
                return found
    return estimate(origin, destination)


def find_leg(origin: str, destination: str) -> Leg:
    """`narrowest` for one pair of kabupaten/kota, straight from the database."""
    rows: Sequence[FreightLeg] = session.scalars(
        select(FreightLeg).where(
            FreightLeg.origin.in_(rules.places_of(origin)),
            FreightLeg.destination.in_(rules.places_of(destination)),
        )
    ).all()
    return narrowest(
        {(row.origin, row.destination): _as_leg(row) for row in rows}, origin, destination
    )


def estimate(origin: str, destination: str) -> Leg:
    """What the leg probably costs (ADR 2), marked as an estimate. KeyError on an unknown code."""
    guess = rules.estimate_leg(origin, destination)
    return Leg(guess.rupiah_per_kg, guess.days_median, guess.days_p90, estimated=True)


def _as_leg(row: FreightLeg) -> Leg:
    return Leg(
        row.rupiah_per_kg,
        row.days_median,
        row.days_p90,
        estimated=False,
        noted_on=row.noted_on,
        source=row.source,
        entered=row,
    )
