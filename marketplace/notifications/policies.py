"""Who works the tray of messages to send."""

from marketplace.core.actor import Actor
from marketplace.notifications.models import OutboxMessage


def may_send(actor: Actor) -> bool:
    """The province sends everything, a kabupaten/kota what is its own to say."""
    return actor.is_officer or actor.is_admin


def may_send_message(actor: Actor, message: OutboxMessage) -> bool:
    return may_send(actor) and tray_of(actor) in {"", message.area_code}


def tray_of(actor: Actor) -> str:
    """What the tray of this actor is narrowed to: "" for everything, "-" for nothing."""
    return "" if actor.is_province_officer or actor.is_admin else actor.area or "-"
