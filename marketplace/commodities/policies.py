"""Who keeps the words."""

from marketplace.core.actor import Actor


def may_see_spellings(actor: Actor) -> bool:
    return actor.is_officer or actor.is_admin


def may_edit_spellings(actor: Actor) -> bool:
    """Every office knows the words of its own place; each change is in the trail."""
    return actor.is_officer
