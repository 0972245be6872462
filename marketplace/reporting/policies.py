"""Who sees the report, and of which area."""

from marketplace.core.actor import Actor


def may_see_report(actor: Actor) -> bool:
    """Every officer: a kabupaten/kota of its own producers, the province of all."""
    return actor.is_officer


def may_see_workload(actor: Actor) -> bool:
    """How many cases wait at whom: a kabupaten/kota sees its own office."""
    return actor.is_officer


def area_of(actor: Actor) -> str:
    """The one area an officer is bound to; "" where any of the province may be asked for."""
    return "" if actor.is_province_officer else actor.area


def may_exchange_by_nib(actor: Actor) -> bool:
    """Officers take the register of their area out and compare it with other systems."""
    return actor.is_officer
