"""Who sees what is missing, and who sets rules and remedies."""

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor, ActorKind


def may_see_readiness(actor: Actor) -> bool:
    """The office's lists: a kabupaten/kota sees its own area in them."""
    return actor.is_officer


def may_see_business(actor: Actor, business: Business) -> bool:
    """A producer always sees what their own products miss; so does the office of the area."""
    if business.kind is not BusinessKind.PRODUCER:
        return False
    return actor.belongs_to(business.id) or (
        actor.is_officer and actor.covers(business.region_code)
    )


def may_see_own(actor: Actor) -> bool:
    return bool(actor.producer_ids) or actor.acting_kind == "producer"


def may_see_rules(actor: Actor, _thing: object = None) -> bool:
    """Rules and remedies bind and help every office, so every officer reads them."""
    return actor.is_officer


def may_change_rules(actor: Actor, _thing: object = None) -> bool:
    """The province answers for what excludes a pairing, and for what producers are told to do."""
    return actor.is_province_officer


def may_tell_producers(actor: Actor) -> bool:
    """Write letters about papers that run out: every office, and the service itself each day."""
    return actor.is_officer or actor.kind is ActorKind.SYSTEM


def may_tell_of(actor: Actor, business: Business) -> bool:
    """An office writes to its own producers."""
    return actor.kind is ActorKind.SYSTEM or actor.covers(business.region_code)
