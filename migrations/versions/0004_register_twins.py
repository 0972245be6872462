"""double entries of the register and their merges"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('businesses') as table:
        table.add_column(sa.Column('merged_into_id', ID, nullable=True))
        table.create_foreign_key(op.f('fk_businesses_merged_into_id_businesses'), 'businesses', ['merged_into_id'], ['id'])
        table.create_check_constraint(op.f('ck_businesses_merged_has_no_nib'), 'merged_into_id IS NULL OR nib IS NULL')
        table.create_check_constraint(op.f('ck_businesses_not_merged_into_itself'), 'merged_into_id IS NULL OR merged_into_id <> id')
        table.create_index(op.f('ix_businesses_merged_into_id'), ['merged_into_id'], unique=False)
    op.create_table(
        'business_twins',
        sa.Column('id', ID, nullable=False),
        sa.Column('first_id', ID, nullable=False),
        sa.Column('second_id', ID, nullable=False),
        sa.Column('state', sa.Enum('open', 'not_same', 'merged', name='twinstate', native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column('grounds', sa.JSON(), nullable=False),
        sa.Column('confidence', sa.Float(), nullable=False),
        sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
        sa.Column('decided_by_name', sa.String(length=200), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('first_id < second_id', name=op.f('ck_business_twins_lower_number_first')),
        sa.CheckConstraint("state = 'open' OR decided_by_name <> ''", name=op.f('ck_business_twins_answers_are_signed')),
        sa.ForeignKeyConstraint(['first_id'], ['businesses.id'], name=op.f('fk_business_twins_first_id_businesses')),
        sa.ForeignKeyConstraint(['second_id'], ['businesses.id'], name=op.f('fk_business_twins_second_id_businesses')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_business_twins')),
        sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_business_twins_first_id_second_id')),
    )
    op.create_index('ix_business_twins_state', 'business_twins', ['state', 'id'])
    op.create_index('ix_business_twins_second', 'business_twins', ['second_id'])
    op.create_table(
        'business_merges',
        sa.Column('id', ID, nullable=False),
        sa.Column('survivor_id', ID, nullable=False),
        sa.Column('merged_id', ID, nullable=False),
        sa.Column('taken_over', sa.JSON(), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('moved', sa.JSON(), nullable=False),
        sa.Column('merged_by_id', sa.BigInteger(), nullable=True),
        sa.Column('merged_by_name', sa.String(length=200), nullable=False),
        sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('undone_by_name', sa.String(length=200), nullable=False),
        sa.CheckConstraint('survivor_id <> merged_id', name=op.f('ck_business_merges_two_entries')),
        sa.CheckConstraint("undone_at IS NULL OR undone_by_name <> ''", name=op.f('ck_business_merges_undoing_is_signed')),
        sa.ForeignKeyConstraint(['survivor_id'], ['businesses.id'], name=op.f('fk_business_merges_survivor_id_businesses')),
        sa.ForeignKeyConstraint(['merged_id'], ['businesses.id'], name=op.f('fk_business_merges_merged_id_businesses')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_business_merges')),
    )
    op.create_index('uq_business_merges_merged', 'business_merges', ['merged_id'], unique=True, sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))
    op.create_index('ix_business_merges_survivor', 'business_merges', ['survivor_id'])


def downgrade() -> None:
    op.drop_table('business_merges')
    op.drop_table('business_twins')
    with op.batch_alter_table('businesses') as table:
        table.drop_index(op.f('ix_businesses_merged_into_id'))
        table.drop_constraint(op.f('ck_businesses_not_merged_into_itself'), type_='check')
        table.drop_constraint(op.f('ck_businesses_merged_has_no_nib'), type_='check')
        table.drop_constraint(op.f('fk_businesses_merged_into_id_businesses'), type_='foreignkey')
        table.drop_column('merged_into_id')
