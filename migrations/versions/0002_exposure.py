"""cap and floor of suggestions per producer and period"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ("proposed", "accepted", "rejected", "postponed", "withdrawn")


def _allow_states(*states: str) -> None:
    name = op.f('ck_suggestions_suggestionstate')
    allowed = ', '.join(f"'{state}'" for state in states)
    with op.batch_alter_table('suggestions') as table:
        table.drop_constraint(name, type_='check')
        table.create_check_constraint(name, f'state IN ({allowed})')


def upgrade() -> None:
    op.create_table(
        "exposure_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "period",
            sa.Enum(
                "month",
                "quarter",
                name="exposureperiod",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("min_percent", sa.Integer(), nullable=False),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", sa.BigInteger(), nullable=True),
        sa.Column("set_by_name", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cap IS NULL OR cap >= 1", name=op.f("ck_exposure_rules_cap_leaves_one")
        ),
        sa.CheckConstraint(
            "floor >= 0 AND (cap IS NULL OR floor <= cap)",
            name=op.f("ck_exposure_rules_floor_below_cap"),
        ),
        sa.CheckConstraint(
            "min_percent BETWEEN 0 AND 100", name=op.f("ck_exposure_rules_confidence_is_percent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_rules")),
    )
    op.create_index(
        "uq_exposure_rules_in_force",
        "exposure_rules",
        ["is_in_force"],
        unique=True,
        sqlite_where=sa.text("is_in_force"),
        postgresql_where=sa.text("is_in_force"),
    )
    op.create_table(
        "exposures",
        sa.Column("id", ID, nullable=False),
        sa.Column("business_id", ID, nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_exposures_taken_not_negative")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_exposures_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposures")),
        sa.UniqueConstraint("business_id", "period", name=op.f("uq_exposures_business_id_period")),
    )
    op.add_column("suggestions", sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("suggestions", sa.Column("exposure", sa.JSON(), nullable=True))
    _allow_states(*BEFORE, "held")
    # What the engine put before the office so far took its place on the day it came.
    op.execute(
        "UPDATE suggestions SET slot_at = created_at"
        " WHERE requested_by = 'engine' AND state <> 'withdrawn'"
    )


def downgrade() -> None:
    op.execute("UPDATE suggestions SET state = 'withdrawn' WHERE state = 'held'")
    _allow_states(*BEFORE)
    op.drop_column("suggestions", "exposure")
    op.drop_column("suggestions", "slot_at")
    op.drop_table("exposures")
    op.drop_index("uq_exposure_rules_in_force", table_name="exposure_rules")
    op.drop_table("exposure_rules")
