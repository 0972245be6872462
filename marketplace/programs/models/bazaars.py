"""The days and stalls of a bazaar or expo, who stands there, what they sold."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.programs.models.programs import Program
from marketplace.programs.rules.bazaars import HolderState
from marketplace.programs.rules.turnover import ReportSource


class BazaarDay(Model):
    """Minutes after midnight, Western Indonesian Time; a shut day owes no figures."""

    __tablename__ = "bazaar_days"
    __table_args__ = (
        UniqueConstraint("program_id", "day_on"),
        CheckConstraint(
            "opens IS NULL OR closes IS NULL OR (0 <= opens AND opens < closes AND closes <= 1440)",
            name="hours_in_order",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"))
    day_on: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    is_shut: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")


class Stall(Model):
    """A place with a number or a name; `position` is its order on the ground."""

    __tablename__ = "stalls"
    __table_args__ = (UniqueConstraint("program_id", "label"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]


class StallHolder(Stamped, Model):
    """Who takes part: an entry of the register, or a walk-in who becomes one later.

    The figures hang on this row, so they stay with whoever it is linked to.
    """

    __tablename__ = "stall_holders"
    __table_args__ = (
        UniqueConstraint("program_id", "business_id"),
        Index("ix_stall_holders_business", "business_id", "program_id"),
        CheckConstraint("state = 'comes' OR stall_id IS NULL", name="who_left_holds_no_stall"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    # One stall, one holder: with one report for a holder and day, one figure for a stall and day.
    stall_id: Mapped[int | None] = mapped_column(ForeignKey("stalls.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    sells: Mapped[str] = mapped_column(String(200), default="")
    category_code: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[HolderState] = mapped_column(enum_column(HolderState), default=HolderState.COMES)
    # A new link makes those given out before worthless.
    link_number: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)

    program: Mapped[Program] = relationship(lazy="raise_on_sql")
    business: Mapped[Business | None] = relationship(lazy="raise_on_sql")
    stall: Mapped[Stall | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class TurnoverReport(Stamped, Model):
    """What a stall says it sold on a day. Zero is an answer; no row is none."""

    __tablename__ = "turnover_reports"
    __table_args__ = (
        # One turnover figure per stall per day: the ministry adds these up.
        UniqueConstraint("holder_id", "day_on"),
        # Only on a day of this bazaar.
        ForeignKeyConstraint(
            ["program_id", "day_on"],
            ["bazaar_days.program_id", "bazaar_days.day_on"],
            name="fk_turnover_reports_day_bazaar_days",
        ),
        Index("ix_turnover_reports_program", "program_id", "day_on"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("transactions IS NULL OR transactions >= 0", name="count_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("stall_holders.id"))
    day_on: Mapped[date]
    amount: Mapped[int] = mapped_column(Rupiah)
    transactions: Mapped[int | None]
    best_sellers: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[ReportSource] = mapped_column(enum_column(ReportSource))
    # It was asked back and said again.
    is_confirmed: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[int | None] = mapped_column(BigInteger)
    entered_by_name: Mapped[str] = mapped_column(String(200), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    holder: Mapped[StallHolder] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class TurnoverEstimate(Model):
    """What an organiser says went round in all: kept beside the reports, never added to them."""

    __tablename__ = "turnover_estimates"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount_not_negative"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    amount: Mapped[int] = mapped_column(Rupiah)
    said_by: Mapped[str] = mapped_column(String(200))
    said_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(400), default="")
    entered_by_id: Mapped[int | None] = mapped_column(BigInteger)
    entered_by_name: Mapped[str] = mapped_column(String(200), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
