"""Which requests can be met at all, and what no timetable can exceed."""

from collections.abc import Sequence
from math import floor

from marketplace.planning.timetable.board import FREE, Board, bits
from marketplace.planning.timetable.network import maximise

# A program of so many variables takes a second or two.
_MOST_VARIABLES = 30_000


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


def by_slot(
    board: Board, gains: Sequence[int], *, seconds: float
) -> tuple[list[tuple[int, int]], int] | None:
    """(request, slot) of the relaxed program with slots, and its value: a bound close to the truth.

    Its answer has few halves; they are left out. None where it is too large or time is too short.
    """
    places = [
        (number, slot)
        for number in range(len(gains))
        for slot in bits(board.possible(number))
        if not board.fixed[number] or board.slot_of[number] == slot
    ]
    if len(places) > _MOST_VARIABLES:
        return None
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
        column = [row("once", number, 0, 1), row("room", slot, 0, board.room[slot])]
        for person in board.pair(number):
            column.append(row("there", person, slot, 1))
            if board.limit[person] < board.can[person].bit_count():
                column.append(row("limit", person, 0, board.limit[person]))
        columns.append(column)
    gain = [float(gains[number]) for number, _ in places]
    found = maximise(gain, columns, limits, seconds=seconds)
    if found is None:
        return None
    whole = [place for place, value in zip(places, found.values, strict=True) if value > 0.99]
    # Whole weights make a whole sum; what the solver rounds is far below a hundredth.
    return whole, floor(found.bound + 1e-3 + found.bound * 1e-9)


def start_from(board: Board, places: Sequence[tuple[int, int]]) -> None:
    """Empty the board but for what is fixed, and put these meetings on it."""
    for number, slot in enumerate(board.slot_of):
        if slot != FREE and not board.fixed[number]:
            board.take(number)
    for number, slot in places:
        if board.slot_of[number] == FREE:
            board.put(number, slot)
