"""what decisions teach: proposed weights, draft rules, and the rules a version was computed under"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PROPOSAL_STATES = ("proposed", "adopted", "refused", "replaced", "lapsed")
_RULE_STATES = ("draft", "adopted", "dismissed", "ended")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _decided() -> list[sa.Column]:
    return [
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=400), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    op.add_column(
        "engine_versions",
        sa.Column("rules", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.create_table(
        "weight_proposals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", _enum("proposalstate", _PROPOSAL_STATES), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Float(), nullable=False)
            for name in (
                "order_before",
                "order_after",
                "lift",
                "lift_low",
                "lift_high",
                "calibration_before",
                "calibration_after",
            )
        ),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        *_decided(),
        sa.CheckConstraint(
            "lift > 0 AND lift_low <= lift AND lift <= lift_high",
            name=op.f("ck_weight_proposals_has_a_lift"),
        ),
        sa.CheckConstraint(
            "decisions = accepted + rejected", name=op.f("ck_weight_proposals_decisions_add_up")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR decision_note <> ''",
            name=op.f("ck_weight_proposals_refusals_say_why"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'lapsed') OR decided_at IS NOT NULL",
            name=op.f("ck_weight_proposals_decided_by_somebody"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_proposals")),
        sa.UniqueConstraint("version", name=op.f("uq_weight_proposals_version")),
    )
    for state in ("adopted", "proposed"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_weight_proposals_{state}",
            "weight_proposals",
            ["state"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        "office_rules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("pattern", sa.String(length=160), nullable=False),
        sa.Column("state", _enum("officerulestate", _RULE_STATES), nullable=False),
        sa.Column("severity", _enum("ruleseverity", ("warn", "block")), nullable=True),
        sa.Column("quantity", sa.String(length=20), nullable=False),
        sa.Column("above", sa.Integer(), nullable=True),
        sa.Column("below", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("outlet", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("support", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("usual_percent", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("seen_in", sa.JSON(), nullable=False),
        *_decided(),
        sa.CheckConstraint(
            "state <> 'adopted' OR severity IS NOT NULL",
            name=op.f("ck_office_rules_adopted_does_something"),
        ),
        sa.CheckConstraint(
            "state <> 'dismissed' OR decision_note <> ''",
            name=op.f("ck_office_rules_dismissals_say_why"),
        ),
        sa.CheckConstraint("rejected <= support", name=op.f("ck_office_rules_rejected_of_support")),
        sa.CheckConstraint(
            "above IS NULL OR below IS NULL", name=op.f("ck_office_rules_one_bound")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_rules")),
        sa.UniqueConstraint("pattern", name=op.f("uq_office_rules_pattern")),
    )


def downgrade() -> None:
    op.drop_table("office_rules")
    op.drop_table("weight_proposals")
    op.drop_column("engine_versions", "rules")
