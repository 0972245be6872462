"""What stops pairings, and what nobody has said of them: measured by the engine for each pair."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.demand.models import Need
from marketplace.infra.db import Id, Model, Rupiah, UtcDateTime, enum_column
from marketplace.readiness.rules import GapKind


class MissedPairing(Model):
    """One product that one open need would take if every gap of it were closed.

    `outlets`, `volume` and `money` are what would then be supplied a month, computed by the engine
    on the mended offer; where nothing mends it, what is asked for. Suggestions are not kept for
    excluded pairs, so this table is their only trace: it is a measurement and may be made anew.
    """

    __tablename__ = "missed_pairings"
    __table_args__ = (
        UniqueConstraint("product_id", "need_id"),
        Index("ix_missed_pairings_area", "area_code", "category_code"),
        # Added up by producer without reading the rows themselves.
        Index(
            "ix_missed_pairings_business",
            *("business_id", "need_id", "is_mendable", "has_price_gap"),
            *("outlets", "money", "volume", "need_volume"),
        ),
        Index("ix_missed_pairings_need", "need_id"),
        CheckConstraint("outlets >= 0 AND gaps >= 1", name="counts_make_sense"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    # The producer's kabupaten/kota and the goods' category: what the training plan is cut by.
    area_code: Mapped[str] = mapped_column(String(5))
    category_code: Mapped[str] = mapped_column(String(40), default="")
    gaps: Mapped[int]
    is_mendable: Mapped[bool]
    # True where the price is one of the gaps: its rupiah would tell a producer the ceiling.
    has_price_gap: Mapped[bool] = mapped_column(default=False)
    outlets: Mapped[int]
    volume: Mapped[int | None] = mapped_column(Rupiah)
    # What the whole need asks for a month: many producers together cannot supply more.
    need_volume: Mapped[int | None] = mapped_column(Rupiah)
    money: Mapped[int | None] = mapped_column(Rupiah)
    confidence: Mapped[float] = mapped_column(Float)
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    business: Mapped[Business] = relationship(lazy="raise_on_sql")
    rows: Mapped[list["GapRow"]] = relationship(
        lazy="raise_on_sql", order_by="GapRow.id", viewonly=True
    )


class GapRow(Model):
    """One thing missing for one pairing. `is_only`: closing it alone opens the pairing."""

    __tablename__ = "gaps"
    __table_args__ = (
        UniqueConstraint("pairing_id", "kind", "detail"),
        Index("ix_gaps_kind", "kind", "detail"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("missed_pairings.id", ondelete="CASCADE"))
    kind: Mapped[GapKind] = mapped_column(enum_column(GapKind))
    detail: Mapped[str] = mapped_column(String(20), default="")
    rule: Mapped[str] = mapped_column(String(60), default="")
    basis: Mapped[str] = mapped_column(String(200), default="")
    is_legal: Mapped[bool] = mapped_column(default=False)
    is_only: Mapped[bool]
    wanted: Mapped[int | None] = mapped_column(Rupiah)


class UnsaidPaper(Model):
    """A paper one open need asks of a product, of which nobody has said whether it is there.

    It excludes nobody, so it is no gap: the office asks first. Measured with the gaps, and like
    them it may be made anew.
    """

    __tablename__ = "unsaid_papers"
    __table_args__ = (
        UniqueConstraint("product_id", "need_id", "paper"),
        Index("ix_unsaid_papers_cell", "paper", "category_code", "area_code"),
        Index("ix_unsaid_papers_business", "business_id"),
        Index("ix_unsaid_papers_need", "need_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    area_code: Mapped[str] = mapped_column(String(5))
    category_code: Mapped[str] = mapped_column(String(40), default="")
    paper: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
