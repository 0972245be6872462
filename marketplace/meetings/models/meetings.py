"""A wish to meet with both answers, and the meeting it became."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.businesses.models import Business
from marketplace.infra.db import Id, Model, Stamped, UtcDateTime, enum_column
from marketplace.meetings.models.events import MeetingEvent
from marketplace.meetings.rules import (
    LIVE_MEETINGS,
    LIVE_REQUESTS,
    DeclineReason,
    MeetingState,
    MeetingWay,
    NoShow,
    RequestedBy,
    RequestState,
    Side,
)
from marketplace.suggestions.models import Suggestion


def _one_live(name: str, *columns: str, states: frozenset[MeetingState | RequestState]) -> Index:
    """At most one live row: what two officers at once cannot both do."""
    where = text(f"state IN ({', '.join(repr(state.value) for state in sorted(states))})")
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class MeetingRequest(Stamped, Model):
    """Two who should meet: at an event, or, without one, at the time it proposes."""

    __tablename__ = "meeting_requests"
    __table_args__ = (
        _one_live(
            "uq_meeting_requests_pair",
            "event_id",
            "producer_id",
            "buyer_id",
            states=LIVE_REQUESTS,
        ),
        Index("ix_meeting_requests_event", "event_id", "state"),
        Index("ix_meeting_requests_producer", "producer_id", "state"),
        Index("ix_meeting_requests_buyer", "buyer_id", "state"),
        Index("ix_meeting_requests_expiry", "state", "expires_at"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 5 AND 480", name="minutes_sensible"),
        # A single meeting says when; one at an event gets its slot from the timetable.
        CheckConstraint(
            "(event_id IS NULL) = (starts_at IS NOT NULL AND minutes IS NOT NULL"
            " AND way IS NOT NULL)",
            name="single_says_when",
        ),
        # Nothing is placed without both yeses, each with its time.
        CheckConstraint(
            "state <> 'agreed' OR (producer_agreed_at IS NOT NULL AND buyer_agreed_at IS NOT NULL)",
            name="agreed_by_both",
        ),
        CheckConstraint(
            "state <> 'declined' OR (declined_by IS NOT NULL AND declined_at IS NOT NULL"
            " AND decline_reason IS NOT NULL)",
            name="declined_says_why",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_events.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestions.id"), index=True)
    # The contact at a stall it follows.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"), index=True)
    # The producer's kabupaten/kota: whose area the case belongs to.
    area_code: Mapped[str] = mapped_column(String(5), index=True)
    state: Mapped[RequestState] = mapped_column(
        enum_column(RequestState), default=RequestState.ASKED
    )
    weight: Mapped[int] = mapped_column(default=1)
    requested_by: Mapped[RequestedBy] = mapped_column(enum_column(RequestedBy))
    requested_by_id: Mapped[int | None] = mapped_column(BigInteger)
    requested_by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(400), default="")

    # Of a single meeting only: the time is held for it until it is declined or expires.
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    minutes: Mapped[int | None]
    way: Mapped[MeetingWay | None] = mapped_column(enum_column(MeetingWay))
    place: Mapped[str] = mapped_column(String(200), default="")

    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    producer_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    buyer_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The first answer of a side that had been asked: its clock runs from `created_at`.
    first_answer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_by: Mapped[Side | None] = mapped_column(enum_column(Side))
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[DeclineReason | None] = mapped_column(enum_column(DeclineReason))
    decline_note: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[MeetingEvent | None] = relationship(lazy="raise_on_sql")
    producer: Mapped[Business] = relationship(lazy="raise_on_sql", foreign_keys=[producer_id])
    buyer: Mapped[Business] = relationship(lazy="raise_on_sql", foreign_keys=[buyer_id])
    suggestion: Mapped[Suggestion | None] = relationship(lazy="raise_on_sql")
    meetings: Mapped[list["Meeting"]] = relationship(
        back_populates="request", lazy="raise_on_sql", order_by="Meeting.id.desc()"
    )

    __mapper_args__ = {"version_id_col": version}

    def agreed_at(self, side: Side) -> datetime | None:
        return self.producer_agreed_at if side is Side.PRODUCER else self.buyer_agreed_at

    def business_id_of(self, side: Side) -> int:
        return self.producer_id if side is Side.PRODUCER else self.buyer_id


class Meeting(Stamped, Model):
    """A place on two calendars. Both sides stand here too, so that the database keeps them apart.

    A meeting that the timetable moves stays the same row; one put off to another day ends as
    `moved`, and the one that takes its place names it.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        _one_live("uq_meetings_request", "request_id", states=LIVE_MEETINGS),
        # No table holds two meetings, nobody sits in two.
        _one_live("uq_meetings_table", "event_id", "slot", "table_number", states=LIVE_MEETINGS),
        _one_live("uq_meetings_producer", "event_id", "slot", "producer_id", states=LIVE_MEETINGS),
        _one_live("uq_meetings_buyer", "event_id", "slot", "buyer_id", states=LIVE_MEETINGS),
        # Across events and single meetings too.
        _one_live("uq_meetings_producer_at", "producer_id", "starts_at", states=LIVE_MEETINGS),
        _one_live("uq_meetings_buyer_at", "buyer_id", "starts_at", states=LIVE_MEETINGS),
        Index("ix_meetings_event", "event_id", "state", "slot"),
        Index("ix_meetings_state", "state", "starts_at"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_sensible"),
        CheckConstraint(
            "(event_id IS NULL) = (slot IS NULL) AND (event_id IS NULL) = (table_number IS NULL)",
            name="event_gives_slot_and_table",
        ),
        CheckConstraint(
            "(slot IS NULL OR slot >= 0) AND (table_number IS NULL OR table_number >= 1)",
            name="slot_and_table_count",
        ),
        CheckConstraint("(state = 'no_show') = (no_show_by IS NOT NULL)", name="no_show_says_who"),
        CheckConstraint("state = 'placed' OR ended_at IS NOT NULL", name="ends_are_dated"),
        CheckConstraint(
            "moved_from_id IS NULL OR moved_from_id <> id", name="not_moved_from_itself"
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_requests.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_events.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    area_code: Mapped[str] = mapped_column(String(5), index=True)
    # From 0 in the event's grid; tables from 1.
    slot: Mapped[int | None]
    table_number: Mapped[int | None]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    way: Mapped[MeetingWay] = mapped_column(enum_column(MeetingWay), default=MeetingWay.IN_PERSON)
    place: Mapped[str] = mapped_column(String(200), default="")
    # The planner leaves it where it is.
    is_locked: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MeetingState] = mapped_column(
        enum_column(MeetingState), default=MeetingState.PLACED
    )
    no_show_by: Mapped[NoShow | None] = mapped_column(enum_column(NoShow))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_name: Mapped[str] = mapped_column(String(200), default="")
    end_reason: Mapped[str] = mapped_column(String(400), default="")
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[MeetingRequest] = relationship(back_populates="meetings", lazy="raise_on_sql")
    event: Mapped[MeetingEvent | None] = relationship(lazy="raise_on_sql")
    producer: Mapped[Business] = relationship(lazy="raise_on_sql", foreign_keys=[producer_id])
    buyer: Mapped[Business] = relationship(lazy="raise_on_sql", foreign_keys=[buyer_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
