"""The same work on many things in several processes that share the memory of this one.

The processes are forked, so what was built before is there without copying it; each takes every
so-manieth piece, and answers come back in the order of what was asked.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

# Things answered at a time: large enough to be worth a message, small enough for steady progress.
_PIECE = 32
_BROKEN = N_("A process of this run ended early, perhaps for want of memory")

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


class Crew(Generic[Thing, Answer]):
    """Answers things with `answer` in `jobs` processes; 1 works in this process.

    `own_kb` is, once all is answered, the memory the processes hold that they do not share.
    """

    def __init__(self, answer: Callable[[Thing], Answer], jobs: int) -> None:
        self._answer = answer
        self._jobs = jobs
        self.own_kb = 0

    def answers(self, things: Sequence[Thing]) -> Iterator[Answer]:
        """The answers in order. Raises what `answer` raised, DomainError if a process ended."""
        if self._jobs == 1:
            yield from map(self._answer, things)
            return
        fork = multiprocessing.get_context("fork")
        pipes: list[Connection] = []
        processes = []
        try:
            for number in range(self._jobs):
                here, there = fork.Pipe(duplex=False)
                process = fork.Process(target=self._work, args=(there, things, number), daemon=True)
                process.start()
                there.close()
                pipes.append(here)
                processes.append(process)
            for place in range(-(-len(things) // _PIECE)):
                yield from self._received(pipes[place % self._jobs])
            self.own_kb = sum(sum(self._received(pipe)) for pipe in pipes)
        finally:
            for process in processes:
                process.terminate()
                process.join()
            for pipe in pipes:
                pipe.close()

    def _work(self, there: Connection, things: Sequence[Thing], number: int) -> None:
        # Who presses Ctrl-C speaks to the process that began this one.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for start in range(number * _PIECE, len(things), self._jobs * _PIECE):
                there.send([self._answer(thing) for thing in things[start : start + _PIECE]])
            there.send([own_memory_kb()])
        except BrokenPipeError:
            return  # nobody waits for the answers any more
        except Exception as error:
            there.send(error)

    @staticmethod
    def _received(pipe: Connection) -> list[Any]:
        try:
            told = pipe.recv()
        except EOFError as error:
            raise DomainError(_BROKEN) from error
        if isinstance(told, Exception):
            raise told
        found: list[Any] = told
        return found


def cores() -> int:
    """How many processes can work at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def own_memory_kb() -> int:
    """What this process holds in memory that no other has mapped; 0 where it cannot be told."""
    try:
        told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = (line.split() for line in told.splitlines() if line.startswith("Private_"))
    return sum(int(size) for _, size, *_ in lines)
