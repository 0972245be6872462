"""How long things take and how much memory they keep, measured the same way for every side."""

import ctypes
import gc
import multiprocessing
import time
from collections.abc import Callable, Sequence

import numpy as np

WARM_UP = 20


def one_by_one(
    ask: Callable[[int], object], count: int, seconds: float, least: int = 3
) -> list[float]:
    """Milliseconds of `ask(0)`, `ask(1)`, … until `count` or the time is used up."""
    started = time.perf_counter()
    # What is compiled or read on the first calls is not what a question costs.
    for number in range(min(WARM_UP, count)):
        ask(number)
        if time.perf_counter() - started > seconds / 4:
            break
    took = []
    started = time.perf_counter()
    for number in range(count):
        begun = time.perf_counter()
        ask(number)
        ended = time.perf_counter()
        took.append((ended - begun) * 1000)
        if len(took) >= least and ended - started > seconds:
            break
    return took


def percentile(took: Sequence[float], percent: float) -> float:
    return float(np.percentile(np.asarray(took), percent))


def answered_per_second(
    ask: Callable[[Sequence[int]], object],
    count: int,
    seconds: float,
    workers: int,
    begin: Callable[[], None] = lambda: None,
    together: int = 1,
) -> tuple[float, int]:
    """Questions a second by `workers` forked processes, and how many were asked.

    All questions are known before: `ask` is given the numbers of so many `together`.
    The processes share what was built before the fork. `begin` is called in each, before the clock
    starts, to open what a fork cannot share.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(workers)
    results = context.SimpleQueue()

    def work(first: int) -> None:
        begin()
        ask((first,))
        barrier.wait()
        started = time.perf_counter()
        done = 0
        for start in range(first * together, count, workers * together):
            numbers = range(start, min(start + together, count))
            ask(numbers)
            done += len(numbers)
            if time.perf_counter() - started > seconds:
                break
        results.put((done, time.perf_counter() - started))

    processes = [context.Process(target=work, args=(first,)) for first in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    found = [results.get() for process in processes if process.exitcode == 0]
    if len(found) < workers:
        raise RuntimeError("a process of the measurement ended before its time")
    return sum(done for done, _ in found) / max(took for _, took in found), sum(
        done for done, _ in found
    )


def memory_mb() -> float:
    """What this process keeps in memory now, after giving back what it can, in megabytes."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return _status("VmRSS")


def forget_peak() -> None:
    """Let the highest mark of memory begin again from now."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def peak_mb() -> float:
    return _status("VmHWM")


def _status(name: str) -> float:
    with open("/proc/self/status", encoding="ascii") as lines:
        found = next(line for line in lines if line.startswith(name))
    return int(found.split()[1]) / 1024
