"""One person's day made anew in the best way, everybody else's given: exact for each, again and
again for all; and two slots changing places where that shortens waiting.
"""

import numpy as np

from marketplace.planning.kernels.assign import assign
from marketplace.planning.kernels.grid import (
    FREE,
    Grid,
    Ints,
    exchange,
    idle_of,
    idle_with,
    insert,
    noted_put,
    noted_take,
    other_of,
    undo,
)
from marketplace.planning.kernels.jit import kernel

_NEVER = 1 << 56


@kernel
def _lightest_of(grid: Grid, person: int) -> int:
    """The meeting of a person that is given up most easily; FREE where all are fixed."""
    found = FREE
    for slot in range(grid.at.shape[1]):
        request = grid.at[person, slot]
        if request == FREE or grid.fixed[request]:
            continue
        if found == FREE or grid.gain[request] < grid.gain[found]:
            found = request
    return found


@kernel
def _lightest_in(grid: Grid, slot: int) -> int:
    """The same of a slot."""
    found = FREE
    for person in range(grid.at.shape[0]):
        request = grid.at[person, slot]
        if request == FREE or grid.fixed[request]:
            continue
        if found == FREE or grid.gain[request] < grid.gain[found]:
            found = request
    return found


@kernel
def _has_other_place(grid: Grid, request: int, but: int) -> bool:
    """Whether both are free in another slot with a table."""
    producer, buyer = grid.producer[request], grid.buyer[request]
    for slot in range(grid.at.shape[1]):
        if slot == but or not grid.possible[request, slot] or grid.load[slot] >= grid.room[slot]:
            continue
        if grid.at[producer, slot] == FREE and grid.at[buyer, slot] == FREE:
            return True
    return False


