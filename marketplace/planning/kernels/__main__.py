"""Compiles every kernel for this machine, so that no plan waits for it: after an install.

python -m marketplace.planning.kernels
"""

from marketplace.planning.kernels.jit import kernel
from marketplace.planning.supply import Need, Pairing, Producer, SupplyTask, plan_supply
from marketplace.planning.timetable import Event, Participant, Request
from marketplace.planning.timetable.board import Board
from marketplace.planning.timetable.search import search_gain, search_waiting


def main() -> None:
    """Plan a little of everything; what was compiled of older sources goes."""
    kernel.forget_older()
    _plan_meetings()
    pairings = [Pairing("a", "x", 1)]
    plan_supply(SupplyTask([Producer("a", (1,))], [Need("x", (2,))], pairings))


def _plan_meetings() -> None:
    """Search where some must wait."""
    people = [Participant(f"p{number}", "producer", frozenset({0, 2})) for number in range(3)]
    people += [Participant(f"b{number}", "buyer", frozenset({0, 1, 2})) for number in range(3)]
    asked = [
        Request(f"{one}-{other}", f"p{one}", f"b{other}") for one in range(3) for other in range(3)
    ]
    board, gains = Board(Event(3, 1, people, asked)), [1] * len(asked)
    board.put(0, 0)
    board.put(1, 2)
    search_gain(board, gains, len(asked), in_time=lambda: True)
    search_waiting(board, gains, in_time=lambda: True)


if __name__ == "__main__":
    main()
