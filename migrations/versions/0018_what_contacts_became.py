"""deals and requests to meet: the contact at a stall they came from"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("deals", "meeting_requests")


def upgrade() -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("lead_id", _ID, nullable=True))
            table.create_foreign_key(op.f(f"fk_{name}_lead_id_leads"), "leads", ["lead_id"], ["id"])
        op.create_index(op.f(f"ix_{name}_lead_id"), name, ["lead_id"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_index(op.f(f"ix_{name}_lead_id"), name)
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_lead_id_leads"), type_="foreignkey")
            table.drop_column("lead_id")
