"""What two sides agreed: a deal, its goods and their suppliers, its lines, its ramp, its steps."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Branch, Business
from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.deals.rules.states import DealState, Origin
from marketplace.demand.models import Need
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.infra.storage import StoredFile
from marketplace.suggestions.models import Introduction


class Deal(Stamped, Model):
    """Who supplies whom; for a pool the producer is the one contact of all its suppliers."""

    __tablename__ = "deals"
    __table_args__ = (
        Index("ix_deals_producer", "producer_id", "state"),
        Index("ix_deals_buyer", "buyer_id", "state"),
        Index("ix_deals_state", "state", "id"),
        CheckConstraint("terms_days IS NULL OR terms_days BETWEEN 1 AND 365", name="terms_days"),
        CheckConstraint(
            "commission_percent IS NULL OR commission_percent BETWEEN 0 AND 90",
            name="commission_is_percent",
        ),
        CheckConstraint(
            "trading_terms_percent IS NULL OR trading_terms_percent BETWEEN 0 AND 100",
            name="trading_terms_is_percent",
        ),
        CheckConstraint("listing_fee IS NULL OR listing_fee >= 0", name="fee_not_negative"),
        CheckConstraint("unit_cost IS NULL OR unit_cost >= 0", name="cost_not_negative"),
        CheckConstraint("months IS NULL OR months BETWEEN 1 AND 36", name="months_within"),
        # A signature stands under whole terms, however it came to be (domain.md, transitions).
        CheckConstraint(
            "state IN ('commitment', 'withdrawn') OR (signed_on IS NOT NULL"
            " AND starts_on IS NOT NULL AND months IS NOT NULL AND terms <> '')",
            name="signed_is_whole",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id"), index=True)
    # One introduction leads to one deal: two officers at once record it once.
    introduction_id: Mapped[int | None] = mapped_column(ForeignKey("introductions.id"), unique=True)
    # The held meeting it came from, by its number.
    meeting_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    # The expo or bazaar at whose stall it was agreed.
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    # The contact noted there that it grew out of.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"), index=True)
    origin: Mapped[Origin] = mapped_column(enum_column(Origin))
    # The producer's kabupaten/kota: whose area the deal belongs to.
    area_code: Mapped[str] = mapped_column(String(5), index=True)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[DealState] = mapped_column(enum_column(DealState), default=DealState.COMMITMENT)
    # `outright`, `days` or `consignment`; empty while it is open.
    terms: Mapped[str] = mapped_column(String(20), default="")
    terms_days: Mapped[int | None]
    commission_percent: Mapped[int | None]
    # What becomes of returned and expired goods.
    returns: Mapped[str] = mapped_column(String(1000), default="")
    # What the outlet asks besides the price: in percent of the turnover, and once for each product
    # and outlet; the law caps both (rules/law.py).
    trading_terms_percent: Mapped[int | None]
    listing_fee: Mapped[int | None] = mapped_column(Rupiah)
    # Items the law asks of the agreement; empty prints the usual clause.
    development: Mapped[str] = mapped_column(String(1000), default="")
    settlement: Mapped[str] = mapped_column(String(1000), default="")
    starts_on: Mapped[date | None]
    months: Mapped[int | None]
    signed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    # Why a deal that needs more working capital than was declared was signed all the same.
    capital_reason: Mapped[str] = mapped_column(String(400), default="")
    # Rupiah one unit costs the maker, as they said at the signature; nobody else's matter.
    unit_cost: Mapped[int | None] = mapped_column(Rupiah)
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    producer: Mapped[Business] = relationship(foreign_keys=[producer_id], lazy="raise_on_sql")
    buyer: Mapped[Business] = relationship(foreign_keys=[buyer_id], lazy="raise_on_sql")
    need: Mapped[Need | None] = relationship(lazy="raise_on_sql")
    introduction: Mapped[Introduction | None] = relationship(lazy="raise_on_sql")
    items: Mapped[list["DealItem"]] = relationship(
        lazy="raise_on_sql", order_by="DealItem.position", cascade="all, delete-orphan"
    )
    lines: Mapped[list["DealLine"]] = relationship(
        lazy="raise_on_sql", order_by="DealLine.id", cascade="all, delete-orphan"
    )
    ramp: Mapped[list["RampStep"]] = relationship(
        lazy="raise_on_sql", order_by="RampStep.number", cascade="all, delete-orphan"
    )
    steps: Mapped[list["DealStep"]] = relationship(lazy="raise_on_sql", order_by="DealStep.id")

    __mapper_args__ = {"version_id_col": version}


class DealItem(Model):
    """One kind of goods of a deal: rupiah per sales unit, delivered; units a month at full size."""

    __tablename__ = "deal_items"
    __table_args__ = (
        UniqueConstraint("deal_id", "position"),
        CheckConstraint("price IS NULL OR price > 0", name="price_positive"),
        CheckConstraint("volume IS NULL OR volume > 0", name="volume_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(16))
    price: Mapped[int | None] = mapped_column(Rupiah)
    volume: Mapped[int | None] = mapped_column(Rupiah)
    # How several suppliers make the same goods.
    recipe: Mapped[str] = mapped_column(String(1000), default="")

    supplies: Mapped[list["DealSupply"]] = relationship(
        lazy="raise_on_sql", order_by="DealSupply.id", cascade="all, delete-orphan"
    )


class DealSupply(Model):
    """Whose product fills an item; several share it in percent (a pool)."""

    __tablename__ = "deal_supplies"
    __table_args__ = (
        UniqueConstraint("item_id", "product_id"),
        CheckConstraint("share_percent BETWEEN 1 AND 100", name="share_is_percent"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("deal_items.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    share_percent: Mapped[int] = mapped_column(default=100)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")


class DealLine(Model):
    """So many units a month, at full size, to a branch or somewhere in a place."""

    __tablename__ = "deal_lines"
    __table_args__ = (CheckConstraint("volume > 0", name="volume_positive"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("deal_items.id"), index=True)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    # A kabupaten/kota, a province or a zone word: no foreign key holds all three.
    place: Mapped[str] = mapped_column(String(16))
    volume: Mapped[int] = mapped_column(Rupiah)

    branch: Mapped[Branch | None] = relationship(lazy="raise_on_sql")
    item: Mapped[DealItem] = relationship(lazy="raise_on_sql")


class RampStep(Model):
    """How many stores a deal serves in its month `number` (from 0); the last step goes on."""

    __tablename__ = "deal_ramp_steps"
    __table_args__ = (
        UniqueConstraint("deal_id", "number"),
        CheckConstraint("stores > 0", name="stores_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    number: Mapped[int]
    stores: Mapped[int]


class DealStep(Model):
    """A state a deal entered: the day, who wrote it down, and what shows it."""

    __tablename__ = "deal_steps"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    state: Mapped[DealState] = mapped_column(enum_column(DealState))
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
