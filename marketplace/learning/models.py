"""What the decisions taught: proposed weights with their basis, and draft rules of the office."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.learning.rules import OfficeRuleState, ProposalState, RuleSeverity


def _only_one(state: ProposalState) -> Index:
    """At most one row in this state: the database decides between two officers at once."""
    where = text(f"state = '{state.value}'")
    return Index(
        f"uq_weight_proposals_{state.value}",
        "state",
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


class WeightProposal(Stamped, Model):
    """A set of weights with what it was measured on; adopted, it makes the engine's settings."""

    __tablename__ = "weight_proposals"
    __table_args__ = (
        _only_one(ProposalState.ADOPTED),
        _only_one(ProposalState.PROPOSED),
        # A set that orders held-back decisions no better is not put before anybody.
        CheckConstraint("lift > 0 AND lift_low <= lift AND lift <= lift_high", name="has_a_lift"),
        CheckConstraint("decisions = accepted + rejected", name="decisions_add_up"),
        CheckConstraint("state <> 'refused' OR decision_note <> ''", name="refusals_say_why"),
        CheckConstraint(
            "state IN ('proposed', 'lapsed') OR decided_at IS NOT NULL", name="decided_by_somebody"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # Counts up from 1; the settings it makes are called "<shipped>.<version>".
    version: Mapped[int] = mapped_column(unique=True)
    state: Mapped[ProposalState] = mapped_column(
        enum_column(ProposalState), default=ProposalState.PROPOSED
    )
    # {"fit": {comparison: points}, "text_percent": of the shipped text weights}
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The version it was measured against; 0 is what the engine ships with.
    against: Mapped[int]
    # [{"component", "before", "after", "percent"}], and pairings that would change places.
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    examples: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decisions: Mapped[int]
    accepted: Mapped[int]
    rejected: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    # Shares of (accepted, rejected) pairs in the right order, on decisions held back.
    order_before: Mapped[float] = mapped_column(Float)
    order_after: Mapped[float] = mapped_column(Float)
    lift: Mapped[float] = mapped_column(Float)
    lift_low: Mapped[float] = mapped_column(Float)
    lift_high: Mapped[float] = mapped_column(Float)
    calibration_before: Mapped[float] = mapped_column(Float)
    calibration_after: Mapped[float] = mapped_column(Float)
    # The job that found it; jobs are forgotten, the number stays.
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(String(400), default="")
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class OfficeRule(Stamped, Model):
    """A limit seen in the decisions; adopted, it is a rule of the engine like any other."""

    __tablename__ = "office_rules"
    __table_args__ = (
        CheckConstraint(
            "state <> 'adopted' OR severity IS NOT NULL", name="adopted_does_something"
        ),
        CheckConstraint("state <> 'dismissed' OR decision_note <> ''", name="dismissals_say_why"),
        CheckConstraint("rejected <= support", name="rejected_of_support"),
        CheckConstraint("above IS NULL OR below IS NULL", name="one_bound"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # Quantity and scope: of each there is one row, so what was dismissed is not drafted again.
    pattern: Mapped[str] = mapped_column(String(160), unique=True)
    state: Mapped[OfficeRuleState] = mapped_column(
        enum_column(OfficeRuleState), default=OfficeRuleState.DRAFT
    )
    severity: Mapped[RuleSeverity | None] = mapped_column(enum_column(RuleSeverity))
    quantity: Mapped[str] = mapped_column(String(20))
    above: Mapped[int | None]
    below: Mapped[int | None]
    category: Mapped[str] = mapped_column(String(40), default="")
    outlet: Mapped[str] = mapped_column(String(40), default="")
    zone: Mapped[str] = mapped_column(String(40), default="")
    support: Mapped[int]
    rejected: Mapped[int]
    usual_percent: Mapped[int]
    reasons: Mapped[dict[str, int]] = mapped_column(JSON)
    # Numbers of the suggestions it was seen in.
    seen_in: Mapped[list[int]] = mapped_column(JSON)
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(String(400), default="")
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}
