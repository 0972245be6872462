"""What a worker does for a run, wherever it runs: count, finish an index, answer a shard."""

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from marketplace.core.clock import now
from marketplace.core.errors import Conflict
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.matching import Engine, Settings, World
from marketplace.suggestions import queries
from marketplace.suggestions.guards import shards as guards
from marketplace.suggestions.models import SuggestionShard
from marketplace.suggestions.queries import shards as shard_queries
from marketplace.suggestions.rules import ShardState
from marketplace.suggestions.services import computing, shards
from marketplace.suggestions.services.branches import BranchIndexes, world_on
from marketplace.suggestions.services.world import open_needs

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)
MAX_ATTEMPTS = 3
# Another job may write the same pairing, or an officer decide on one, while a shard is stored.
_TRIES_TO_STORE = 5
# Indexes a process keeps open: shards come one branch after the other.
_OPEN = 2


@dataclass(frozen=True, slots=True)
class Task:
    """Where the indexes of a run lie and who hands its shards out; travels to the workers."""

    run_id: int
    folder: Path
    holder: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one shard; all that travels back. `state` None: others work on it."""

    shard_id: int
    state: ShardState | None
    needs: int = 0
    found: int = 0
    added: int = 0
    seconds: float = 0.0


class _Tools:
    """Facts and indexes of the runs this process worked for, kept for its next shard."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: dict[int, tuple[World, Settings]] = {}
        self._engines: OrderedDict[tuple[int, Path, str], Engine] = OrderedDict()

    def indexes(self, task: Task) -> BranchIndexes:
        if task.run_id not in self._facts:
            run = shard_queries.get_run(task.run_id)
            version = queries.get_engine_version(run.engine_version_id)
            facts = world_on(run.day), Settings.from_dict(dict(version.settings))
            self._facts = {task.run_id: facts}
        return BranchIndexes(task.folder, *self._facts[task.run_id])

    def engine(self, task: Task, branch: str) -> Engine:
        key = task.run_id, task.folder, branch
        with self._lock:
            if key not in self._engines:
                self._engines[key] = self.indexes(task).open(branch)
            self._engines.move_to_end(key)
            while len(self._engines) > _OPEN:
                self._engines.popitem(last=False)
            return self._engines[key]


_tools = _Tools()


def count_part(task: Task, part: str) -> int:
    """Index the offers of a part and count their words."""
    return _tools.indexes(task).count(part)


def finish_branch(task: Task, branch: str) -> None:
    """Make the index of a branch ready to be opened."""
    _tools.indexes(task).finish(branch)


def answer_shard(task: Task, shard_id: int) -> Outcome:
    """Compute and store the suggestions of one shard; done again, it gives the same rows."""
    with transaction():
        taken = guards.take(shard_id, holder=task.holder, until=now() + LEASE)
    if not taken:
        return Outcome(shard_id, None)
    shard = shard_queries.get_shard(shard_id)
    attempt = shard.attempts
    try:
        return _answer(task, shard, attempt)
    except Exception as error:
        log.exception("shard %s failed", shard_id)
        return _give_back(shard_id, attempt, error)


def give_up(shard_id: int, error: Exception) -> Outcome:
    """Give back a shard whose workers died of it."""
    session.rollback()
    return _give_back(shard_id, shard_queries.get_shard(shard_id).attempts, error)


def _give_back(shard_id: int, attempt: int, error: Exception) -> Outcome:
    state = ShardState.FAILED if attempt >= MAX_ATTEMPTS else ShardState.WAITING
    message = f"{type(error).__name__}: {error}"
    session.rollback()
    with transaction():
        guards.give_back(shard_id, attempt=attempt, state=state, message=message)
    return Outcome(shard_id, state)


def _answer(task: Task, shard: SuggestionShard, attempt: int) -> Outcome:
    begun = time.monotonic()
    number = shard.id
    engine = _tools.engine(task, shard.branch)
    need_ids = shard_queries.need_ids_of(shard, shards.codes_of(shard.branch))
    answers = shards.answer(
        engine,
        open_needs(need_ids),
        shard_queries.suggestions_by_need(need_ids),
        shards.read_offers,
        shards.changed_products(shard_queries.get_run(task.run_id)),
        computing.depth(),
    )
    found = sum(len(one.pairings) for one in answers)
    for tried in range(1, _TRIES_TO_STORE + 1):
        try:
            with transaction():
                added = shards.store(answers, engine)
                seconds = time.monotonic() - begun
                if not guards.finish(
                    number, attempt=attempt, found=found, added=added, seconds=seconds
                ):
                    raise TakenOver
        except TakenOver:
            return Outcome(number, None)
        except (Conflict, OperationalError):  # lost a race, or chosen to end a deadlock
            if tried == _TRIES_TO_STORE:
                raise
        else:
            return Outcome(number, ShardState.DONE, len(answers), found, added, seconds)
    raise AssertionError  # the loop returns or raises


class TakenOver(Exception):
    """Somebody else has the shard by now: what this attempt found is not written."""
