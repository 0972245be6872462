"""A person's part of temu bisnis."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from marketplace.infra.db import session
from marketplace.meetings.models import Meeting, MeetingRequest, NextStep, Participant, Sample


def participants_of(business_ids: Collection[int]) -> Sequence[Participant]:
    return session.scalars(
        select(Participant)
        .where(Participant.business_id.in_(business_ids))
        .order_by(Participant.id)
        .options(joinedload(Participant.event))
    ).all()


def requests_of(business_ids: Collection[int]) -> Sequence[MeetingRequest]:
    return session.scalars(
        select(MeetingRequest)
        .where(
            or_(
                MeetingRequest.producer_id.in_(business_ids),
                MeetingRequest.buyer_id.in_(business_ids),
            )
        )
        .order_by(MeetingRequest.id)
    ).all()


def meetings_of(business_ids: Collection[int]) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting)
        .where(or_(Meeting.producer_id.in_(business_ids), Meeting.buyer_id.in_(business_ids)))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def own_steps_of(business_ids: Collection[int]) -> Sequence[NextStep]:
    """Next steps of these businesses' meetings, whoever does them."""
    return session.scalars(
        select(NextStep)
        .join(NextStep.meeting)
        .where(or_(Meeting.producer_id.in_(business_ids), Meeting.buyer_id.in_(business_ids)))
        .order_by(NextStep.id)
    ).all()


def own_samples_of(business_ids: Collection[int]) -> Sequence[Sample]:
    """Samples these businesses promised or were promised."""
    return session.scalars(
        select(Sample)
        .join(Sample.meeting)
        .where(or_(Meeting.producer_id.in_(business_ids), Meeting.buyer_id.in_(business_ids)))
        .order_by(Sample.id)
    ).all()
