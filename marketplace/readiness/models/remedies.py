"""What the province wrote about closing a gap; without a row the shipped text counts."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.db import Id, Model, Rupiah, Stamped, enum_column
from marketplace.readiness.rules import GapKind


class Remedy(Stamped, Model):
    __tablename__ = "remedies"
    __table_args__ = (
        UniqueConstraint("kind", "detail"),
        CheckConstraint(
            "cost_low IS NULL OR cost_high IS NULL OR cost_low <= cost_high", name="costs_in_order"
        ),
        CheckConstraint(
            "days_low IS NULL OR days_high IS NULL OR days_low <= days_high", name="days_in_order"
        ),
        # A figure called verified can be looked up.
        CheckConstraint("NOT is_verified OR source <> ''", name="verified_names_a_source"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[GapKind] = mapped_column(enum_column(GapKind))
    detail: Mapped[str] = mapped_column(String(20), default="")
    how: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    cost_low: Mapped[int | None] = mapped_column(Rupiah)
    cost_high: Mapped[int | None] = mapped_column(Rupiah)
    days_low: Mapped[int | None]
    days_high: Mapped[int | None]
    basis: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    seen_on: Mapped[date | None]
    is_verified: Mapped[bool] = mapped_column(default=False)
    written_by_id: Mapped[int | None] = mapped_column(BigInteger)
    written_by_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
