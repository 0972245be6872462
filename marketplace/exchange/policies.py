"""Who may bring files in and take lists out."""

from marketplace.core.actor import Actor
from marketplace.core.sheet_kinds import SheetKind
from marketplace.exchange.models import Import


def may_exchange(actor: Actor) -> bool:
    """Officers, and people of a business for their own records; the rooms judge each record."""
    return actor.is_officer or bool(actor.business_ids) or actor.acting_for is not None


def may_import_kind(actor: Actor, kind: SheetKind) -> bool:
    return kind.may_import(actor)


def may_export_kind(actor: Actor, kind: SheetKind) -> bool:
    """Whoever may bring a kind in may take it out; an area office also sees its outlets' needs."""
    return kind.may_import(actor) or actor.is_officer


def may_see_import(actor: Actor, one: Import) -> bool:
    """An upload is its sender's alone: it may hold what nobody else is to see."""
    return actor.person_id is not None and one.owner_id == actor.person_id
