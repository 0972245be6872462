"""What the engine suggested, on what grounds, what the office decided and what both sides said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Office
from marketplace.catalog.models import Product
from marketplace.core.clock import now
from marketplace.demand.models import Need
from marketplace.infra.db import Id, Model, Rupiah, Stamped, UtcDateTime, enum_column
from marketplace.suggestions.rules import (
    DeclineReason,
    ExposurePeriod,
    IntroductionState,
    RejectReason,
    RemarkKind,
    RequestedBy,
    ShardState,
    Side,
    SuggestionState,
)


class EngineVersion(Model):
    """Frozen settings and office rules under which suggestions were computed (replay)."""

    __tablename__ = "engine_versions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    engine: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Rules the office had made by then, as the engine takes them; those of law are the engine's.
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


# The few that lists pick out of all of them; the queries say it in the same words.
SOME = {
    "forwarded": "forwarded_at IS NOT NULL",
    "overridden": "override_reason <> ''",
}


def _some(name: str, where: str) -> Index:
    place, only = ("state", "area_code"), text(where)
    return Index(f"ix_suggestions_{name}", *place, sqlite_where=only, postgresql_where=only)


class Suggestion(Stamped, Model):
    """One product for one need, with the evidence it was (or is to be) decided on."""

    __tablename__ = "suggestions"
    __table_args__ = (
        # A pairing is decided once; its history is in the audit trail.
        UniqueConstraint("product_id", "need_id"),
        # Lists and sums read these alone: evidence and inputs make the rows themselves wide.
        Index(
            "ix_suggestions_queue",
            *("state", "area_code", "requested_by", "score", "id"),
            *("is_eligible", "money_per_month", "product_id", "created_at"),
        ),
        Index("ix_suggestions_decided", "state", "decided_at", "id", "product_id", "area_code"),
        Index("ix_suggestions_product", "product_id", "created_at"),
        Index("ix_suggestions_need", "need_id", "state"),
        *(_some(name, where) for name, where in SOME.items()),
        CheckConstraint(
            "state <> 'rejected' OR reject_reason IS NOT NULL", name="rejections_say_why"
        ),
        CheckConstraint(
            "state <> 'postponed' OR postponed_until IS NOT NULL", name="postponed_until_a_day"
        ),
        # An excluded pair reaches a decision only with a reason that is shown for ever.
        CheckConstraint(
            "is_eligible OR state <> 'accepted' OR override_reason <> ''",
            name="overrides_say_why",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    need_id: Mapped[int] = mapped_column(ForeignKey("needs.id"))
    # The producer's kabupaten/kota: whose area the case belongs to.
    area_code: Mapped[str] = mapped_column(String(5), index=True)
    state: Mapped[SuggestionState] = mapped_column(
        enum_column(SuggestionState), default=SuggestionState.PROPOSED
    )
    is_eligible: Mapped[bool]
    # True where a rule of law excludes it: no override exists for that.
    is_legally_blocked: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int]
    confidence: Mapped[float] = mapped_column(Float)
    volume_per_month: Mapped[int | None] = mapped_column(Rupiah)
    money_per_month: Mapped[int | None] = mapped_column(Rupiah)
    lines_passing: Mapped[int] = mapped_column(default=0)
    lines_total: Mapped[int] = mapped_column(default=0)
    # The pairing as the engine saw it (points, verdicts, lines) and the inputs it saw.
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    engine_version_id: Mapped[int] = mapped_column(ForeignKey("engine_versions.id"))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    requested_by: Mapped[RequestedBy] = mapped_column(
        enum_column(RequestedBy), default=RequestedBy.ENGINE
    )
    requested_by_id: Mapped[int | None] = mapped_column(BigInteger)
    requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_note: Mapped[str] = mapped_column(String(400), default="")

    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reject_reason: Mapped[RejectReason | None] = mapped_column(enum_column(RejectReason))
    decision_note: Mapped[str] = mapped_column(String(400), default="")
    postponed_until: Mapped[date | None]
    override_reason: Mapped[str] = mapped_column(String(400), default="")
    overridden_by_name: Mapped[str] = mapped_column(String(200), default="")
    overridden_rules: Mapped[str] = mapped_column(String(200), default="")
    # A kabupaten/kota asks the province to look at the case.
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_by_name: Mapped[str] = mapped_column(String(200), default="")
    # When it took one of the producer's places of the period (exposure); None where it took none.
    slot_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why cap or floor moved it, with the figures of then (rules.ExposureReason); None: its rank.
    exposure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    need: Mapped[Need] = relationship(lazy="raise_on_sql")
    introductions: Mapped[list["Introduction"]] = relationship(
        back_populates="suggestion", lazy="raise_on_sql", order_by="Introduction.id.desc()"
    )

    @property
    def introduction(self) -> "Introduction | None":
        """The one that counts: the newest that was not taken back."""
        return next(
            (each for each in self.introductions if each.state is not IntroductionState.UNDONE),
            None,
        )

    __mapper_args__ = {"version_id_col": version}


class Introduction(Stamped, Model):
    """An accepted pairing on its way to both sides' yes."""

    __tablename__ = "introductions"
    __table_args__ = (
        Index("ix_introductions_state", "state", "expires_at"),
        Index("ix_introductions_suggestion", "suggestion_id"),
        # Contacts open only after two agreements, each with its time.
        CheckConstraint(
            "state <> 'agreed' OR (producer_agreed_at IS NOT NULL AND buyer_agreed_at IS NOT NULL)",
            name="agreed_by_both",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id"))
    state: Mapped[IntroductionState] = mapped_column(
        enum_column(IntroductionState), default=IntroductionState.SENT
    )
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    producer_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    buyer_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_by: Mapped[Side | None] = mapped_column(enum_column(Side))
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[DeclineReason | None] = mapped_column(enum_column(DeclineReason))
    decline_note: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    suggestion: Mapped[Suggestion] = relationship(
        back_populates="introductions", lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}


class Remark(Model):
    """A word of an officer on a suggestion: a comment, or the forwarding by a kabupaten/kota."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id"), index=True)
    kind: Mapped[RemarkKind] = mapped_column(enum_column(RemarkKind))
    text: Mapped[str] = mapped_column(String(1000), default="")
    person_id: Mapped[int] = mapped_column(BigInteger)
    person_name: Mapped[str] = mapped_column(String(200))
    office_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class CaseHolder(Model):
    """Who has a case: an office and, once somebody took it, a person of it.

    A case without a row is the province's, which decides, and nobody's in particular. `since_at`
    starts the clock of how long it waits at whom; a hand-over starts it anew.
    """

    __tablename__ = "case_holders"
    __table_args__ = (Index("ix_case_holders_office", "office_id", "person_id"),)

    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    person_name: Mapped[str] = mapped_column(String(200), default="")
    since_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class SuggestionRun(Model):
    """One computation of the suggestions of every open need, cut into shards."""

    __tablename__ = "suggestion_runs"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # Whoever begins a run of a name that is there goes on with it: nothing is computed twice.
    name: Mapped[str] = mapped_column(String(60), unique=True)
    # The day and the settings hold for all shards, also for those computed after midnight.
    day: Mapped[date]
    engine_version_id: Mapped[int] = mapped_column(ForeignKey("engine_versions.id"))
    # Products changed after this change are read again before what is said of them is stored.
    watermark: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SuggestionShard(Model):
    """The open needs of outlets in one kabupaten/kota that one branch of the categories answers."""

    __tablename__ = "suggestion_shards"
    __table_args__ = (
        # A need lies in one shard of a run, so that no shard waits for another.
        UniqueConstraint("run_id", "region_code", "branch", "first_need_id"),
        Index("ix_suggestion_shards_free", "run_id", "state", "branch"),
        CheckConstraint("first_need_id <= last_need_id", name="needs_in_order"),
        # Who works on it says how long; a lease that ran out is taken over.
        CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL AND holder IS NOT NULL)",
            name="running_has_a_lease",
        ),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="done_says_when"),
        CheckConstraint("state <> 'failed' OR message <> ''", name="failed_says_why"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("suggestion_runs.id", ondelete="CASCADE"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    # The top of a branch of the category tree; "" for needs that any branch may answer.
    branch: Mapped[str] = mapped_column(String(40))
    first_need_id: Mapped[int] = mapped_column(BigInteger)
    last_need_id: Mapped[int] = mapped_column(BigInteger)
    needs: Mapped[int]
    state: Mapped[ShardState] = mapped_column(enum_column(ShardState), default=ShardState.WAITING)
    holder: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Each try has a number: only the last one may write, however long another one slept.
    attempts: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    message: Mapped[str] = mapped_column(String(200), default="")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExposureRule(Model):
    """How many new suggestions a producer may take and should get in a period; one is in force."""

    __tablename__ = "exposure_rules"
    __table_args__ = (
        # Two officers at once: the second one meets the first one's rule, not a rule beside it.
        Index(
            "uq_exposure_rules_in_force",
            "is_in_force",
            unique=True,
            sqlite_where=text("is_in_force"),
            postgresql_where=text("is_in_force"),
        ),
        CheckConstraint("cap IS NULL OR cap >= 1", name="cap_leaves_one"),
        CheckConstraint("floor >= 0 AND (cap IS NULL OR floor <= cap)", name="floor_below_cap"),
        CheckConstraint("min_percent BETWEEN 0 AND 100", name="confidence_is_percent"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    period: Mapped[ExposurePeriod] = mapped_column(enum_column(ExposurePeriod))
    cap: Mapped[int | None]
    floor: Mapped[int] = mapped_column(default=0)
    # The floor raises only pairs the engine is at least this sure of.
    min_percent: Mapped[int] = mapped_column(default=0)
    is_in_force: Mapped[bool] = mapped_column(default=True)
    set_by_id: Mapped[int | None] = mapped_column(BigInteger)
    set_by_name: Mapped[str] = mapped_column(String(200), default="")
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Exposure(Model):
    """How many new suggestions a producer took in a period: the ledger the cap is guarded by.

    Kept for the month (`2026-11`) and the quarter (`2026-Q4`), whatever is in force, so that a cap
    set in the middle of a period knows what was taken before.
    """

    __tablename__ = "exposures"
    __table_args__ = (
        UniqueConstraint("business_id", "period"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    period: Mapped[str] = mapped_column(String(8))
    taken: Mapped[int] = mapped_column(default=0)
