"""deals: the expo or bazaar at whose stall they were agreed"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("deals") as table:
        table.add_column(sa.Column("program_id", _ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_deals_program_id_programs"), "programs", ["program_id"], ["id"]
        )
    op.create_index(op.f("ix_deals_program_id"), "deals", ["program_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_deals_program_id"), "deals")
    with op.batch_alter_table("deals") as table:
        table.drop_constraint(op.f("fk_deals_program_id_programs"), type_="foreignkey")
        table.drop_column("program_id")
