"""What came of a meeting: interest, what was talked of, next steps, samples."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.meetings.models.meetings import Meeting
from marketplace.meetings.rules import Interest, Owner, Side


class MeetingOutcome(Stamped, Model):
    """What was said at a held meeting, or noted of one that was not."""

    __tablename__ = "meeting_outcomes"
    __table_args__ = (
        CheckConstraint("late_minutes IS NULL OR late_minutes > 0", name="late_by_minutes"),
        CheckConstraint("(late_by IS NULL) = (late_minutes IS NULL)", name="late_says_who"),
        CheckConstraint(
            "volume_per_month IS NULL OR volume_per_month > 0", name="volume_is_positive"
        ),
        CheckConstraint("price IS NULL OR price > 0", name="price_is_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # One meeting, one outcome: the second officer sees the first one's.
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), unique=True)
    late_by: Mapped[Side | None] = mapped_column(enum_column(Side))
    late_minutes: Mapped[int | None]
    interest: Mapped[Interest | None] = mapped_column(enum_column(Interest))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    product_text: Mapped[str] = mapped_column(String(200), default="")
    # Sales units a month and rupiah per unit, as talked of.
    volume_per_month: Mapped[int | None] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(16), default="")
    price: Mapped[int | None] = mapped_column(Rupiah)
    note: Mapped[str] = mapped_column(String(2000), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class NextStep(Stamped, Model):
    """What comes after a meeting, who does it, by when. A held meeting without one stays red."""

    __tablename__ = "next_steps"
    __table_args__ = (
        Index("ix_next_steps_meeting", "meeting_id"),
        Index("ix_next_steps_due", "done_at", "due_on"),
        CheckConstraint("what <> ''", name="says_what"),
        CheckConstraint("done_at IS NULL OR done_by_name <> ''", name="done_is_signed"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    what: Mapped[str] = mapped_column(String(400))
    owner: Mapped[Owner] = mapped_column(enum_column(Owner))
    owner_name: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_name: Mapped[str] = mapped_column(String(200), default="")
    chased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Sample(Stamped, Model):
    """A sample on its way: to be sent within 72 hours, to be judged within 7 days of arrival."""

    __tablename__ = "samples"
    __table_args__ = (
        Index("ix_samples_meeting", "meeting_id"),
        Index("ix_samples_send_by", "sent_at", "send_by"),
        Index("ix_samples_judge_by", "judged_at", "judge_by"),
        CheckConstraint("received_at IS NULL OR judge_by IS NOT NULL", name="received_has_clock"),
        CheckConstraint(
            "(judged_at IS NULL) = (taste_score IS NULL)"
            " AND (judged_at IS NULL) = (pack_score IS NULL)"
            " AND (judged_at IS NULL) = (price_score IS NULL)",
            name="judged_whole",
        ),
        CheckConstraint(
            "(taste_score IS NULL OR taste_score BETWEEN 1 AND 5)"
            " AND (pack_score IS NULL OR pack_score BETWEEN 1 AND 5)"
            " AND (price_score IS NULL OR price_score BETWEEN 1 AND 5)",
            name="scores_of_five",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    send_by: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judge_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Scores from 1 to 5.
    taste_score: Mapped[int | None]
    pack_score: Mapped[int | None]
    price_score: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}
