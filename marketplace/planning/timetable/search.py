"""From the board to the arrays of the kernels and back: more gain, then less waiting."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from marketplace.planning import kernels
from marketplace.planning.timetable.board import FREE, Board

if TYPE_CHECKING:
    from marketplace.planning.kernels.grid import Grid

# Rounds without a gain after which nothing more is expected.
_FRUITLESS = 12
# So near to the bound the search is as good as over.
_CLOSE, _CLOSE_FRUITLESS = 0.0002, 2
# The same for idle slots: how much is tried, and what share of them a round must win.
_LEAST_ROUNDS, _WORK, _DRIFTS = 5, 1_500_000, 2
_FRUITLESS_ROUNDS, _WORTHWHILE = 2, 0.02
_LARGEST = 1 << 56


def search_gain(
    board: Board, gains: Sequence[int], bound: int, *, in_time: Callable[[], bool]
) -> None:
    """Place what still waits, others giving way where that pays, until nothing more is won."""
    scaled = _scaled(gains, board.event.slots)
    grid = _grid(board, scaled)
    aim = bound if scaled == list(gains) else 1 << 62
    fruitless = seed = 0
    while fruitless < _patience(grid, aim) and grid.tally[1] < aim and in_time():
        seed += 1
        fruitless = 0 if kernels.search.gain_more(grid, aim, seed) else fruitless + 1
    _back(board, grid, gains)


def search_waiting(board: Board, gains: Sequence[int], *, in_time: Callable[[], bool]) -> None:
    """Fewer idle slots, at no loss of gain, until nothing more is won."""
    grid = _grid(board, _scaled(gains, board.event.slots))
    unit = board.event.slots**2 + 1
    changed = np.ones(len(board.at), np.int64)
    tried = np.zeros(len(board.at), np.int64)
    # Each round costs as much as there are people and pairs of slots.
    rounds = max(_LEAST_ROUNDS, _WORK // (len(board.at) * board.event.slots**2 + 1))
    clock, fruitless, renews = 1, 0, True
    for _ in range(rounds):
        idle = int(kernels.grid.total_idle(grid))
        if not idle or fruitless == _FRUITLESS_ROUNDS or not in_time():
            break
        turned = kernels.search.turn_slots(grid, clock, changed, False)
        for _again in range(_DRIFTS):
            if not in_time():
                break
            clock += 1
            turned += kernels.search.turn_slots(grid, clock, changed, True)
        clock += 2
        # Where turning wins nearly all, the dearer half of a round is left out.
        renews = renews and 4 * turned < 3 * idle
        if renews and in_time():
            before = int(kernels.grid.total_idle(grid))
            kernels.search.wait_less(grid, unit, clock, tried, changed)
            renews = 2 * (before - int(kernels.grid.total_idle(grid))) >= turned
        fruitless = (
            0 if idle - int(kernels.grid.total_idle(grid)) > idle * _WORTHWHILE else fruitless + 1
        )
    _back(board, grid, gains)


def _patience(grid: "Grid", aim: int) -> int:
    return _FRUITLESS if grid.tally[1] < aim * (1 - _CLOSE) else _CLOSE_FRUITLESS


def idle_slots(board: Board) -> int:
    """Idle slots of everybody together."""
    return int(kernels.grid.total_idle(_grid(board, [0] * len(board.slot_of))))


def _scaled(gains: Sequence[int], slots: int) -> list[int]:
    """Gains small enough for sums in 64 bits; whoever scaled compares the true ones at the end."""
    allowed = _LARGEST // (max(1 << 10, slots**2 + 1) * (slots + 2) ** 2)
    shift = max(0, max(gains, default=0).bit_length() - allowed.bit_length() + 1)
    return [gain >> shift for gain in gains]


def _grid(board: Board, gains: Sequence[int]) -> "Grid":
    slots, people, requests = board.event.slots, len(board.at), len(board.slot_of)
    producer, buyer = np.array(board.producer, np.int64), np.array(board.buyer, np.int64)
    can = np.array([[mask >> slot & 1 for slot in range(slots)] for mask in board.can], bool)
    can = can.reshape(people, slots)
    possible = can[producer] & can[buyer] if requests else np.zeros((0, slots), bool)
    for number, mask in enumerate(board.barred):
        if mask:
            possible[number] &= [not mask >> slot & 1 for slot in range(slots)]
    slot_of = np.array(board.slot_of, np.int64)
    at = np.array(board.at, np.int64).reshape(people, slots)
    ends = np.concatenate([producer, buyer])
    order = np.argsort(ends, kind="stable")
    own = order % requests if requests else order
    gain = np.array(gains, np.int64)
    return kernels.grid.Grid(
        producer=producer,
        buyer=buyer,
        gain=gain,
        can=can,
        possible=possible,
        fixed=np.array(board.fixed, bool),
        at=at,
        slot_of=slot_of,
        load=np.array(board.load, np.int64),
        room=np.array(board.room, np.int64),
        met=np.array(board.met, np.int64),
        limit=np.array(board.limit, np.int64),
        working=np.array([slot not in board.event.breaks for slot in range(slots)], bool),
        first=np.searchsorted(ends[order], np.arange(people + 1)).astype(np.int64),
        own=own.astype(np.int64),
        journal=np.zeros((8 * people + 4 * requests + 8 * slots + 64, 2), np.int64),
        tally=np.array([0, int(gain[slot_of != FREE].sum())], np.int64),
    )


def _back(board: Board, grid: "Grid", gains: Sequence[int]) -> None:
    """Bring the board to the state of the arrays, unless that is lighter."""
    after = [int(slot) for slot in grid.slot_of]
    reached = sum(gains[number] for number, slot in enumerate(after) if slot != FREE)
    if reached < sum(gains[number] for number in board.placed()):
        return
    moved = [number for number, slot in enumerate(after) if slot != board.slot_of[number]]
    for number in moved:
        if board.slot_of[number] != FREE:
            board.take(number)
    for number in moved:
        if after[number] != FREE:
            board.put(number, after[number])
