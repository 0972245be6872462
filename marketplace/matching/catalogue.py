"""What was loaded, ready to be asked: offers by row, their texts, and the index that collects."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from threading import Lock

import numpy as np

from marketplace.matching.batch import Batch, batches
from marketplace.matching.columns import Columns
from marketplace.matching.features import Query, make_query
from marketplace.matching.index import BODY, BRAND, CATEGORY, TITLE, TextIndex
from marketplace.matching.names import Names
from marketplace.matching.offers import Need, Offer
from marketplace.matching.packing import Packed
from marketplace.matching.reading import Reader, Tokens
from marketplace.matching.spellings import Spellings
from marketplace.matching.store import (
    BODY_SHIFT,
    IN_BODY,
    IN_BRAND,
    IN_CATEGORY,
    IN_TITLE,
    TITLE_SHIFT,
    Growing,
    Store,
)
from marketplace.matching.text import class_of, normalise
from marketplace.matching.world import World

_MOST_WORDS = 64
_FIELD_OF = {IN_TITLE: TITLE, IN_BRAND: BRAND, IN_CATEGORY: CATEGORY, IN_BODY: BODY}
# In the order of the store's runs.
_TEXTS = ("title", "brand", "category", "description")


class Catalogue:
    """Offers (or needs dressed as offers) with one row each in arrays; none is kept as an object.

    A row that was replaced or withdrawn, and that of a visitor, is not `alive`.
    """

    def __init__(self, world: World, directory: Path | None = None) -> None:
        self._world = world
        self.store = Store()
        self.columns = Columns()
        self.alive = Growing(np.bool_)
        self._names = Names()
        self._packed = Packed()
        self._spellings = Spellings(self.store)
        self._count = 0
        self._visitors: dict[Offer, int] = {}
        self._lock = Lock()
        self._directory = directory
        self._made: TextIndex | None = None
        self._indexed = 0
        self._fields = 0

    def __iter__(self) -> Iterator[Offer]:
        return (self.offer_at(int(row)) for row in np.flatnonzero(self.alive.view))

    def __len__(self) -> int:
        return self._count

    def add_all(self, offers: Iterable[Offer]) -> None:
        """Add or replace offers; they are found once this returns."""
        self.add_batches(batches(offers))

    def add_batches(self, found: Iterable[Batch]) -> None:
        """Add or replace offers that come in columns; they are found once this returns."""
        with self._lock:
            reader = Reader(self._world.vocabulary, self.store.token)
            for batch in found:
                self._add(batch, reader)
            self._spellings.learn()
            self._feed_index()

    def remove(self, offer_id: str) -> None:
        """Forget an offer; an unknown id is no error."""
        with self._lock:
            row = self.row_of_id(offer_id)
            if row is not None:
                self._retire(row)
                self._feed_index()

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
                reader = Reader(self._world.vocabulary, self.store.token)
                self._visitors[offer] = self._write(Batch.of([offer]), reader, counts=False)
            return self._visitors[offer]

    def query(self, need: Need) -> Query:
        """The need's words with everything each may stand for here."""
        vocabulary = self._world.vocabulary
        title = need.title if need.pack is None else f"{need.title} {need.pack.token}"
        brand = normalise(need.brand, vocabulary)
        words = list(dict.fromkeys([*normalise(title, vocabulary), *brand]))[:_MOST_WORDS]
        classes = [class_of(word) for word in words]
        expansions = [
            self._spellings.stands_for(word, kind, vocabulary.known)
            for word, kind in zip(words, classes, strict=True)
        ]
        self._join_neighbours(words, expansions)
        ids = frozenset(self.store.ids[word] for word in brand if word in self.store.ids)
        return make_query(self.store, words, classes, expansions, ids)

    def collect(
        self, query: Query, limit: int, required: Iterable[Sequence[str]] = ()
    ) -> list[int]:
        """Rows of the best offers by words, best first."""
        fields = [name for flag, name in _FIELD_OF.items() if self._fields & flag]
        words = [
            (self.store.words[token], float(weight), fields)
            for token, weight in zip(query.tokens, query.weights, strict=True)
        ]
        return self._index.collect(words, limit, required) if len(self) else []

    def suggest(self, prefix: str, top: int) -> list[str]:
        """Words that begin with `prefix`, the commonest first; else the nearest spellings."""
        return self._spellings.beginning_with(prefix, top)

    def _add(self, batch: Batch, reader: Reader) -> None:
        first = self._write(batch, reader, counts=True)
        self.alive.view[first:] = True
        self._count += len(batch)
        before = self._names.enter(np.arange(first, first + len(batch), dtype=np.int32))
        for row in before[before >= 0]:
            if self.alive.view[row]:
                self._retire(int(row))

    def _retire(self, row: int) -> None:
        """Let a row be found and counted no more."""
        self.alive.view[row] = False
        self._count -= 1
        self.store.forget(row)
        if row < self._indexed:
            self._index.remove(str(row))

    def _write(self, batch: Batch, reader: Reader, *, counts: bool) -> int:
        """Append the rows of a batch, and return the first of them; they are not yet alive."""
        texts = self._read(batch, reader)
        runs = np.zeros((len(batch), len(_TEXTS)), np.int32)
        for part, read in enumerate(texts):
            if read is not None:
                runs[:, part] = list(map(len, read))
                self._fields |= (1 << part) if runs[:, part].any() else 0
        present = [read for read in texts if read is not None]
        in_order = (
            present[0] if len(present) == 1 else chain.from_iterable(zip(*present, strict=True))
        )
        words = np.fromiter(chain.from_iterable(in_order), np.int32, int(runs.sum()))
        first = self.store.add(words, runs, counts=counts)
        self._names.extend(batch.columns["id"])
        self._packed.extend(batch)
        self.columns.extend(batch)
        self.alive.extend(np.zeros(len(batch), np.bool_))
        return first

    def _read(self, batch: Batch, reader: Reader) -> list[Sequence[Tokens] | None]:
        """Title, brand, category and description of every row in tokens; None for empty ones."""
        read: list[Sequence[Tokens] | None] = []
        for name in _TEXTS:
            column = batch.columns.get(name)
            if column is None:
                read.append(None)
            elif name in {"brand", "category"}:  # few different ones
                known = {value: self._short(name, value, reader.read) for value in set(column)}
                read.append([known[value] for value in column])
            else:
                read.append(list(map(reader.read, column)))
        packs = batch.columns.get("pack")
        if packs is not None and read[0] is not None:
            token = self.store.token
            read[0] = [
                tokens if pack is None else [*tokens, token(pack.token)]
                for tokens, pack in zip(read[0], packs, strict=True)
            ]
        return read

    def _short(self, name: str, value: str, read: Callable[[str], Tokens]) -> Tokens:
        node = self._world.categories.get(value) if name == "category" else None
        return read(node.name if node else value)

    def _join_neighbours(
        self, words: Sequence[str], expansions: list[list[tuple[int, float]]]
    ) -> None:
        """`ps lx350h` also means `pslx350h`, where the catalogue writes it so."""
        for position in range(len(words) - 1):
            joined = words[position] + words[position + 1]
            token = self.store.ids.get(joined)
            if token is None or joined == words[position] * 2:
                continue
            for place in (position, position + 1):
                expansions[place] = [*expansions[place], (token, 0.9)]

    @property
    def _index(self) -> TextIndex:
        """Made when the first offer comes: judging single pairs needs none."""
        if self._made is None:
            self._made = TextIndex(self._directory)
        return self._made

    def _feed_index(self) -> None:
        """Give the index the rows written since it was last fed."""
        for row in range(self._indexed, self.store.rows):
            if self.alive.view[row]:
                texts = self._texts_of(row)
                self._index.add(row, str(row), texts, " ".join(self._facts(self.offer_at(row))))
        self._indexed = self.store.rows
        if self._made is not None:
            self._made.commit()

    def _texts_of(self, row: int) -> dict[str, str]:
        at, _ = self.store.tokens.positions(np.array([row]))
        words = [self.store.words[token] for token in self.store.tokens.flat.view[at]]
        found: dict[str, list[str]] = {name: [] for name in _FIELD_OF.values()}
        for word, flags in zip(words, self.store.fields.view[at].tolist(), strict=True):
            times = {IN_TITLE: flags >> TITLE_SHIFT & 63, IN_BODY: flags >> BODY_SHIFT & 63}
            for flag, name in _FIELD_OF.items():
                if flags & flag:
                    found[name] += [word] * times.get(flag, 1)
        return {name: " ".join(said) for name, said in found.items()}

    def _facts(self, offer: Offer) -> list[str]:
        """What the index may narrow by; `?` where unknown, so that the unknown always passes."""
        above = self._world.ancestors(offer.category)
        papers = [f"p:{paper.kind}" for paper in offer.papers]
        return [
            *(f"c:{code}" for code in above or ("?",)),
            *(f"z:{zone}" for zone in sorted(offer.zones) or ("?",)),
            *(papers if offer.papers_known else [*papers, "p:?"]),
        ]
