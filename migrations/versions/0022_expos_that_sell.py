"""an expo may say that goods are sold at its stalls; at a bazaar they always are"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "programs", sa.Column("sells", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # An expo with figures sold something, whether or not anybody was asked for them.
    op.execute(
        "UPDATE programs SET sells = true WHERE kind = 'bazaar' OR kind = 'expo' AND ("
        "EXISTS (SELECT 1 FROM turnover_reports WHERE program_id = programs.id)"
        " OR EXISTS (SELECT 1 FROM turnover_estimates WHERE program_id = programs.id))"
    )
    with op.batch_alter_table("programs") as table:
        table.create_check_constraint(op.f("ck_programs_bazaars_sell"), "kind <> 'bazaar' OR sells")
        table.create_check_constraint(op.f("ck_programs_trainings_do_not_sell"), "kind <> 'training' OR NOT sells")


def downgrade() -> None:
    with op.batch_alter_table("programs") as table:
        table.drop_constraint(op.f("ck_programs_trainings_do_not_sell"), type_="check")
        table.drop_constraint(op.f("ck_programs_bazaars_sell"), type_="check")
    with op.batch_alter_table("programs") as table:
        table.drop_column("sells")
