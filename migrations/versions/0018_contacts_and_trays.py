"""deals and requests to meet name the contact they came from; a tray for each kabupaten/kota"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("deals", "meeting_requests")
# What the report and the lists look for by day, and had to read the whole table for.
DAYS = (("orders", "decided_on"), ("products", "published_at"), ("suggestions", "decided_at"))


def upgrade() -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("lead_id", _ID, nullable=True))
            table.create_foreign_key(op.f(f"fk_{name}_lead_id_leads"), "leads", ["lead_id"], ["id"])
        op.create_index(op.f(f"ix_{name}_lead_id"), name, ["lead_id"])
    with op.batch_alter_table("outbox_messages") as table:
        table.add_column(
            sa.Column("area_code", sa.String(length=5), nullable=False, server_default="")
        )
    op.create_index("ix_outbox_messages_area", "outbox_messages", ["area_code", "state"])
    for name, column in DAYS:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def downgrade() -> None:
    for name, column in reversed(DAYS):
        op.drop_index(op.f(f"ix_{name}_{column}"), name)
    op.drop_index("ix_outbox_messages_area", "outbox_messages")
    with op.batch_alter_table("outbox_messages") as table:
        table.drop_column("area_code")
    for name in reversed(TABLES):
        op.drop_index(op.f(f"ix_{name}_lead_id"), name)
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_lead_id_leads"), type_="foreignkey")
            table.drop_column("lead_id")
