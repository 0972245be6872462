"""Reads of the outbox."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.notifications.models import OutboxMessage
from marketplace.notifications.rules import MessageState


def get_message(message_id: int) -> OutboxMessage:
    found = session.get(OutboxMessage, message_id)
    if found is None:
        raise NotFound(N_("There is no such message."))
    return found


def page_to_send(number: int, area: str = "") -> Page[OutboxMessage]:
    """What waits to be sent, oldest first; of an office where it is named (`policies.tray_of`)."""
    return paged(_to_send(area).order_by(OutboxMessage.id), number=number)


def count_to_send(area: str = "") -> int:
    return session.scalar(select(func.count()).select_from(_to_send(area).subquery())) or 0


def _to_send(area: str) -> Select[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.state == MessageState.TO_SEND)
    return statement.where(lies_in(OutboxMessage.area_code, area))


def list_of_subject(subject_type: str, subject_id: int) -> Sequence[OutboxMessage]:
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.subject_type == subject_type, OutboxMessage.subject_id == subject_id)
        .order_by(OutboxMessage.id)
    ).all()


def list_to_phone(phone: str) -> Sequence[OutboxMessage]:
    return session.scalars(select(OutboxMessage).where(OutboxMessage.to_phone == phone)).all()
