"""Work shared out over processes comes back whole and in order, or says what went wrong."""

import os
import signal

import pytest

from marketplace.core.errors import DomainError, InvalidInput
from marketplace.matching.crew import Crew


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 32, 33, 200])
def test_answers_come_in_the_order_of_the_questions(jobs: int, count: int) -> None:
    things = list(range(count))
    assert list(Crew(lambda thing: thing * 2, jobs).answers(things)) == [2 * one for one in things]


def test_the_work_is_done_in_processes_of_its_own() -> None:
    crew: Crew[int, int] = Crew(lambda thing: os.getpid(), 2)
    assert len({os.getpid(), *crew.answers(range(100))}) == 3
    assert crew.own_kb > 0


def test_what_goes_wrong_in_a_process_is_raised_here() -> None:
    def refuse(thing: int) -> int:
        if thing == 70:
            raise InvalidInput("Nobody sells %(what)s", what="this")
        return thing

    with pytest.raises(InvalidInput, match="Nobody sells this"):
        list(Crew(refuse, 2).answers(range(100)))


def test_a_process_that_is_killed_is_noticed() -> None:
    def die(thing: int) -> int:
        if thing == 40:
            os.kill(os.getpid(), signal.SIGKILL)
        return thing

    with pytest.raises(DomainError, match="ended early"):
        list(Crew(die, 2).answers(range(100)))


def test_who_wants_no_more_answers_leaves_no_process_behind() -> None:
    crew: Crew[int, int] = Crew(lambda thing: os.getpid(), 2)
    answers = crew.answers(range(10_000))
    process = next(answers)
    answers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
