"""Reads of events, participants, pair rules and runs."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.accounts.models import Office
from marketplace.businesses.models import Business
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, fold
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.meetings.models import MeetingEvent, PairRule, Participant, TimetableRun
from marketplace.meetings.rules import EventState, ParticipantState, Side

_HOURS = (selectinload(MeetingEvent.days), selectinload(MeetingEvent.breaks))
_PERSON = (
    joinedload(Participant.business),
    joinedload(Participant.event).options(*_HOURS),
)


def get_event(event_id: int) -> MeetingEvent:
    """With its days, breaks and office."""
    found = session.scalar(
        select(MeetingEvent)
        .options(*_HOURS, joinedload(MeetingEvent.office))
        .where(MeetingEvent.id == event_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such event."))
    return found


def province_of_event(event_id: int) -> str:
    """The province whose office holds it: in its tray lie the texts to those who take part."""
    code = session.scalar(
        select(Office.region_code)
        .join(MeetingEvent, MeetingEvent.office_id == Office.id)
        .where(MeetingEvent.id == event_id)
    )
    return (code or "")[:2]


def lock_event(event_id: int) -> MeetingEvent:
    """The event as it is now; whoever else changes its timetable waits for this one.

    What was read before the lock was granted may be old, so it is read again when it is asked for.
    """
    session.execute(select(MeetingEvent.id).where(MeetingEvent.id == event_id).with_for_update())
    session.flush()
    session.expire_all()
    return get_event(event_id)


def lock_businesses(ids: Collection[int]) -> None:
    """Nobody else puts something on these calendars meanwhile; asked in one order by all."""
    session.execute(
        select(Business.id).where(Business.id.in_(ids)).order_by(Business.id).with_for_update()
    ).all()


def page_of_events(number: int, *, only_open: bool = False) -> Page[MeetingEvent]:
    """Those under way first, then those to come, then the past."""
    statement = select(MeetingEvent).options(*_HOURS, joinedload(MeetingEvent.office))
    if only_open:
        statement = statement.where(MeetingEvent.state.in_([EventState.OPEN, EventState.RUNNING]))
    return paged(
        statement.order_by((MeetingEvent.state == EventState.CLOSED).asc(), MeetingEvent.id.desc()),
        number=number,
    )


def count_open_events() -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(MeetingEvent)
            .where(MeetingEvent.state != EventState.CLOSED)
        )
        or 0
    )


def open_events_of(business_ids: Collection[int]) -> Sequence[Participant]:
    """Chairs of these businesses at events that are not over."""
    return session.scalars(
        select(Participant)
        .join(Participant.event)
        .options(*_PERSON)
        .where(
            Participant.business_id.in_(business_ids),
            MeetingEvent.state.in_([EventState.OPEN, EventState.RUNNING]),
        )
        .order_by(Participant.event_id.desc())
    ).all()


def get_participant(participant_id: int) -> Participant:
    found = session.scalar(
        select(Participant)
        .options(*_PERSON)
        .where(Participant.id == participant_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(N_("There is no such participant."))
    return found


def find_participant(event_id: int, business_id: int) -> Participant | None:
    return session.scalar(
        select(Participant)
        .options(*_PERSON)
        .where(Participant.event_id == event_id, Participant.business_id == business_id)
    )


def participants_at(
    event_id: int, *, side: Side | None = None, area: str = ""
) -> Sequence[Participant]:
    """Everybody at an event, by side and name; `area` only producers of a kabupaten/kota."""
    return session.scalars(_participants(event_id, side, area)).all()


def page_of_participants(
    event_id: int, number: int, *, side: Side, area: str = ""
) -> Page[Participant]:
    """One side of an event by name."""
    return paged(_participants(event_id, side, area), number=number, size=50)


def _participants(event_id: int, side: Side | None, area: str) -> Select[Participant]:
    statement = (
        select(Participant)
        .join(Participant.business)
        .options(joinedload(Participant.business))
        .where(Participant.event_id == event_id)
        .order_by(Participant.side.desc(), Business.folded_name, Participant.id)
    )
    if side is not None:
        statement = statement.where(Participant.side == side)
    if area:
        statement = statement.where(
            Participant.side == Side.PRODUCER, lies_in(Business.region_code, area)
        )
    return statement


def count_participants(event_id: int, area: str = "") -> dict[tuple[Side, ParticipantState], int]:
    statement = (
        select(Participant.side, Participant.state, func.count())
        .join(Participant.business)
        .where(Participant.event_id == event_id)
        .group_by(Participant.side, Participant.state)
    )
    if area:
        statement = statement.where(
            Participant.side == Side.PRODUCER, lies_in(Business.region_code, area)
        )
    return {(side, state): count for side, state, count in session.execute(statement)}


def page_to_invite(
    event_id: int, number: int, *, side: Side, text: str = "", area: str = ""
) -> Page[Business]:
    """Entries of the register that are not at the event yet, by name; producers of this area."""
    there = select(Participant.business_id).where(Participant.event_id == event_id)
    statement = (
        select(Business)
        .where(
            Business.merged_into_id.is_(None),
            Business.kind == ("producer" if side is Side.PRODUCER else "outlet"),
            Business.id.not_in(there),
        )
        .order_by(Business.folded_name, Business.id)
    )
    if side is Side.PRODUCER:
        statement = statement.where(lies_in(Business.region_code, area))
    if text:
        statement = statement.where(Business.folded_name.contains(fold(text), autoescape=True))
    return paged(statement, number=number, size=50)


def businesses_of(ids: Collection[int]) -> Sequence[Business]:
    return session.scalars(
        select(Business)
        .where(Business.id.in_(ids), Business.merged_into_id.is_(None))
        .order_by(Business.folded_name, Business.id)
    ).all()


def pair_rules_of(event_id: int) -> Sequence[PairRule]:
    return session.scalars(
        select(PairRule)
        .options(
            joinedload(PairRule.producer).joinedload(Participant.business),
            joinedload(PairRule.buyer).joinedload(Participant.business),
        )
        .where(PairRule.event_id == event_id)
        .order_by(PairRule.id)
    ).all()


def get_pair_rule(pair_id: int) -> PairRule:
    found = session.scalar(
        select(PairRule)
        .options(joinedload(PairRule.producer).joinedload(Participant.event))
        .where(PairRule.id == pair_id)
    )
    if found is None:
        raise NotFound(N_("There is no such rule."))
    return found


def find_pair_rule(producer_participant_id: int, buyer_participant_id: int) -> PairRule | None:
    return session.scalar(
        select(PairRule).where(
            PairRule.producer_participant_id == producer_participant_id,
            PairRule.buyer_participant_id == buyer_participant_id,
        )
    )


def last_run(event_id: int) -> TimetableRun | None:
    return session.scalar(
        select(TimetableRun)
        .where(TimetableRun.event_id == event_id)
        .order_by(TimetableRun.id.desc())
        .limit(1)
    )


def participants_reached(phone: str | None, ids: Collection[int]) -> Sequence[Participant]:
    """Participants under this number, and those of these businesses."""
    return session.scalars(
        select(Participant).where(
            or_(Participant.phone == (phone or "-"), Participant.business_id.in_(ids))
        )
    ).all()
