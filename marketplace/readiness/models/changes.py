"""Changes of the rules of eligibility: drafts with their preview, and what is in force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.readiness.rules import ChangeState, RuleSeverity


class RuleChange(Stamped, Model):
    """A rule as the province wants it; adopted, it takes the place of the shipped one."""

    __tablename__ = "rule_changes"
    __table_args__ = (
        # Two officers at once: the second one meets the first one's change.
        Index(
            "uq_rule_changes_adopted",
            "code",
            unique=True,
            sqlite_where=text("state = 'adopted'"),
            postgresql_where=text("state = 'adopted'"),
        ),
        CheckConstraint("reason <> ''", name="says_why"),
        CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name="validity_in_order",
        ),
        CheckConstraint("state = 'draft' OR decided_at IS NOT NULL", name="decided_by_somebody"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    state: Mapped[ChangeState] = mapped_column(enum_column(ChangeState), default=ChangeState.DRAFT)
    severity: Mapped[RuleSeverity] = mapped_column(enum_column(RuleSeverity))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(400))
    # Kinds of goods, storages and sizes of the producer it binds; empty lists bind everyone.
    applies: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What it would do to the pairings of the day it was tried; None until that is computed.
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    previewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    written_by_id: Mapped[int | None] = mapped_column(BigInteger)
    written_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
