"""Who works the tray of messages to send."""

from marketplace.core.actor import Actor


def may_send(actor: Actor) -> bool:
    return actor.is_province_officer or actor.is_admin
