"""Who works the tray of messages to send."""

from marketplace.core.actor import Actor
from marketplace.notifications.models import OutboxMessage


def may_send(actor: Actor) -> bool:
    """A province sends all of its own, a kabupaten/kota what is its own to say."""
    return actor.is_officer or actor.is_admin


def may_send_message(actor: Actor, message: OutboxMessage) -> bool:
    return may_send(actor) and actor.covers(message.area_code)


def tray_of(actor: Actor) -> str:
    """What the tray of this actor is narrowed to, as `infra.areas.lies_in` reads it."""
    return "" if actor.is_admin else actor.scope
