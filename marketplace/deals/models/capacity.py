"""The ledger of promises: what a product can give in a month, and what of it deals hold."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalog.models import Product
from marketplace.deals.models.agreements import Deal
from marketplace.infra.db import Id, Model, Rupiah


class CapacityMonth(Model):
    """One product in one month (its first day), in sales units.

    `capacity` follows the product's own unless `reason` says why this month differs: a season, a
    holiday, raw material.
    """

    __tablename__ = "capacity_months"
    __table_args__ = (
        UniqueConstraint("product_id", "month"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        # Never oversold: the last line behind the guarded UPDATE (trust.md, R1).
        CheckConstraint("promised BETWEEN 0 AND capacity", name="promised_within_capacity"),
        CheckConstraint("at_risk >= 0", name="at_risk_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    month: Mapped[date]
    capacity: Mapped[int] = mapped_column(Rupiah)
    promised: Mapped[int] = mapped_column(Rupiah, default=0)
    # Signed volume that a lower capacity no longer covers.
    at_risk: Mapped[int] = mapped_column(Rupiah, default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")


class DealPromise(Model):
    """A deal's part of a product's month: promised, ordered of it, and what a cut put at risk."""

    __tablename__ = "deal_promises"
    __table_args__ = (
        UniqueConstraint("deal_id", "product_id", "month"),
        Index("ix_deal_promises_product_month", "product_id", "month"),
        # Nobody orders more of a month than it promises.
        CheckConstraint("ordered BETWEEN 0 AND promised", name="ordered_within_promise"),
        CheckConstraint("at_risk >= 0", name="at_risk_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    month: Mapped[date]
    promised: Mapped[int] = mapped_column(Rupiah)
    ordered: Mapped[int] = mapped_column(Rupiah, default=0)
    at_risk: Mapped[int] = mapped_column(Rupiah, default=0)

    deal: Mapped[Deal] = relationship(lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
