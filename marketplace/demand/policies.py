"""Who may see and change needs (the table "who sees" in domain.md)."""

from marketplace.businesses import policies as businesses
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState


def _acts_for(actor: Actor, business_id: int) -> bool:
    """Their own outlet, or for an officer the one they help just now."""
    if actor.belongs_to(business_id):
        return True
    return actor.is_officer and actor.acting_for == business_id


def may_manage_needs_of(actor: Actor, outlet: Business) -> bool:
    """An outlet's province may also act without taking its place: the one that registered it."""
    return _acts_for(actor, outlet.id) or businesses.is_of_office(actor, outlet)


def may_have_needs(actor: Actor) -> bool:
    """Buyers, and officers on behalf of an outlet."""
    return bool(actor.outlet_ids) or actor.is_officer


def may_change_need(actor: Actor, need: Need) -> bool:
    return may_manage_needs_of(actor, need.business)


def may_browse_needs(actor: Actor) -> bool:
    """Producers look for what they could supply; officers see all."""
    return bool(actor.producer_ids) or actor.is_officer


def may_see_need(actor: Actor, need: Need) -> bool:
    """Producers see a need while it is open; its outlet and the office always."""
    if _acts_for(actor, need.business_id) or actor.is_officer:
        return True
    return bool(actor.producer_ids) and need.state is NeedState.OPEN


def may_see_buyer(actor: Actor, need: Need) -> bool:
    """The buyer's name and the ceiling price: never a producer's to see before agreement."""
    return _acts_for(actor, need.business_id) or actor.is_officer
