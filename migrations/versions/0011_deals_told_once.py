"""orders: when the parties were told that money is due or late, each once"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("due_told_on", sa.Date(), nullable=True))
    op.add_column("orders", sa.Column("late_told_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "late_told_on")
    op.drop_column("orders", "due_told_on")
