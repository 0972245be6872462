"""Finding a slot for each chosen request: directly, or by exchanging two slots along a path.

With everybody there all day the paths alone always suffice (they colour the edges of a bipartite
graph, König 1916); absences and full tables are what `search` is for.
"""

from collections.abc import Callable, Iterable

from marketplace.planning.timetable.board import FREE, Board, bits


def place_all(board: Board, wanted: Iterable[int], *, in_time: Callable[[], bool]) -> None:
    """Place requests, those with the fewest slots first; in a hurry without moving others."""
    for number in sorted(wanted, key=lambda number: (board.possible(number).bit_count(), number)):
        _ = place(board, number) if in_time() else place_directly(board, number)


def place_directly(board: Board, request: int) -> bool:
    """Put one request into the least used slot in which both are free."""
    return board.has_room_for(request) and _directly(board, request)


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
