"""Who may see and enter freight."""

from marketplace.core.actor import Actor
from marketplace.regions.models import FreightLeg


def may_see_legs(actor: Actor) -> bool:
    return actor.is_officer or actor.is_admin


def may_add_leg(actor: Actor) -> bool:
    return actor.is_officer


def may_enter_leg(actor: Actor, origin: str) -> bool:
    """The province enters any leg, a kabupaten/kota those that start in its own area."""
    if actor.is_province_officer:
        return actor.covers(origin)
    return actor.is_regency_officer and origin == actor.area


def may_change_leg(actor: Actor, leg: FreightLeg) -> bool:
    return may_enter_leg(actor, leg.origin)
