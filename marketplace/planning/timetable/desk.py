"""The officer's desk: a timetable as it stands, and what can be done to it by hand.

Everything is asked of one meeting at a time and answered with reasons; nothing here changes the
timetable. A page shows every slot: those that fit with their free tables, the others with why not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.planning.timetable.event import Event, Meeting, Participant, Request
from marketplace.planning.timetable.told import Reason, Slot, Table, Who

Busy = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One slot for one request: its free tables, or everything that stands in the way."""

    slot: int
    tables: tuple[int, ...]
    obstacles: tuple[Reason, ...]
    is_present: bool = False

    @property
    def is_feasible(self) -> bool:
        return not self.obstacles


class Desk:
    """`meetings` are those of `event` as they stand; those that name no request are left out."""

    def __init__(self, event: Event, meetings: Iterable[Meeting]) -> None:
        self.event = event
        self.meetings = {one.request: one for one in meetings if one.request in event.asked}
        self.locked = frozenset(one.request for one in event.locked)
        self.at: Busy = {}
        self.tables: list[dict[int, str]] = [{} for _ in range(event.slots)]
        self.met = dict.fromkeys(event.people, 0)
        self.busy = dict.fromkeys(event.people, 0)
        for one in self.meetings.values():
            self.tables[one.slot][one.table] = one.request
            for who in self.pair(one.request):
                self.at[who, one.slot] = one.request
                self.met[who] += 1
                self.busy[who] |= 1 << one.slot

    def pair(self, request: str) -> tuple[str, str]:
        asked = self.asked(request)
        return asked.producer, asked.buyer

    def asked(self, request: str) -> Request:
        found = self.event.asked.get(request)
        if found is None:
            raise NotFound(N_("There is no such request: %(name)s"), name=request)
        return found

    def person(self, who: str) -> Participant:
        return self.event.people[who]

    @cached_property
    def can(self) -> dict[str, int]:
        """Bits of the slots in which each could come at all."""
        return {
            who: sum(1 << slot for slot in person.available) & self.working
            for who, person in self.event.people.items()
        }

    @cached_property
    def barred(self) -> dict[str, int]:
        """Bits of the forbidden slots of each request that has any."""
        found: dict[str, int] = {}
        for request, slot in self.event.forbidden:
            found[request] = found.get(request, 0) | 1 << slot
        return found

    @cached_property
    def working(self) -> int:
        """Bits of the slots that are no breaks."""
        return sum(1 << slot for slot in range(self.event.slots) if slot not in self.event.breaks)

    @cached_property
    def roomy(self) -> int:
        """Bits of the slots that have a free table."""
        tables = self.event.tables
        return sum(1 << slot for slot, taken in enumerate(self.tables) if len(taken) < tables)

    def choices(self, request: str) -> tuple[Choice, ...]:
        """Every slot of the event for a request, whether it has a meeting yet or not."""
        here = self.meetings.get(request)
        found = []
        for slot in range(self.event.slots):
            obstacles = self.obstacles(request, slot)
            tables = () if obstacles else self.free_tables(slot, {request})
            is_present = here is not None and here.slot == slot
            found.append(Choice(slot, tables, obstacles, is_present))
        return tuple(found)

    def obstacles(
        self, request: str, slot: int, table: int | None = None, *, without: Collection[str] = ()
    ) -> tuple[Reason, ...]:
        """All that keeps a request from a slot, or from a table in it; empty where it fits.

        What the request itself holds is free for it, and so are the meetings in `without`. The
        limits of a meeting that is there already are not asked again: a move adds none.
        """
        self._check_place(slot, table)
        asked, here = self.asked(request), self.meetings.get(request)
        if request in self.locked and here is not None:
            if slot == here.slot and table in {None, here.table}:
                return ()
            return (Reason("locked", {"slot": Slot(here.slot)}),)
        if slot in self.event.breaks:
            return (Reason("break", {"slot": Slot(slot)}),)
        found = []
        if request in self.event.never:
            found.append(Reason("not_wanted"))
        if (request, slot) in self.event.forbidden:
            found.append(Reason("forbidden", {"slot": Slot(slot)}))
        gone = {request, *without}
        for who in (asked.producer, asked.buyer):
            found += self._person_obstacles(who, slot, gone)
        if here is None:
            found += self._quotas(asked, without)
        found += self._table_obstacles(slot, table, gone)
        return tuple(found)

    def swap_obstacles(self, first: str, second: str) -> tuple[Reason, ...]:
        """What keeps two meetings from changing places, tables included; empty where they can."""
        for request in (first, second):
            self.asked(request)
        one, other = self.meetings.get(first), self.meetings.get(second)
        if one is None or other is None:
            return (Reason("not_placed"),)
        return (
            *self.obstacles(first, other.slot, other.table, without={second}),
            *self.obstacles(second, one.slot, one.table, without={first}),
        )

    def free_tables(self, slot: int, without: Collection[str] = ()) -> tuple[int, ...]:
        taken = {table for table, request in self.tables[slot].items() if request not in without}
        return tuple(table for table in range(self.event.tables) if table not in taken)

    def _person_obstacles(self, who: str, slot: int, gone: Collection[str]) -> list[Reason]:
        found = []
        if slot not in self.person(who).available:
            found.append(Reason("not_available", {"who": Who(who), "slot": Slot(slot)}))
        other = self.at.get((who, slot))
        if other is not None and other not in gone:
            producer, buyer = self.pair(other)
            told = {
                "who": Who(who),
                "other": Who(buyer if who == producer else producer),
                "slot": Slot(slot),
                "request": other,
                "is_locked": other in self.locked,
            }
            found.append(Reason("busy", told))
        return found

    def _quotas(self, asked: Request, without: Collection[str]) -> list[Reason]:
        found = []
        for who in (asked.producer, asked.buyer):
            most = self.person(who).max_meetings
            gone = [one for one in without if one in self.meetings and who in self.pair(one)]
            met = self.met[who] - len(gone)
            if most is not None and met >= most:
                found.append(Reason("quota", {"who": Who(who), "met": met, "most": most}))
        return found

    def _table_obstacles(
        self, slot: int, table: int | None, gone: Collection[str]
    ) -> tuple[Reason, ...]:
        free = self.free_tables(slot, gone)
        if not free:
            told: dict[str, object] = {"slot": Slot(slot), "tables": self.event.tables}
            return (Reason("tables_taken", told),)
        if table is None or table in free:
            return ()
        taken = self.tables[slot][table]
        producer, buyer = self.pair(taken)
        told = {"slot": Slot(slot), "table": Table(table), "request": taken}
        told |= {"producer": Who(producer), "buyer": Who(buyer)}
        return (Reason("table_taken", told),)

    def _check_place(self, slot: int, table: int | None) -> None:
        if not 0 <= slot < self.event.slots or not 0 <= (table or 0) < self.event.tables:
            raise InvalidInput(N_("There is no such slot or table"))
