"""trainings: sessions, sign-ups, attendance, certificates and calls afterwards"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "trainings",
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("unlocks", sa.JSON(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("last_turn", sa.Integer(), nullable=False),
        sa.Column("last_certificate", sa.Integer(), nullable=False),
        sa.Column("sign_up_until", sa.Date(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "pass_percent BETWEEN 1 AND 100", name=op.f("ck_trainings_share_is_percent")
        ),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_trainings_at_least_one_seat")),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("ck_trainings_seats_hold")),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_trainings_program_id_programs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_trainings")),
    )
    op.create_table(
        "training_sessions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "0 <= starts AND starts < ends AND ends <= 1440",
            name=op.f("ck_training_sessions_session_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["trainings.program_id"],
            name=op.f("fk_training_sessions_program_id_trainings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sessions")),
    )
    op.create_index("ix_training_sessions_program", "training_sessions", ["program_id", "held_on"])

    op.create_table(
        "training_sign_ups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("business_id", _ID, nullable=True),
        sa.Column("business_name", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            _enum("signupstate", "invited", "seated", "waiting", "walk_in", "withdrawn"),
            nullable=False,
        ),
        sa.Column(
            "way",
            _enum("signupway", "link", "officer", "producer", "invited", "door"),
            nullable=False,
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_training_sign_ups_business_id_businesses"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["trainings.program_id"],
            name=op.f("fk_training_sign_ups_program_id_trainings"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["regions.code"], name=op.f("fk_training_sign_ups_region_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sign_ups")),
        sa.UniqueConstraint(
            "program_id", "phone", name=op.f("uq_training_sign_ups_program_id_phone")
        ),
    )
    op.create_index("ix_training_sign_ups_business", "training_sign_ups", ["business_id"])
    op.create_index("ix_training_sign_ups_phone", "training_sign_ups", ["phone"])
    op.create_index(
        "ix_training_sign_ups_program_state", "training_sign_ups", ["program_id", "state", "turn"]
    )

    op.create_table(
        "training_attendance",
        sa.Column("id", _ID, nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("sign_up_id", _ID, nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_sessions.id"],
            name=op.f("fk_training_attendance_session_id_training_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["training_sign_ups.id"],
            name=op.f("fk_training_attendance_sign_up_id_training_sign_ups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attendance")),
        sa.UniqueConstraint(
            "session_id", "sign_up_id", name=op.f("uq_training_attendance_session_id_sign_up_id")
        ),
    )
    op.create_index(
        op.f("ix_training_attendance_sign_up_id"), "training_attendance", ["sign_up_id"]
    )

    op.create_table(
        "training_certificates",
        sa.Column("id", _ID, nullable=False),
        sa.Column("program_id", _ID, nullable=False),
        sa.Column("sign_up_id", _ID, nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_name", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_name", sa.String(length=200), nullable=False),
        sa.Column("revoke_reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoke_reason <> ''",
            name=op.f("ck_training_certificates_revoked_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["trainings.program_id"],
            name=op.f("fk_training_certificates_program_id_trainings"),
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["training_sign_ups.id"],
            name=op.f("fk_training_certificates_sign_up_id_training_sign_ups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_certificates")),
        sa.UniqueConstraint(
            "program_id", "serial", name=op.f("uq_training_certificates_program_id_serial")
        ),
    )
    op.create_index(
        op.f("ix_training_certificates_sign_up_id"), "training_certificates", ["sign_up_id"]
    )
    op.create_index(
        "uq_training_certificates_live",
        "training_certificates",
        ["sign_up_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )

    op.create_table(
        "training_follow_ups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("sign_up_id", _ID, nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "answer", _enum("answer", "started", "not_started", "not_reached"), nullable=True
        ),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("done_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "answer <> 'started' OR started_on IS NOT NULL",
            name=op.f("ck_training_follow_ups_start_is_dated"),
        ),
        sa.CheckConstraint(
            "done_at IS NULL OR (answer IS NOT NULL AND done_by_name <> '')",
            name=op.f("ck_training_follow_ups_done_is_signed"),
        ),
        sa.CheckConstraint(
            "months IN (3, 6, 12)", name=op.f("ck_training_follow_ups_known_horizon")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["training_sign_ups.id"],
            name=op.f("fk_training_follow_ups_sign_up_id_training_sign_ups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_follow_ups")),
        sa.UniqueConstraint(
            "sign_up_id", "months", name=op.f("uq_training_follow_ups_sign_up_id_months")
        ),
    )
    op.create_index("ix_training_follow_ups_open", "training_follow_ups", ["done_at", "due_on"])


def downgrade() -> None:
    op.drop_table("training_follow_ups")
    op.drop_table("training_certificates")
    op.drop_table("training_attendance")
    op.drop_table("training_sign_ups")
    op.drop_table("training_sessions")
    op.drop_table("trainings")
