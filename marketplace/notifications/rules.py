"""How a message leaves the house and where it stands."""

from enum import StrEnum


class Channel(StrEnum):
    WHATSAPP_MANUAL = "whatsapp-manual"


class MessageState(StrEnum):
    TO_SEND = "to_send"
    SENT = "sent"
    CANCELLED = "cancelled"
