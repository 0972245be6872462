"""The candidates of one need: collected, compared, and scored by their texts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.bits import Mask
from marketplace.matching.catalogue import Catalogue
from marketplace.matching.features import FEATURES, Compared, Query
from marketplace.matching.offers import Need
from marketplace.matching.outcome import Measured, Point
from marketplace.matching.scoring import (
    confidence_of,
    model_of,
    points_of,
    standing_of,
    text_points,
)
from marketplace.matching.settings import Settings
from marketplace.matching.weights import Weights

if TYPE_CHECKING:
    from marketplace.matching.kernels.gathering import Gathered

# No row.
_NOBODY = -1


class Asking(NamedTuple):
    """What follows from all that a need asks but its words, and is so for every need like it.

    `within` is the mask of the branch asked for, or None. `passing` is that of all rows which the
    need's terms do not surely exclude, or None where they exclude nobody; it counts only where the
    words alone leave more than enough. `rules` is what the kernel judges by (`Terms.lent`), or None
    where the rules themselves must judge.
    """

    within: Mask | None = None
    passing: Mask | None = None
    rules: tuple[Any, ...] | None = None


class Reach(NamedTuple):
    """Whom a need is shown beside the best by words: `wide` asks for those of any branch too,
    `limit` for a longer list; `also` is a row to add.
    """

    wide: bool = False
    limit: int = 0
    also: int | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Entry i of every list is one candidate; the first `ranked` compete for the best places, and
    the first `field` are those everyone is measured against.

    What lies beyond was only collected because a longer list was asked for: it follows in the
    order of the index.
    """

    catalogue: Catalogue
    query: Query
    rows: NDArray[np.int64]
    ranked: int
    compared: Compared
    points: NDArray[np.int64]
    text_scores: NDArray[np.int64]
    sure: NDArray[np.float64]
    field: int
    weights: Weights
    surest: float  # of those everyone is measured against; 0 where there is none

    def order(self) -> list[int]:
        """The ranked ones by text points, ties by id."""
        scores = self.text_scores[: self.ranked]
        best = np.argsort(-scores, kind="stable")
        # Ids are looked up only where scores are equal.
        starts = np.flatnonzero(np.diff(scores[best], prepend=scores[best[:1]] + 1))
        order: list[int] = best.tolist()
        ends = [*starts[1:].tolist(), len(order)]
        for start, end in zip(starts.tolist(), ends, strict=True):
            if end - start > 1:
                order[start:end] = sorted(order[start:end], key=self.id)
        return order

    def id(self, index: int) -> str:
        return self.catalogue.id_at(int(self.rows[index]))

    def beyond(self) -> Iterator[int]:
        return iter(range(self.ranked, len(self.rows)))

    def measured(self, index: int) -> Measured:
        """What the points and the confidence of one candidate were worked out from."""
        row = self.compared.matrix[index]
        return Measured(
            {FEATURES[place]: float(row[place]) for place in np.flatnonzero(row)},
            float(self.compared.likeness),
            tuple(map(float, standing_of(self.weights, self.text_scores, self.field)[index])),
            self.surest,
        )

    def as_measured(self, index: int, measured: Measured) -> "Candidates":
        """The same candidates, one of them measured as it was on another day."""
        row = np.array([[measured.values.get(name, 0.0) for name in FEATURES]])
        matrix, sure, points = self.compared.matrix.copy(), self.sure.copy(), self.points.copy()
        matrix[index] = row
        compared = replace(self.compared, matrix=matrix, likeness=measured.likeness)
        points[index] = text_points(self.weights, compared)[index]
        stood = np.array([measured.standing])
        sure[index] = confidence_of(self.weights, row, measured.likeness, stood)[0]
        return replace(
            self,
            compared=compared,
            points=points,
            text_scores=points.sum(1),
            sure=sure,
            surest=measured.surest,
        )

    def text_points(self, index: int) -> list[Point]:
        """The text points of one candidate with their reasons."""
        return points_of(
            self.points[index],
            self.compared.matrix[index],
            self.compared.found[index],
            self.query,
        )


def gather(
    catalogue: Catalogue, need: Need, settings: Settings, asking: Asking, reach: Reach
) -> Candidates | None:
    """Collect and compare; None where no word of the need occurs.

    The best `settings.collect` by words are the field everyone is measured against: of the branch
    of the tree the need asks for, where it asks for one (`within`), since no other can serve it.
    So an index of that branch alone says the same as one of everything. Where there are more than
    that, a second question with the need's constraints adds those that pass them; where it is to be
    told who was excluded (`wide`), a third one those of any branch.

    An offer with the need's own id and title competes with nobody: it is the need itself.
    (Products and needs of one market are numbered each for themselves: an id alone says nothing.)
    """
    ask: Any = kernels.gathering.gather
    query = catalogue.query(need)
    found = ask(*lent_of(catalogue, query, need, settings, asking, reach))
    return candidates_of(catalogue, query, settings, found)


def lent_of(
    catalogue: Catalogue,
    query: Query,
    need: Need,
    settings: Settings,
    asking: Asking,
    reach: Reach,
) -> tuple[Any, ...]:
    """What `kernels.gathering` is asked so that it gathers as `gather` says."""
    own = catalogue.row_of_id(need.id)
    if own is not None and catalogue.offer_at(own).title != need.title:
        own = None
    lists, within, passing = catalogue.lists, asking.within, asking.passing
    known, room = catalogue.lent(lists)
    field = (
        lists.sieve(within), within.rows if within else catalogue.store.rows,
        lists.sieve(passing), passing.rows if passing else 0, passing is not None,
        _NOBODY if own is None else own, _NOBODY if reach.also is None else reach.also,
        settings.collect, max(reach.limit, settings.collect), reach.wide,
    )  # fmt: skip
    return known, room, tuple(model_of(settings.weights)), query.need, field


def candidates_of(
    catalogue: Catalogue, query: Query, settings: Settings, found: "Gathered"
) -> Candidates | None:
    """What `kernels.gathering` found; None where it found nobody."""
    if not len(found.rows):
        return None
    return Candidates(
        catalogue,
        query,
        found.rows,
        found.ranked,
        Compared(found.matrix, found.told, found.like),
        found.points,
        found.scores,
        found.sure,
        found.field,
        settings.weights,
        found.surest,
    )
