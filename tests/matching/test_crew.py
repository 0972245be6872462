"""Work shared out over processes comes back whole and in order, or says what went wrong."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from marketplace.core.errors import DomainError, InvalidInput
from marketplace.matching.crew import Crew

Work = Callable[[int], Iterator[int]]


def doing(answer: Callable[[int], int], jobs: int, count: int = 100) -> Work:
    """The numbers below `count`, one after the other, each answered."""
    return lambda share: (answer(thing) for thing in range(share, count, jobs))


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_pieces_come_back_in_order(jobs: int, count: int) -> None:
    done = Crew(jobs).run(doing(lambda thing: thing * 2, jobs, count))
    assert list(done) == [2 * thing for thing in range(count)]


def test_the_work_is_done_in_processes_of_its_own() -> None:
    crew = Crew(2)
    assert len({os.getpid(), *crew.run(doing(lambda thing: os.getpid(), 2))}) == 3
    assert crew.own_kb > 0


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    def refuse(thing: int) -> int:
        if thing == 70:
            raise InvalidInput("Nobody sells %(what)s", what="this")
        return thing

    with pytest.raises(InvalidInput, match="Nobody sells this"):
        list(Crew(2).run(doing(refuse, 2)))


def test_a_process_that_is_killed_is_noticed() -> None:
    def die(thing: int) -> int:
        if thing == 40:
            os.kill(os.getpid(), signal.SIGKILL)
        return thing

    with pytest.raises(DomainError, match="ended early"):
        list(Crew(2).run(doing(die, 2)))


def test_who_wants_no_more_leaves_no_process_behind() -> None:
    done = Crew(2).run(doing(lambda thing: os.getpid(), 2, 100_000))
    process = next(done)
    done.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
