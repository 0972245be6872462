"""Compiles every kernel for this machine, so that no timetable waits for it: after an install.

python -m marketplace.planning.kernels
"""

from shutil import rmtree

from marketplace.planning.kernels.jit import HERE, KEPT, PLACE
from marketplace.planning.timetable import Event, Participant, Request
from marketplace.planning.timetable.board import Board
from marketplace.planning.timetable.search import search_gain, search_waiting


def main() -> None:
    """Search where some must wait; what was compiled of older sources goes."""
    for kept in HERE.glob(f"__pycache__/{KEPT}*"):
        if str(kept) != PLACE:
            rmtree(kept, ignore_errors=True)
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
