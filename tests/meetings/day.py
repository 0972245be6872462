"""An event under way: what the tests of the day and of results begin with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import Meeting, MeetingEvent
from marketplace.meetings.rules import EventState, MeetingState, MeetingWay, Owner
from marketplace.meetings.rules.results import NewTime, OutcomeDraft, StepDraft
from marketplace.meetings.services import outcomes
from tests import factories


@dataclass(frozen=True)
class Chair:
    """A participant as plain values, good after any number of requests."""

    id: int
    event_id: int
    business_id: int
    name: str
    contact: str
    phone: str

    @property
    def business(self) -> Business:
        return session.get_one(Business, self.business_id)

    def person(self) -> Person:
        role = "producer" if self.business.kind is BusinessKind.PRODUCER else "buyer"
        return factories.make_person(role, works_for=self.business)


@dataclass(frozen=True)
class Placed:
    id: int
    version: int
    starts_at: datetime


@dataclass(frozen=True)
class Day:
    """From nine to twelve; the maker meets the first shop at table 1, then the other at table 2."""

    event_id: int
    tables: int
    maker: Chair
    shop: Chair
    other_shop: Chair
    first: Placed
    second: Placed
    officer_id: int

    @property
    def officer(self) -> Person:
        return accounts.get_person(self.officer_id)

    @property
    def event(self) -> MeetingEvent:
        return queries.get_event(self.event_id)

    @property
    def actor(self) -> Actor:
        return actor_of(self.officer)


def actor_of(person: Person) -> Actor:
    producers, outlets = businesses.ids_of_person(person.id)
    return accounts.actor_of(
        accounts.get_person(person.id), producer_ids=producers, outlet_ids=outlets
    )


def make_chair(event: MeetingEvent, business: Business | None = None, **given: Any) -> Chair:
    one = factories.make_participant(event, business, **given)
    who = session.get_one(Business, one.business_id)
    return Chair(one.id, one.event_id, who.id, who.name, who.contact_name, who.phone)


def place(maker: Chair, shop: Chair, slot: int, table: int) -> Placed:
    meeting = factories.make_meeting(factories.make_meeting_request(maker, shop), slot, table)
    return Placed(meeting.id, meeting.version, meeting.starts_at)


def make_day(on: int = -1) -> Day:
    """Yesterday, unless `on` says another day from today."""
    event = factories.make_event(
        on=today() + timedelta(days=on), state=EventState.RUNNING, name="Temu Bisnis Uji"
    )
    maker = make_chair(event, factories.make_producer(name="Dapur Amang"))
    shop = make_chair(event, factories.make_outlet(name="Toko Rasa"))
    other = make_chair(event, factories.make_outlet(name="Gerai Laut"))
    first, second = place(maker, shop, 0, 1), place(maker, other, 1, 2)
    officer = factories.make_person("province")
    return Day(event.id, event.all_tables, maker, shop, other, first, second, officer.id)


def held(step: str = "", owner: Owner = Owner.PRODUCER, due: int = 7, **given: Any) -> OutcomeDraft:
    """A held meeting, with a next step if `step` says one."""
    plan = StepDraft(step, owner, today() + timedelta(days=due)) if step else None
    return OutcomeDraft(state=MeetingState.HELD, step=plan, **given)


def moved_to(at: datetime) -> OutcomeDraft:
    return OutcomeDraft(state=MeetingState.MOVED, new_time=NewTime(at, MeetingWay.CALL))


def record(day_or_actor: Day | Actor, meeting: Placed | Meeting, draft: OutcomeDraft) -> Meeting:
    actor = day_or_actor.actor if isinstance(day_or_actor, Day) else day_or_actor
    number = meeting.id
    with transaction():
        present = queries.get_meeting(number)
        kept = outcomes.record_outcome(
            actor=actor, meeting=present, draft=draft, version=present.version
        )
        number = kept.id
    return queries.get_meeting(number)
