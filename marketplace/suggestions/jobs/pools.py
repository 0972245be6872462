"""Where the shards of a run are worked on: here, in processes of this machine, or on a cluster."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.processes import Inside, same_application


class Pool(Protocol):
    """Runs functions of this room inside the application; `width` of them are under way at once."""

    @property
    def width(self) -> int: ...

    def submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]": ...


class Here:
    """One after the other in this process."""

    width = 1

    def submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args))
        except Exception as error:
            done.set_exception(error)
        return done


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """In the processes of an executor, each of which makes an application of its own."""

    executor: Executor
    inside: Inside
    width: int

    def submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]":
        return self.executor.submit(self.inside, work, *args)


@contextmanager
def open_pool(scheduler: str | None, jobs: int) -> Iterator[Pool]:
    """The workers of a dask scheduler where one is named, else so many processes of this machine.

    A dead process of this machine breaks its pool: `BrokenProcessPool`, and the caller opens a new
    one. A cluster gives the work of a dead worker to another by itself.
    """
    if scheduler is not None:
        with _cluster(scheduler) as pool:
            yield pool
    elif jobs == 1:
        yield Here()
    else:
        # Forked from a clean server: no connection and no thread of this process is inherited.
        clean = multiprocessing.get_context("forkserver")
        with ProcessPoolExecutor(jobs, mp_context=clean) as executor:
            yield Elsewhere(executor, same_application(here=True), jobs)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Pool]:
    from distributed import Client  # only a command that was given a scheduler needs it

    try:
        connected = Client(scheduler, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InvalidInput(
            N_("The scheduler %(name)s cannot be reached"), name=scheduler
        ) from error
    with connected as client:
        threads = sum(client.nthreads().values())
        # Two for each thread: a worker has its next shard when it is done with one.
        executor = client.get_executor(pure=False)
        yield Elsewhere(executor, same_application(here=False), max(2, 2 * threads))
