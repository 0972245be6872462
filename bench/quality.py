"""How well the engine finds and orders on the shared sets, beside what simple peers reach.

Peers and engine see the same candidates in the same run. The engine's figures are cross-fitted:
every need is ordered by weights that were fitted without its fold.

    BENCH_DATA=/path/to/data python -m bench.quality
"""

from collections.abc import Callable

import numpy as np

from bench.fit import Sample, held_out
from bench.sets import TASKS, Task
from bench.tables import Table
from marketplace.matching import evaluate
from marketplace.matching.features import FEATURES

PEERS = {"BM25": "title_share", "BM25F": "share_of_best", "char-3 cosine": "spelling"}


def main() -> None:
    samples = [Sample(make()) for make in TASKS.values()]
    for sample in samples:
        measure = _mrr if sample.task.is_match else _ndcg
        for peer, feature in PEERS.items():
            column = FEATURES.index(feature)
            figures = [_figure(sample.task, table, column, measure) for table in sample.tables]
            print(f"{sample.task.name:18s} {peer:14s} {np.mean(figures):.4f}")
    held_out(samples)


def _figure(
    task: Task, table: Table, column: int, measure: Callable[[list[str], dict[str, float]], float]
) -> float:
    order = np.argsort(-table.matrix[:, column], kind="stable")
    grades = task.grades[table.need]
    ids = [table.ids[place] for place in order]
    return measure([one for one in ids if one in grades] if task.judged_only else ids, grades)


def _mrr(ids: list[str], grades: dict[str, float]) -> float:
    return evaluate.reciprocal_rank(ids, grades)


def _ndcg(ids: list[str], grades: dict[str, float]) -> float:
    return evaluate.ndcg_at(ids, grades)


if __name__ == "__main__":
    main()
