"""programs: what bazaars, expos and trainings have in common"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "programs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", _enum("programkind", "bazaar", "expo", "training"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "level", _enum("programlevel", "national", "province", "regency"), nullable=False
        ),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("office_id", _ID, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "state",
            _enum("programstate", "draft", "open", "closed", "cancelled"),
            nullable=False,
        ),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_name", sa.String(length=200), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_programs_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_programs_office_id_offices")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_programs_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
    )
    op.create_index("ix_programs_kind_starts", "programs", ["kind", "starts_on"])
    op.create_index("ix_programs_office", "programs", ["office_id", "starts_on"])


def downgrade() -> None:
    op.drop_table("programs")
