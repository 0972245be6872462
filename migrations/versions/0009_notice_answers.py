"""deal_notices: which person answered, so that the answer is part of their data"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deal_notices", sa.Column("answered_by_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("deal_notices", "answered_by_id")
