"""temu bisnis: events, participants, requests, meetings, timetable runs, outcomes, samples"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meeting_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('expo', 'own', name='eventkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('region_code', sa.String(length=5), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('slot_minutes', sa.Integer(), nullable=False),
    sa.Column('tables', sa.Integer(), nullable=False),
    sa.Column('spare_tables', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'running', 'closed', name='eventstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_by_id', sa.BigInteger(), nullable=True),
    sa.Column('created_by_name', sa.String(length=200), nullable=False),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('slot_minutes IN (15, 20, 30)', name=op.f('ck_meeting_events_slots_of_known_length')),
    sa.CheckConstraint('spare_tables >= 0', name=op.f('ck_meeting_events_spare_not_negative')),
    sa.CheckConstraint('tables >= 1', name=op.f('ck_meeting_events_at_least_one_table')),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_meeting_events_office_id_offices')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_meeting_events_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_events'))
    )
    with op.batch_alter_table('meeting_events', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_events_state', ['state', 'id'], unique=False)

    op.create_table('event_breaks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts', sa.Integer(), nullable=False),
    sa.Column('ends', sa.Integer(), nullable=False),
    sa.CheckConstraint('0 <= starts AND starts < ends AND ends <= 1440', name=op.f('ck_event_breaks_break_in_order')),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_event_breaks_event_id_meeting_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_breaks'))
    )
    with op.batch_alter_table('event_breaks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_breaks_event_id'), ['event_id'], unique=False)

    op.create_table('event_days',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day_on', sa.Date(), nullable=False),
    sa.Column('starts', sa.Integer(), nullable=False),
    sa.Column('ends', sa.Integer(), nullable=False),
    sa.CheckConstraint('0 <= starts AND starts < ends AND ends <= 1440', name=op.f('ck_event_days_day_in_order')),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_event_days_event_id_meeting_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_days')),
    sa.UniqueConstraint('event_id', 'day_on', name=op.f('uq_event_days_event_id_day_on'))
    )
    op.create_table('event_participants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.Enum('producer', 'buyer', name='side', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('state', sa.Enum('invited', 'confirmed', 'declined', 'walk_in', name='participantstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('person_name', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('available', sa.JSON(), nullable=True),
    sa.Column('max_meetings', sa.Integer(), nullable=True),
    sa.Column('decline_note', sa.String(length=400), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arrived_by_name', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('invited', 'walk_in') OR answered_at IS NOT NULL", name=op.f('ck_event_participants_answers_are_dated')),
    sa.CheckConstraint('max_meetings IS NULL OR max_meetings >= 1', name=op.f('ck_event_participants_limit_leaves_one')),
    sa.ForeignKeyConstraint(['business_id'], ['businesses.id'], name=op.f('fk_event_participants_business_id_businesses')),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_event_participants_event_id_meeting_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_participants')),
    sa.UniqueConstraint('event_id', 'business_id', name=op.f('uq_event_participants_event_id_business_id'))
    )
    with op.batch_alter_table('event_participants', schema=None) as batch_op:
        batch_op.create_index('ix_event_participants_business', ['business_id', 'event_id'], unique=False)

    op.create_table('timetable_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('plan', 'replan', name='runkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('objective', sa.BigInteger(), nullable=False),
    sa.Column('bound', sa.BigInteger(), nullable=False),
    sa.Column('idle_slots', sa.Integer(), nullable=False),
    sa.Column('placed', sa.Integer(), nullable=False),
    sa.Column('unplaced', sa.JSON(), nullable=False),
    sa.Column('changed', sa.JSON(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('made_by_id', sa.BigInteger(), nullable=True),
    sa.Column('made_by_name', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('0 <= objective AND objective <= bound', name=op.f('ck_timetable_runs_bound_is_above')),
    sa.CheckConstraint('idle_slots >= 0 AND placed >= 0', name=op.f('ck_timetable_runs_counts_not_negative')),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_timetable_runs_event_id_meeting_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timetable_runs'))
    )
    with op.batch_alter_table('timetable_runs', schema=None) as batch_op:
        batch_op.create_index('ix_timetable_runs_event', ['event_id', 'id'], unique=False)

    op.create_table('meeting_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('suggestion_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('area_code', sa.String(length=5), nullable=False),
    sa.Column('state', sa.Enum('asked', 'agreed', 'declined', 'expired', name='requeststate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('requested_by', sa.Enum('engine', 'buyer', 'producer', 'officer', name='requestedby', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('requested_by_id', sa.BigInteger(), nullable=True),
    sa.Column('requested_by_name', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('way', sa.Enum('in_person', 'call', name='meetingway', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('producer_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('buyer_agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_answer_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_by', sa.Enum('producer', 'buyer', name='side', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decline_reason', sa.Enum('no_time', 'not_our_goods', 'no_capacity', 'already_partners', 'not_coming', 'other', name='declinereason', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('decline_note', sa.String(length=400), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state <> 'agreed' OR (producer_agreed_at IS NOT NULL AND buyer_agreed_at IS NOT NULL)", name=op.f('ck_meeting_requests_agreed_by_both')),
    sa.CheckConstraint("state <> 'declined' OR (declined_by IS NOT NULL AND declined_at IS NOT NULL AND decline_reason IS NOT NULL)", name=op.f('ck_meeting_requests_declined_says_why')),
    sa.CheckConstraint('(event_id IS NULL) = (starts_at IS NOT NULL AND minutes IS NOT NULL AND way IS NOT NULL)', name=op.f('ck_meeting_requests_single_says_when')),
    sa.CheckConstraint('minutes IS NULL OR minutes BETWEEN 5 AND 480', name=op.f('ck_meeting_requests_minutes_sensible')),
    sa.CheckConstraint('weight >= 0', name=op.f('ck_meeting_requests_weight_not_negative')),
    sa.ForeignKeyConstraint(['buyer_id'], ['businesses.id'], name=op.f('fk_meeting_requests_buyer_id_businesses')),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_meeting_requests_event_id_meeting_events')),
    sa.ForeignKeyConstraint(['producer_id'], ['businesses.id'], name=op.f('fk_meeting_requests_producer_id_businesses')),
    sa.ForeignKeyConstraint(['suggestion_id'], ['suggestions.id'], name=op.f('fk_meeting_requests_suggestion_id_suggestions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_requests'))
    )
    with op.batch_alter_table('meeting_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_requests_area_code'), ['area_code'], unique=False)
        batch_op.create_index('ix_meeting_requests_buyer', ['buyer_id', 'state'], unique=False)
        batch_op.create_index('ix_meeting_requests_event', ['event_id', 'state'], unique=False)
        batch_op.create_index('ix_meeting_requests_expiry', ['state', 'expires_at'], unique=False)
        batch_op.create_index('ix_meeting_requests_producer', ['producer_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_requests_suggestion_id'), ['suggestion_id'], unique=False)
        batch_op.create_index('uq_meeting_requests_pair', ['event_id', 'producer_id', 'buyer_id'], unique=True, sqlite_where=sa.text("state IN ('agreed', 'asked')"), postgresql_where=sa.text("state IN ('agreed', 'asked')"))

    op.create_table('pair_rules',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('buyer_participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wish', sa.Enum('must', 'must_not', name='pairwish', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('set_by_name', sa.String(length=200), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['buyer_participant_id'], ['event_participants.id'], name=op.f('fk_pair_rules_buyer_participant_id_event_participants'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_pair_rules_event_id_meeting_events'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['producer_participant_id'], ['event_participants.id'], name=op.f('fk_pair_rules_producer_participant_id_event_participants'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pair_rules')),
    sa.UniqueConstraint('producer_participant_id', 'buyer_participant_id', name=op.f('uq_pair_rules_producer_participant_id_buyer_participant_id'))
    )
    with op.batch_alter_table('pair_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pair_rules_event_id'), ['event_id'], unique=False)

    op.create_table('meetings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_code', sa.String(length=5), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('table_number', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('way', sa.Enum('in_person', 'call', name='meetingway', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('is_locked', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('placed', 'held', 'no_show', 'moved', 'cancelled', name='meetingstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('no_show_by', sa.Enum('producer', 'buyer', 'both', name='noshow', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_name', sa.String(length=200), nullable=False),
    sa.Column('end_reason', sa.String(length=400), nullable=False),
    sa.Column('moved_from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'no_show') = (no_show_by IS NOT NULL)", name=op.f('ck_meetings_no_show_says_who')),
    sa.CheckConstraint("state = 'placed' OR ended_at IS NOT NULL", name=op.f('ck_meetings_ends_are_dated')),
    sa.CheckConstraint('(event_id IS NULL) = (slot IS NULL) AND (event_id IS NULL) = (table_number IS NULL)', name=op.f('ck_meetings_event_gives_slot_and_table')),
    sa.CheckConstraint('(slot IS NULL OR slot >= 0) AND (table_number IS NULL OR table_number >= 1)', name=op.f('ck_meetings_slot_and_table_count')),
    sa.CheckConstraint('minutes BETWEEN 5 AND 480', name=op.f('ck_meetings_minutes_sensible')),
    sa.CheckConstraint('moved_from_id IS NULL OR moved_from_id <> id', name=op.f('ck_meetings_not_moved_from_itself')),
    sa.ForeignKeyConstraint(['buyer_id'], ['businesses.id'], name=op.f('fk_meetings_buyer_id_businesses')),
    sa.ForeignKeyConstraint(['event_id'], ['meeting_events.id'], name=op.f('fk_meetings_event_id_meeting_events')),
    sa.ForeignKeyConstraint(['moved_from_id'], ['meetings.id'], name=op.f('fk_meetings_moved_from_id_meetings')),
    sa.ForeignKeyConstraint(['producer_id'], ['businesses.id'], name=op.f('fk_meetings_producer_id_businesses')),
    sa.ForeignKeyConstraint(['request_id'], ['meeting_requests.id'], name=op.f('fk_meetings_request_id_meeting_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings'))
    )
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_area_code'), ['area_code'], unique=False)
        batch_op.create_index('ix_meetings_event', ['event_id', 'state', 'slot'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_moved_from_id'), ['moved_from_id'], unique=False)
        batch_op.create_index('ix_meetings_state', ['state', 'starts_at'], unique=False)
        batch_op.create_index('uq_meetings_buyer', ['event_id', 'slot', 'buyer_id'], unique=True, sqlite_where=sa.text("state IN ('held', 'placed')"), postgresql_where=sa.text("state IN ('held', 'placed')"))
        batch_op.create_index('uq_meetings_buyer_at', ['buyer_id', 'starts_at'], unique=True, sqlite_where=sa.text("state IN ('held', 'placed')"), postgresql_where=sa.text("state IN ('held', 'placed')"))
        batch_op.create_index('uq_meetings_producer', ['event_id', 'slot', 'producer_id'], unique=True, sqlite_where=sa.text("state IN ('held', 'placed')"), postgresql_where=sa.text("state IN ('held', 'placed')"))
        batch_op.create_index('uq_meetings_producer_at', ['producer_id', 'starts_at'], unique=True, sqlite_where=sa.text("state IN ('held', 'placed')"), postgresql_where=sa.text("state IN ('held', 'placed')"))
        batch_op.create_index('uq_meetings_request', ['request_id'], unique=True, sqlite_where=sa.text("state IN ('held', 'placed')"), postgresql_where=sa.text("state IN ('held', 'placed')"))
        batch_op.create_index('uq_meetings_table', ['event_id', 'slot', 'table_number'], unique=True, sqlite_where=sa.text("state IN ('held', 'placed')"), postgresql_where=sa.text("state IN ('held', 'placed')"))

    op.create_table('meeting_outcomes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('late_by', sa.Enum('producer', 'buyer', name='side', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('late_minutes', sa.Integer(), nullable=True),
    sa.Column('interest', sa.Enum('none', 'some', 'strong', name='interest', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('product_text', sa.String(length=200), nullable=False),
    sa.Column('volume_per_month', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('recorded_by_name', sa.String(length=200), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(late_by IS NULL) = (late_minutes IS NULL)', name=op.f('ck_meeting_outcomes_late_says_who')),
    sa.CheckConstraint('late_minutes IS NULL OR late_minutes > 0', name=op.f('ck_meeting_outcomes_late_by_minutes')),
    sa.CheckConstraint('price IS NULL OR price > 0', name=op.f('ck_meeting_outcomes_price_is_positive')),
    sa.CheckConstraint('volume_per_month IS NULL OR volume_per_month > 0', name=op.f('ck_meeting_outcomes_volume_is_positive')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_meeting_outcomes_meeting_id_meetings')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_meeting_outcomes_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_outcomes')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_meeting_outcomes_meeting_id'))
    )
    with op.batch_alter_table('meeting_outcomes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_outcomes_product_id'), ['product_id'], unique=False)

    op.create_table('next_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.String(length=400), nullable=False),
    sa.Column('owner', sa.Enum('producer', 'buyer', 'office', name='owner', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_name', sa.String(length=200), nullable=False),
    sa.Column('chased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('recorded_by_name', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("done_at IS NULL OR done_by_name <> ''", name=op.f('ck_next_steps_done_is_signed')),
    sa.CheckConstraint("what <> ''", name=op.f('ck_next_steps_says_what')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_next_steps_meeting_id_meetings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_next_steps'))
    )
    with op.batch_alter_table('next_steps', schema=None) as batch_op:
        batch_op.create_index('ix_next_steps_due', ['done_at', 'due_on'], unique=False)
        batch_op.create_index('ix_next_steps_meeting', ['meeting_id'], unique=False)

    op.create_table('samples',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('send_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judge_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taste_score', sa.Integer(), nullable=True),
    sa.Column('pack_score', sa.Integer(), nullable=True),
    sa.Column('price_score', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('recorded_by_name', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(judged_at IS NULL) = (taste_score IS NULL) AND (judged_at IS NULL) = (pack_score IS NULL) AND (judged_at IS NULL) = (price_score IS NULL)', name=op.f('ck_samples_judged_whole')),
    sa.CheckConstraint('(taste_score IS NULL OR taste_score BETWEEN 1 AND 5) AND (pack_score IS NULL OR pack_score BETWEEN 1 AND 5) AND (price_score IS NULL OR price_score BETWEEN 1 AND 5)', name=op.f('ck_samples_scores_of_five')),
    sa.CheckConstraint('received_at IS NULL OR judge_by IS NOT NULL', name=op.f('ck_samples_received_has_clock')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_samples_meeting_id_meetings')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_samples_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_samples'))
    )
    with op.batch_alter_table('samples', schema=None) as batch_op:
        batch_op.create_index('ix_samples_judge_by', ['judged_at', 'judge_by'], unique=False)
        batch_op.create_index('ix_samples_meeting', ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_samples_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_samples_send_by', ['sent_at', 'send_by'], unique=False)



def downgrade() -> None:
    for table in (
        "samples",
        "next_steps",
        "meeting_outcomes",
        "meetings",
        "pair_rules",
        "meeting_requests",
        "timetable_runs",
        "event_participants",
        "event_days",
        "event_breaks",
        "meeting_events",
    ):
        op.drop_table(table)