@kernel
def _worth(
    grid: Grid, person: int, request: int, slot: int, unit: int, evict: bool, idle: int
) -> int:
    """What a meeting would be worth in this slot: its gain less what must go for it."""
    if not grid.possible[request, slot]:
        return -_NEVER
    other = other_of(grid, request, person)
    there = grid.at[other, slot]
    worth = grid.gain[request] * unit
    if there != FREE:
        if not evict or grid.fixed[there]:
            return -_NEVER
        if _has_other_place(grid, there, slot):
            return int(worth - unit // 4 - np.random.randint(0, unit // 4 + 1))
        return int(worth - grid.gain[there] * unit - np.random.randint(0, unit // 2 + 1))
    if grid.met[other] >= grid.limit[other]:
        lightest = _lightest_of(grid, other) if evict else FREE
        if lightest == FREE:
            return -_NEVER
        worth -= grid.gain[lightest] * unit
    if grid.load[slot] >= grid.room[slot]:
        lightest = _lightest_in(grid, slot) if evict else FREE
        if lightest == FREE:
            return -_NEVER
        worth -= grid.gain[lightest] * unit
    if evict:
        return int(worth - np.random.randint(0, unit // 4 + 1))
    return int(worth - (idle_with(grid, other, slot) - idle))


@kernel
def _renew(grid: Grid, person: int, unit: int, evict: bool, low: int, high: int, lost: Ints) -> int:
    """Give one person the best meetings between two slots; tells how many others were given up."""
    slots = np.empty(grid.at.shape[1], np.int64)
    rows = 0
    for slot in range(grid.at.shape[1]):
        request = grid.at[person, slot]
        if request != FREE and grid.fixed[request]:
            continue
        if request != FREE:
            noted_take(grid, request)
        if low <= slot <= high and grid.can[person, slot]:
            slots[rows] = slot
            rows += 1
    own = grid.own[grid.first[person] : grid.first[person + 1]]
    wanted = np.empty(len(own), np.int64)
    asked = 0
    for request in own:
        if grid.slot_of[request] == FREE and not grid.fixed[request]:
            wanted[asked] = request
            asked += 1
    if not rows or not asked:
        return 0
    cost = np.zeros((rows, asked + rows), np.int64)
    most = 0
    for column in range(asked):
        idle = 0 if evict else idle_of(grid, other_of(grid, wanted[column], person))
        for row in range(rows):
            worth = _worth(grid, person, wanted[column], slots[row], unit, evict, idle)
            cost[row, column] = -worth if worth > -_NEVER else _NEVER
            most = max(most, worth)
    # Slots that must stay empty take a column that is worth more than all meetings together.
    empty = rows - min(rows, grid.limit[person] - grid.met[person])
    cost[:, asked : asked + empty] = -(most + 1) * (rows + 1)
    found = assign(cost, rows, asked + rows)
    given = 0
    for row in range(rows):
        if found[row] >= asked or cost[row, found[row]] >= _NEVER:
            continue
        request, slot = wanted[found[row]], slots[row]
        other = other_of(grid, request, person)
        there = grid.at[other, slot]
        if there != FREE:
            noted_take(grid, there)
            lost[given] = there
            given += 1
        if grid.met[other] >= grid.limit[other]:
            lightest = _lightest_of(grid, other)
            if lightest == FREE:
                continue
            noted_take(grid, lightest)
            lost[given] = lightest
            given += 1
        if grid.load[slot] >= grid.room[slot]:
            lightest = _lightest_in(grid, slot)
            if lightest == FREE:
                continue
            noted_take(grid, lightest)
            lost[given] = lightest
            given += 1
        if grid.at[person, slot] == FREE and grid.at[other, slot] == FREE:
            noted_put(grid, request, slot)
    return given


@kernel
def gain_more(grid: Grid, bound: int, seed: int) -> int:
    """Renew the days of all who still wait for somebody, others giving way where that pays.

    Keeps what is at least as heavy as before. Returns how much was won.
    """
    np.random.seed(seed)
    slots = grid.at.shape[1]
    path = np.empty(2 * len(grid.slot_of) + 2, np.int64)
    lost = np.empty(4 * slots, np.int64)
    begun = grid.tally[1]
    waiting = np.zeros(len(grid.at), np.bool_)
    for request in range(len(grid.slot_of)):
        if grid.slot_of[request] == FREE and grid.gain[request] and grid.possible[request].any():
            waiting[grid.producer[request]] = True
            waiting[grid.buyer[request]] = True
    for person in np.random.permutation(len(grid.at)):
        if grid.tally[1] >= bound:
            break
        if not waiting[person]:
            continue
        grid.tally[0] = 0
        before = grid.tally[1]
        given = _renew(grid, person, 1 << 10, True, 0, slots, lost)
        for number in range(given):
            # A path is at most as long as there are people, and notes two lines for each.
            if grid.tally[0] + 2 * len(grid.at) + 2 < len(grid.journal):
                insert(grid, lost[number], path)
        if grid.tally[1] < before:
            undo(grid, 0)
    grid.tally[0] = 0
    return int(grid.tally[1] - begun)


@kernel
def _idle_about(grid: Grid, person: int) -> int:
    """Idle slots of a person and of all they meet or may meet, each told once for a request."""
    idle = idle_of(grid, person)
    before = -1
    for request in grid.own[grid.first[person] : grid.first[person + 1]]:
        other = other_of(grid, request, person)
        if other != before:
            idle += idle_of(grid, other)
        before = other
    return idle


@kernel
def _is_settled(grid: Grid, person: int, tried: Ints, changed: Ints) -> bool:
    """Whether nothing about a person has changed since they were tried."""
    if changed[person] > tried[person]:
        return False
    for request in grid.own[grid.first[person] : grid.first[person + 1]]:
        if changed[other_of(grid, request, person)] > tried[person]:
            return False
    return True


@kernel
def wait_less(grid: Grid, unit: int, clock: int, tried: Ints, changed: Ints) -> int:
    """Renew everybody's day for fewer idle slots, at no loss of gain; returns what was won.

    `changed` tells when somebody's day changed, `tried` when it was last renewed.
    """
    slots = grid.at.shape[1]
    lost = np.empty(4 * slots, np.int64)
    won = 0
    for person in range(len(grid.at)):
        if _is_settled(grid, person, tried, changed):
            continue
        tried[person] = clock
        first, last = slots, -1
        for slot in range(slots):
            if grid.at[person, slot] != FREE:
                first, last = min(first, slot), max(last, slot)
        if last < 0:
            continue
        for turn in range(3):
            low = first + 1 if turn == 1 else 0 if turn == 0 else first
            high = last - 1 if turn == 2 else slots if turn == 0 else last
            grid.tally[0] = 0
            gain, idle = grid.tally[1], _idle_about(grid, person)
            _renew(grid, person, unit, False, low, high, lost)
            less = idle - _idle_about(grid, person)
            if grid.tally[1] < gain or (grid.tally[1] == gain and less <= 0):
                undo(grid, 0)
                continue
            won += 1
            for line in range(grid.tally[0]):
                request = grid.journal[line, 0]
                changed[grid.producer[request]] = clock + 1
                changed[grid.buyer[request]] = clock + 1
    grid.tally[0] = 0
    return won


@kernel
def _turned(grid: Grid, person: int, first: int, second: int) -> int:
    """The idle slots a person would have with two slots exchanged."""
    idle, since, begun = 0, 0, False
    for slot in range(grid.at.shape[1]):
        here = second if slot == first else first if slot == second else slot
        if grid.at[person, here] != FREE:
            idle += since
            since, begun = 0, True
        elif begun and grid.working[slot]:
            since += 1
    return idle


@kernel
def turn_slots(grid: Grid, clock: int, changed: Ints, drift: bool) -> int:
    """Exchange connected parts of two slots where that shortens waiting; returns idle slots won.

    The meetings of two slots fall into paths and circles of people; each can be turned over as a
    whole, so nobody is ever in two places. With `drift` some parts change places that win nothing:
    from there others may win.
    """
    np.random.seed(clock)
    people, slots = grid.at.shape
    seen = np.full(people, -1, np.int64)
    members = np.empty(people, np.int64)
    part = np.empty(len(grid.slot_of) + 1, np.int64)
    idle = np.empty(people, np.int64)
    for person in range(people):
        idle[person] = idle_of(grid, person)
    won, pair = 0, 0
    for first in range(slots):
        for second in range(first + 1, slots):
            pair += 1
            if not grid.working[first] or not grid.working[second]:
                continue
            for start in range(people):
                if seen[start] == pair:
                    continue
                if grid.at[start, first] == FREE and grid.at[start, second] == FREE:
                    continue
                seen[start] = pair
                members[0], count, meetings, number = start, 1, 0, 0
                allowed, more, less = True, 0, 0
                while number < count:
                    person = members[number]
                    number += 1
                    one, two = grid.at[person, first], grid.at[person, second]
                    if (one == FREE) != (two == FREE):
                        less += idle[person] - _turned(grid, person, first, second)
                    for turn in range(2):
                        request, there = (one, second) if turn == 0 else (two, first)
                        if request == FREE:
                            continue
                        if grid.fixed[request] or not grid.possible[request, there]:
                            allowed = False
                        other = other_of(grid, request, person)
                        if seen[other] != pair:
                            seen[other] = pair
                            members[count] = other
                            count += 1
                        if grid.producer[request] == person:
                            part[meetings] = request
                            meetings += 1
                            more += 1 if turn == 0 else -1
                if (
                    not allowed
                    or less < 0
                    or (less == 0 and (not drift or np.random.randint(0, 2)))
                ):
                    continue
                if more > 0 and grid.load[second] + more > grid.room[second]:
                    continue
                if more < 0 and grid.load[first] - more > grid.room[first]:
                    continue
                grid.tally[0] = 0
                exchange(grid, part, meetings, first, second)
                won += less
                for one in range(count):
                    changed[members[one]] = clock
                    idle[members[one]] = idle_of(grid, members[one])
    grid.tally[0] = 0
    return won
