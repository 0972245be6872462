"""Which requests can be met at all, and what no timetable can exceed."""

from collections.abc import Callable, Sequence

from marketplace.planning.timetable.board import FREE, Board, bits
from marketplace.planning.timetable.network import maximise


def choose(board: Board, gains: Sequence[int]) -> tuple[list[int], int]:
    """The heaviest requests within everybody's limits and all tables, and their weight.

    People's limits and the number of tables make a network, so the best answer has no halves.
    """
    asked = [number for number in range(len(gains)) if board.possible(number)]
    people = len(board.limit)
    limits = [float(limit) for limit in board.limit]
    limits.append(float(sum(board.room)))
    columns = [(*board.pair(number), people) for number in asked]
    found = maximise([float(gains[number]) for number in asked], columns, limits)
    assert found is not None  # a flow of this size takes milliseconds, there is no time limit near
    chosen = [number for number, value in zip(asked, found.values, strict=True) if value > 0.5]
    return chosen, sum(gains[number] for number in chosen)


def count_places(board: Board) -> int:
    """How many pairs of a request and a slot there are to choose from."""
    return sum(board.possible(number).bit_count() for number in range(len(board.slot_of)))


def into_gaps(
    board: Board, worth: Callable[[int, int], float], *, seconds: float, whole: bool = True
) -> tuple[list[tuple[int, int]], float] | None:
    """The best (request, slot) for all who are not on the board, without moving anybody on it.

    `worth(request, slot)` is what a place gains. Also what no choice of places exceeds. None where
    time was too short. If not `whole` a bound comes sooner, and halves are left out.
    """
    places = [
        (number, slot)
        for number, at in enumerate(board.slot_of)
        if at == FREE and board.has_room_for(number)
        for slot in bits(_open(board, number))
        if board.fits(slot)
    ]
    rows: dict[tuple[str, int, int], int] = {}
    limits: list[float] = []

    def row(kind: str, first: int, second: int, limit: int) -> int:
        key = kind, first, second
        if key not in rows:
            rows[key] = len(limits)
            limits.append(float(limit))
        return rows[key]

    columns = []
    for number, slot in places:
        column = [row("once", number, 0, 1)]
        column.append(row("room", slot, 0, board.room[slot] - board.load[slot]))
        for person in board.pair(number):
            column.append(row("there", person, slot, 1))
            left = board.limit[person] - board.met[person]
            if left < board.open[person].bit_count():
                column.append(row("limit", person, 0, left))
        columns.append(column)
    gain = [float(worth(number, slot)) for number, slot in places]
    found = maximise(gain, columns, limits, seconds=seconds, whole=whole)
    if found is None:
        return None
    chosen = [place for place, value in zip(places, found.values, strict=True) if value > 0.99]
    return chosen, found.bound


def _open(board: Board, number: int) -> int:
    producer, buyer = board.pair(number)
    return board.open[producer] & board.open[buyer] & board.possible(number)


def start_from(board: Board, places: Sequence[tuple[int, int]]) -> None:
    """Empty the board but for what is fixed, and put these meetings on it."""
    for number, slot in enumerate(board.slot_of):
        if slot != FREE and not board.fixed[number]:
            board.take(number)
    for number, slot in places:
        if board.slot_of[number] == FREE:
            board.put(number, slot)
