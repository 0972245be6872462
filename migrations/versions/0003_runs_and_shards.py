"""runs and shards of the computation of all suggestions"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "suggestion_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("engine_version_id", _ID, nullable=False),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["engine_version_id"],
            ["engine_versions.id"],
            name=op.f("fk_suggestion_runs_engine_version_id_engine_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_runs")),
        sa.UniqueConstraint("name", name=op.f("uq_suggestion_runs_name")),
    )
    op.create_table(
        "suggestion_shards",
        sa.Column("id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False),
        sa.Column("first_need_id", sa.BigInteger(), nullable=False),
        sa.Column("last_need_id", sa.BigInteger(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="shardstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("holder", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "first_need_id <= last_need_id", name=op.f("ck_suggestion_shards_needs_in_order")
        ),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL AND holder IS NOT NULL)",
            name=op.f("ck_suggestion_shards_running_has_a_lease"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (finished_at IS NOT NULL)",
            name=op.f("ck_suggestion_shards_done_says_when"),
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR message <> ''",
            name=op.f("ck_suggestion_shards_failed_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["suggestion_runs.id"],
            name=op.f("fk_suggestion_shards_run_id_suggestion_runs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["regions.code"],
            name=op.f("fk_suggestion_shards_region_code_regions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_shards")),
        sa.UniqueConstraint(
            "run_id",
            "region_code",
            "branch",
            "first_need_id",
            name=op.f("uq_suggestion_shards_run_id_region_code_branch_first_need_id"),
        ),
    )
    op.create_index("ix_suggestion_shards_free", "suggestion_shards", ["run_id", "state", "branch"])


def downgrade() -> None:
    op.drop_index("ix_suggestion_shards_free", table_name="suggestion_shards")
    op.drop_table("suggestion_shards")
    op.drop_table("suggestion_runs")
