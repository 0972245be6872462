"""outlets name the province that registered them, texts the province in whose tray they lie"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# The first province is the one that was here before there was another.
_FIRST = "(SELECT region_code FROM offices WHERE level = 'province' ORDER BY id LIMIT 1)"


def upgrade() -> None:
    op.add_column(
        "businesses",
        sa.Column("kept_by", sa.String(length=2), nullable=False, server_default=""),
    )
    op.execute(
        "UPDATE businesses SET kept_by = COALESCE("
        "(SELECT region_code FROM offices WHERE level = 'province'"
        f" AND region_code = substr(businesses.region_code, 1, 2)), {_FIRST}, '')"
        " WHERE kind = 'outlet'"
    )
    op.execute(
        f"UPDATE outbox_messages SET area_code = COALESCE({_FIRST}, '') WHERE area_code = ''"
    )


def downgrade() -> None:
    op.execute("UPDATE outbox_messages SET area_code = '' WHERE area_code NOT LIKE '%.%'")
    op.drop_column("businesses", "kept_by")
