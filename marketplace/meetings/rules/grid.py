"""The grid of an event: its days and breaks cut into numbered slots.

Slots count from 0 over all days in order. None lies in a break: after one the next slot begins when
the break ends, so a break costs no half slots and nobody waits idly in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from marketplace.core.clock import WIB

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an event; times are minutes after midnight, Western Indonesian Time."""

    on: date
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Break:
    """A break on every day of the event."""

    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Slot:
    number: int
    on: date
    starts: int
    ends: int

    @property
    def starts_at(self) -> datetime:
        return instant(self.on, self.starts)

    @property
    def ends_at(self) -> datetime:
        return instant(self.on, self.ends)

    @property
    def is_morning(self) -> bool:
        return self.starts < DAY_MINUTES // 2


@dataclass(frozen=True, slots=True)
class Grid:
    slots: tuple[Slot, ...]

    def __len__(self) -> int:
        return len(self.slots)

    def __getitem__(self, number: int) -> Slot:
        return self.slots[number]

    def has(self, number: int | None) -> bool:
        return number is not None and 0 <= number < len(self.slots)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(range(len(self.slots)))

    def parts(self) -> dict[tuple[date, bool], frozenset[int]]:
        """Mornings and afternoons: (day, is morning) -> their slots."""
        found: dict[tuple[date, bool], set[int]] = {}
        for slot in self.slots:
            found.setdefault((slot.on, slot.is_morning), set()).add(slot.number)
        return {part: frozenset(numbers) for part, numbers in found.items()}

    def from_time(self, instant: datetime) -> frozenset[int]:
        """Slots that have not begun at this instant."""
        return frozenset(slot.number for slot in self.slots if slot.starts_at >= instant)


def idle_slots(busy: Iterable[int], grid: Grid) -> int:
    """Slots somebody waits between first and last meeting; a night between days is no waiting."""
    days: dict[date, list[int]] = {}
    for number in busy:
        days.setdefault(grid[number].on, []).append(number)
    return sum(max(slots) - min(slots) + 1 - len(slots) for slots in days.values())


def instant(on: date, minute: int) -> datetime:
    start = datetime.combine(on, time(), tzinfo=WIB)
    return (start + timedelta(minutes=minute)).astimezone(UTC)


def grid_of(days: Sequence[Day], breaks: Sequence[Break], minutes: int) -> Grid:
    """Cut days into slots of so many minutes; what is too short for a slot is left over."""
    slots: list[Slot] = []
    for day in sorted(days, key=lambda day: day.on):
        at = day.starts
        while at + minutes <= day.ends:
            hit = next(
                (pause for pause in breaks if pause.starts < at + minutes and at < pause.ends), None
            )
            if hit is not None:
                at = hit.ends
                continue
            slots.append(Slot(len(slots), day.on, at, at + minutes))
            at += minutes
    return Grid(tuple(slots))
