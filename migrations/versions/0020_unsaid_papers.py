"""papers that needs ask for and nobody has spoken of: not known, apart from missing"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = ("nib", "npwp", "pirt", "md", "ml", "halal", "gs1", "brand")
TABLE = "unsaid_papers"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("need_id", _ID, nullable=False),
        sa.Column("business_id", _ID, nullable=False),
        sa.Column("area_code", sa.String(length=5), nullable=False),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column(
            "paper",
            sa.Enum(
                *_KINDS, name="paperkind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        *[
            sa.ForeignKeyConstraint(
                [f"{one}_id"], [f"{many}.id"], name=op.f(f"fk_{TABLE}_{one}_id_{many}")
            )
            for one, many in (("product", "products"), ("need", "needs"), ("business", "businesses"))
        ],
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "product_id", "need_id", "paper", name=op.f(f"uq_{TABLE}_product_id_need_id_paper")
        ),
    )
    op.create_index("ix_unsaid_papers_cell", TABLE, ["paper", "category_code", "area_code"])
    op.create_index("ix_unsaid_papers_business", TABLE, ["business_id"])
    op.create_index("ix_unsaid_papers_need", TABLE, ["need_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
