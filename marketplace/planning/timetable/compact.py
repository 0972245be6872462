"""Fewer idle slots: parts of two slots change places where that shortens somebody's waiting."""

from collections.abc import Callable
from itertools import combinations

from marketplace.planning.timetable.board import FREE, Board


def idle_of(mask: int, breaks: int) -> int:
    """Slots between the first and the last meeting of `mask` that hold none and are no break."""
    if not mask:
        return 0
    low = (mask & -mask).bit_length() - 1
    span = ((1 << mask.bit_length()) - 1) >> low << low
    return (span & ~mask & ~breaks).bit_count()


def busy(board: Board, person: int) -> int:
    return sum(1 << slot for slot, request in enumerate(board.at[person]) if request != FREE)


def idle_slots(board: Board) -> int:
    """Idle slots of everybody together."""
    breaks = _breaks(board)
    return sum(idle_of(busy(board, person), breaks) for person in range(len(board.at)))


def compact(board: Board, *, in_time: Callable[[], bool]) -> None:
    """Exchange components of two slots as long as idle slots get fewer.

    The meetings of two slots fall into paths and circles of people; each can be turned over as a
    whole, so nobody is ever in two places.
    """
    breaks = _breaks(board)
    masks = [busy(board, person) for person in range(len(board.at))]
    won = True
    while won and in_time():
        won = False
        for first, second in combinations(range(board.event.slots), 2):
            if not in_time():
                return
            won |= _turn_components(board, masks, breaks, first, second)


def _turn_components(board: Board, masks: list[int], breaks: int, first: int, second: int) -> bool:
    seen: set[int] = set()
    both = 1 << first | 1 << second
    won = False
    for start, mask in enumerate(masks):
        if start in seen or not mask & both:
            continue
        people, requests = _component(board, start, first, second)
        seen.update(people)
        gain = 0
        for person in people:
            here = masks[person] & both
            if here not in {0, both}:
                turned = masks[person] ^ both
                gain += idle_of(masks[person], breaks) - idle_of(turned, breaks)
        if gain > 0 and _may_turn(board, requests, first, second):
            board.exchange(requests, first, second)
            for person in people:
                if masks[person] & both not in {0, both}:
                    masks[person] ^= both
            won = True
    return won


def _component(board: Board, start: int, first: int, second: int) -> tuple[list[int], list[int]]:
    people, requests = [start], []
    seen, taken = {start}, set()
    for person in people:
        for slot in (first, second):
            request = board.at[person][slot]
            if request == FREE or request in taken:
                continue
            taken.add(request)
            requests.append(request)
            for other in board.pair(request):
                if other not in seen:
                    seen.add(other)
                    people.append(other)
    return people, requests


def _may_turn(board: Board, requests: list[int], first: int, second: int) -> bool:
    more = 0
    for request in requests:
        here = board.slot_of[request]
        there = second if here == first else first
        if board.fixed[request] or not board.possible(request) >> there & 1:
            return False
        more += 1 if there == second else -1
    return board.fits(second, more) and board.fits(first, -more)


def _breaks(board: Board) -> int:
    return sum(1 << slot for slot in board.event.breaks)
