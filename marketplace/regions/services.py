"""Writes of regions: the table kept equal to the facts, freight legs entered by officers."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.events import publish
from marketplace.infra.web import require
from marketplace.regions import policies, queries, rules
from marketplace.regions.events import TariffChanged
from marketplace.regions.models import FreightLeg, Region
from marketplace.regions.rules import LegDraft


def load_facts() -> int:
    """Bring the regions table in line with the facts (38 + 514 rows); returns rows changed."""
    known = dict(queries.regions_by_code())
    wanted: list[tuple[str, str | None, str, str]] = [
        # A province has no zone of its own: Jawa Barat lies half in Jabodetabek.
        *((code, None, one.name, "") for code, one in rules.provinces().items()),
        *(
            (code, one.province_code, one.name, one.zone.value)
            for code, one in rules.regencies().items()
        ),
    ]
    changed = 0
    for code, parent, name, zone in wanted:
        row = known.get(code)
        if row is None:
            session.add(Region(code=code, parent_code=parent, name=name, zone=zone))
            changed += 1
        elif (row.parent_code, row.name, row.zone) != (parent, name, zone):
            row.parent_code, row.name, row.zone = parent, name, zone
            changed += 1
    session.flush()
    return changed


def enter_leg(*, actor: Actor, draft: LegDraft) -> FreightLeg:
    """Note what a leg costs; it replaces the estimate for everything it covers."""
    require(policies.may_enter_leg(actor, draft.origin))
    _check(draft)
    if queries.find_entered(draft.origin, draft.destination) is not None:
        raise Conflict(
            N_("There is already a tariff for this leg. Change that one."), field="destination"
        )
    leg = FreightLeg(entered_by_id=actor.person_id)
    _write(leg, draft)
    session.add(leg)
    session.flush()
    audit.record(actor, "freight.entered", leg, **_for_audit(draft))
    publish(TariffChanged(leg.origin, leg.destination))
    return leg


def change_leg(*, actor: Actor, leg: FreightLeg, draft: LegDraft, version: int) -> None:
    """Correct a tariff; the places of a leg stay, another pair of places is another leg."""
    require(policies.may_change_leg(actor, leg))
    if leg.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    _check(draft)
    before = leg.rupiah_per_kg
    _write(leg, draft)
    leg.entered_by_id = actor.person_id
    audit.record(actor, "freight.changed", leg, before=before, **_for_audit(draft))
    publish(TariffChanged(leg.origin, leg.destination))


def remove_leg(*, actor: Actor, leg: FreightLeg) -> None:
    """Take a tariff out: the estimate counts again."""
    require(policies.may_change_leg(actor, leg))
    audit.record(
        actor, "freight.removed", leg, origin=leg.origin, destination=leg.destination,
        rupiah_per_kg=leg.rupiah_per_kg,
    )  # fmt: skip
    session.delete(leg)
    publish(TariffChanged(leg.origin, leg.destination))


def _check(draft: LegDraft) -> None:
    if draft.days_p90 < draft.days_median:
        message = N_("The slow case cannot be faster than the usual case.")
        raise InvalidInput(message, fields={"days_p90": message})
    if draft.noted_on > today():
        message = N_("This day lies in the future.")
        raise InvalidInput(message, fields={"noted_on": message})


def _write(leg: FreightLeg, draft: LegDraft) -> None:
    leg.origin, leg.destination = draft.origin, draft.destination
    leg.rupiah_per_kg = draft.rupiah_per_kg
    leg.days_median, leg.days_p90 = draft.days_median, draft.days_p90
    leg.noted_on, leg.source = draft.noted_on, draft.source


def _for_audit(draft: LegDraft) -> dict[str, object]:
    return {
        "origin": draft.origin,
        "destination": draft.destination,
        "rupiah_per_kg": draft.rupiah_per_kg,
        "source": draft.source,
    }
