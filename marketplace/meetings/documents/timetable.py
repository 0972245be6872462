"""The officer's timetable: figures of the last run, who has no place and why, places to choose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.infra.i18n import say
from marketplace.meetings.models import Meeting, MeetingRequest, TimetableRun
from marketplace.meetings.rules import Grid, MeetingState
from marketplace.meetings.rules.telling import hours, slot_name, tell
from marketplace.planning import timetable as planner


@dataclass(frozen=True, slots=True)
class Figures:
    """What the last press came to; `gap` in percent of the bound."""

    objective: int
    bound: int
    gap: float
    idle_slots: int
    placed: int
    unplaced: int
    changed: int
    seconds: float

    @property
    def is_best(self) -> bool:
        return self.objective >= self.bound


def figures(run: TimetableRun) -> Figures:
    gap = 100 * (run.bound - run.objective) / run.bound if run.bound else 0.0
    return Figures(
        run.objective,
        run.bound,
        round(gap, 2),
        run.idle_slots,
        run.placed,
        len(run.unplaced),
        len(run.changed),
        run.seconds,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request without a place: why, and what would place it."""

    request: MeetingRequest
    producer: str
    buyer: str
    reasons: Sequence[str]
    would: Sequence[str]
    called_off: str


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """One slot for one meeting: its free tables, or why not."""

    number: int
    label: str
    tables: Sequence[int]
    obstacles: Sequence[str]
    is_present: bool
    is_past: bool
    swap_with: Sequence[tuple[int, int, str]]

    @property
    def is_feasible(self) -> bool:
        return not self.obstacles and not self.is_past


def said(reasons: Iterable[planner.Reason], names: Mapping[str, str], grid: Grid) -> list[str]:
    found = []
    for reason in reasons:
        told = tell(reason, names, grid)
        found.append(say(told.msgid, told.params))
    return found


def waiting_of(
    request: MeetingRequest, desk: planner.Desk, names: Mapping[str, str], grid: Grid
) -> Waiting:
    key = str(request.id)
    producer, buyer = desk.pair(key)
    last = request.meetings[0] if request.meetings else None
    over = last is not None and last.state in {MeetingState.CANCELLED, MeetingState.NO_SHOW}
    return Waiting(
        request,
        names[producer],
        names[buyer],
        said(planner.why_unplaced(desk, key), names, grid),
        [
            " + ".join(said(remedy.changes, names, grid))
            for remedy in planner.find_remedies(desk, key, most=3)
            if remedy.changes
        ],
        last.end_reason if over and last is not None else "",
    )


def choices_of(
    request_id: int,
    desk: planner.Desk,
    names: Mapping[str, str],
    grid: Grid,
    live: Mapping[int, Meeting],
    past: frozenset[int],
) -> list[SlotChoice]:
    """Every slot; where one of the two meets somebody else, the swap that would do, if any."""
    key = str(request_id)
    return [
        SlotChoice(
            choice.slot,
            f"{slot_name(grid, choice.slot)}-{hours(grid[choice.slot].ends)}",
            [table + 1 for table in choice.tables],
            said(choice.obstacles, names, grid),
            choice.is_present,
            choice.slot in past,
            [] if choice.slot in past else _swaps(desk, key, choice, names, live),
        )
        for choice in desk.choices(key)
    ]


def _swaps(
    desk: planner.Desk,
    key: str,
    choice: planner.Choice,
    names: Mapping[str, str],
    live: Mapping[int, Meeting],
) -> list[tuple[int, int, str]]:
    """(meeting, its version, the two who meet) of meetings there that can change places."""
    if key not in desk.meetings or choice.is_present:
        return []
    found = []
    busy = {str(one.params["request"]) for one in choice.obstacles if one.code == "busy"}
    for other in sorted(busy or set(desk.tables[choice.slot].values())):
        meeting = live.get(int(other))
        if meeting is None or desk.swap_obstacles(key, other):
            continue
        producer, buyer = desk.pair(other)
        found.append((meeting.id, meeting.version, f"{names[producer]} – {names[buyer]}"))
    return found[:3]
