"""The comparisons of every need with its candidates, computed once for fitting and measuring."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.sets import Task
from marketplace.matching import DEFAULT_SETTINGS, Need, Vocabulary
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.features import FEATURES, Compared, Query, compare
from marketplace.suggestions.services.world import fact_world

COLLECT = DEFAULT_SETTINGS.collect
# What `match-list` reads texts with, and the office's service where no officer changed a word.
VOCABULARY = fact_world().vocabulary
Floats = NDArray[np.float64]
_TITLE = 1


@dataclass
class Table:
    """One need's candidates: comparisons, gains (NaN where not judged), and who they are.

    The first `field` of them were collected, best first; judged ones may follow. Candidate
    `lone[0][i]` and the need do not share word `lone[1][i]`: one of the titles has it alone.
    """

    need: str
    matrix: NDArray[np.float32]
    likeness: float
    gains: NDArray[np.float32]
    ids: list[str]
    field: int
    lone: tuple[NDArray[np.int32], NDArray[np.int32]]

    @property
    def compared(self) -> Compared:
        """As the engine scores it."""
        return Compared(self.matrix.astype(float), np.zeros((len(self.ids), 0)), self.likeness)

    def kept(self, places: NDArray[np.int64]) -> "Table":
        """The same need with some of its candidates."""
        to = np.full(len(self.ids), -1, np.int32)
        to[places] = np.arange(len(places))
        here = to[self.lone[0]] >= 0
        return Table(
            self.need,
            self.matrix[places],
            self.likeness,
            self.gains[places],
            [self.ids[place] for place in places],
            int((places < self.field).sum()),
            (to[self.lone[0][here]], self.lone[1][here]),
        )


class Words:
    """A number for every word of all sets."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, words: Sequence[str]) -> NDArray[np.int32]:
        known = self._numbers
        return np.array([known.setdefault(word, len(known)) for word in words], np.int32)

    def all(self) -> list[str]:
        return list(self._numbers)


class Tables:
    """Makes the tables of one set."""

    def __init__(self, task: Task, words: Words, vocabulary: Vocabulary = VOCABULARY) -> None:
        self.task = task
        self._words = words
        self._catalogue = Catalogue(replace(fact_world(), vocabulary=vocabulary))
        self._catalogue.add_all(task.offers)
        self._numbers = words.numbers(self._catalogue.store.words)

    def of(self, need: Need, *, orphan: bool = False) -> Table:
        """Collect and compare as the engine does; an orphan's true answers are taken out first.

        A need of which no word occurs gets a table without candidates.
        """
        task, catalogue = self.task, self._catalogue
        grades = task.grades.get(need.id, {})
        query = catalogue.query(need)
        gone = {one for one, grade in grades.items() if grade >= 0.5} if orphan else set()
        gone.add(need.id)
        found = catalogue.collect(query, COLLECT + len(gone))
        named = [(row, catalogue.id_at(row)) for row in found.tolist()]
        named = [(row, one) for row, one in named if one not in gone][:COLLECT]
        field = len(named)
        if task.judged_only and not orphan:
            seen = {one for _, one in named}
            named += [(_row(catalogue, one), one) for one in sorted(grades) if one not in seen]
        if not named:
            return _nothing(need)
        rows, ids = np.array([row for row, _ in named]), [one for _, one in named]
        compared = compare(catalogue.store, query, rows, field)
        unjudged = 0.0 if task.is_match else np.nan
        return Table(
            need.id,
            compared.matrix.astype(np.float32),
            compared.likeness,
            np.array([grades.get(one, unjudged) for one in ids], np.float32),
            ids,
            field,
            self._lone(query, rows, compared.found),
        )

    def _lone(
        self, query: Query, rows: NDArray[np.int64], found: Floats
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        store = self._catalogue.store
        at, owner = store.tokens.positions(rows)
        tokens = store.tokens.flat.view[at].astype(np.int64)
        lone = (store.fields.view[at] & _TITLE > 0) & ~np.isin(tokens, query.asked.tokens)
        lacking, word = np.nonzero(found <= 0)
        return (
            np.concatenate([owner[lone], lacking]).astype(np.int32),
            np.concatenate([self._numbers[tokens[lone]], self._words.numbers(query.words)[word]]),
        )


def _nothing(need: Need) -> Table:
    places = np.zeros(0, np.int32)
    matrix, gains = np.zeros((0, len(FEATURES)), np.float32), np.zeros(0, np.float32)
    return Table(need.id, matrix, 1.0, gains, [], 0, (places, places))


def _row(catalogue: Catalogue, offer_id: str) -> int:
    row = catalogue.row_of_id(offer_id)
    assert row is not None
    return row
