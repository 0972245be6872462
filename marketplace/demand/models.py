"""Needs: what an outlet looks for, where, how much a month, under which conditions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Branch, Business
from marketplace.demand.rules import CloseReason, NeedState
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column


class Need(Stamped, Model):
    """One item an outlet wants; its lines say where and how much."""

    __tablename__ = "needs"
    __table_args__ = (
        Index("ix_needs_business_state", "business_id", "state"),
        Index("ix_needs_state_category", "state", "category_code"),
        CheckConstraint("ceiling_price IS NULL OR ceiling_price > 0", name="ceiling_positive"),
        CheckConstraint(
            "min_share_percent IS NULL OR min_share_percent BETWEEN 1 AND 100",
            name="share_is_percent",
        ),
        CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name="closed_says_why"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    title: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(80), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    unit: Mapped[str] = mapped_column(String(16), default="")
    net_amount: Mapped[int | None] = mapped_column(Rupiah)
    net_kind: Mapped[str] = mapped_column(String(8), default="")
    # Rupiah per `unit`, delivered at the branch.
    ceiling_price: Mapped[int | None] = mapped_column(Rupiah)
    papers_required: Mapped[str] = mapped_column(String(80), default="")
    min_shelf_life_days: Mapped[int | None]
    storage: Mapped[str] = mapped_column(String(16), default="")
    terms: Mapped[str] = mapped_column(String(20), default="")
    commission_percent: Mapped[int | None]
    min_share_percent: Mapped[int | None]
    needed_on: Mapped[date | None]
    state: Mapped[NeedState] = mapped_column(enum_column(NeedState), default=NeedState.DRAFT)
    close_reason: Mapped[CloseReason | None] = mapped_column(enum_column(CloseReason))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["NeedLine"]] = relationship(
        lazy="raise_on_sql", order_by="NeedLine.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class NeedLine(Model):
    """So many units a month at this branch or in this kabupaten/kota."""

    __tablename__ = "need_lines"
    __table_args__ = (
        Index("ix_need_lines_region", "region_code"),
        CheckConstraint("volume_per_month IS NULL OR volume_per_month > 0", name="volume_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"), index=True)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    volume_per_month: Mapped[int | None] = mapped_column(Rupiah)

    branch: Mapped[Branch | None] = relationship(lazy="raise_on_sql")
