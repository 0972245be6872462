"""Reads of requests to meet."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.meetings.models import MeetingEvent, MeetingRequest, Participant
from marketplace.meetings.queries.events import open_events_of
from marketplace.meetings.rules import (
    LIVE_REQUESTS,
    EventState,
    ParticipantState,
    RequestState,
    Side,
)
from marketplace.suggestions.models import Suggestion

_PARTIES = (joinedload(MeetingRequest.producer), joinedload(MeetingRequest.buyer))
_CASE = (
    *_PARTIES,
    joinedload(MeetingRequest.event).options(
        selectinload(MeetingEvent.days), selectinload(MeetingEvent.breaks)
    ),
    joinedload(MeetingRequest.suggestion).options(
        joinedload(Suggestion.product), joinedload(Suggestion.need)
    ),
    selectinload(MeetingRequest.meetings),
)


def get_request(meeting_request_id: int) -> MeetingRequest:
    """With both sides, the event, the suggestion behind it and its meetings, newest first."""
    found = session.scalar(
        select(MeetingRequest)
        .options(*_CASE)
        .where(MeetingRequest.id == meeting_request_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such request."))
    return found


def page_of_requests(
    event_id: int, number: int, *, state: RequestState | None = None, area: str = ""
) -> Page[MeetingRequest]:
    """Requests of an event, the weightiest first."""
    statement = select(MeetingRequest).options(*_PARTIES).where(MeetingRequest.event_id == event_id)
    if state is not None:
        statement = statement.where(MeetingRequest.state == state)
    if area:
        statement = statement.where(lies_in(MeetingRequest.area_code, area))
    return paged(
        statement.order_by(MeetingRequest.weight.desc(), MeetingRequest.id), number=number, size=50
    )


def count_requests(event_id: int, area: str = "") -> dict[RequestState, int]:
    statement = (
        select(MeetingRequest.state, func.count())
        .where(MeetingRequest.event_id == event_id)
        .group_by(MeetingRequest.state)
    )
    if area:
        statement = statement.where(lies_in(MeetingRequest.area_code, area))
    counts = dict.fromkeys(RequestState, 0)
    for state, count in session.execute(statement):
        counts[state] = count
    return counts


def agreed_requests(event_id: int) -> Sequence[MeetingRequest]:
    """What the timetable is made of, with all meetings each had."""
    return session.scalars(
        select(MeetingRequest)
        .options(selectinload(MeetingRequest.meetings))
        .where(MeetingRequest.event_id == event_id, MeetingRequest.state == RequestState.AGREED)
        .order_by(MeetingRequest.id)
    ).all()


def asked_requests(event_id: int) -> Sequence[MeetingRequest]:
    """What nobody has answered for good yet."""
    return session.scalars(
        select(MeetingRequest)
        .where(MeetingRequest.event_id == event_id, MeetingRequest.state == RequestState.ASKED)
        .order_by(MeetingRequest.id)
    ).all()


def find_live_request(event_id: int, producer_id: int, buyer_id: int) -> MeetingRequest | None:
    return session.scalar(
        select(MeetingRequest).where(
            MeetingRequest.event_id == event_id,
            MeetingRequest.producer_id == producer_id,
            MeetingRequest.buyer_id == buyer_id,
            MeetingRequest.state.in_(LIVE_REQUESTS),
        )
    )


def _of(business_ids: Collection[int], *, unanswered: bool = False) -> object:
    sides = [
        (MeetingRequest.producer_id, MeetingRequest.producer_agreed_at),
        (MeetingRequest.buyer_id, MeetingRequest.buyer_agreed_at),
    ]
    return or_(
        *(
            and_(column.in_(business_ids), agreed.is_(None)) if unanswered
            else column.in_(business_ids)
            for column, agreed in sides
        )
    )  # fmt: skip


def requests_of_lead(lead_id: int) -> Sequence[MeetingRequest]:
    """What was arranged to follow a contact made at a stall, with both sides, newest first."""
    return session.scalars(
        select(MeetingRequest)
        .options(*_PARTIES, joinedload(MeetingRequest.event))
        .where(MeetingRequest.lead_id == lead_id)
        .order_by(MeetingRequest.id.desc())
        .limit(20)
    ).all()


def requests_of_participant(participant: Participant) -> Sequence[MeetingRequest]:
    """Everything asked of or by one business at its event, open ones first."""
    column = (
        MeetingRequest.producer_id if participant.side is Side.PRODUCER else MeetingRequest.buyer_id
    )
    return session.scalars(
        select(MeetingRequest)
        .options(*_CASE)
        .where(MeetingRequest.event_id == participant.event_id, column == participant.business_id)
        .order_by(
            (MeetingRequest.state == RequestState.ASKED).desc(),
            MeetingRequest.weight.desc(),
            MeetingRequest.id,
        )
    ).all()


def count_waiting(participant: Participant) -> int:
    """Requests at the event that wait for this participant's answer."""
    column, agreed = (
        (MeetingRequest.producer_id, MeetingRequest.producer_agreed_at)
        if participant.side is Side.PRODUCER
        else (MeetingRequest.buyer_id, MeetingRequest.buyer_agreed_at)
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(MeetingRequest)
            .where(
                MeetingRequest.event_id == participant.event_id,
                MeetingRequest.state == RequestState.ASKED,
                column == participant.business_id,
                agreed.is_(None),
            )
        )
        or 0
    )


