"""Which needs are fitted on and which are measured, and how they are kept apart.

Five folds by need, or by group where needs of one group share their answers. A figure is only
quoted on the fold nothing was fitted on. Within the others a fifth teaches the weights and four
fifths teach single words (`bench/partings.py`), so that no weight trusts words it taught itself.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.peers.quality import keeps_partners, sampled
from bench.sets import TASKS, Task
from bench.tables import VOCABULARY, Table, Tables, Words
from marketplace.matching import Need, Vocabulary

FOLDS = 5
_LEADING = 40  # candidates that teach words: those the words alone put first


@dataclass(frozen=True)
class Amount:
    """How many needs of each set: measured, teaching weights, teaching words, as orphans."""

    measured: int
    weights: int
    words: int
    orphans: int


FULL = Amount(1000, 2500, 12_000, 2500)
QUICK = Amount(30, 250, 1000, 250)


class Sample:
    """The tables of one set. `teach_weights` and `teach_words` have none in common."""

    def __init__(
        self,
        task: Task,
        amount: Amount,
        words: Words,
        vocabulary: Vocabulary = VOCABULARY,
    ) -> None:
        self.task = task
        make = Tables(task, words, vocabulary)
        able = sampled(task, len(task.needs))
        self._fold = {need.id: task.fold(need, FOLDS) for need in able}
        measured = able[: amount.measured]
        self.measured = [make.of(need) for need in measured]
        self.weights: list[Table] = []
        self.words: list[Table] = []
        self.orphans: list[Table] = []
        self.lost: dict[str, Table] = {}
        if not task.teaches:
            return
        on_weights = [need for need in able if not task.group or _drawn(task, need) == 0]
        on_weights = on_weights[: amount.weights]
        self.weights = self._again(make, on_weights)
        if task.group:
            on_words = [need for need in able if _drawn(task, need)][: amount.words]
            self.words = [leading(table) for table in self._again(make, on_words)]
        if task.is_match:
            chosen = on_weights[: amount.orphans]
            self.orphans = _some(make.of(need, orphan=True) for need in chosen)
            losing = [need for need in measured if not keeps_partners(need)]
            self.lost = {need.id: make.of(need, orphan=True) for need in losing}

    def _again(self, make: Tables, needs: Sequence[Need]) -> list[Table]:
        known = {table.need: table for table in self.measured}
        return _some(known.get(need.id) or make.of(need) for need in needs)

    def inside(self, tables: Sequence[Table], fold: int) -> list[Table]:
        return [table for table in tables if self._fold[table.need] == fold]

    def outside(self, tables: Sequence[Table], fold: int | None) -> list[Table]:
        return [table for table in tables if self._fold[table.need] != fold]


def samples(
    amount: Amount, vocabulary: Vocabulary = VOCABULARY, names: Iterable[str] = TASKS
) -> tuple[list[Sample], Words]:
    """All sets, or those named, and the words they have."""
    words = Words()
    return [Sample(TASKS[name](), amount, words, vocabulary) for name in names], words


def leading(table: Table) -> Table:
    """The candidates words put first, and all true ones."""
    places = [i for i in range(len(table.ids)) if i < _LEADING or table.gains[i] > 0]
    return table.kept(np.array(places, np.int64))


def _some(made: Iterable[Table]) -> list[Table]:
    """Those that can teach: where nothing was found, there is nothing to learn."""
    return [table for table in made if table.ids]


def _drawn(task: Task, need: Need) -> int:
    """A fifth of the groups is 0; independent of folds and of who is measured."""
    name = f"words {task.group.get(need.id, need.title)}"
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % 5
