"""Who sits where in each slot, as arrays; every change can be taken back."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.kernels.jit import kernel

Ints = NDArray[np.int64]
FREE = -1


class Grid(NamedTuple):
    """`at[person, slot]` is the request they meet for, or FREE; `slot_of[request]` the same told
    from the other side. `own[first[p]:first[p + 1]]` are the requests of a person.
    """

    producer: Ints
    buyer: Ints
    gain: Ints
    can: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    at: Ints
    slot_of: Ints
    load: Ints
    room: Ints
    met: Ints
    limit: Ints
    working: NDArray[np.bool_]
    first: Ints
    own: Ints
    # What was changed: request, slot (as it was before a taking, or ~slot after a putting).
    journal: Ints
    # Length of the journal; the gain of all that is placed.
    tally: Ints


@kernel
def put(grid: Grid, request: int, slot: int) -> None:
    producer, buyer = grid.producer[request], grid.buyer[request]
    grid.at[producer, slot] = request
    grid.at[buyer, slot] = request
    grid.met[producer] += 1
    grid.met[buyer] += 1
    grid.load[slot] += 1
    grid.slot_of[request] = slot
    grid.tally[1] += grid.gain[request]


@kernel
def take(grid: Grid, request: int) -> None:
    producer, buyer = grid.producer[request], grid.buyer[request]
    slot = grid.slot_of[request]
    grid.at[producer, slot] = FREE
    grid.at[buyer, slot] = FREE
    grid.met[producer] -= 1
    grid.met[buyer] -= 1
    grid.load[slot] -= 1
    grid.slot_of[request] = FREE
    grid.tally[1] -= grid.gain[request]


@kernel
def noted_put(grid: Grid, request: int, slot: int) -> None:
    put(grid, request, slot)
    here = grid.tally[0]
    grid.journal[here, 0], grid.journal[here, 1] = request, -1 - slot
    grid.tally[0] = here + 1


@kernel
def noted_take(grid: Grid, request: int) -> int:
    slot = grid.slot_of[request]
    take(grid, request)
    here = grid.tally[0]
    grid.journal[here, 0], grid.journal[here, 1] = request, slot
    grid.tally[0] = here + 1
    return int(slot)


@kernel
def undo(grid: Grid, mark: int) -> None:
    """Take back what was changed since the journal had this length."""
    while grid.tally[0] > mark:
        grid.tally[0] -= 1
        here = grid.tally[0]
        request, slot = grid.journal[here, 0], grid.journal[here, 1]
        if slot >= 0:
            put(grid, request, slot)
        else:
            take(grid, request)


@kernel
def other_of(grid: Grid, request: int, person: int) -> int:
    producer = grid.producer[request]
    return int(grid.buyer[request] if producer == person else producer)


@kernel
def idle_of(grid: Grid, person: int) -> int:
    """Slots without a meeting between the first and the last, breaks left out."""
    idle, since, begun = 0, 0, False
    for slot in range(grid.at.shape[1]):
        if grid.at[person, slot] != FREE:
            idle += since
            since, begun = 0, True
        elif begun and grid.working[slot]:
            since += 1
    return idle


@kernel
def idle_with(grid: Grid, person: int, more: int) -> int:
    """The same if there were a meeting in one slot more."""
    idle, since, begun = 0, 0, False
    for slot in range(grid.at.shape[1]):
        if grid.at[person, slot] != FREE or slot == more:
            idle += since
            since, begun = 0, True
        elif begun and grid.working[slot]:
            since += 1
    return idle


@kernel
def total_idle(grid: Grid) -> int:
    total = 0
    for person in range(grid.at.shape[0]):
        total += idle_of(grid, person)
    return total


@kernel
def chain(grid: Grid, person: int, here: int, there: int, path: Ints) -> int:
    """Meetings that change places between two slots to free `person` in `here`; -1 where they may
    not. Written to `path`; returns how many.
    """
    count = 0
    while True:
        request = grid.at[person, here]
        if request == FREE:
            return count
        if grid.fixed[request] or not grid.possible[request, there]:
            return -1
        path[count] = request
        count += 1
        person = other_of(grid, request, person)
        here, there = there, here


@kernel
def exchange(grid: Grid, path: Ints, count: int, one: int, other: int) -> None:
    """Every meeting of the path goes to the other one of the two slots."""
    for number in range(count):
        path[number] = path[number] * 2 + (1 if grid.slot_of[path[number]] == one else 0)
        noted_take(grid, path[number] // 2)
    for number in range(count):
        request = path[number] // 2
        noted_put(grid, request, other if path[number] % 2 else one)
        path[number] = request


@kernel
def insert(grid: Grid, request: int, path: Ints) -> bool:
    """Place one request without giving up another: directly, or by exchanging two slots."""
    if grid.slot_of[request] != FREE:
        return True
    producer, buyer = grid.producer[request], grid.buyer[request]
    if grid.met[producer] >= grid.limit[producer] or grid.met[buyer] >= grid.limit[buyer]:
        return False
    best, best_slot = 1 << 60, -1
    slots = grid.at.shape[1]
    for slot in range(slots):
        if not grid.possible[request, slot] or grid.load[slot] >= grid.room[slot]:
            continue
        if grid.at[producer, slot] == FREE and grid.at[buyer, slot] == FREE:
            longer = idle_with(grid, producer, slot) + idle_with(grid, buyer, slot)
            worse = longer * (1 << 20) + grid.load[slot]
            if worse < best:
                best, best_slot = worse, slot
    if best_slot >= 0:
        noted_put(grid, request, best_slot)
        return True
    for turn in range(2):
        waiting, busy = (producer, buyer) if turn == 0 else (buyer, producer)
        for here in range(slots):
            if not grid.possible[request, here] or grid.at[waiting, here] != FREE:
                continue
            for there in range(slots):
                if here == there or grid.at[busy, there] != FREE or not grid.working[there]:
                    continue
                count = chain(grid, busy, here, there, path)
                odd = count % 2 == 1
                if (
                    count < 0
                    or grid.load[there if odd else here] >= grid.room[there if odd else here]
                ):
                    continue
                if odd and grid.load[here] > grid.room[here]:
                    continue
                exchange(grid, path, count, here, there)
                noted_put(grid, request, here)
                return True
    return False
