"""Collecting candidates: the best rows of a store by their words, found in inverted lists.

Every word is optional: asking for all of them loses half of the true matches. The score is the
word score of the comparisons, so nothing is lost between collecting and ordering.
"""

from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels
from marketplace.matching.bits import NO_BITS, Mask
from marketplace.matching.features import BM25F, Query, texts_of
from marketplace.matching.store import Store

if TYPE_CHECKING:
    from marketplace.matching.kernels.shapes import Lists, Rule, Scratch, Texts

# Rows in no list are read from their texts: so many cost less than a twentieth of a millisecond.
_UNLISTED = 512
# The late lists are made anew each time; once they hold a sixteenth of all, the early ones are too.
_LATE_SHARE, _LATE_LEAST = 16, 16_384
# Lists of rows that collecting has at hand at once.
_LISTS = 4

Rows = NDArray[np.int64]
Alive = NDArray[np.bool_]
ALL: Alive = np.zeros(0, np.bool_)


class Collector:
    """Inverted lists over a store; rows added since are found all the same.

    Reads may run in several threads beside one write.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own = local()
        self._lists: _Generation | None = None

    def catch_up(self, alive: Alive, *, whole: bool = False) -> None:
        """Take new rows into the lists if they are many, or if the `whole` is to be made anew.

        `alive` says of every row whether it may be found; others are left out where lists are made.
        """
        rows, lists = self._store.rows, self._lists
        if lists is None or whole:
            if whole or rows > _UNLISTED:
                self._lists = _Generation.of(self._store, alive)
        elif rows - lists.listed > _UNLISTED:
            late = rows - lists.early
            if late > max(lists.early // _LATE_SHARE, _LATE_LEAST):
                self._lists = _Generation.of(self._store, alive)
            else:
                self._lists = lists.followed(self._store, alive)

    def collect(
        self, query: Query, limit: int, mask: Mask | None = None, alive: Alive = ALL
    ) -> Rows:
        """Rows of the best `limit`, best first, ties by row: of those in the mask and alive.

        Without a mask all are in it, and all are alive where nothing is said of that.
        """
        store, lists = self._store, self._lists
        rows = min(store.rows, len(alive)) if len(alive) else store.rows
        bits = NO_BITS
        if mask is not None:
            rows, bits = min(rows, mask.rows), mask.bits
        if not len(query.asked.tokens) or not rows:
            return np.zeros(0, np.int64)
        if lists is None:
            lists = _Generation.none(store)
        found: Rows = kernels.collecting.collect(
            lists.texts(store), lists.first, lists.late, lists.listed, rows,
            kernels.shapes.Passing(bits, alive), query.asked, _rule(), limit,
            self.scratch(rows),
        )[0]  # fmt: skip
        return found

    @property
    def generation(self) -> object:
        """Another one, once lists were made anew."""
        return self._lists

    def lent(self) -> tuple[Any, ...]:
        """The averages the lists were made with and the lists, as `kernels.gathering` has them."""
        lists = self._lists or _Generation.none(self._store)
        averages = lists.average_title, lists.average_body
        return averages, tuple(lists.first), tuple(lists.late), lists.listed

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What `restored` needs, as arrays by name; make the lists `whole` before."""
        lists = self._lists
        if lists is None:
            return {}
        numbers = np.array([lists.average_title, lists.average_body, lists.early])
        return {"averages": numbers, **lists.first._asdict()}

    @classmethod
    def restored(cls, store: Store, state: dict[str, NDArray[np.generic]]) -> "Collector":
        """The collector of a store whose `state` was kept; rows added later are found as well."""
        made = cls(store)
        if state:
            first = kernels.shapes.Lists(*(state[name] for name in kernels.shapes.Lists._fields))
            title, body, early = state["averages"].tolist()
            made._lists = _Generation(first, _no_lists(), int(early), int(early), title, body)
        return made

    def scratch(self, rows: int) -> "Scratch":
        """Room for this thread's questions. Only the pages that are written to take memory."""
        scratch: Scratch | None = getattr(self._own, "scratch", None)
        if scratch is None or scratch.rows.shape[1] <= rows:
            size = rows + rows // 8 + 1024
            scratch = self._own.scratch = kernels.shapes.Scratch(
                np.empty((_LISTS, size), np.uint32),
                np.empty((_LISTS, size), np.float32),
                np.zeros(size // 8 + 1, np.uint8),
                np.empty(size, np.int64),
            )
        return scratch


class _Generation:
    """Lists of the rows before `listed`: those before `early` in `first`, the others in `late`.

    Lengths are measured against the averages of the day the first lists were made, so that all
    impacts of a generation can be added up.
    """

    def __init__(
        self,
        first: "Lists",
        late: "Lists",
        early: int,
        listed: int,
        average_title: float,
        average_body: float,
    ) -> None:
        self.first = first
        self.late = late
        self.early = early
        self.listed = listed
        self.average_title = average_title
        self.average_body = average_body

    @classmethod
    def none(cls, store: Store) -> "_Generation":
        """No lists yet: every row is read from its text."""
        return cls(_no_lists(), _no_lists(), 0, 0, store.average_title, store.average_body)

    @classmethod
    def of(cls, store: Store, alive: Alive) -> "_Generation":
        """Everything in the first lists."""
        made = cls.none(store)
        rows = made.early = made.listed = store.rows
        made.first = kernels.inverting.invert(
            made.texts(store), _rule(), 0, rows, alive, len(store.words)
        )
        return made

    def followed(self, store: Store, alive: Alive) -> "_Generation":
        """The same first lists, and late ones with all that came since."""
        rows = store.rows
        late = kernels.inverting.invert(
            self.texts(store), _rule(), self.early, rows, alive, len(store.words)
        )
        return _Generation(
            self.first, late, self.early, rows, self.average_title, self.average_body
        )

    def texts(self, store: Store) -> "Texts":
        return texts_of(store, self.average_title, self.average_body)


def _rule() -> "Rule":
    """BM25F as the comparisons have it."""
    return kernels.shapes.Rule(*BM25F)


def _no_lists() -> "Lists":
    return kernels.shapes.Lists(
        np.zeros(1, np.int64),
        np.zeros(0, np.uint32),
        np.zeros(0, np.uint16),
        np.zeros(0, np.uint16),
    )
