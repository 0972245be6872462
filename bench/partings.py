"""What single words say when they stand in only one of two titles, learned from true partners.

Needs with many partners teach it (the set of Indonesian titles): the conditional logit of the order
is fitted again with a weight for each word that only one of need and candidate has, drawn to 0.
The table is shipped as `marketplace/matching/facts/partings.csv`.
"""

import csv
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bench.packs import Floats, Pack, descend
from bench.tables import Table
from marketplace.matching.features import FEATURES
from marketplace.matching.telling import FACTS

UNLIKE, FILLER = FEATURES.index("unlike_differs"), FEATURES.index("filler")
# Words seen in fewer pairs than this say nothing; the more drawn to 0, the fewer surprises.
_LEAST_PAIRS = 8
_DRAWN = 1e-3
_ROUNDS = 50


def learn(tables: Sequence[Table], order: Floats, words: int) -> Floats:
    """Logits by number of word; `order` are weights that know nothing of single words."""
    if not tables:
        return np.zeros(words)
    pack = Pack(tables)
    base = pack.logits(order)
    lone = _lone(tables, pack.starts, words)
    seen = np.flatnonzero(np.bincount(lone.indices, minlength=words) >= _LEAST_PAIRS)
    some = lone[:, seen]
    back = some.T.tocsr()

    def loss(values: Floats) -> tuple[float, Floats]:
        total, slope = pack.softmax(values[0] * base + some @ values[1:])
        total += _DRAWN / 2 * float(values[1:] @ values[1:])
        return total, np.concatenate([[slope @ base], back @ slope + _DRAWN * values[1:]])

    start = np.concatenate([[1.0], np.zeros(len(seen))])
    found = np.zeros(words)
    found[seen] = descend(loss, start, np.zeros(len(start)), _ROUNDS)[1:]
    return np.round(found, 2)


def told(table: Table, partings: Floats) -> NDArray[np.float32]:
    """The comparisons of a table as they are with these partings."""
    matrix = table.matrix.copy()
    candidates, words = table.lone
    values, count = partings[words], len(matrix)
    matrix[:, UNLIKE] = np.bincount(candidates, np.maximum(-values, 0.0), count)
    matrix[:, FILLER] = np.bincount(candidates, np.maximum(values, 0.0), count)
    return matrix


def write(partings: Floats, words: Sequence[str]) -> None:
    """Put the table into the shipped file."""
    rows = sorted(
        (word, round(value * 100)) for word, value in zip(words, partings.tolist(), strict=True)
    )
    with (FACTS / "partings.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["word", "hundredths"])
        out.writerows(row for row in rows if row[1])


def _lone(tables: Sequence[Table], starts: NDArray[np.int64], words: int) -> csr_matrix:
    candidates = np.concatenate(
        [table.lone[0] + start for table, start in zip(tables, starts, strict=True)]
    )
    columns = np.concatenate([table.lone[1] for table in tables])
    rows = sum(len(table.ids) for table in tables)
    ones = np.ones(len(columns), np.float32)
    return csr_matrix((ones, (candidates, columns)), shape=(rows, words))
