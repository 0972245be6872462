"""People, the offices they work for, how they sign in."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.rules import OfficeLevel, OfficeRole, PersonState, RequestKind
from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column


class Office(Stamped, Model):
    """An office answers for a region; offices are a tree, so another province is data."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[OfficeLevel] = mapped_column(enum_column(OfficeLevel))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    phone: Mapped[str] = mapped_column(String(20), default="")


class Person(Stamped, Model):
    __tablename__ = "people"
    __table_args__ = (
        # Somebody without a number and without an address could never sign in again.
        CheckConstraint("phone IS NOT NULL OR email IS NOT NULL", name="reachable"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    full_name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(200), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[PersonState] = mapped_column(
        enum_column(PersonState), default=PersonState.INVITED
    )
    locale: Mapped[str] = mapped_column(String(2), default="id")
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consent_version: Mapped[str | None] = mapped_column(String(16))
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    office_roles: Mapped[list["OfficeMembership"]] = relationship(
        back_populates="person", lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}


class OfficeMembership(Model):
    __tablename__ = "office_memberships"
    __table_args__ = (UniqueConstraint("person_id", "office_id", "role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    role: Mapped[OfficeRole] = mapped_column(enum_column(OfficeRole))

    person: Mapped[Person] = relationship(back_populates="office_roles", lazy="raise_on_sql")
    office: Mapped[Office] = relationship(lazy="raise_on_sql")


class ActivationCode(Model):
    """A one-time code an office hands out: for the first entry and for every reset."""

    __tablename__ = "activation_codes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class SignInSession(Model):
    """One device signed in. The cookie holds the token, the row only its hash; sign-out ends it."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (Index("ix_sign_in_sessions_person", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(120), default="")
    # The business this session acts for (a person of several businesses, or an officer helping).
    acting_for_id: Mapped[int | None] = mapped_column(BigInteger)


class SignInAttempt(Model):
    """Counted in the database, so that the limit holds over all web processes."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class DataRequest(Model):
    """What a person asked about their data, and what the office did: the 72-hour clock runs."""

    __tablename__ = "data_requests"
    __table_args__ = (
        Index("ix_data_requests_open", "done_at", "due_at"),
        # What was done always names who did it.
        CheckConstraint("done_at IS NULL OR done_by_name <> ''", name="answers_are_signed"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind))
    note: Mapped[str] = mapped_column(String(400), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(BigInteger)
    done_by_name: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[str] = mapped_column(String(400), default="")

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
