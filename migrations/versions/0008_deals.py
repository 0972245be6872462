"""deals: what was agreed, the ledger of promises, orders, payments, notices"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "capacity_months",
        sa.Column("id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("at_risk", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("at_risk >= 0", name=op.f("ck_capacity_months_at_risk_not_negative")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_capacity_months_capacity_not_negative")),
        sa.CheckConstraint(
            "promised BETWEEN 0 AND capacity",
            name=op.f("ck_capacity_months_promised_within_capacity"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_capacity_months_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_months")),
        sa.UniqueConstraint(
            "product_id", "month", name=op.f("uq_capacity_months_product_id_month")
        ),
    )
    op.create_table(
        "deals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("producer_id", _ID, nullable=False),
        sa.Column("buyer_id", _ID, nullable=False),
        sa.Column("need_id", _ID, nullable=True),
        sa.Column("introduction_id", _ID, nullable=True),
        sa.Column("meeting_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "origin", _enum("origin", "introduction", "meeting", "expo", "plan", "direct"), nullable=False
        ),
        sa.Column("area_code", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            _enum("dealstate", "commitment", "signed", "running", "ended", "cancelled", "disputed"),
            nullable=False,
        ),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("terms_days", sa.Integer(), nullable=True),
        sa.Column("commission_percent", sa.Integer(), nullable=True),
        sa.Column("returns", sa.String(length=1000), nullable=False),
        sa.Column("trading_terms_percent", sa.Integer(), nullable=True),
        sa.Column("listing_fee", sa.BigInteger(), nullable=True),
        sa.Column("development", sa.String(length=1000), nullable=False),
        sa.Column("settlement", sa.String(length=1000), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("capital_reason", sa.String(length=400), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'commitment' OR (signed_on IS NOT NULL AND starts_on IS NOT NULL AND months IS NOT NULL AND terms <> '')",
            name=op.f("ck_deals_signed_is_whole"),
        ),
        sa.CheckConstraint(
            "commission_percent IS NULL OR commission_percent BETWEEN 0 AND 90",
            name=op.f("ck_deals_commission_is_percent"),
        ),
        sa.CheckConstraint(
            "listing_fee IS NULL OR listing_fee >= 0", name=op.f("ck_deals_fee_not_negative")
        ),
        sa.CheckConstraint(
            "months IS NULL OR months BETWEEN 1 AND 36", name=op.f("ck_deals_months_within")
        ),
        sa.CheckConstraint(
            "terms_days IS NULL OR terms_days BETWEEN 1 AND 365", name=op.f("ck_deals_terms_days")
        ),
        sa.CheckConstraint(
            "trading_terms_percent IS NULL OR trading_terms_percent BETWEEN 0 AND 100",
            name=op.f("ck_deals_trading_terms_is_percent"),
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["businesses.id"], name=op.f("fk_deals_buyer_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name=op.f("fk_deals_introduction_id_introductions"),
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_deals_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["businesses.id"], name=op.f("fk_deals_producer_id_businesses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint("introduction_id", name=op.f("uq_deals_introduction_id")),
    )
    op.create_index(op.f("ix_deals_area_code"), "deals", ["area_code"], unique=False)
    op.create_index("ix_deals_buyer", "deals", ["buyer_id", "state"], unique=False)
    op.create_index(op.f("ix_deals_meeting_id"), "deals", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_deals_need_id"), "deals", ["need_id"], unique=False)
    op.create_index("ix_deals_producer", "deals", ["producer_id", "state"], unique=False)
    op.create_index("ix_deals_state", "deals", ["state", "id"], unique=False)

    op.create_table(
        "deal_items",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("recipe", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("price IS NULL OR price > 0", name=op.f("ck_deal_items_price_positive")),
        sa.CheckConstraint(
            "volume IS NULL OR volume > 0", name=op.f("ck_deal_items_volume_positive")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_items_deal_id_deals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_items")),
        sa.UniqueConstraint("deal_id", "position", name=op.f("uq_deal_items_deal_id_position")),
    )
    op.create_table(
        "deal_promises",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("ordered", sa.BigInteger(), nullable=False),
        sa.Column("at_risk", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("at_risk >= 0", name=op.f("ck_deal_promises_at_risk_not_negative")),
        sa.CheckConstraint(
            "ordered BETWEEN 0 AND promised", name=op.f("ck_deal_promises_ordered_within_promise")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_promises_deal_id_deals")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_deal_promises_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_promises")),
        sa.UniqueConstraint(
            "deal_id", "product_id", "month", name=op.f("uq_deal_promises_deal_id_product_id_month")
        ),
    )
    op.create_index(
        "ix_deal_promises_product_month", "deal_promises", ["product_id", "month"], unique=False
    )

    op.create_table(
        "deal_ramp_steps",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stores", sa.Integer(), nullable=False),
        sa.CheckConstraint("stores > 0", name=op.f("ck_deal_ramp_steps_stores_positive")),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_ramp_steps_deal_id_deals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_ramp_steps")),
        sa.UniqueConstraint("deal_id", "number", name=op.f("uq_deal_ramp_steps_deal_id_number")),
    )
    op.create_table(
        "deal_steps",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column(
            "state",
            _enum("dealstate", "commitment", "signed", "running", "ended", "cancelled", "disputed"),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("file_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_steps_deal_id_deals")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_deal_steps_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_steps")),
    )
    op.create_index(op.f("ix_deal_steps_deal_id"), "deal_steps", ["deal_id"], unique=False)

    op.create_table(
        "deal_lines",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("branch_id", _ID, nullable=True),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("volume > 0", name=op.f("ck_deal_lines_volume_positive")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_deal_lines_branch_id_branches")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_lines_deal_id_deals")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["deal_items.id"], name=op.f("fk_deal_lines_item_id_deal_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_lines")),
    )
    op.create_index(op.f("ix_deal_lines_deal_id"), "deal_lines", ["deal_id"], unique=False)
    op.create_index(op.f("ix_deal_lines_item_id"), "deal_lines", ["item_id"], unique=False)

    op.create_table(
        "deal_supplies",
        sa.Column("id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "share_percent BETWEEN 1 AND 100", name=op.f("ck_deal_supplies_share_is_percent")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["deal_items.id"], name=op.f("fk_deal_supplies_item_id_deal_items")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_deal_supplies_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_supplies")),
        sa.UniqueConstraint(
            "item_id", "product_id", name=op.f("uq_deal_supplies_item_id_product_id")
        ),
    )
    op.create_index(
        op.f("ix_deal_supplies_product_id"), "deal_supplies", ["product_id"], unique=False
    )

    op.create_table(
        "orders",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("line_id", _ID, nullable=False),
        sa.Column(
            "state",
            _enum(
                "orderstate",
                "ordered",
                "sent",
                "received",
                "accepted",
                "rejected",
                "invoiced",
                "paid",
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("is_consignment", sa.Boolean(), nullable=False),
        sa.Column("commission_percent", sa.Integer(), nullable=True),
        sa.Column("terms_days", sa.Integer(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("accepted", sa.BigInteger(), nullable=True),
        sa.Column(
            "reject_reason",
            _enum("rejectreason", "short", "damaged", "expired", "quality", "late", "other"),
            nullable=True,
        ),
        sa.Column("sold", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("invoice_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'rejected' OR reject_reason IS NOT NULL",
            name=op.f("ck_orders_rejections_say_why"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('invoiced', 'paid') OR (invoiced_on IS NOT NULL AND due_on IS NOT NULL)",
            name=op.f("ck_orders_invoiced_says_when"),
        ),
        sa.CheckConstraint(
            "accepted IS NULL OR accepted BETWEEN 0 AND quantity",
            name=op.f("ck_orders_accepted_of_quantity"),
        ),
        sa.CheckConstraint(
            "paid_amount BETWEEN 0 AND invoice_amount", name=op.f("ck_orders_paid_within_invoice")
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_orders_price_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_orders_quantity_positive")),
        sa.CheckConstraint(
            "sold >= 0 AND returned >= 0 AND sold + returned <= COALESCE(accepted, 0)",
            name=op.f("ck_orders_sold_of_accepted"),
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_orders_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["deal_items.id"], name=op.f("fk_orders_item_id_deal_items")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["deal_lines.id"], name=op.f("fk_orders_line_id_deal_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("deal_id", "number", name=op.f("uq_orders_deal_id_number")),
    )
    op.create_index(op.f("ix_orders_item_id"), "orders", ["item_id"], unique=False)
    op.create_index(op.f("ix_orders_line_id"), "orders", ["line_id"], unique=False)
    op.create_index("ix_orders_state_due", "orders", ["state", "due_on"], unique=False)

    op.create_table(
        "deal_notices",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deal_id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=True),
        sa.Column(
            "kind", _enum("noticekind", "late_payment", "quality", "late_delivery"), nullable=False
        ),
        sa.Column("side", _enum("side", "producer", "buyer"), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "answered_at IS NULL OR answer <> ''",
            name=op.f("ck_deal_notices_answers_say_something"),
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_notices_deal_id_deals")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_deal_notices_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_notices")),
    )
    op.create_index(op.f("ix_deal_notices_deal_id"), "deal_notices", ["deal_id"], unique=False)

    op.create_table(
        "order_payments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("file_id", _ID, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_order_payments_amount_positive")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_order_payments_file_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_payments_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_payments")),
    )
    op.create_index(op.f("ix_order_payments_on"), "order_payments", ["on"], unique=False)
    op.create_index(
        op.f("ix_order_payments_order_id"), "order_payments", ["order_id"], unique=False
    )

    op.create_table(
        "order_steps",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column(
            "state",
            _enum(
                "orderstate",
                "ordered",
                "sent",
                "received",
                "accepted",
                "rejected",
                "invoiced",
                "paid",
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("file_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_order_steps_file_id_stored_files")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_steps_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_steps")),
    )
    op.create_index(op.f("ix_order_steps_order_id"), "order_steps", ["order_id"], unique=False)

    op.create_table(
        "order_supplies",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_supplies_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_supplies_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_order_supplies_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_supplies")),
        sa.UniqueConstraint(
            "order_id", "product_id", name=op.f("uq_order_supplies_order_id_product_id")
        ),
    )
    op.create_index(
        op.f("ix_order_supplies_product_id"), "order_supplies", ["product_id"], unique=False
    )

    op.create_table(
        "sales_reports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("sold", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "sold >= 0 AND returned >= 0 AND sold + returned > 0",
            name=op.f("ck_sales_reports_says_something"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_sales_reports_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_reports")),
    )
    op.create_index(op.f("ix_sales_reports_order_id"), "sales_reports", ["order_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sales_reports")
    op.drop_table("order_supplies")
    op.drop_table("order_steps")
    op.drop_table("order_payments")
    op.drop_table("deal_notices")
    op.drop_table("orders")
    op.drop_table("deal_supplies")
    op.drop_table("deal_lines")
    op.drop_table("deal_steps")
    op.drop_table("deal_ramp_steps")
    op.drop_table("deal_promises")
    op.drop_table("deal_items")
    op.drop_table("deals")
    op.drop_table("capacity_months")
