"""What is asked: slots, tables, people with the slots they can come, and who wants to meet whom."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

Side = Literal["producer", "buyer"]
MOST_SLOTS = 500
MOST_TABLES = 10_000
MOST_WEIGHT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Participant:
    """One chair's worth of people: `available` are slots, `max_meetings` their own limit."""

    id: str
    side: Side
    available: frozenset[int]
    max_meetings: int | None = None

    @property
    def most(self) -> int:
        """As many meetings as this participant can have at all."""
        free = len(self.available)
        return free if self.max_meetings is None else min(free, self.max_meetings)


@dataclass(frozen=True, slots=True)
class Request:
    """Two who should meet; `weight` says how much it matters, a whole number from 0."""

    id: str
    producer: str
    buyer: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """A request with its place: slots and tables count from 0."""

    request: str
    slot: int
    table: int


@dataclass(frozen=True)
class Event:
    """One event. Everything in it is consistent: the constructor refuses the rest in words.

    `locked` meetings stay where they are; `current` is the timetable to stay near to; `forbidden`
    are (request, slot) places that may not be used; requests in `must` go before all others, and
    those in `never` are not placed. Nobody meets in `breaks`.
    """

    slots: int
    tables: int
    participants: Sequence[Participant]
    requests: Sequence[Request]
    locked: Sequence[Meeting] = ()
    current: Sequence[Meeting] = ()
    forbidden: Collection[tuple[str, int]] = ()
    must: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    breaks: frozenset[int] = frozenset()
    people: Mapping[str, Participant] = field(init=False, compare=False)
    asked: Mapping[str, Request] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.slots <= MOST_SLOTS:
            raise InvalidInput(
                N_("An event has between 1 and %(most)s slots"), most=str(MOST_SLOTS)
            )
        if not 1 <= self.tables <= MOST_TABLES:
            raise InvalidInput(
                N_("An event has between 1 and %(most)s tables"), most=str(MOST_TABLES)
            )
        people = {person.id: person for person in self.participants}
        asked = {request.id: request for request in self.requests}
        if len(people) < len(self.participants):
            twice = _twice(person.id for person in self.participants)
            raise InvalidInput(N_("Two participants have the same id: %(name)s"), name=twice)
        if len(asked) < len(self.requests):
            twice = _twice(request.id for request in self.requests)
            raise InvalidInput(N_("Two requests have the same id: %(name)s"), name=twice)
        object.__setattr__(self, "people", people)
        object.__setattr__(self, "asked", asked)
        for person in self.participants:
            self._check_person(person)
        for request in self.requests:
            self._check_request(request)
        self._check_locked()

    def _check_person(self, person: Participant) -> None:
        if any(not 0 <= slot < self.slots for slot in person.available):
            raise InvalidInput(
                N_("%(name)s is available in a slot that does not exist"), name=person.id
            )
        if person.max_meetings is not None and person.max_meetings < 0:
            raise InvalidInput(N_("%(name)s has a limit below zero"), name=person.id)

    def _check_request(self, request: Request) -> None:
        for name, side in ((request.producer, "producer"), (request.buyer, "buyer")):
            person = self.people.get(name)
            if person is not None and person.side != side:
                raise InvalidInput(
                    N_("Request %(name)s has %(who)s on the wrong side"), name=request.id, who=name
                )
            if person is None:
                raise InvalidInput(
                    N_("Request %(name)s names somebody who does not take part: %(who)s"),
                    name=request.id,
                    who=name,
                )
        if request.weight < 0:
            raise InvalidInput(N_("Request %(name)s has a weight below zero"), name=request.id)

    def _check_locked(self) -> None:
        taken: set[tuple[str, str | int, int]] = set()
        for meeting in self.locked:
            request = self.asked.get(meeting.request)
            if request is None:
                raise InvalidInput(
                    N_("A locked meeting names no request: %(name)s"), name=meeting.request
                )
            if not (0 <= meeting.slot < self.slots and 0 <= meeting.table < self.tables):
                raise InvalidInput(
                    N_("The locked meeting %(name)s has no such slot or table"),
                    name=meeting.request,
                )
            places: set[tuple[str, str | int, int]] = {
                ("who", request.producer, meeting.slot),
                ("who", request.buyer, meeting.slot),
                ("table", meeting.table, meeting.slot),
                ("request", meeting.request, 0),
            }
            if places & taken:
                raise InvalidInput(
                    N_("The locked meeting %(name)s clashes with another locked one"),
                    name=meeting.request,
                )
            taken |= places


def _twice(names: Iterable[str]) -> str:
    return next(name for name, count in Counter(names).items() if count > 1)
