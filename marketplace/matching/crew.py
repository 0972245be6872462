"""One work shared out over processes that share the memory of this one.

They are forked, so what was built before is there without copying it. Each does every so-manieth
piece of the work, and the pieces come back in order.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

_BROKEN = N_("A process of this run ended early, perhaps for want of memory")

Item = TypeVar("Item")


class Crew:
    """`jobs` processes; 1 works in this process.

    `own_kb` is, once all is done, the memory they held that they did not share.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.own_kb = 0

    def run(self, work: Callable[[int], Iterator[Item]]) -> Iterator[Item]:
        """Item i is the next of `work(i % jobs)`, up to the first that has no more.

        Raises what `work` raised, and DomainError if a process ended.
        """
        if self.jobs == 1:
            yield from work(0)
            return
        fork = multiprocessing.get_context("fork")
        pipes: list[Connection] = []
        processes = []
        # Looking for garbage writes to every object, and what is written to is shared no more.
        gc.freeze()
        try:
            for number in range(self.jobs):
                here, there = fork.Pipe(duplex=False)
                process = fork.Process(target=_work, args=(there, work, number), daemon=True)
                process.start()
                there.close()
                pipes.append(here)
                processes.append(process)
            for place in count():
                found = _received(pipes[place % self.jobs])
                if isinstance(found, _Done):
                    break
                yield found
            others = [_received(pipe) for pipe in pipes if pipe is not pipes[place % self.jobs]]
            self.own_kb = sum(done.own_kb for done in (found, *others))
        finally:
            for process in processes:
                process.terminate()
                process.join()
            gc.unfreeze()
            for pipe in pipes:
                pipe.close()


@dataclass(frozen=True, slots=True)
class _Done:
    own_kb: int


def _work(there: Connection, work: Callable[[int], Iterator[object]], number: int) -> None:
    # Who presses Ctrl-C speaks to the process that began this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What that process does when it is told to end is not for this one to do.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        for item in work(number):
            there.send(item)
        there.send(_Done(_own_memory_kb()))
    except BrokenPipeError:
        return  # nobody waits for more
    except Exception as error:
        there.send(error)


def _received(pipe: Connection) -> Any:
    try:
        told = pipe.recv()
    except EOFError as error:
        raise DomainError(_BROKEN) from error
    if isinstance(told, Exception):
        raise told
    return told


def cores() -> int:
    """How many processes can work at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _own_memory_kb() -> int:
    """What this process holds in memory that no other has mapped; 0 where it cannot be told."""
    try:
        told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = (line.split() for line in told.splitlines() if line.startswith("Private_"))
    return sum(int(size) for _, size, *_ in lines)
