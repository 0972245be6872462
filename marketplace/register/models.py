"""Entries that may be one business, and the merges that made them one."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, UtcDateTime, enum_column
from marketplace.register.rules import TwinState


class BusinessTwin(Model):
    """Two entries of the register that may be one business, and what an officer said of them."""

    __tablename__ = "business_twins"
    __table_args__ = (
        # One pair, one answer: the lower number stands first.
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="lower_number_first"),
        # What was said always names who said it.
        CheckConstraint("state = 'open' OR decided_by_name <> ''", name="answers_are_signed"),
        Index("ix_business_twins_state", "state", "id"),
        Index("ix_business_twins_second", "second_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    state: Mapped[TwinState] = mapped_column(enum_column(TwinState), default=TwinState.OPEN)
    # Values of rules.Ground.
    grounds: Mapped[list[str]] = mapped_column(JSON, default=list)
    confidence: Mapped[float] = mapped_column(Float)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    first: Mapped[Business] = relationship(foreign_keys=[first_id], lazy="raise_on_sql")
    second: Mapped[Business] = relationship(foreign_keys=[second_id], lazy="raise_on_sql")


class BusinessMerge(Model):
    """One entry went into another: what was chosen, what moved, and what stood there before."""

    __tablename__ = "business_merges"
    __table_args__ = (
        # An entry goes into one other at a time; undone, it may go again.
        Index(
            "uq_business_merges_merged",
            "merged_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        CheckConstraint("survivor_id <> merged_id", name="two_entries"),
        CheckConstraint("undone_at IS NULL OR undone_by_name <> ''", name="undoing_is_signed"),
        Index("ix_business_merges_survivor", "survivor_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    # The fields whose value was taken from the merged entry.
    taken_over: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Field values of both entries before, for the way back.
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What each rule of the merge table moved (`table.column` -> its own record).
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    merged_by_id: Mapped[int | None] = mapped_column(BigInteger)
    merged_by_name: Mapped[str] = mapped_column(String(200), default="")
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_name: Mapped[str] = mapped_column(String(200), default="")

    survivor: Mapped[Business] = relationship(foreign_keys=[survivor_id], lazy="raise_on_sql")
    merged: Mapped[Business] = relationship(foreign_keys=[merged_id], lazy="raise_on_sql")
