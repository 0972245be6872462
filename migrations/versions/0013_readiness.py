"""readiness: what stops pairings, how gaps are closed, letters about papers, changed rules"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = (
    "paper",
    "barcode",
    "unchecked",
    "shelf_life",
    "packaging",
    "capacity",
    "price",
    "capital",
    "min_order",
    "terms",
    "zone",
    "storage",
    "office_rule",
)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _stamps() -> tuple[sa.Column, sa.Column]:  # type: ignore[type-arg]
    return (
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade() -> None:
    _pairings()
    _gaps()
    _remedies()
    _notices()
    _changes()


def _pairings() -> None:
    op.create_table(
        "missed_pairings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("need_id", _ID, nullable=False),
        sa.Column("business_id", _ID, nullable=False),
        sa.Column("area_code", sa.String(length=5), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("is_mendable", sa.Boolean(), nullable=False),
        sa.Column("has_price_gap", sa.Boolean(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("need_volume", sa.BigInteger(), nullable=True),
        sa.Column("money", sa.BigInteger(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outlets >= 0 AND gaps >= 1", name=op.f("ck_missed_pairings_counts_make_sense")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_missed_pairings_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_missed_pairings_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_missed_pairings_business_id_businesses"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_pairings")),
        sa.UniqueConstraint(
            "product_id", "need_id", name=op.f("uq_missed_pairings_product_id_need_id")
        ),
    )
    op.create_index("ix_missed_pairings_area", "missed_pairings", ["area_code", "category_code"])
    op.create_index("ix_missed_pairings_business", "missed_pairings", ["business_id"])
    op.create_index("ix_missed_pairings_need", "missed_pairings", ["need_id"])


def _gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", _ID, nullable=False),
        sa.Column("pairing_id", _ID, nullable=False),
        sa.Column("kind", _enum("gapkind", *_KINDS), nullable=False),
        sa.Column("detail", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("is_legal", sa.Boolean(), nullable=False),
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pairing_id"],
            ["missed_pairings.id"],
            name=op.f("fk_gaps_pairing_id_missed_pairings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
        sa.UniqueConstraint(
            "pairing_id", "kind", "detail", name=op.f("uq_gaps_pairing_id_kind_detail")
        ),
    )
    op.create_index("ix_gaps_kind", "gaps", ["kind", "detail"])


def _remedies() -> None:
    op.create_table(
        "remedies",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", _enum("gapkind", *_KINDS), nullable=False),
        sa.Column("detail", sa.String(length=20), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("cost_low", sa.BigInteger(), nullable=True),
        sa.Column("cost_high", sa.BigInteger(), nullable=True),
        sa.Column("days_low", sa.Integer(), nullable=True),
        sa.Column("days_high", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=True),
        sa.Column("written_by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_stamps(),
        sa.CheckConstraint(
            "cost_low IS NULL OR cost_high IS NULL OR cost_low <= cost_high",
            name=op.f("ck_remedies_costs_in_order"),
        ),
        sa.CheckConstraint(
            "days_low IS NULL OR days_high IS NULL OR days_low <= days_high",
            name=op.f("ck_remedies_days_in_order"),
        ),
        sa.CheckConstraint(
            "NOT is_verified OR source <> ''", name=op.f("ck_remedies_verified_names_a_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedies")),
        sa.UniqueConstraint("kind", "detail", name=op.f("uq_remedies_kind_detail")),
    )


def _notices() -> None:
    op.create_table(
        "paper_notices",
        sa.Column("id", _ID, nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "horizon IN (0, 30, 60, 90)", name=op.f("ck_paper_notices_horizon_known")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_paper_notices_paper_id_papers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_notices")),
        sa.UniqueConstraint("paper_id", "horizon", name=op.f("uq_paper_notices_paper_id_horizon")),
    )


def _changes() -> None:
    op.create_table(
        "rule_changes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            _enum("changestate", "draft", "adopted", "replaced", "dropped"),
            nullable=False,
        ),
        sa.Column("severity", _enum("ruleseverity", "block", "warn", "info"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("applies", sa.JSON(), nullable=False),
        sa.Column("preview", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by_id", sa.BigInteger(), nullable=True),
        sa.Column("written_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_stamps(),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_rule_changes_says_why")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_rule_changes_validity_in_order"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR decided_at IS NOT NULL",
            name=op.f("ck_rule_changes_decided_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
    )
    op.create_index(
        "uq_rule_changes_adopted",
        "rule_changes",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state = 'adopted'"),
        postgresql_where=sa.text("state = 'adopted'"),
    )


def downgrade() -> None:
    for table in ("rule_changes", "paper_notices", "remedies", "gaps", "missed_pairings"):
        op.drop_table(table)
