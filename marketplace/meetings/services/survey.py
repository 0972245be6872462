"""An event as the planner sees it: who can come when, who wants to meet, what stands where.

Read at one moment; `digest` tells whether anything of it has changed since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.meetings import queries
from marketplace.meetings.models import Meeting, MeetingEvent, MeetingRequest, PairRule, Participant
from marketplace.meetings.rules import Grid, MeetingState, PairWish, ParticipantState, Side
from marketplace.planning import timetable as planner

_COMES = frozenset({ParticipantState.CONFIRMED, ParticipantState.WALK_IN})


@dataclass(frozen=True)
class Survey:
    event: MeetingEvent
    at: datetime
    grid: Grid
    people: Mapping[int, Participant]  # by business
    requests: Mapping[int, MeetingRequest]
    live: Sequence[Meeting]
    pairs: Sequence[PairRule]
    can_come: Mapping[int, frozenset[int]]  # participant -> slots
    names: Mapping[str, str]  # as the planner calls them -> the business
    digest: tuple[Any, ...]

    def is_fixed(self, meeting: Meeting) -> bool:
        """The planner leaves it: locked, begun, held, or put on a spare table by hand."""
        assert meeting.slot is not None
        assert meeting.table_number is not None
        return (
            meeting.is_locked
            or meeting.state is MeetingState.HELD
            or meeting.table_number > self.event.tables
            or not self.grid.has(meeting.slot)
            or self.grid[meeting.slot].starts_at <= self.at
        )

    def to_place(self) -> list[MeetingRequest]:
        """Requests the planner may give a place: both said yes, and nobody called it off."""
        return [one for one in self.requests.values() if wants_place(one)]

    def whole_event(self) -> planner.Event:
        """With every table, spare ones too: what an officer may do by hand."""
        return self._event(
            self.event.all_tables,
            list(self.requests.values()),
            locked=[one for one in self.live if one.is_locked],
        )

    def plan(self, *, keep: bool) -> "tuple[planner.Event, list[Meeting]]":
        """What is to be planned, and the meetings that are not part of it because they stay.

        With `keep` the present timetable is the one to stay near to.
        """
        aside, locked, current = [], [], []
        for meeting in self.live:
            if not self.is_fixed(meeting):
                current.append(meeting)
            elif self._can_lock(meeting):
                locked.append(meeting)
            else:
                aside.append(meeting)
        out = {meeting.request_id for meeting in aside}
        asked = [one for one in self.to_place() if one.id not in out]
        event = self._event(
            self.event.tables, asked, locked=locked, current=current if keep else (), aside=aside
        )
        return event, aside

    def _can_lock(self, meeting: Meeting) -> bool:
        return self.grid.has(meeting.slot) and (meeting.table_number or 0) <= self.event.tables

    def desk(self) -> planner.Desk:
        return planner.Desk(self.whole_event(), [place_of(one) for one in self.live])

    def _event(
        self,
        tables: int,
        asked: Sequence[MeetingRequest],
        *,
        locked: Sequence[Meeting] = (),
        current: Sequence[Meeting] = (),
        aside: Sequence[Meeting] = (),
    ) -> planner.Event:
        wishes = self._wishes(asked)
        return planner.Event(
            slots=len(self.grid),
            tables=tables,
            participants=[self._person(one, aside) for one in self.people.values()],
            requests=[
                planner.Request(
                    str(one.id),
                    str(self.people[one.producer_id].id),
                    str(self.people[one.buyer_id].id),
                    one.weight,
                )
                for one in asked
            ],
            locked=[place_of(one) for one in locked],
            current=[place_of(one) for one in current],
            must=wishes[PairWish.MUST],
            never=wishes[PairWish.MUST_NOT],
        )

    def _person(self, participant: Participant, aside: Sequence[Meeting]) -> planner.Participant:
        """Meetings that stay outside the plan take their slots and their share of the limit."""
        own = [one for one in aside if participant.business_id in {one.producer_id, one.buyer_id}]
        slots = self.can_come[participant.id] - {one.slot for one in own}
        most = participant.max_meetings
        return planner.Participant(
            str(participant.id),
            "producer" if participant.side is Side.PRODUCER else "buyer",
            frozenset(slot for slot in slots if slot is not None),
            None if most is None else max(0, most - len(own)),
        )

    def _wishes(self, asked: Sequence[MeetingRequest]) -> dict[PairWish, frozenset[str]]:
        pairs = {
            (rule.producer_participant_id, rule.buyer_participant_id): rule.wish
            for rule in self.pairs
        }
        found: dict[PairWish, set[str]] = {wish: set() for wish in PairWish}
        for one in asked:
            pair = (self.people[one.producer_id].id, self.people[one.buyer_id].id)
            if pair in pairs:
                found[pairs[pair]].add(str(one.id))
        return {wish: frozenset(ids) for wish, ids in found.items()}


def wants_place(request: MeetingRequest) -> bool:
    """No meeting stands for it, or the last one was put off; called off or missed ones stay so."""
    if not request.meetings:
        return True
    return request.meetings[0].state in {
        MeetingState.PLACED,
        MeetingState.HELD,
        MeetingState.MOVED,
    }


def place_of(meeting: Meeting) -> planner.Meeting:
    """The planner counts tables from 0."""
    assert meeting.slot is not None
    assert meeting.table_number is not None
    return planner.Meeting(str(meeting.request_id), meeting.slot, meeting.table_number - 1)


def survey(event: MeetingEvent, at: datetime) -> Survey:
    """Read the event; nothing but what both sides agreed to and people who come is planned."""
    grid = event.grid()
    people = {one.business_id: one for one in queries.participants_at(event.id)}
    requests = {
        one.id: one
        for one in queries.agreed_requests(event.id)
        if one.producer_id in people and one.buyer_id in people
    }
    live = [one for one in queries.live_meetings(event.id) if one.request_id in requests]
    ahead = grid.from_time(at)
    busy = queries.busy_elsewhere(people.keys(), at, event_id=event.id)
    can_come = {}
    for participant in people.values():
        slots = participant.slots(grid) & ahead if participant.state in _COMES else frozenset()
        elsewhere = busy.get(participant.business_id, [])
        can_come[participant.id] = frozenset(
            number
            for number in slots
            if not any(
                begins < grid[number].ends_at and grid[number].starts_at < ends
                for begins, ends in elsewhere
            )
        )
    pairs = queries.pair_rules_of(event.id)
    # Taken down now: the rows themselves are read anew by whoever applies the plan.
    digest = (
        event.version,
        *(
            tuple(sorted((one.id, one.version) for one in rows))
            for rows in (people.values(), requests.values(), live)
        ),
        tuple(sorted((one.id, one.wish.value) for one in pairs)),
        tuple(sorted((number, tuple(sorted(slots))) for number, slots in can_come.items())),
    )
    names = {str(one.id): one.business.name for one in people.values()}
    return Survey(event, at, grid, people, requests, live, pairs, can_come, names, digest)
