"""Finding a slot for each chosen request: directly, by exchanging two slots along a path, or by
solving a few slots anew.

With everybody there all day the paths alone always suffice (they colour the edges of a bipartite
graph, König 1916); absences and full tables are what the small programs are for.
"""

import random
from collections.abc import Callable, Iterable, Sequence

from marketplace.planning.timetable.board import FREE, Board, bits
from marketplace.planning.timetable.network import maximise

# A program of so many variables is solved in a blink.
_VARIABLES = 4_000
_FRUITLESS = 24


def place_all(board: Board, wanted: Iterable[int]) -> list[int]:
    """Place requests, those with the fewest slots first; returns what found no place."""
    order = sorted(wanted, key=lambda number: (board.possible(number).bit_count(), number))
    return [number for number in order if not place(board, number)]


def place(board: Board, request: int) -> bool:
    """Find a slot for one request, moving others between two slots if need be."""
    return board.has_room_for(request) and (
        _directly(board, request) or _by_path(board, request) or _by_table(board, request)
    )


def _directly(board: Board, request: int) -> bool:
    producer, buyer = board.pair(request)
    common = board.open[producer] & board.open[buyer] & board.possible(request)
    free = [slot for slot in bits(common) if board.fits(slot)]
    if not free:
        return False
    board.put(request, min(free, key=lambda slot: (board.load[slot] / board.room[slot], slot)))
    return True


def _by_path(board: Board, request: int) -> bool:
    possible = board.possible(request)
    producer, buyer = board.pair(request)
    for waiting, other in ((producer, buyer), (buyer, producer)):
        for here in bits(board.open[waiting] & possible):
            for there in bits(board.open[other] & board.can[other]):
                if here == there:
                    continue
                path = board.chain(other, here, there)
                # An odd path moves one meeting more away from here than to it.
                odd = path is not None and len(path) % 2 == 1
                if path is None or not board.fits(there if odd else here):
                    continue
                if odd and board.load[here] > board.room[here]:
                    continue
                board.exchange(path, here, there)
                board.put(request, here)
                return True
    return False


def _by_table(board: Board, request: int) -> bool:
    """Where both are free but all tables are taken: move one meeting more out of the slot than in.

    Nobody of the request is on such a path: they have no meeting in that slot.
    """
    producer, buyer = board.pair(request)
    for here in bits(board.open[producer] & board.open[buyer] & board.possible(request)):
        for there in range(board.event.slots):
            if there == here or not board.fits(there):
                continue
            for person, slots in enumerate(board.at):
                if slots[here] == FREE or slots[there] != FREE:
                    continue
                path = board.chain(person, here, there)
                if path is not None and len(path) % 2:
                    board.exchange(path, here, there)
                    board.put(request, here)
                    return True
    return False


def improve(
    board: Board,
    gains: Sequence[int],
    bound: int,
    *,
    seed: int,
    in_time: Callable[[], bool],
) -> None:
    """Solve a few slots at a time anew, with all that has no place, until nothing more is won."""
    dice = random.Random(seed)  # the same event gives the same timetable
    fruitless = 0
    while fruitless < _FRUITLESS and in_time():
        waiting = [
            number
            for number, slot in enumerate(board.slot_of)
            if slot == FREE and board.possible(number)
        ]
        reached = sum(gains[number] for number in board.placed())
        if reached >= bound or not waiting:
            return
        slots = _slots_about(board, dice.choice(waiting), dice)
        won = _solve(board, gains, waiting, slots)
        fruitless = 0 if won else fruitless + 1


def _slots_about(board: Board, request: int, dice: random.Random) -> list[int]:
    """Slots that matter to one who waits: where both could come, and where one of them is free."""
    producer, buyer = board.pair(request)
    possible = bits(board.possible(request))
    free = bits((board.open[producer] | board.open[buyer]) & ~board.possible(request))
    dice.shuffle(possible)
    dice.shuffle(free)
    slots: list[int] = []
    variables = 0
    while (possible or free) and variables < _VARIABLES:
        source = possible if possible and (not free or len(slots) % 3) else free or possible
        slots.append(source.pop())
        variables = len(slots) * sum(board.load[slot] for slot in slots)
    return slots


def _solve(
    board: Board, gains: Sequence[int], waiting: Sequence[int], slots: Sequence[int]
) -> bool:
    """Empty these slots and fill them in the best way; False where nothing was won."""
    inside = set(slots)
    moving = [
        number
        for number, slot in enumerate(board.slot_of)
        if slot in inside and not board.fixed[number]
    ]
    before = {number: board.take(number) for number in moving}
    people = len(board.limit)
    candidates = [
        (number, slot)
        for number in (*moving, *waiting)
        for slot in slots
        if board.possible(number) >> slot & 1
        and all(board.at[person][slot] == FREE for person in board.pair(number))
        and board.has_room_for(number)
    ]
    if len(candidates) > 4 * _VARIABLES:
        candidates = candidates[: 4 * _VARIABLES]
    place_of = {slot: place for place, slot in enumerate(slots)}
    rows: dict[tuple[str, int, int], int] = {}
    limits: list[float] = []

    def row(kind: str, first: int, second: int, limit: int) -> int:
        key = kind, first, second
        if key not in rows:
            rows[key] = len(limits)
            limits.append(float(limit))
        return rows[key]

    columns = []
    for number, slot in candidates:
        column = [row("once", number, 0, 1)]
        for person in board.pair(number):
            column.append(row("there", person, place_of[slot], 1))
            column.append(row("limit", person, 0, board.limit[person] - board.met[person]))
        column.append(row("room", people, slot, board.room[slot] - board.load[slot]))
        columns.append(column)
    found = maximise(
        [float(gains[number]) for number, _ in candidates], columns, limits, whole=True, seconds=2
    )
    reached = sum(gains[number] for number in moving)
    if found is None or found.objective <= reached + 0.5:
        for number, slot in before.items():
            board.put(number, slot)
        return False
    for (number, slot), value in zip(candidates, found.values, strict=True):
        if value > 0.5:
            board.put(number, slot)
    return True
