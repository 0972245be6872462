"""Writes of the timetable that must win a race, or lose it whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from marketplace.infra.db import rows_changed, session
from marketplace.meetings.models import Meeting, MeetingRequest, NextStep, Participant
from marketplace.meetings.rules import LIVE_REQUESTS, MeetingState


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting goes: tables count from 1."""

    meeting_id: int
    slot: int
    table: int
    starts_at: datetime


def lift(meeting_ids: Collection[int], at: datetime) -> bool:
    """Take meetings off their places, so that several can change them at once.

    False where one of them is no longer placed: then nothing of the change may be kept.
    """
    changed = 0
    numbers = sorted(meeting_ids)
    for start in range(0, len(numbers), 5_000):
        changed += _changed(
            update(Meeting)
            .where(
                Meeting.id.in_(numbers[start : start + 5_000]),
                Meeting.state == MeetingState.PLACED,
            )
            .values(
                state=MeetingState.MOVED, ended_at=at, version=Meeting.version + 1, updated_at=at
            )
        )
    return changed == len(numbers)


def put(places: Sequence[Place], at: datetime) -> None:
    """Give lifted meetings their new places; a place that is taken refuses (unique rules)."""
    for place in places:
        _changed(
            update(Meeting)
            .where(Meeting.id == place.meeting_id)
            .values(
                state=MeetingState.PLACED,
                ended_at=None,
                slot=place.slot,
                table_number=place.table,
                starts_at=place.starts_at,
                updated_at=at,
            )
        )


def _changed(statement: Any) -> int:
    found = session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(found, "rowcount", 0))


# --- on the day


def arrive(participant_id: int, at: datetime, by: str) -> bool:
    """Note an arrival; of presses at once exactly one is the first."""
    return (
        _changed(
            update(Participant)
            .where(Participant.id == participant_id, Participant.arrived_at.is_(None))
            .values(
                arrived_at=at,
                arrived_by_name=by,
                version=Participant.version + 1,
                updated_at=at,
            )
        )
        == 1
    )


def chase(step_id: int, at: datetime) -> bool:
    """Take it upon oneself to remind of a step; of workers at once exactly one does."""
    return (
        _changed(
            update(NextStep)
            .where(NextStep.id == step_id, NextStep.chased_at.is_(None), NextStep.done_at.is_(None))
            .values(chased_at=at, version=NextStep.version + 1, updated_at=at)
        )
        == 1
    )


def follow_producer(business_id: int, area: str) -> int:
    """What is still to be answered or held goes along with a producer that moved."""
    moved = rows_changed(
        update(Meeting)
        .where(Meeting.producer_id == business_id, Meeting.state == MeetingState.PLACED)
        .values(area_code=area)
    )
    over = select(Meeting.request_id).where(Meeting.state != MeetingState.PLACED)
    return moved + rows_changed(
        update(MeetingRequest)
        .where(
            MeetingRequest.producer_id == business_id,
            MeetingRequest.state.in_(LIVE_REQUESTS),
            MeetingRequest.id.not_in(over),
        )
        .values(area_code=area)
    )
