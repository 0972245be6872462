"""bazaars and expos: days, stalls, who stands there, turnover, estimates, contacts"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bazaar_days",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("is_shut", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "opens IS NULL OR closes IS NULL OR (0 <= opens AND opens < closes AND closes <= 1440)",
            name=op.f("ck_bazaar_days_hours_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_bazaar_days_program_id_programs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bazaar_days")),
        sa.UniqueConstraint("program_id", "day_on", name=op.f("uq_bazaar_days_program_id_day_on")),
    )
    op.create_table(
        "stalls",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_stalls_program_id_programs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stalls")),
        sa.UniqueConstraint("program_id", "label", name=op.f("uq_stalls_program_id_label")),
    )
    op.create_table(
        "turnover_estimates",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_turnover_estimates_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_turnover_estimates_program_id_programs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turnover_estimates")),
    )
    op.create_index(op.f("ix_turnover_estimates_program_id"), "turnover_estimates", ["program_id"])

    op.create_table(
        "stall_holders",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("business_id", _ID, nullable=True),
        sa.Column("stall_id", _ID, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("sells", sa.String(length=200), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "comes",
                "withdrawn",
                name="holderstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'comes' OR stall_id IS NULL",
            name=op.f("ck_stall_holders_who_left_holds_no_stall"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_stall_holders_business_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_stall_holders_program_id_programs")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_stall_holders_region_code_regions")
        ),
        sa.ForeignKeyConstraint(
            ["stall_id"], ["stalls.id"], name=op.f("fk_stall_holders_stall_id_stalls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stall_holders")),
        sa.UniqueConstraint(
            "program_id", "business_id", name=op.f("uq_stall_holders_program_id_business_id")
        ),
        sa.UniqueConstraint("stall_id", name=op.f("uq_stall_holders_stall_id")),
    )
    op.create_index("ix_stall_holders_business", "stall_holders", ["business_id", "program_id"])
    op.create_index(op.f("ix_stall_holders_program_id"), "stall_holders", ["program_id"])

    op.create_table(
        "leads",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("holder_id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=True),
        sa.Column("outlet_name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants", sa.String(length=400), nullable=False),
        sa.Column("volume", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "talking",
                "need",
                "meeting",
                "commitment",
                "dropped",
                name="leadstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("need_id", _ID, nullable=True),
        sa.Column("entered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "consented_at IS NOT NULL OR (person_name = '' AND phone = '')",
            name=op.f("ck_leads_contact_by_consent"),
        ),
        sa.CheckConstraint(
            "next_step = '' OR due_on IS NOT NULL", name=op.f("ck_leads_steps_are_dated")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["stall_holders.id"], name=op.f("fk_leads_holder_id_stall_holders")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_leads_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_leads_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_leads_program_id_programs")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_leads_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
    )
    op.create_index("ix_leads_due", "leads", ["state", "due_on"])
    op.create_index(op.f("ix_leads_holder_id"), "leads", ["holder_id"])
    op.create_index("ix_leads_program", "leads", ["program_id", "state"])

    op.create_table(
        "turnover_reports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("holder_id", _ID, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("transactions", sa.Integer(), nullable=True),
        sa.Column("best_sellers", sa.String(length=300), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "phone",
                "paper",
                "excel",
                name="reportsource",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_turnover_reports_amount_not_negative")),
        sa.CheckConstraint(
            "transactions IS NULL OR transactions >= 0",
            name=op.f("ck_turnover_reports_count_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["stall_holders.id"],
            name=op.f("fk_turnover_reports_holder_id_stall_holders"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "day_on"],
            ["bazaar_days.program_id", "bazaar_days.day_on"],
            name="fk_turnover_reports_day_bazaar_days",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name=op.f("fk_turnover_reports_program_id_programs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turnover_reports")),
        sa.UniqueConstraint(
            "holder_id", "day_on", name=op.f("uq_turnover_reports_holder_id_day_on")
        ),
    )
    op.create_index("ix_turnover_reports_program", "turnover_reports", ["program_id", "day_on"])


def downgrade() -> None:
    op.drop_table("turnover_reports")
    op.drop_table("leads")
    op.drop_table("stall_holders")
    op.drop_table("turnover_estimates")
    op.drop_table("stalls")
    op.drop_table("bazaar_days")