def page_of_own_requests(business_ids: Collection[int], number: int) -> Page[MeetingRequest]:
    """Requests of these businesses, those that wait first."""
    return paged(
        select(MeetingRequest)
        .options(*_CASE)
        .where(_of(business_ids))  # type: ignore[arg-type]
        .order_by((MeetingRequest.state == RequestState.ASKED).desc(), MeetingRequest.id.desc()),
        number=number,
    )


def count_own_to_answer(business_ids: Collection[int], moment: datetime) -> int:
    """Requests and invitations that wait for one of these businesses."""
    if not business_ids:
        return 0
    requests = session.scalar(
        select(func.count())
        .select_from(MeetingRequest)
        .where(
            MeetingRequest.state == RequestState.ASKED,
            MeetingRequest.expires_at > moment,
            _of(business_ids, unanswered=True),  # type: ignore[arg-type]
        )
    )
    chairs = open_events_of(business_ids)
    return (requests or 0) + sum(one.state is ParticipantState.INVITED for one in chairs)


def list_expired_requests(moment: datetime, limit: int = 200) -> Sequence[MeetingRequest]:
    return session.scalars(
        select(MeetingRequest)
        .where(MeetingRequest.state == RequestState.ASKED, MeetingRequest.expires_at <= moment)
        .limit(limit)
    ).all()


def list_silent(before: datetime, limit: int = 200) -> Sequence[Participant]:
    """Invited before that time to an event that takes answers; they said nothing, nobody asked."""
    return session.scalars(
        select(Participant)
        .join(Participant.event)
        .options(joinedload(Participant.business))
        .where(
            Participant.state == ParticipantState.INVITED,
            Participant.reminded_at.is_(None),
            Participant.invited_at <= before,
            MeetingEvent.state == EventState.OPEN,
        )
        .limit(limit)
    ).all()


def list_to_remind(
    moment: datetime, before: datetime, limit: int = 200
) -> Sequence[MeetingRequest]:
    """Requests still open at `moment` that end before `before` and were not reminded of."""
    return session.scalars(
        select(MeetingRequest)
        .outerjoin(MeetingRequest.event)
        .options(*_CASE)
        .where(
            or_(MeetingRequest.event_id.is_(None), MeetingEvent.state != EventState.CLOSED),
            MeetingRequest.state == RequestState.ASKED,
            MeetingRequest.expires_at > moment,
            MeetingRequest.expires_at <= before,
            MeetingRequest.reminded_at.is_(None),
        )
        .limit(limit)
    ).all()
