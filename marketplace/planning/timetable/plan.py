"""One press, one timetable: the heaviest pairings, then fewest idle slots, each meeting a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from time import perf_counter

from marketplace.planning.timetable.board import FREE, Board
from marketplace.planning.timetable.choose import choose, count_places, into_gaps, start_from
from marketplace.planning.timetable.desk import Desk
from marketplace.planning.timetable.event import Event, Meeting
from marketplace.planning.timetable.place import place, place_all, place_directly
from marketplace.planning.timetable.renew import place_weightless, reached, renew
from marketplace.planning.timetable.search import idle_slots, search_gain, search_waiting
from marketplace.planning.timetable.told import Reason
from marketplace.planning.timetable.why import why_unplaced

# A program over so many places gives its bound in a fraction of a second.
_FEW_PLACES = 6_000


@dataclass(frozen=True, slots=True)
class Timetable:
    """`objective` is the weight of all meetings, `bound` what no timetable can exceed.

    `unplaced` says of every request without a meeting why; `changed` names the meetings of the
    current timetable that have another slot or table now, or none; `added` those it did not have.
    """

    meetings: tuple[Meeting, ...]
    unplaced: tuple[tuple[str, tuple[Reason, ...]], ...]
    objective: int
    bound: int
    idle_slots: int
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def is_optimal(self) -> bool:
        return self.objective >= self.bound

    @property
    def gap(self) -> float:
        """How far below the bound, as a share of it."""
        return (self.bound - self.objective) / self.bound if self.bound else 0.0


def plan_timetable(event: Event, *, seconds: float = 10.0) -> Timetable:
    """The best timetable found in the time; the same event gives the same one if time suffices.

    With a current timetable as few of its meetings as possible change (see `renew`).
    """
    # The last tenth is for tables and reasons.
    deadline = perf_counter() + 0.9 * seconds
    board = Board(event)
    gains = _gains(board)

    def left() -> float:
        return deadline - perf_counter()

    if event.current:
        renew(board, gains, left)
        bound = choose(Board(event), gains)[1]
    else:
        bound = _make(board, gains, left)
    place_weightless(board)
    return _finished(board, gains, bound)


def _gains(board: Board) -> list[int]:
    """Weights, those who must meet before all the others together."""
    event = board.event
    could = [number for number in range(len(board.weight)) if board.possible(number)]
    above = 1 + sum(board.weight[n] for n in could if event.requests[n].id not in event.must)
    return [
        request.weight + (above if request.id in event.must else 0) for request in event.requests
    ]


def _make(board: Board, gains: Sequence[int], left: Callable[[], float]) -> int:
    """Fill the board and return the bound; `left` tells the seconds that remain."""
    seconds = left()

    def filling() -> bool:
        return left() > seconds * 0.5

    chosen, bound = choose(board, gains)
    _fill(board, gains, chosen, filling)
    if reached(board, gains) < bound and count_places(board) <= _FEW_PLACES:
        bound = min(bound, _exactly(board, gains, chosen, left))
    search_gain(board, gains, bound, in_time=lambda: left() > 0)
    search_waiting(board, gains, in_time=lambda: left() > 0)
    return bound


def _exactly(
    board: Board, gains: Sequence[int], chosen: Sequence[int], left: Callable[[], float]
) -> int:
    """Fill the board anew by a program over all places; returns its bound."""
    kept = [(number, slot) for number, slot in enumerate(board.slot_of) if slot != FREE]
    before = reached(board, gains)
    start_from(board, [])
    # Waiting for the proof of the last unit is for small events.
    whole = count_places(board) <= _FEW_PLACES // 4
    fixed = reached(board, gains)
    found = into_gaps(board, lambda number, _: gains[number], seconds=left() * 0.6, whole=whole)
    if found is None:
        start_from(board, kept)
        return 1 << 62
    start_from(board, found[0])
    _fill(board, gains, chosen, lambda: left() > 0)
    if reached(board, gains) < before:
        start_from(board, kept)
    # Whole weights make a whole sum; what the solver rounds is far below a hundredth.
    return fixed + floor(found[1] + 1e-3 + found[1] * 1e-10)


def _fill(
    board: Board, gains: Sequence[int], chosen: Sequence[int], in_time: Callable[[], bool]
) -> None:
    """Place who was chosen, then whoever else still fits, the heaviest first."""
    place_all(board, (n for n in chosen if board.slot_of[n] == FREE), in_time=in_time)
    rest = (number for number, slot in enumerate(board.slot_of) if slot == FREE)
    for number in sorted(rest, key=lambda number: (-gains[number], number)):
        _ = place(board, number) if in_time() else place_directly(board, number)


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
    changed = sorted(name for name, meeting in before.items() if after.get(name) != meeting)
    added = sorted(after.keys() - before.keys())
    return Timetable(
        meetings,
        unplaced,
        objective,
        objective + max(0, short if not lifted else min(short, sum(board.weight) - objective)),
        idle_slots(board),
        tuple(changed),
        tuple(added) if event.current else (),
    )


def _tables(board: Board) -> tuple[Meeting, ...]:
    """A table for every meeting: locked and current ones keep theirs, a buyer likes to stay."""
    event = board.event
    favourite: dict[int, int] = {}
    found: list[Meeting] = []
    for slot in range(event.slots):
        tables: dict[int, int] = {}
        taken: set[int] = set()
        for meeting in (*event.locked, *event.current):  # a lock before what was there until now
            number = board.number_of.get(meeting.request, FREE)
            if number == FREE or meeting.slot != slot or board.slot_of[number] != slot:
                continue
            if number in tables or meeting.table in taken:
                continue
            if not 0 <= meeting.table < event.tables:
                continue
            tables[number] = meeting.table
            taken.add(meeting.table)
        spare = [table for table in range(event.tables) if table not in taken]
        for number, at in enumerate(board.slot_of):
            if at != slot:
                continue
            if number not in tables:
                liked = favourite.get(board.buyer[number])
                tables[number] = liked if liked in spare and liked is not None else spare[0]
                spare.remove(tables[number])
            favourite.setdefault(board.buyer[number], tables[number])
            found.append(Meeting(event.requests[number].id, slot, tables[number]))
    return tuple(sorted(found, key=lambda one: (one.slot, one.table)))
