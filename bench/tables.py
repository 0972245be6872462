"""The comparisons of every need with its candidates, computed once for fitting and measuring."""

from dataclasses import dataclass, replace

import numpy as np

from bench.sets import Task
from marketplace.core.clock import today
from marketplace.matching import DEFAULT_SETTINGS, Need, World
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.features import compare

COLLECT = DEFAULT_SETTINGS.collect


@dataclass
class Table:
    """One need's candidates: comparisons, gains (NaN where not judged), and who they are."""

    need: str
    matrix: np.ndarray
    likeness: float
    gains: np.ndarray
    ids: list[str]
    competing: int
    is_orphan: bool = False


def load(task: Task) -> Catalogue:
    catalogue = Catalogue(World(today()))
    catalogue.add_all(task.offers)
    return catalogue


def table_of(catalogue: Catalogue, task: Task, need: Need, *, orphan: bool = False) -> Table | None:
    """Collect and compare as the engine does; an orphan's true answers are taken out first."""
    grades = task.grades.get(need.id, {})
    query = catalogue.query(need)
    gone = {one for one, grade in grades.items() if grade >= 0.5} if orphan else set()
    rows = catalogue.collect(query, COLLECT + 1 + len(gone))
    rows = [
        row
        for row in rows
        if (offer := catalogue.offer_at(row)).id != need.id and offer.id not in gone
    ][:COLLECT]
    competing = len(rows)
    if task.judged_only and not orphan:
        seen = {catalogue.offer_at(row).id for row in rows}
        rows += [catalogue._rows[one] for one in sorted(grades) if one not in seen]
    if not rows:
        return None
    compared = compare(catalogue.store, query, np.array(rows), competing)
    ids = [catalogue.offer_at(row).id for row in rows]
    unjudged = 0.0 if task.is_match else np.nan
    gains = np.array([grades.get(one, unjudged) for one in ids])
    return Table(
        need.id,
        compared.matrix.astype(np.float32),
        compared.likeness,
        gains,
        ids,
        competing,
        orphan,
    )


def blended(table: Table) -> np.ndarray:
    """Comparisons twice, for the search and the match weights, each by its share."""
    like = table.likeness
    return np.hstack([table.matrix * (1 - like), table.matrix * like])


__all__ = ["COLLECT", "Table", "blended", "load", "replace", "table_of"]
