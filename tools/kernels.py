"""Compile every kernel for this machine, and say from time to time that it still goes on.

python -m tools.kernels
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

# One function alone may take minutes: nothing else could be told in between.
EVERY_SECONDS = 15.0


@contextmanager
def telling_time(doing: str, every: float = EVERY_SECONDS) -> Iterator[None]:
    """A line on stderr when the work in this block begins, and one after each so many seconds."""
    over, begun = Event(), monotonic()

    def tell() -> None:
        while not over.wait(every):
            _say(f"  still compiling after {round(monotonic() - begun)} seconds ...")

    _say(f"{doing} ...")
    clock = Thread(target=tell, daemon=True)
    clock.start()
    try:
        yield
    finally:
        over.set()
        clock.join()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> None:
    with telling_time("Compiling the engine for this machine, once, in one to five minutes"):
        # numba and the engine: what is slow to import is part of the work
        from marketplace.matching.kernels import __main__ as matching
        from marketplace.planning.kernels import __main__ as planning

        matching.main()
        planning.main()


if __name__ == "__main__":
    main()
