"""Orders of a deal, from the order to the money, and notices of what went wrong."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.deals.models.agreements import Deal, DealItem, DealLine
from marketplace.deals.rules.orders import NoticeKind, OrderState, RejectReason
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.infra.storage import StoredFile
from marketplace.suggestions.rules import Side


class Order(Stamped, Model):
    """So many units of one item for one line; price and terms as they were when it was ordered."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("deal_id", "number"),
        Index("ix_orders_state_due", "state", "due_on"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint(
            "accepted IS NULL OR accepted BETWEEN 0 AND quantity", name="accepted_of_quantity"
        ),
        CheckConstraint(
            "sold >= 0 AND returned >= 0 AND sold + returned <= COALESCE(accepted, 0)",
            name="sold_of_accepted",
        ),
        # Nobody is paid more than was invoiced.
        CheckConstraint("paid_amount BETWEEN 0 AND invoice_amount", name="paid_within_invoice"),
        CheckConstraint(
            "state <> 'rejected' OR reject_reason IS NOT NULL", name="rejections_say_why"
        ),
        CheckConstraint(
            "state NOT IN ('invoiced', 'paid') OR (invoiced_on IS NOT NULL AND due_on IS NOT NULL)",
            name="invoiced_says_when",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    number: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("deal_items.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("deal_lines.id"), index=True)
    state: Mapped[OrderState] = mapped_column(enum_column(OrderState), default=OrderState.ORDERED)
    quantity: Mapped[int] = mapped_column(Rupiah)
    price: Mapped[int] = mapped_column(Rupiah)
    is_consignment: Mapped[bool] = mapped_column(default=False)
    commission_percent: Mapped[int | None]
    terms_days: Mapped[int | None]
    ordered_on: Mapped[date]
    wanted_on: Mapped[date]
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    # The report counts what was delivered between two days.
    decided_on: Mapped[date | None] = mapped_column(index=True)
    accepted: Mapped[int | None] = mapped_column(Rupiah)
    reject_reason: Mapped[RejectReason | None] = mapped_column(enum_column(RejectReason))
    sold: Mapped[int] = mapped_column(Rupiah, default=0)
    returned: Mapped[int] = mapped_column(Rupiah, default=0)
    invoiced_on: Mapped[date | None]
    due_on: Mapped[date | None]
    invoice_amount: Mapped[int] = mapped_column(Rupiah, default=0)
    paid_amount: Mapped[int] = mapped_column(Rupiah, default=0)
    paid_on: Mapped[date | None]
    # When the parties were told that its money is due, and that it is late: each once.
    due_told_on: Mapped[date | None]
    late_told_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    deal: Mapped[Deal] = relationship(lazy="raise_on_sql")
    item: Mapped[DealItem] = relationship(lazy="raise_on_sql")
    line: Mapped[DealLine] = relationship(lazy="raise_on_sql")
    supplies: Mapped[list["OrderSupply"]] = relationship(
        lazy="raise_on_sql", order_by="OrderSupply.product_id", cascade="all, delete-orphan"
    )
    steps: Mapped[list["OrderStep"]] = relationship(lazy="raise_on_sql", order_by="OrderStep.id")
    payments: Mapped[list["Payment"]] = relationship(lazy="raise_on_sql", order_by="Payment.id")

    __mapper_args__ = {"version_id_col": version}


class OrderSupply(Model):
    """How many units of an order each product of a pool gives."""

    __tablename__ = "order_supplies"
    __table_args__ = (
        UniqueConstraint("order_id", "product_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int] = mapped_column(Rupiah)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")


class OrderStep(Model):
    """A step an order took: the day, who wrote it down, and what shows it."""

    __tablename__ = "order_steps"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[OrderState] = mapped_column(enum_column(OrderState))
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class Payment(Model):
    """Money received for an order."""

    __tablename__ = "order_payments"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    amount: Mapped[int] = mapped_column(Rupiah)
    on: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))


class SalesReport(Model):
    """What the outlet sold and gave back of goods on consignment, up to a day."""

    __tablename__ = "sales_reports"
    __table_args__ = (
        CheckConstraint(
            "sold >= 0 AND returned >= 0 AND sold + returned > 0", name="says_something"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    on: Mapped[date]
    sold: Mapped[int] = mapped_column(Rupiah)
    returned: Mapped[int] = mapped_column(Rupiah)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")


class Notice(Model):
    """A side says that the other is late or the goods are not right; the office answers it."""

    __tablename__ = "deal_notices"
    __table_args__ = (
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answers_say_something"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    side: Mapped[Side] = mapped_column(enum_column(Side))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    by_name: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(BigInteger)
    answered_by_name: Mapped[str] = mapped_column(String(200), default="")

    deal: Mapped[Deal] = relationship(lazy="raise_on_sql")
    order: Mapped[Order | None] = relationship(lazy="raise_on_sql")
