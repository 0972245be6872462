"""Products: what is sold, at what price, how much a month, covered by which papers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business, Paper
from marketplace.catalog.rules import HalalClaim, ProductState, Storage
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.infra.storage import StoredFile


class Product(Stamped, Model):
    """One sales unit (a pack, a carton) of one producer; price in rupiah per that unit."""

    __tablename__ = "products"
    __table_args__ = (
        Index("ix_products_business_state", "business_id", "state"),
        Index("ix_products_state_category", "state", "category_code"),
        CheckConstraint("price IS NULL OR price > 0", name="price_positive"),
        CheckConstraint("net_amount IS NULL OR net_amount > 0", name="net_amount_positive"),
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight_positive"),
        CheckConstraint("min_order IS NULL OR min_order > 0", name="min_order_positive"),
        CheckConstraint(
            "capacity_per_month IS NULL OR capacity_per_month >= 0", name="capacity_not_negative"
        ),
        CheckConstraint(
            "shelf_life_days IS NULL OR shelf_life_days > 0", name="shelf_life_positive"
        ),
        CheckConstraint("lead_days IS NULL OR lead_days >= 0", name="lead_days_not_negative"),
        CheckConstraint(
            "(net_amount IS NULL AND net_kind = '')"
            " OR (net_amount IS NOT NULL AND net_kind IN ('mass', 'volume', 'count'))",
            name="net_content_whole",
        ),
        # What everybody can find has at least a name, a category, a price and a unit.
        CheckConstraint(
            "state = 'draft' OR state = 'withdrawn' OR (price IS NOT NULL AND unit <> ''"
            " AND category_code IS NOT NULL)",
            name="published_is_complete",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(80), default="")
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    description: Mapped[str] = mapped_column(Text, default="")
    price: Mapped[int | None] = mapped_column(Rupiah)
    unit: Mapped[str] = mapped_column(String(16), default="")
    # Net content of one sales unit: grams (mass), millilitres (volume) or pieces (count).
    net_amount: Mapped[int | None] = mapped_column(Rupiah)
    net_kind: Mapped[str] = mapped_column(String(8), default="")
    weight_g: Mapped[int | None] = mapped_column(Rupiah)
    min_order: Mapped[int | None] = mapped_column(Rupiah)
    capacity_per_month: Mapped[int | None] = mapped_column(Rupiah)
    shelf_life_days: Mapped[int | None]
    lead_days: Mapped[int | None]
    storage: Mapped[Storage | None] = mapped_column(enum_column(Storage))
    halal_claim: Mapped[HalalClaim] = mapped_column(
        enum_column(HalalClaim), default=HalalClaim.UNKNOWN
    )
    # `|`-separated zone words and region codes; empty serves everywhere.
    zones: Mapped[str] = mapped_column(String(200), default="")
    # `|`-separated terms the producer accepts: outright, days, consignment; empty is unknown.
    terms: Mapped[str] = mapped_column(String(60), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    thumb_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[ProductState] = mapped_column(
        enum_column(ProductState), default=ProductState.DRAFT
    )
    # The catalogue shows the newest first, the report counts those of a period.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    business: Mapped[Business] = relationship(lazy="raise_on_sql")
    price_breaks: Mapped[list["PriceBreak"]] = relationship(
        lazy="raise_on_sql", order_by="PriceBreak.min_quantity", cascade="all, delete-orphan"
    )
    paper_links: Mapped[list["ProductPaper"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", back_populates="product"
    )
    photo: Mapped[StoredFile | None] = relationship(foreign_keys=[photo_id], lazy="raise_on_sql")
    thumb: Mapped[StoredFile | None] = relationship(foreign_keys=[thumb_id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class PriceBreak(Model):
    """From `min_quantity` sales units on, one unit costs `price`."""

    __tablename__ = "price_breaks"
    __table_args__ = (
        UniqueConstraint("product_id", "min_quantity"),
        CheckConstraint("min_quantity > 1", name="quantity_above_one"),
        CheckConstraint("price > 0", name="price_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    min_quantity: Mapped[int] = mapped_column(Rupiah)
    price: Mapped[int] = mapped_column(Rupiah)


class ProductPaper(Model):
    """This paper of the business covers this product."""

    __tablename__ = "product_papers"
    __table_args__ = (UniqueConstraint("product_id", "paper_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)

    product: Mapped[Product] = relationship(back_populates="paper_links", lazy="raise_on_sql")
    paper: Mapped[Paper] = relationship(lazy="raise_on_sql")
