"""A small event: two producers and two buyers who come, an officer who runs it."""

from dataclasses import dataclass

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.businesses.models import Business
from marketplace.core.actor import Actor
from marketplace.infra.db import session
from marketplace.meetings import queries
from marketplace.meetings.models import MeetingEvent, Participant
from tests import factories


@dataclass(frozen=True)
class Chair:
    """A participant by number: what is read of it is read anew each time."""

    id: int
    event_id: int
    business_id: int

    @property
    def business(self) -> Business:
        return session.get_one(Business, self.business_id)

    @property
    def version(self) -> int:
        return queries.get_participant(self.id).version


def chair(participant: Participant) -> Chair:
    return Chair(participant.id, participant.event_id, participant.business_id)


@dataclass
class Gathering:
    event: MeetingEvent
    producers: list[Chair]
    buyers: list[Chair]
    officer: Person

    @property
    def actor(self) -> Actor:
        return accounts.actor_of(accounts.get_person(self.officer.id))


@pytest.fixture
def gathering(app: object) -> Gathering:
    event = factories.make_event()
    return Gathering(
        event,
        [chair(factories.make_participant(event)) for _ in range(2)],
        [chair(factories.make_participant(event, side="buyer")) for _ in range(2)],
        factories.make_person("province"),
    )
