"""two levels of office: who has a case, visits on site, and where a business lay before"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "business_moves",
        sa.Column("id", _ID, nullable=False),
        sa.Column("business_id", _ID, nullable=False),
        sa.Column("from_code", sa.String(length=5), nullable=False),
        sa.Column("to_code", sa.String(length=5), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("from_code <> to_code", name=op.f("ck_business_moves_goes_somewhere")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_business_moves_business_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["from_code"], ["regions.code"], name=op.f("fk_business_moves_from_code_regions")
        ),
        sa.ForeignKeyConstraint(
            ["to_code"], ["regions.code"], name=op.f("fk_business_moves_to_code_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_moves")),
    )
    op.create_index("ix_business_moves_business", "business_moves", ["business_id", "at"])
    op.create_table(
        "site_visits",
        sa.Column("id", _ID, nullable=False),
        sa.Column("business_id", _ID, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column(
            "finding",
            sa.Enum(
                "as_registered",
                "differs",
                "not_there",
                name="visitfinding",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("found", sa.String(length=2000), nullable=False),
        sa.Column("office_id", _ID, nullable=True),
        sa.Column("officer_id", sa.BigInteger(), nullable=True),
        sa.Column("officer_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("found <> ''", name=op.f("ck_site_visits_says_what_was_found")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_site_visits_business_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_site_visits_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visits")),
    )
    op.create_index("ix_site_visits_business", "site_visits", ["business_id", "visited_on"])
    op.create_table(
        "visited_papers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("visit_id", _ID, nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_visited_papers_paper_id_papers")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["site_visits.id"], name=op.f("fk_visited_papers_visit_id_site_visits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visited_papers")),
        sa.UniqueConstraint("visit_id", "paper_id", name="uq_visited_papers_visit_id_paper_id"),
    )
    op.create_index("ix_visited_papers_paper_id", "visited_papers", ["paper_id"])
    op.create_table(
        "case_holders",
        sa.Column("suggestion_id", _ID, nullable=False),
        sa.Column("office_id", _ID, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_case_holders_office_id_offices")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_case_holders_suggestion_id_suggestions"),
        ),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("pk_case_holders")),
    )
    op.create_index("ix_case_holders_office", "case_holders", ["office_id", "person_id"])


def downgrade() -> None:
    op.drop_table("case_holders")
    op.drop_table("visited_papers")
    op.drop_table("site_visits")
    op.drop_table("business_moves")
