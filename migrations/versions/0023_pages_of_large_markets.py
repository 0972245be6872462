"""lists and sums read narrow indexes, not rows with all their evidence"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

QUEUE = (
    *("state", "area_code", "requested_by", "score", "id"),
    *("is_eligible", "money_per_month", "product_id", "created_at"),
)
DECIDED = ("state", "decided_at", "id", "product_id", "area_code")
MAKERS = (
    *("business_id", "need_id", "is_mendable", "has_price_gap"),
    *("outlets", "money", "volume", "need_volume"),
)
SOME = {
    "forwarded": "forwarded_at IS NOT NULL",
    "overridden": "override_reason <> ''",
}


def upgrade() -> None:
    op.drop_index("ix_suggestions_queue", "suggestions")
    op.create_index("ix_suggestions_queue", "suggestions", [*QUEUE])
    op.create_index("ix_suggestions_decided", "suggestions", [*DECIDED])
    op.create_index("ix_suggestions_product", "suggestions", ["product_id", "created_at"])
    for name, where in SOME.items():
        only = sa.text(where)
        op.create_index(
            f"ix_suggestions_{name}",
            "suggestions",
            ["state", "area_code"],
            sqlite_where=only,
            postgresql_where=only,
        )
    # Those of decisions are found by their state too.
    op.drop_index("ix_suggestions_decided_at", "suggestions")
    op.drop_index("ix_missed_pairings_business", "missed_pairings")
    op.create_index("ix_missed_pairings_business", "missed_pairings", [*MAKERS])


def downgrade() -> None:
    op.drop_index("ix_missed_pairings_business", "missed_pairings")
    op.create_index("ix_missed_pairings_business", "missed_pairings", ["business_id"])
    op.create_index("ix_suggestions_decided_at", "suggestions", ["decided_at"])
    for name in reversed(SOME):
        op.drop_index(f"ix_suggestions_{name}", "suggestions")
    op.drop_index("ix_suggestions_product", "suggestions")
    op.drop_index("ix_suggestions_decided", "suggestions")
    op.drop_index("ix_suggestions_queue", "suggestions")
    op.create_index("ix_suggestions_queue", "suggestions", ["state", "score"])
