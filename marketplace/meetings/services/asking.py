"""Requests to meet: from suggestions, from either side, from an officer for them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from marketplace.audit import services as audit
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.clock import end_of_day, now, today
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra import options
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import policies, queries, rules
from marketplace.meetings.models import MeetingEvent, MeetingRequest, Participant
from marketplace.meetings.rules import (
    EventState,
    PairWish,
    ParticipantState,
    RequestedBy,
    RequestState,
    Side,
    SingleDraft,
)
from marketplace.meetings.services import telling
from marketplace.programs.rules.leads import LeadState
from marketplace.programs.services import leads
from marketplace.suggestions import queries as suggestions


def from_suggestions(
    *, actor: Actor, event: MeetingEvent, suggestion_ids: Collection[int] | None = None
) -> int:
    """Ask for every pair of participants that an accepted suggestion speaks for, or the chosen."""
    require(policies.may_run_event(actor, event))
    _takes_requests(event)
    people = {one.business_id: one for one in queries.participants_at(event.id)}
    forbidden = forbidden_pairs(event)
    asked = 0
    for proposal in queries.proposals_for(event.id):
        pair = (people[proposal.producer_id], people[proposal.buyer_id])
        chosen = suggestion_ids is None or proposal.suggestion_id in suggestion_ids
        if not chosen or (pair[0].id, pair[1].id) in forbidden:
            continue
        suggestion = suggestions.get_suggestion(proposal.suggestion_id)
        _ask(
            actor,
            event,
            *pair,
            by=suggestion.requested_by,
            weight=max(1, proposal.score),
            suggestion_id=proposal.suggestion_id,
        )
        asked += 1
    return asked


def ask_at_event(
    *,
    actor: Actor,
    event: MeetingEvent,
    producer: Participant,
    buyer: Participant,
    by: RequestedBy,
    weight: int | None = None,
    suggestion_id: int | None = None,
    note: str = "",
) -> MeetingRequest:
    """One pair. Who asks has said yes by asking; an officer asks both."""
    require(_may_ask_for(actor, event, producer, buyer, by))
    _takes_requests(event)
    if (producer.side, buyer.side) != (Side.PRODUCER, Side.BUYER) or {
        producer.event_id,
        buyer.event_id,
    } != {event.id}:
        raise InvalidInput(N_("Choose a producer and a buyer of this event."))
    for person in (producer, buyer):
        if person.state is ParticipantState.DECLINED:
            raise RuleBroken(N_("%(name)s does not come."), name=person.business.name)
    if (producer.id, buyer.id) in forbidden_pairs(event):
        # Why is between the office and whoever told it.
        if not policies.may_run_event(actor, event):
            raise RuleBroken(N_("This meeting cannot be asked for."))
        raise RuleBroken(N_("The office noted that these two are not to meet."))
    if queries.find_live_request(event.id, producer.business_id, buyer.business_id) is not None:
        raise Conflict(N_("These two were already asked for this event."))
    if suggestion_id is None:
        known = queries.best_suggestion(producer.business_id, buyer.business_id)
        suggestion_id = known.id if known is not None else None
        if weight is None and known is not None:
            weight = max(1, known.score)
    return _ask(
        actor,
        event,
        producer,
        buyer,
        by=by,
        weight=rules.WEIGHT_USUAL if weight is None else weight,
        suggestion_id=suggestion_id,
        note=note,
    )


def _may_ask_for(
    actor: Actor, event: MeetingEvent, producer: Participant, buyer: Participant, by: RequestedBy
) -> bool:
    if by is RequestedBy.PRODUCER:
        return actor.belongs_to(producer.business_id)
    if by is RequestedBy.BUYER:
        return actor.belongs_to(buyer.business_id)
    return policies.may_run_event(actor, event)


def _takes_requests(event: MeetingEvent) -> None:
    if event.state not in {EventState.OPEN, EventState.RUNNING}:
        raise RuleBroken(N_("Requests can be made while invitations are out, until it is over."))


def forbidden_pairs(event: MeetingEvent) -> set[tuple[int, int]]:
    """Producer and buyer, as participants, who are not to meet."""
    return {
        (rule.producer_participant_id, rule.buyer_participant_id)
        for rule in queries.pair_rules_of(event.id)
        if rule.wish is PairWish.MUST_NOT
    }


def _ask(
    actor: Actor,
    event: MeetingEvent,
    producer: Participant,
    buyer: Participant,
    *,
    by: RequestedBy,
    weight: int,
    suggestion_id: int | None = None,
    note: str = "",
) -> MeetingRequest:
    request = MeetingRequest(
        event_id=event.id,
        producer_id=producer.business_id,
        buyer_id=buyer.business_id,
        suggestion_id=suggestion_id,
        area_code=producer.business.region_code,
        weight=weight,
        requested_by=by,
        requested_by_id=actor.person_id,
        requested_by_name=actor.name,
        note=note,
        expires_at=expiry(event.grid()[len(event.grid()) - 1].ends_at),
    )
    for side, person in ((Side.PRODUCER, producer), (Side.BUYER, buyer)):
        # A request of their own is their yes; one the engine or an officer thought of is not.
        if side.value == by.value and actor.belongs_to(person.business_id):
            _agreed_by_asking(request, side)
            if person.state is ParticipantState.INVITED:
                person.state, person.answered_at = ParticipantState.CONFIRMED, now()
        else:
            telling.ask(person)
    session.add(request)
    session.flush()
    audit.record(
        actor, "meeting_request.asked", request, event=event.id, weight=weight, by=by.value
    )
    return request


def _agreed_by_asking(request: MeetingRequest, side: Side) -> None:
    if side is Side.PRODUCER:
        request.producer_agreed_at = now()
    else:
        request.buyer_agreed_at = now()


def expiry(latest: datetime) -> datetime:
    """Until when it can be answered: some days (a setting), and never after the last moment."""
    days = options.get_int("meeting_request_days", rules.REQUEST_DAYS)
    return min(end_of_day(today() + timedelta(days=days)), latest)


# --- single meetings


def ask_single(
    *,
    actor: Actor,
    producer: Business,
    buyer: Business,
    draft: SingleDraft,
    by: RequestedBy = RequestedBy.OFFICER,
    lead_id: int | None = None,
) -> MeetingRequest:
    """Propose a time to both; it is held for them until they answer or the time to answer ends.

    `lead_id` is the contact at the producer's stall that it follows.
    """
    require(policies.may_arrange_single(actor))
    rules.check_single(draft, now())
    if producer.kind is not BusinessKind.PRODUCER or buyer.kind is not BusinessKind.OUTLET:
        raise InvalidInput(N_("Choose a producer and an outlet."))
    queries.lock_businesses({producer.id, buyer.id})
    check_free((producer, buyer), draft.starts_at, draft.minutes)
    known = queries.best_suggestion(producer.id, buyer.id)
    request = MeetingRequest(
        event_id=None,
        producer=producer,
        buyer=buyer,
        suggestion_id=known.id if known is not None else None,
        area_code=producer.region_code,
        weight=max(1, known.score) if known is not None else rules.WEIGHT_USUAL,
        requested_by=by,
        requested_by_id=actor.person_id,
        requested_by_name=actor.name,
        note=draft.note,
        starts_at=draft.starts_at,
        minutes=draft.minutes,
        way=draft.way,
        place=draft.place,
        expires_at=expiry(draft.starts_at),
        state=RequestState.ASKED,
    )
    if lead_id is not None:
        request.lead_id = leads.follow_up(
            actor=actor, lead_id=lead_id, producer_id=producer.id, state=LeadState.MEETING
        ).id
    session.add(request)
    session.flush()
    for side in Side:
        telling.ask_single(request, side)
    audit.record(actor, "meeting_request.asked", request, by=by.value)
    return request


def check_free(
    sides: tuple[Business, Business],
    starts_at: datetime,
    minutes: int,
    *,
    besides_request: int | None = None,
) -> None:
    """Refuse a time at which one of them has something else, or holds it for another answer."""
    ends_at = starts_at + timedelta(minutes=minutes)
    busy = queries.busy_elsewhere(
        [side.id for side in sides], now(), besides_request=besides_request
    )
    for side in sides:
        for begins, ends in busy.get(side.id, []):
            if begins < ends_at and starts_at < ends:
                message = N_("%(name)s already has something from %(begins)s. Choose another time.")
                raise InvalidInput(message, fields={"day": message}, name=side.name, begins=begins)
