"""Who may look behind the scenes."""

from marketplace.core.actor import Actor


def may_see_jobs(actor: Actor) -> bool:
    return actor.is_province_officer or actor.is_admin


def may_change_settings(actor: Actor) -> bool:
    return actor.is_province_officer or actor.is_admin
