"""A timetable renewed after somebody did not come: what can stay stays.

In this order: as few meetings as possible change slot or table; then the heaviest of what lost its
place or never had one, into gaps only; then few idle slots. A request that could only be placed by
moving somebody else waits: `find_remedies` tells the officer who would have to move.
"""

from collections.abc import Callable, Sequence

from marketplace.planning.timetable.board import FREE, Board, bits
from marketplace.planning.timetable.choose import count_places, into_gaps
from marketplace.planning.timetable.search import search_gain, search_waiting

# So many places can be weighed all at once, should two kept meetings stand in each other's way.
_FEW_PLACES = 4_000


def renew(board: Board, gains: Sequence[int], left: Callable[[], float]) -> None:
    """Keep what can stay of the current timetable, and fill the gaps with the heaviest others."""
    stays = _can_stay(board)
    heavier = 1.0 + sum(gains)

    def worth(number: int, slot: int) -> float:
        return gains[number] + (heavier if stays.get(number) == slot else 0.0)

    if not _all_stay(board, stays):
        # Limits or tables became fewer, so that one of them has to go: which one, is chosen well.
        few = count_places(board) <= _FEW_PLACES
        _put(board, into_gaps(board, worth, seconds=max(0.1, left() * 0.5)) if few else None)
        _keep_greedily(board, stays, gains)
    open_before = list(board.fixed)
    for number, slot in stays.items():
        if board.slot_of[number] == slot:
            board.fixed[number] = True
    _fill_gaps(board, gains, left)
    search_waiting(board, gains, in_time=lambda: left() > 0)
    board.fixed[:] = open_before


def place_weightless(board: Board) -> None:
    """Requests that weigh nothing are placed where nothing has to move for them."""
    for number, weight in enumerate(board.weight):
        if not weight and board.slot_of[number] == FREE and board.has_room_for(number):
            producer, buyer = board.pair(number)
            common = board.open[producer] & board.open[buyer] & board.possible(number)
            slot = next((slot for slot in bits(common) if board.fits(slot)), None)
            if slot is not None:
                board.put(number, slot)


def reached(board: Board, gains: Sequence[int]) -> int:
    """The gain of all that is placed."""
    return sum(gains[number] for number in board.placed())


def _can_stay(board: Board) -> dict[int, int]:
    """The slot of every current meeting that could stay at its table, each looked at alone."""
    event = board.event
    locked = {(lock.slot, lock.table) for lock in event.locked}
    found: dict[int, int] = {}
    seats: set[tuple[int, int]] = set()
    for one in event.current:
        number = board.number_of.get(one.request)
        if number is None or number in found or board.fixed[number]:
            continue
        if not (0 <= one.slot < event.slots and 0 <= one.table < event.tables):
            continue
        seat = one.slot, one.table
        is_free = all(board.at[person][one.slot] == FREE for person in board.pair(number))
        if seat in locked or seat in seats or not is_free or not board.has_room_for(number):
            continue
        if board.possible(number) >> one.slot & 1 and board.fits(one.slot):
            found[number] = one.slot
            seats.add(seat)
    return found


def _all_stay(board: Board, stays: dict[int, int]) -> bool:
    """Put all of them on the board; takes them off again where they do not go together."""
    for done, (number, slot) in enumerate(stays.items()):
        if not _fits(board, number, slot):
            for earlier in list(stays)[:done]:
                board.take(earlier)
            return False
        board.put(number, slot)
    return True


def _keep_greedily(board: Board, stays: dict[int, int], gains: Sequence[int]) -> None:
    for number in sorted(stays, key=lambda number: (-gains[number], number)):
        if board.slot_of[number] == FREE and _fits(board, number, stays[number]):
            board.put(number, stays[number])


def _fits(board: Board, number: int, slot: int) -> bool:
    free = all(board.at[person][slot] == FREE for person in board.pair(number))
    return free and board.has_room_for(number) and board.fits(slot)


def _fill_gaps(board: Board, gains: Sequence[int], left: Callable[[], float]) -> None:
    _put(board, into_gaps(board, lambda number, _: gains[number], seconds=max(0.1, left() * 0.7)))
    # Where the program found no answer in time.
    search_gain(board, gains, 1 << 62, in_time=lambda: left() > 0)


def _put(board: Board, found: tuple[list[tuple[int, int]], float] | None) -> None:
    for number, slot in found[0] if found is not None else ():
        board.put(number, slot)
