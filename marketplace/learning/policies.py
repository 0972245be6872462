"""Who sees what the decisions taught, and who decides on it."""

from marketplace.core.actor import Actor


def may_see(actor: Actor, _thing: object = None) -> bool:
    """Weights and rules bind every office, so every officer sees them and what they rest on."""
    return actor.is_officer


def may_decide(actor: Actor, _thing: object = None) -> bool:
    """The province sets what the engine counts; a kabupaten/kota looks on."""
    return actor.is_province_officer
