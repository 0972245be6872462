"""An event with its days, who is invited, who must or must not meet, and what was planned."""

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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Office
from marketplace.businesses.models import Business
from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.meetings.rules import (
    Break,
    Day,
    EventKind,
    EventState,
    Grid,
    PairWish,
    ParticipantState,
    RunKind,
    Side,
    grid_of,
)


class MeetingEvent(Stamped, Model):
    """A temu bisnis: at an expo, or the office's own half day."""

    __tablename__ = "meeting_events"
    __table_args__ = (
        Index("ix_meeting_events_state", "state", "id"),
        CheckConstraint("slot_minutes IN (15, 20, 30)", name="slots_of_known_length"),
        CheckConstraint("tables >= 1", name="at_least_one_table"),
        CheckConstraint("spare_tables >= 0", name="spare_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind))
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    place: Mapped[str] = mapped_column(String(200))
    slot_minutes: Mapped[int]
    # Tables are numbered from 1; the spare ones come after, for walk-ins and meetings by hand.
    tables: Mapped[int]
    spare_tables: Mapped[int] = mapped_column(default=0)
    state: Mapped[EventState] = mapped_column(enum_column(EventState), default=EventState.DRAFT)
    note: Mapped[str] = mapped_column(String(1000), default="")
    # From then on everybody was told their meetings, and each change is told too.
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_name: Mapped[str] = mapped_column(String(200), default="")
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship(lazy="raise_on_sql")
    days: Mapped[list["EventDay"]] = relationship(
        lazy="raise_on_sql", order_by="EventDay.day_on", cascade="all, delete-orphan"
    )
    breaks: Mapped[list["EventBreak"]] = relationship(
        lazy="raise_on_sql", order_by="EventBreak.starts", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    def grid(self) -> Grid:
        """Its slots; needs `days` and `breaks` loaded."""
        return grid_of(
            [Day(day.day_on, day.starts, day.ends) for day in self.days],
            [Break(pause.starts, pause.ends) for pause in self.breaks],
            self.slot_minutes,
        )

    @property
    def all_tables(self) -> int:
        return self.tables + self.spare_tables


class EventDay(Model):
    """Minutes after midnight, Western Indonesian Time."""

    __tablename__ = "event_days"
    __table_args__ = (
        UniqueConstraint("event_id", "day_on"),
        CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="day_in_order"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("meeting_events.id", ondelete="CASCADE"))
    day_on: Mapped[date]
    starts: Mapped[int]
    ends: Mapped[int]


class EventBreak(Model):
    """A break on every day of the event."""

    __tablename__ = "event_breaks"
    __table_args__ = (
        CheckConstraint("0 <= starts AND starts < ends AND ends <= 1440", name="break_in_order"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_events.id", ondelete="CASCADE"), index=True
    )
    starts: Mapped[int]
    ends: Mapped[int]


class Participant(Stamped, Model):
    """A business at an event, with the person who comes for it."""

    __tablename__ = "event_participants"
    __table_args__ = (
        # One chair per business and event.
        UniqueConstraint("event_id", "business_id"),
        Index("ix_event_participants_business", "business_id", "event_id"),
        CheckConstraint("max_meetings IS NULL OR max_meetings >= 1", name="limit_leaves_one"),
        # A yes and a no have their time; walk-ins are there.
        CheckConstraint(
            "state IN ('invited', 'walk_in') OR answered_at IS NOT NULL", name="answers_are_dated"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("meeting_events.id", ondelete="CASCADE"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    side: Mapped[Side] = mapped_column(enum_column(Side))
    state: Mapped[ParticipantState] = mapped_column(
        enum_column(ParticipantState), default=ParticipantState.INVITED
    )
    person_name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    # Numbers of the slots they can come in; None: in all of them.
    available: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    max_meetings: Mapped[int | None]
    decline_note: Mapped[str] = mapped_column(String(400), default="")
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_by_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[MeetingEvent] = relationship(lazy="raise_on_sql")
    business: Mapped[Business] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    def slots(self, grid: Grid) -> frozenset[int]:
        """When they can come at all, in this grid; nobody who said no can."""
        if self.state is ParticipantState.DECLINED:
            return frozenset()
        return grid.numbers if self.available is None else grid.numbers & set(self.available)


class PairRule(Model):
    """Two participants who must meet, or must not."""

    __tablename__ = "pair_rules"
    __table_args__ = (UniqueConstraint("producer_participant_id", "buyer_participant_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_events.id", ondelete="CASCADE"), index=True
    )
    producer_participant_id: Mapped[int] = mapped_column(
        ForeignKey("event_participants.id", ondelete="CASCADE")
    )
    buyer_participant_id: Mapped[int] = mapped_column(
        ForeignKey("event_participants.id", ondelete="CASCADE")
    )
    wish: Mapped[PairWish] = mapped_column(enum_column(PairWish))
    reason: Mapped[str] = mapped_column(String(400), default="")
    set_by_name: Mapped[str] = mapped_column(String(200), default="")
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    producer: Mapped[Participant] = relationship(
        lazy="raise_on_sql", foreign_keys=[producer_participant_id]
    )
    buyer: Mapped[Participant] = relationship(
        lazy="raise_on_sql", foreign_keys=[buyer_participant_id]
    )


class TimetableRun(Model):
    """One press of the button: what came out, how far from the bound, and who has no place why."""

    __tablename__ = "timetable_runs"
    __table_args__ = (
        Index("ix_timetable_runs_event", "event_id", "id"),
        CheckConstraint("0 <= objective AND objective <= bound", name="bound_is_above"),
        CheckConstraint("idle_slots >= 0 AND placed >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("meeting_events.id", ondelete="CASCADE"))
    kind: Mapped[RunKind] = mapped_column(enum_column(RunKind))
    # Weight of all meetings on the timetable, and what no timetable can exceed.
    objective: Mapped[int] = mapped_column(BigInteger)
    bound: Mapped[int] = mapped_column(BigInteger)
    idle_slots: Mapped[int]
    placed: Mapped[int]
    # [{"request": id, "code", "params", "would": [...]}]: evidence as it was then.
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # [{"meeting": id, "request": id, "from": [slot, table] | None, "to": [slot, table] | None}]
    changed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    made_by_id: Mapped[int | None] = mapped_column(BigInteger)
    made_by_name: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
