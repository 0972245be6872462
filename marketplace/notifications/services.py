"""Write messages down in the transaction they speak of; mark them sent or answered."""

from collections.abc import Collection, Mapping
from typing import Any

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.erasing import NOBODY, without
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.notifications import policies, queries
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import Channel, MessageState


def enqueue(
    *,
    kind: str,
    params: Mapping[str, Any],
    to_name: str,
    to_phone: str,
    subject_type: str,
    subject_id: int,
    side: str = "",
    locale: str = "id",
    area_code: str = "",
) -> OutboxMessage:
    """Prepare a WhatsApp text for the office's tray; `kind` names its template.

    `area_code` says whose tray (`OutboxMessage.area_code`): a kabupaten/kota or a province.
    """
    message = OutboxMessage(
        channel=Channel.WHATSAPP_MANUAL,
        kind=kind,
        params=dict(params),
        to_name=to_name,
        to_phone=to_phone,
        subject_type=subject_type,
        subject_id=subject_id,
        side=side,
        locale=locale,
        area_code=area_code,
    )
    session.add(message)
    return message


def mark_sent(*, actor: Actor, message: OutboxMessage) -> None:
    require(policies.may_send_message(actor, message))
    if message.state is not MessageState.TO_SEND:
        raise RuleBroken(N_("This message is no longer in the tray."))
    message.state = MessageState.SENT
    message.sent_at = now()
    message.sent_by_id = actor.person_id
    audit.record(actor, "message.sent", message, kind=message.kind, side=message.side)


def mark_replied(subject_type: str, subject_id: int, side: str) -> None:
    """Note the first answer of a side; it feeds the 24-hour clock."""
    for message in queries.list_of_subject(subject_type, subject_id):
        if message.side == side and message.replied_at is None:
            message.replied_at = now()


def cancel_unsent(subject_type: str, subject_id: int, side: str = "") -> None:
    """Take back what was prepared and not yet sent, for one side or for both."""
    for message in queries.list_of_subject(subject_type, subject_id):
        if message.state is MessageState.TO_SEND and side in {"", message.side}:
            message.state = MessageState.CANCELLED


def forget_recipient(phone: str, names: Collection[str]) -> None:
    """Messages to this number are to nobody any more; what was not sent yet is never sent."""
    for message in queries.list_to_phone(phone):
        message.to_name, message.to_phone = NOBODY, ""
        message.params = without(message.params, names)
        if message.state is MessageState.TO_SEND:
            message.state = MessageState.CANCELLED
