"""What was loaded, ready to be asked: offers by row, their texts, and the lists that collect."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np

from marketplace.matching.arranging import arrangement_of
from marketplace.matching.batch import Batch, batches
from marketplace.matching.bits import Mask
from marketplace.matching.collector import ALL, Arrangement, Collector, Generation, Rows
from marketplace.matching.columns import Columns
from marketplace.matching.features import BM25F, Query, marks, spelling_of, texts_of, words_of
from marketplace.matching.names import Names
from marketplace.matching.offers import Need, Offer
from marketplace.matching.packing import Packed
from marketplace.matching.reading import BatchReader
from marketplace.matching.spellings import Spellings
from marketplace.matching.store import Growing, Store
from marketplace.matching.text import normalise
from marketplace.matching.world import World

_MOST_WORDS = 64
_PARTS = ("store", "columns", "alive", "_names", "_packed", "_count")


class Catalogue:
    """Offers (or needs dressed as offers) with one row each in arrays; none is kept as an object.

    A row that was replaced or withdrawn, and that of a visitor, is not `alive`.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.store = Store()
        self.columns = Columns()
        self.alive = Growing(np.bool_)
        self._names = Names()
        self._packed = Packed()
        self._spellings = Spellings(self.store)
        self._count = 0
        self._visitors: dict[Offer, int] = {}
        self._lent: tuple[Hashable, tuple[Any, ...]] | None = None
        self._collector = Collector(self.store, self._arranged)
        self._lock = Lock()

    def __iter__(self) -> Iterator[Offer]:
        return (self.offer_at(int(row)) for row in np.flatnonzero(self.alive.view))

    def __len__(self) -> int:
        return self._count

    def state(self) -> dict[str, Any]:
        """All that `restored` needs, for a snapshot; who only visited is left out."""
        with self._lock:
            self._collector.catch_up(self.alive.view, whole=True)
            parts = {name: getattr(self, name) for name in _PARTS}
            return {**parts, "collector": self._collector.state()}

    @classmethod
    def restored(cls, world: World, state: Mapping[str, Any]) -> "Catalogue":
        """The catalogue that `state` was taken of, read with the same words."""
        made = cls(world)
        for name in _PARTS:
            setattr(made, name, state[name])
        made._spellings = Spellings(made.store)
        made._spellings.learn()
        made._collector = Collector.restored(made.store, made._arranged, state["collector"])
        return made

    def learn_words(self) -> None:
        """Words the store was told of may be meant by others from now on."""
        self._spellings.learn()

    def add_all(self, offers: Iterable[Offer]) -> None:
        """Add or replace offers; they are found once this returns."""
        self.add_batches(batches(offers))

    def add_batches(self, found: Iterable[Batch]) -> None:
        """Add or replace offers that come in columns; they are found once this returns."""
        with self._lock:
            reader = BatchReader(self._world)
            for batch in found:
                self._add(batch, reader)
            self._spellings.learn()
            self._collector.catch_up(self.alive.view)

    def remove(self, offer_id: str) -> None:
        """Forget an offer; an unknown id is no error."""
        with self._lock:
            row = self.row_of_id(offer_id)
            if row is not None:
                self._retire(row)

    def offer_at(self, row: int) -> Offer:
        return self._packed.offer(row, self._names.name(row))

    def id_at(self, row: int) -> str:
        return self._names.name(row)

    def row_of_id(self, offer_id: str) -> int | None:
        """The row of an offer that can be found; None where there is none of that id."""
        row = self._names.find(offer_id)
        return row if row is not None and self.alive.view[row] else None

    def row_of(self, offer: Offer) -> int:
        """The row of this very offer; one that was not loaded gets a row nobody finds."""
        row = self.row_of_id(offer.id)
        if row is not None and self.offer_at(row) == offer:
            return row
        with self._lock:
            if offer not in self._visitors:
                reader = BatchReader(self._world)
                self._visitors[offer] = self._write(Batch.of([offer]), reader, counts=False)
            return self._visitors[offer]

    def query(self, need: Need) -> Query:
        """The need's words with everything each may stand for here."""
        vocabulary = self._world.vocabulary
        title = need.title if need.pack is None else f"{need.title} {need.pack.token}"
        brand = normalise(need.brand, vocabulary) if need.brand else []
        words = list(dict.fromkeys([*normalise(title, vocabulary), *brand]))[:_MOST_WORDS]
        meant = [self._spellings.meant_by(word, vocabulary.known) for word in words]
        ids = self.store.ids
        return Query(
            self.store,
            words,
            meant,
            self._joined(words),
            {ids[word] for word in brand if word in ids},
        )

    def collect(self, query: Query, limit: int, mask: Mask | None = None) -> Rows:
        """Rows of the best offers by words, best first; with a mask, those in it."""
        alive = self.alive.view if self._count < self.store.rows else ALL
        return self._collector.collect(query, limit, mask, alive)

    @property
    def lists(self) -> Generation:
        """The inverted lists of the moment."""
        return self._collector.generation

    def lent(self, lists: Generation) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """What `kernels.gathering` is told of this catalogue, and the room this thread has for it.

        Put together once for as long as nothing changes.
        """
        store = self.store
        key = store.rows, store.counted, len(store.words), self._count, lists
        kept = self._lent
        if kept is None or kept[0] != key:
            alive = self.alive.view if self._count < store.rows else ALL
            rows = min(store.rows, len(alive)) if len(alive) else store.rows
            texts = tuple(texts_of(store, store.average_title, store.average_body))
            words, spelling = words_of(store), spelling_of(store)
            told = texts, *lists.lent(), words, spelling, BM25F, alive, rows
            kept = self._lent = key, told
        return kept[1], (tuple(self._collector.scratch(self.store.rows)), marks())

    def names(self) -> tuple[Any, ...]:
        """The names of all rows, as `kernels.picking` takes them."""
        return self._names.lent()

    def suggest(self, prefix: str, top: int) -> list[str]:
        """Words that begin with `prefix`, the commonest first; else the nearest spellings."""
        return self._spellings.beginning_with(prefix, top)

    def _add(self, batch: Batch, reader: BatchReader) -> None:
        first = self._write(batch, reader, counts=True)
        self.alive.view[first:] = True
        self._count += len(batch)
        before = self._names.enter(np.arange(first, first + len(batch), dtype=np.int32))
        for row in before[before >= 0]:
            if self.alive.view[row]:
                self._retire(int(row))

    def _retire(self, row: int) -> None:
        """Let a row be found and counted no more."""
        self._collector.retire(row)
        self.alive.view[row] = False
        self._count -= 1
        self.store.forget(row)

    def _write(self, batch: Batch, reader: BatchReader, *, counts: bool) -> int:
        """Append the rows of a batch, and return the first of them; they are not yet alive."""
        spelt = batch.spelt or reader.read(batch)
        words = spelt.dialect.tokens(spelt.words, self.store.token)
        first = self.store.add(words, spelt.runs, counts=counts)
        self._names.extend(batch.columns["id"])
        self._packed.extend(batch)
        self.columns.extend(batch)
        self.alive.extend(np.zeros(len(batch), np.bool_))
        return first

    def _arranged(self) -> Arrangement:
        """Like goods side by side."""
        return arrangement_of(self.columns, self._world)

    def _joined(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """`ps lx350h` also means `pslx350h`, where offers say so: the first's place, a token."""
        ids = self.store.ids
        return [
            (place, ids[joined])
            for place, (one, two) in enumerate(pairwise(words))
            if (joined := one + two) in ids and joined != one * 2
        ]
