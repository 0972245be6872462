"""Bring a run to its end: begin it or go on with it, make its indexes, hand out its shards."""

import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.clock import now, today
from marketplace.core.errors import Conflict
from marketplace.infra import events
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.events import EverythingSuggested
from marketplace.suggestions.guards import shards as guards
from marketplace.suggestions.jobs import shards as work
from marketplace.suggestions.jobs.pools import Pool, open_pool
from marketplace.suggestions.jobs.shards import LEASE, Outcome, Task
from marketplace.suggestions.queries import shards as queries
from marketplace.suggestions.rules import ShardState
from marketplace.suggestions.services import shards
from marketplace.suggestions.services.branches import BranchIndexes, parts_of, world_on
from marketplace.suggestions.services.world import settings_in_force

# Ended runs are kept this long, for their figures.
KEPT = timedelta(days=30)
_LOOK_AGAIN_SECONDS = 1.0
_TRIES_TO_BEGIN = 3
# A pool whose processes die without getting anything done is not opened for ever.
_BROKEN_IN_A_ROW = 3

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run has come to: shards by state, and sums over those that are done."""

    name: str
    shards: dict[ShardState, int]
    needs: int
    found: int
    added: int
    work_seconds: float

    @property
    def is_done(self) -> bool:
        return self.shards[ShardState.DONE] == sum(self.shards.values())


def begin(name: str, needs_per_shard: int = shards.NEEDS_PER_SHARD) -> int:
    """The run of this name, begun if it was not there; two at once begin it once."""
    for tried in range(_TRIES_TO_BEGIN):
        found = queries.find_run(name)
        if found is not None:
            return found.id
        day, settings = today(), settings_in_force()
        cuts = shards.plan(world_on(day), needs_per_shard)
        try:
            with transaction():
                guards.forget_runs(KEPT)
                return shards.begin(name, day, settings, cuts).id
        except Conflict:  # another command wrote this run, or the settings, at the same moment
            if tried + 1 == _TRIES_TO_BEGIN:
                raise
    raise AssertionError  # the loop returns or raises


def bring_to_end(
    run_id: int,
    *,
    folder: Path,
    scheduler: str | None = None,
    jobs: int = 1,
    report: Report = lambda done, total: None,
) -> Summary:
    """Work on whatever of the run is not done, until all is done or has failed."""
    if queries.get_run(run_id).finished_at is not None:
        return summary_of(run_id)
    task = Task(run_id, folder, uuid.uuid4().hex)
    with transaction():
        guards.retry_failed(run_id)
    with _leases_kept(task.holder):
        _in_pools(task, scheduler, jobs, report)
    with transaction():
        ended = guards.finish_run(run_id)
        if ended:
            events.publish(EverythingSuggested(run_id))
    if ended:
        shutil.rmtree(folder, ignore_errors=True)
    return summary_of(run_id)


def summary_of(run_id: int) -> Summary:
    return Summary(
        queries.get_run(run_id).name, queries.count_shards(run_id), *queries.totals_of(run_id)
    )


def _in_pools(task: Task, scheduler: str | None, jobs: int, report: Report) -> None:
    """Open a pool, and another one where a process of it died."""
    broken = 0
    while True:
        before = _done(task.run_id)
        try:
            with open_pool(scheduler, jobs) as pool:
                _make_indexes(task, pool)
                _hand_out(task, pool, report)
                return
        except BrokenProcessPool:
            broken = broken + 1 if _done(task.run_id) == before else 0
            if broken == _BROKEN_IN_A_ROW:
                raise


def _done(run_id: int) -> int:
    session.rollback()  # a new look: others have written meanwhile
    return queries.count_shards(run_id)[ShardState.DONE]


def _make_indexes(task: Task, pool: Pool) -> None:
    run = queries.get_run(task.run_id)
    wanted = queries.branches_of(task.run_id)
    world = world_on(run.day)
    parts = parts_of(wanted, world)
    session.rollback()
    _all(pool, [pool.submit(work.count_part, task, part) for part in parts])
    BranchIndexes(task.folder, world, settings_in_force()).weigh(parts)
    _all(pool, [pool.submit(work.finish_branch, task, branch) for branch in wanted])


def _all(pool: Pool, futures: "list[Future[Any]]") -> None:
    for future in futures:
        future.result()


def _hand_out(task: Task, pool: Pool, report: Report) -> None:
    """Keep the pool busy with free shards; wait for those others work on, or take them over."""
    while True:
        session.rollback()  # a new look: others have written meanwhile
        counts = queries.count_shards(task.run_id)
        done, total = counts[ShardState.DONE], sum(counts.values())
        report(done, total)
        if done + counts[ShardState.FAILED] == total:
            return
        free = list(queries.free_shards(task.run_id, task.holder))
        session.rollback()
        for outcome in _each(task, pool, free):
            done += outcome.state is ShardState.DONE
            report(done, total)
        if not free:
            time.sleep(_LOOK_AGAIN_SECONDS)


def _each(task: Task, pool: Pool, numbers: list[int]) -> Iterator[Outcome]:
    """The outcomes of these shards as they come; no more under way than the pool is wide."""
    pending: dict[Future[Outcome], int] = {}
    rest = iter(numbers)
    while True:
        for number in rest:
            pending[pool.submit(work.answer_shard, task, number)] = number
            if len(pending) >= pool.width:
                break
        if not pending:
            return
        done, running = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            yield _outcome(pending[future], future)
        pending = {future: pending[future] for future in running}


def _outcome(number: int, future: "Future[Outcome]") -> Outcome:
    """What a worker said; where it died of this shard again and again, the cluster says so."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except Exception as error:
        return work.give_up(number, error)


@contextmanager
def _leases_kept(holder: str) -> Iterator[None]:
    """Renew the leases of all shards this command handed out, for as long as it lives."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(LEASE.total_seconds() / 3):
            # A database too busy once is asked again before the lease runs out.
            with suppress(Conflict, SQLAlchemyError), app.app_context(), transaction():
                guards.renew_leases(holder, now() + LEASE)

    thread = threading.Thread(target=renew, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
