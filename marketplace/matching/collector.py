"""Collecting candidates: the best rows of a store by their words, found in inverted lists.

Every word is optional: asking for all of them loses half of the true matches. The score is the
word score of the comparisons, so nothing is lost between collecting and ordering.
"""

from collections.abc import Callable
from threading import local
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import kernels, memory
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

# What was made of a mask for one arrangement.
_ARRANGED = "arranged"

Rows = NDArray[np.int64]
Alive = NDArray[np.bool_]
ALL: Alive = np.zeros(0, np.bool_)
NO_SPANS = np.zeros((0, 2), np.int64)


class Arrangement(NamedTuple):
    """Who sits where in the lists: seat s is that of row `order[s]`.

    Between two of `bounds` sit like goods. No order says that every row sits at its own number.
    """

    order: NDArray[np.uint32]
    bounds: NDArray[np.int64]


AS_THEY_CAME = Arrangement(np.zeros(0, np.uint32), np.zeros(0, np.int64))


class Collector:
    """Inverted lists over a store; rows added since are found all the same.

    `arrange` seats all rows of the day. Reads may run in several threads beside one write.
    """

    def __init__(self, store: Store, arrange: Callable[[], Arrangement]) -> None:
        self._store = store
        self._arrange = arrange
        self._own = local()
        self._lists: Generation | None = None
        self._none = Generation.none(store)

    def catch_up(self, alive: Alive, *, whole: bool = False) -> None:
        """Take new rows into the lists if they are many, or if the `whole` is to be made anew.

        `alive` says of every row whether it may be found; others are left out where lists are made.
        """
        rows, lists = self._store.rows, self._lists
        if lists is None or whole:
            if whole or rows > _UNLISTED:
                self._lists = Generation.of(self._store, alive, self._arrange())
        elif rows - lists.listed > _UNLISTED:
            late = rows - lists.early
            if late > max(lists.early // _LATE_SHARE, _LATE_LEAST):
                self._lists = Generation.of(self._store, alive, self._arrange())
            else:
                self._lists = lists.followed(self._store, alive)

    def retire(self, row: int) -> None:
        """A row may be in a list that is not to be found any more; said before it is so."""
        lists = self._lists
        if lists is not None and row < lists.listed:
            lists.mortal = True

    def collect(
        self, query: Query, limit: int, mask: Mask | None = None, alive: Alive = ALL
    ) -> Rows:
        """Rows of the best `limit`, best first, ties by row: of those in the mask and alive.

        Without a mask all are in it, and all are alive where nothing is said of that.
        """
        store, lists = self._store, self.generation
        rows = min(store.rows, len(alive)) if len(alive) else store.rows
        if mask is not None:
            rows = min(rows, mask.rows)
        if not len(query.asked.tokens) or not rows:
            return np.zeros(0, np.int64)
        sieve = kernels.shapes.Sieve(*lists.sieve(mask))
        found: Rows = kernels.collecting.collect(
            lists.texts(store), lists.first, lists.late, lists.listed, rows,
            kernels.shapes.Passing(sieve, alive, lists.mortal, lists.order),
            query.asked, _rule(), limit,
            self.scratch(rows),
        )[0]  # fmt: skip
        return found

    @property
    def generation(self) -> "Generation":
        """The lists of the moment; others, once they were made anew."""
        if self._lists is not None:
            return self._lists
        store = self._store
        if self._none.averages != (store.average_title, store.average_body):
            self._none = Generation.none(store)
        return self._none

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What `restored` needs, as arrays by name; make the lists `whole` before."""
        lists = self._lists
        if lists is None:
            return {}
        numbers = np.array([lists.average_title, lists.average_body, lists.early])
        return {"averages": numbers, **lists.first._asdict(), **lists.seats._asdict()}

    @classmethod
    def restored(
        cls,
        store: Store,
        arrange: Callable[[], Arrangement],
        state: dict[str, NDArray[np.generic]],
    ) -> "Collector":
        """The collector of a store whose `state` was kept; rows added later are found as well."""
        made = cls(store, arrange)
        if state:
            first = kernels.shapes.Lists(*(state[name] for name in kernels.shapes.Lists._fields))
            title, body, early = state["averages"].tolist()
            order, bounds = (state[name] for name in Arrangement._fields)
            seats = Arrangement(
                order.astype(np.uint32, copy=False), bounds.astype(np.int64, copy=False)
            )
            early = int(early)
            made._lists = Generation(first, _no_lists(), seats, early, early, title, body)
        return made

    def scratch(self, rows: int) -> "Scratch":
        """Room for this thread's questions. Only the pages that are written to take memory."""
        scratch: Scratch | None = getattr(self._own, "scratch", None)
        if scratch is None or scratch.seats.shape[1] <= rows:
            size = rows + rows // 8 + 1024
            scratch = self._own.scratch = kernels.shapes.Scratch(
                np.empty((_LISTS, size), np.uint32),
                np.empty((_LISTS, size), np.float32),
                np.zeros(size // 8 + 1, np.uint8),
                np.empty(size, np.int64),
            )
        return scratch


class Generation:
    """Lists of the rows before `listed`: those before `early` in `first`, the others in `late`.

    Only the early ones are arranged.

    Lengths are measured against the averages of the day the first lists were made, so that all
    impacts of a generation can be added up.
    """

    def __init__(
        self,
        first: "Lists",
        late: "Lists",
        seats: Arrangement,
        early: int,
        listed: int,
        average_title: float,
        average_body: float,
    ) -> None:
        self.first = first
        self.late = late
        self.seats = seats
        self.early = early
        self.listed = listed
        self.average_title = average_title
        self.average_body = average_body
        # Whether a row in the lists died since.
        self.mortal = False

    @classmethod
    def none(cls, store: Store) -> "Generation":
        """No lists yet: every row is read from its text."""
        averages = store.average_title, store.average_body
        return cls(_no_lists(), _no_lists(), AS_THEY_CAME, 0, 0, *averages)

    @classmethod
    def of(cls, store: Store, alive: Alive, seats: Arrangement) -> "Generation":
        """Everything in the first lists."""
        made = cls.none(store)
        made.seats = seats
        rows = made.early = made.listed = store.rows
        made.first = made.inverted(store, alive, 0, rows)
        return made

    def followed(self, store: Store, alive: Alive) -> "Generation":
        """The same first lists, and late ones with all that came since."""
        rows = store.rows
        late = self.inverted(store, alive, self.early, rows)
        made = Generation(self.first, late, self.seats, self.early, rows, *self.averages)
        made.mortal = self.mortal
        return made

    def inverted(self, store: Store, alive: Alive, first: int, last: int) -> "Lists":
        """Lists of the seats from `first` up to `last`."""
        inverting, texts, words = kernels.inverting, self.texts(store), len(store.words)
        offsets = inverting.offsets(texts, self.order, first, last, alive, words)
        count = int(offsets[-1])
        lists = kernels.shapes.Lists(
            offsets,
            memory.zeros(count, np.uint32),
            memory.zeros(count, np.uint16),
            np.zeros(words, np.uint16),
        )
        inverting.invert(texts, _rule(), self.order, first, last, alive, lists)
        return lists

    @property
    def order(self) -> NDArray[np.uint32]:
        """Which row has a seat."""
        return self.seats.order

    def sieve(self, mask: Mask | None) -> tuple[Any, ...]:
        """A mask as the kernels take it, or what lets all pass; arranged once for these lists."""
        if mask is None:
            return NO_BITS, NO_BITS, NO_SPANS
        if not len(self.order):
            return mask.bits, mask.bits, NO_SPANS
        made = mask.made.get(_ARRANGED)
        if made is None or made[0] is not self.order:
            arranged = kernels.inverting.arranged(mask.bits, self.order)
            spans = kernels.inverting.spans(arranged, self.seats.bounds)
            made = self.order, arranged, spans
            if mask.rows >= len(self.order):
                mask.made[_ARRANGED] = made
        return mask.bits, *made[1:]

    def lent(self) -> tuple[Any, ...]:
        """The averages these were made with, the lists, and who sits where.

        As `kernels.gathering` has them.
        """
        first, late = tuple(self.first), tuple(self.late)
        return self.averages, first, late, self.listed, self.order, self.mortal

    @property
    def averages(self) -> tuple[float, float]:
        """Words of a title and of a description, of the day the first lists were made."""
        return self.average_title, self.average_body

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
