"""The outbox: a message is a row of the transaction it speaks of, sent later by hand or a job."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.notifications.rules import Channel, MessageState


class OutboxMessage(Stamped, Model):
    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index("ix_outbox_messages_state", "state", "id"),
        Index("ix_outbox_messages_subject", "subject_type", "subject_id"),
        Index("ix_outbox_messages_area", "area_code", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    state: Mapped[MessageState] = mapped_column(
        enum_column(MessageState), default=MessageState.TO_SEND
    )
    # The kind names the template of the text; params fill it when it is shown.
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    to_name: Mapped[str] = mapped_column(String(200))
    to_phone: Mapped[str] = mapped_column(String(20), default="")
    locale: Mapped[str] = mapped_column(String(2), default="id")
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    side: Mapped[str] = mapped_column(String(10), default="")  # producer | buyer | person
    # Whose tray it lies in: a kabupaten/kota, where its province may send it too, or a province
    # (`19`) alone; what is of neither lies in the tray of every province.
    area_code: Mapped[str] = mapped_column(String(5), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(BigInteger)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
