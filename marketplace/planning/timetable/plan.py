"""One press, one timetable: the heaviest pairings, then fewest idle slots, each meeting a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from marketplace.planning.timetable.board import FREE, Board
from marketplace.planning.timetable.choose import by_slot, choose, start_from
from marketplace.planning.timetable.compact import compact, idle_slots
from marketplace.planning.timetable.desk import Desk
from marketplace.planning.timetable.event import Event, Meeting
from marketplace.planning.timetable.place import improve, place, place_all
from marketplace.planning.timetable.told import Reason
from marketplace.planning.timetable.why import why_unplaced

_SEED = 1


@dataclass(frozen=True, slots=True)
class Timetable:
    """`objective` is the weight of all meetings, `bound` what no timetable can exceed.

    `unplaced` says of every request without a meeting why; `changed` names the requests whose slot
    or table is another than in the current timetable, the dropped ones too.
    """

    meetings: tuple[Meeting, ...]
    unplaced: tuple[tuple[str, tuple[Reason, ...]], ...]
    objective: int
    bound: int
    idle_slots: int
    changed: tuple[str, ...] = ()

    @property
    def is_optimal(self) -> bool:
        return self.objective >= self.bound

    @property
    def gap(self) -> float:
        """How far below the bound, as a share of it."""
        return (self.bound - self.objective) / self.bound if self.bound else 0.0


def plan_timetable(event: Event, *, seconds: float = 10.0) -> Timetable:
    """The best timetable found in the time; the same event gives the same one if time suffices.

    With a current timetable as few of its meetings as possible change: what can stay stays, and
    only who lost a place, or never had one, is placed anew.
    """
    deadline = perf_counter() + seconds
    board = Board(event)
    gains = _gains(event)
    if event.current:
        _keep_current(board, gains)
        bound = choose(Board(event), gains)[1]
    else:
        bound = _make(board, gains, lambda: deadline - perf_counter())
    return _finished(board, gains, bound)


def _gains(event: Event) -> list[int]:
    """Weights, those who must meet before all the others together."""
    above = 1 + sum(request.weight for request in event.requests)
    return [
        request.weight + (above if request.id in event.must else 0) for request in event.requests
    ]


def _make(board: Board, gains: Sequence[int], left: Callable[[], float]) -> int:
    """Fill the board and return the bound; `left` tells the seconds that remain."""
    chosen, bound = choose(board, gains)
    _fill(board, gains, chosen)
    if _reached(board, gains) < bound:
        relaxed = by_slot(board, gains, seconds=left() * 0.6)
        if relaxed is not None:
            places, bound = relaxed[0], min(bound, relaxed[1])
            kept = [(n, slot) for n, slot in enumerate(board.slot_of) if slot != FREE]
            before = _reached(board, gains)
            start_from(board, places)
            _fill(board, gains, chosen)
            if _reached(board, gains) < before:
                start_from(board, kept)
    improve(board, gains, bound, seed=_SEED, in_time=lambda: left() > 0)
    compact(board, in_time=lambda: left() > 0)
    return bound


def _fill(board: Board, gains: Sequence[int], chosen: Sequence[int]) -> None:
    """Place who was chosen, then whoever else still fits, the heaviest first."""
    place_all(board, (number for number in chosen if board.slot_of[number] == FREE))
    rest = (number for number, slot in enumerate(board.slot_of) if slot == FREE)
    for number in sorted(rest, key=lambda number: (-gains[number], number)):
        place(board, number)


def _reached(board: Board, gains: Sequence[int]) -> int:
    return sum(gains[number] for number in board.placed())


def _keep_current(board: Board, gains: Sequence[int]) -> None:
    """Put back what can stay, then those who lost their place, then whoever still waits."""
    lost = []
    for meeting in sorted(board.event.current, key=lambda one: (one.slot, one.table)):
        number = board.number_of.get(meeting.request)
        if number is None or board.slot_of[number] != FREE:
            continue
        slot = meeting.slot
        may = 0 <= slot < board.event.slots and board.possible(number) >> slot & 1
        free = all(board.at[person][slot] == FREE for person in board.pair(number)) if may else 0
        if free and board.has_room_for(number) and board.fits(slot):
            board.put(number, slot)
        else:
            lost.append(number)
    for number in sorted(lost, key=lambda number: (-gains[number], number)):
        place(board, number)
    known = {meeting.request for meeting in board.event.current}
    waiting = [
        number
        for number, request in enumerate(board.event.requests)
        if board.slot_of[number] == FREE and request.id not in known
    ]
    for number in sorted(waiting, key=lambda number: (-gains[number], number)):
        _only_into_gaps(board, number)


def _only_into_gaps(board: Board, number: int) -> None:
    """Place a request where nobody has to move for it."""
    producer, buyer = board.pair(number)
    common = board.open[producer] & board.open[buyer] & board.possible(number)
    for slot in range(board.event.slots):
        if common >> slot & 1 and board.fits(slot) and board.has_room_for(number):
            board.put(number, slot)
            return


def _finished(board: Board, gains: Sequence[int], bound: int) -> Timetable:
    event = board.event
    meetings = _tables(board)
    desk = Desk(event, meetings)
    unplaced = tuple(
        (event.requests[number].id, why_unplaced(desk, event.requests[number].id))
        for number, slot in enumerate(board.slot_of)
        if slot == FREE
    )
    # The bound is of gains; what those who must meet were lifted by is no weight.
    lifted = sum(gains) - sum(board.weight)
    short = bound - sum(gains[number] for number in board.placed())
    objective = board.total()
    before = {meeting.request: meeting for meeting in event.current}
    after = {meeting.request: meeting for meeting in meetings}
    changed = tuple(
        sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    )
    return Timetable(
        meetings,
        unplaced,
        objective,
        objective + max(0, short if not lifted else min(short, sum(board.weight) - objective)),
        idle_slots(board),
        changed if event.current else (),
    )


def _tables(board: Board) -> tuple[Meeting, ...]:
    """A table for every meeting: locked and current ones keep theirs, a buyer likes to stay."""
    event = board.event
    kept = {meeting.request: meeting for meeting in (*event.current, *event.locked)}
    favourite: dict[int, int] = {}
    found: list[Meeting] = []
    for slot in range(event.slots):
        here = [number for number, at in enumerate(board.slot_of) if at == slot]
        tables: dict[int, int] = {}
        for number in here:
            before = kept.get(event.requests[number].id)
            if before is not None and before.slot == slot and before.table not in tables.values():
                tables[number] = before.table
        taken = set(tables.values())
        spare = [table for table in range(event.tables) if table not in taken]
        for number in here:
            if number in tables:
                continue
            liked = favourite.get(board.buyer[number])
            table = liked if liked in spare else spare[0]
            assert table is not None
            spare.remove(table)
            tables[number] = table
        for number, table in tables.items():
            favourite.setdefault(board.buyer[number], table)
            found.append(Meeting(event.requests[number].id, slot, table))
    return tuple(sorted(found, key=lambda one: (one.slot, one.table)))
