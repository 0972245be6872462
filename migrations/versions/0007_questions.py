"""questions about products and needs, each with its one answer"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATES = ("asked", "answered", "withdrawn", "hidden")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=True),
        sa.Column("need_id", _ID, nullable=True),
        sa.Column("area_code", sa.String(length=5), nullable=False),
        sa.Column("asker_id", _ID, nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("state", _enum("questionstate", _STATES), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", _enum("answeredby", ("owner", "office")), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=400), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.BigInteger(), nullable=True),
        sa.Column("hidden_by_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(product_id IS NULL) <> (need_id IS NULL)", name=op.f("ck_questions_about_one_thing")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_questions_asks_something")),
        sa.CheckConstraint(
            "(answered_at IS NULL AND answered_by IS NULL AND answer = '')"
            " OR (answered_at IS NOT NULL AND answered_by IS NOT NULL AND answer <> '')",
            name=op.f("ck_questions_answer_is_whole"),
        ),
        sa.CheckConstraint(
            "state = 'hidden' OR (state = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_questions_answered_has_an_answer"),
        ),
        sa.CheckConstraint(
            "(state = 'hidden') = (hidden_reason <> '' AND hidden_at IS NOT NULL)",
            name=op.f("ck_questions_hidden_says_why"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_questions_{column}_{table}")
            )
            for column, table in (
                ("product_id", "products"),
                ("need_id", "needs"),
                ("asker_id", "businesses"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    for name, column in (
        ("product", "product_id"),
        ("need", "need_id"),
        ("asker", "asker_id"),
        ("area", "area_code"),
    ):
        op.create_index(f"ix_questions_{name}", "questions", [column, "state"])


def downgrade() -> None:
    op.drop_table("questions")
