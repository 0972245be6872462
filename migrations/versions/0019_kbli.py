"""lines of business (KBLI) of a business, each with its edition"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "business_kbli",
        sa.Column("id", _ID, nullable=False),
        sa.Column("business_id", _ID, nullable=False),
        sa.Column("version", sa.String(length=4), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "length(code) = 5 AND ltrim(code, '0123456789') = ''",
            name=op.f("ck_business_kbli_five_digits"),
        ),
        sa.CheckConstraint(
            "version IN ('2020', '2025')", name=op.f("ck_business_kbli_known_edition")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_business_kbli_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_kbli")),
        sa.UniqueConstraint(
            "business_id", "version", "code", name=op.f("uq_business_kbli_business_id_version_code")
        ),
    )
    op.create_index(
        "uq_business_kbli_main",
        "business_kbli",
        ["business_id"],
        unique=True,
        sqlite_where=sa.text("is_main"),
        postgresql_where=sa.text("is_main"),
    )
    op.create_index("ix_business_kbli_code", "business_kbli", ["code"])


def downgrade() -> None:
    op.drop_index("ix_business_kbli_code", "business_kbli")
    op.drop_index("uq_business_kbli_main", "business_kbli")
    op.drop_table("business_kbli")
