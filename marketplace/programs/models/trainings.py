"""A training with its sessions, who signed up, who was there, certificates and follow-ups."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.programs.models.programs import Program
from marketplace.programs.rules.outcomes import Answer
from marketplace.programs.rules.trainings import PASS_PERCENT, SignUpState, SignUpWay


class Training(Model):
    """What a programme of the kind `training` has besides (one row each)."""

    __tablename__ = "trainings"
    __table_args__ = (
        CheckConstraint("seats >= 1", name="at_least_one_seat"),
        # The last line against more people than chairs: the guard decides, the database holds.
        CheckConstraint("taken >= 0 AND taken <= seats", name="seats_hold"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="share_is_percent"),
    )

    program_id: Mapped[int] = mapped_column(
        ForeignKey("programs.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(String(200))
    # Codes of rules/unlocks.py: `paper:pirt`, `category:cokelat`, `skill:craft`.
    unlocks: Mapped[list[str]] = mapped_column(JSON, default=list)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    # Counts every sign-up and every certificate: their order is the order of these numbers.
    last_turn: Mapped[int] = mapped_column(default=0)
    last_certificate: Mapped[int] = mapped_column(default=0)
    sign_up_until: Mapped[date]
    pass_percent: Mapped[int] = mapped_column(default=PASS_PERCENT)

    program: Mapped[Program] = relationship(lazy="raise_on_sql")
    sessions: Mapped[list["TrainingSession"]] = relationship(
        lazy="raise_on_sql",
        order_by="TrainingSession.held_on, TrainingSession.starts",
        cascade="all, delete-orphan",
    )

    @property
    def free(self) -> int:
        return self.seats - self.taken


class TrainingSession(Model):
    """Minutes after midnight, Western Indonesian Time; no place of its own is the training's."""

    __tablename__ = "training_sessions"
    __table_args__ = (
        Index("ix_training_sessions_program", "program_id", "held_on"),
        CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="session_in_order"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("trainings.program_id", ondelete="CASCADE"))
    held_on: Mapped[date]
    starts: Mapped[int]
    ends: Mapped[int]
    place: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[str] = mapped_column(String(200), default="")


class SignUp(Stamped, Model):
    """A person at a training; `turn` is their place in the order of signing up."""

    __tablename__ = "training_sign_ups"
    __table_args__ = (
        # One number is one person: a second sign-up with it finds the first.
        UniqueConstraint("program_id", "phone"),
        Index("ix_training_sign_ups_program_state", "program_id", "state", "turn"),
        Index("ix_training_sign_ups_business", "business_id"),
        Index("ix_training_sign_ups_phone", "phone"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("trainings.program_id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    # The entry of the register, and before there is one what they call their business.
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    business_name: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[SignUpState] = mapped_column(enum_column(SignUpState))
    way: Mapped[SignUpWay] = mapped_column(enum_column(SignUpWay))
    turn: Mapped[int] = mapped_column(default=0)
    # Why they were invited, in words for the letter ("the halal certificate is missing").
    why: Mapped[str] = mapped_column(String(400), default="")
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consent_version: Mapped[str] = mapped_column(String(16), default="")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    training: Mapped[Training] = relationship(lazy="raise_on_sql")
    business: Mapped[Business | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}


class Attendance(Model):
    """Somebody was at a session: the row is the fact; taken back it is gone, the trail keeps it."""

    __tablename__ = "training_attendance"
    __table_args__ = (UniqueConstraint("session_id", "sign_up_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id"))
    sign_up_id: Mapped[int] = mapped_column(
        ForeignKey("training_sign_ups.id", ondelete="CASCADE"), index=True
    )
    # `code`: opened on their own phone; `press` and `list`: by an officer.
    way: Mapped[str] = mapped_column(String(10))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    noted_by_name: Mapped[str] = mapped_column(String(200), default="")


class Certificate(Model):
    """What was issued stays as it was printed; a wrong one is revoked and issued anew."""

    __tablename__ = "training_certificates"
    __table_args__ = (
        UniqueConstraint("program_id", "serial"),
        # One that holds per person; revoked ones stay beside it.
        Index(
            "uq_training_certificates_live",
            "sign_up_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("revoked_at IS NULL OR revoke_reason <> ''", name="revoked_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("trainings.program_id"))
    sign_up_id: Mapped[int] = mapped_column(
        ForeignKey("training_sign_ups.id", ondelete="CASCADE"), index=True
    )
    serial: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    attended: Mapped[int]
    sessions: Mapped[int]
    issued_on: Mapped[date]
    issued_by_name: Mapped[str] = mapped_column(String(200), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_name: Mapped[str] = mapped_column(String(200), default="")
    revoke_reason: Mapped[str] = mapped_column(String(400), default="")

    sign_up: Mapped[SignUp] = relationship(lazy="raise_on_sql")
    training: Mapped[Training] = relationship(lazy="raise_on_sql")

    @property
    def number(self) -> str:
        return f"TG-S-{self.program_id}-{self.serial:03}"


class FollowUp(Model):
    """The call 3, 6 and 12 months after: due from a day on, done with what was said."""

    __tablename__ = "training_follow_ups"
    __table_args__ = (
        UniqueConstraint("sign_up_id", "months"),
        Index("ix_training_follow_ups_open", "done_at", "due_on"),
        CheckConstraint("months IN (3, 6, 12)", name="known_horizon"),
        CheckConstraint(
            "done_at IS NULL OR (answer IS NOT NULL AND done_by_name <> '')", name="done_is_signed"
        ),
        # "Said by phone" counts with the day it is said for, never without.
        CheckConstraint("answer <> 'started' OR started_on IS NOT NULL", name="start_is_dated"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("training_sign_ups.id", ondelete="CASCADE"))
    months: Mapped[int]
    due_on: Mapped[date]
    answer: Mapped[Answer | None] = mapped_column(enum_column(Answer))
    started_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(BigInteger)
    done_by_name: Mapped[str] = mapped_column(String(200), default="")

    sign_up: Mapped[SignUp] = relationship(lazy="raise_on_sql")
