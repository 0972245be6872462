"""deals: a commitment may be withdrawn, and the maker says what a unit costs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE = ("commitment", "signed", "running", "ended", "cancelled", "disputed")
WHOLE = (
    "(signed_on IS NOT NULL AND starts_on IS NOT NULL AND months IS NOT NULL AND terms <> '')"
)


def _allow(states: Sequence[str], unsigned: str) -> None:
    allowed = ", ".join(f"'{state}'" for state in states)
    for table in ("deals", "deal_steps"):
        name = op.f(f"ck_{table}_dealstate")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, f"state IN ({allowed})")
            if table == "deals":
                whole = op.f("ck_deals_signed_is_whole")
                batch.drop_constraint(whole, type_="check")
                batch.create_check_constraint(whole, f"{unsigned} OR {WHOLE}")


def upgrade() -> None:
    _allow((*BEFORE, "withdrawn"), "state IN ('commitment', 'withdrawn')")
    with op.batch_alter_table("deals") as batch:
        batch.add_column(sa.Column("unit_cost", sa.BigInteger(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_deals_cost_not_negative"), "unit_cost IS NULL OR unit_cost >= 0"
        )


def downgrade() -> None:
    with op.batch_alter_table("deals") as batch:
        batch.drop_constraint(op.f("ck_deals_cost_not_negative"), type_="check")
        batch.drop_column("unit_cost")
    # Whoever goes back has nothing else to call them.
    op.execute("UPDATE deals SET state = 'commitment' WHERE state = 'withdrawn'")
    op.execute("DELETE FROM deal_steps WHERE state = 'withdrawn'")
    _allow(BEFORE, "state = 'commitment'")
