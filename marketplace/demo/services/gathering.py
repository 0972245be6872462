"""A temu bisnis being prepared: 40 producers and 20 buyers invited, most of their answers in.

Whoever tries it out presses for the timetable themselves.
"""

from collections import Counter
from datetime import timedelta

from marketplace.accounts import queries as accounts
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import today
from marketplace.demo import queries
from marketplace.meetings import queries as meetings
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.rules import (
    Break,
    Day,
    DeclineReason,
    EventDraft,
    EventKind,
    ParticipantDraft,
    RequestedBy,
    Side,
)
from marketplace.meetings.services import answering, asking, events, inviting
from marketplace.suggestions.rules import SuggestionState

PRODUCERS, BUYERS = 40, 20
MOST_OF_PRODUCER, MOST_OF_BUYER = 8, 14
DRAFT = {
    "name": "Temu Bisnis Pangkalpinang (contoh)",
    "kind": EventKind.OWN,
    "region_code": "19.71",
    "place": "Aula Dinas Koperasi dan UKM, lantai 2",
    "slot_minutes": 20,
    "tables": 20,
    "spare_tables": 2,
    "breaks": (Break(12 * 60, 13 * 60),),
    "note": "Data contoh. Bawa contoh barang dan daftar harga.",
}


def play() -> None:
    """Prepare the event as the demonstration's officer; call inside a transaction."""
    person = accounts.find_person_by_login("petugas@contoh.id")
    if person is None:
        return
    officer = accounts.actor_of(accounts.get_person(person.id))
    days = (Day(today() + timedelta(days=14), 9 * 60, 15 * 60),)
    event = events.create_event(actor=officer, draft=EventDraft(days=days, **DRAFT))  # type: ignore[arg-type]
    event = meetings.get_event(event.id)
    event.is_example = True
    invited = [
        *queries.busiest_businesses(BusinessKind.PRODUCER, PRODUCERS),
        *queries.busiest_businesses(BusinessKind.OUTLET, BUYERS),
    ]
    inviting.invite(actor=officer, event=event, business_ids=invited)
    _say_what_they_can(officer, event)
    events.open_event(actor=officer, event=event)
    _ask(officer, event)
    _answer(event)


def _say_what_they_can(officer: Actor, event: MeetingEvent) -> None:
    """Every sixth comes in the morning only, every ninth for four meetings at most."""
    morning = frozenset(slot.number for slot in event.grid().slots if slot.is_morning)
    for number, one in enumerate(meetings.participants_at(event.id)):
        draft = ParticipantDraft(
            one.person_name,
            one.phone,
            available=morning if number % 6 == 5 else None,
            max_meetings=4 if number % 9 == 8 else None,
        )
        person = meetings.get_participant(one.id)
        inviting.change_participant(
            actor=officer, participant=person, draft=draft, version=person.version
        )


def _ask(officer: Actor, event: MeetingEvent) -> None:
    """The best pairings of the queue, no more than people could sit through."""
    people = {one.business_id: one for one in meetings.participants_at(event.id)}
    count: Counter[int] = Counter()
    states = (SuggestionState.ACCEPTED, SuggestionState.PROPOSED)
    for found in meetings.proposals_for(event.id, states):
        if count[found.producer_id] >= MOST_OF_PRODUCER or count[found.buyer_id] >= MOST_OF_BUYER:
            continue
        count.update([found.producer_id, found.buyer_id])
        asking.ask_at_event(
            actor=officer,
            event=event,
            producer=people[found.producer_id],
            buyer=people[found.buyer_id],
            by=RequestedBy.OFFICER,
            weight=max(1, found.score),
            suggestion_id=found.suggestion_id,
        )


def _answer(event: MeetingEvent) -> None:
    """From their links: most say yes, every eleventh no, every thirteenth has not answered yet."""
    for participant in meetings.participants_at(event.id):
        if participant.id % 29 == 7:
            continue
        actor = Actor(
            ActorKind.LINK,
            name=participant.business.name,
            link_subject=inviting.link_subject(participant.id),
        )
        person = meetings.get_participant(participant.id)
        inviting.confirm(actor=actor, participant=person)
        for request in meetings.requests_of_participant(person):
            _answer_one(actor, request.id, person.side)


def _answer_one(actor: Actor, request_id: int, side: Side) -> None:
    request = meetings.get_request(request_id)
    if answering.is_over(request):
        return
    if side is Side.BUYER and request.id % 11 == 3:
        reason = list(DeclineReason)[request.id % 4]
        answering.decline(actor=actor, request=request, side=side, reason=reason)
    elif not (side is Side.BUYER and request.id % 13 == 5):
        answering.agree(actor=actor, request=request, side=side)
