"""What was loaded, ready to be asked: offers by row, their texts, and the index that collects."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

from marketplace.matching.columns import Columns
from marketplace.matching.features import Query, make_query
from marketplace.matching.index import BODY, BRAND, CATEGORY, TITLE, TextIndex
from marketplace.matching.offers import Need, Offer
from marketplace.matching.store import IN_BODY, IN_BRAND, IN_CATEGORY, IN_TITLE, Store
from marketplace.matching.text import TokenClass, class_of, normalise, plain_fold
from marketplace.matching.world import World

_MOST_WORDS = 64
_REPAIR_FROM = 4
_REPAIR_LIKENESS = 0.75
_REPAIRS = 3
_MODEL_PART = 5
_FIELD_OF = {IN_TITLE: TITLE, IN_BRAND: BRAND, IN_CATEGORY: CATEGORY, IN_BODY: BODY}


class Catalogue:
    """Offers (or needs dressed as offers) with one row each in a store and an index."""

    def __init__(self, world: World, directory: Path | None = None) -> None:
        self._world = world
        self.store = Store()
        self.columns = Columns()
        self._directory = directory
        self._made: TextIndex | None = None
        self._at_row: list[Offer] = []
        self._rows: dict[str, int] = {}
        self._visitors: dict[Offer, int] = {}
        self._fields = 0
        self._models: list[str] = []
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._known_words = 0
        self._lock = Lock()

    @property
    def _index(self) -> TextIndex:
        """Made when the first offer comes: judging single pairs needs none."""
        if self._made is None:
            self._made = TextIndex(self._directory)
        return self._made

    def __iter__(self) -> Iterator[Offer]:
        return (self._at_row[row] for row in self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def add_all(self, offers: Iterable[Offer]) -> None:
        """Add or replace offers; they are found once this returns."""
        with self._lock:
            for offer in offers:
                if offer.id in self._rows:
                    self._index.remove(offer.id)
                self._rows[offer.id] = self._add(offer)
            if self._made is not None:
                self._made.commit()
            self._learn_words()

    def remove(self, offer_id: str) -> None:
        """Forget an offer; an unknown id is no error."""
        with self._lock:
            if self._rows.pop(offer_id, None) is not None:
                self._index.remove(offer_id)
                self._index.commit()

    def offer_at(self, row: int) -> Offer:
        return self._at_row[row]

    def row_of(self, offer: Offer) -> int:
        """The row of this very offer; one that was not loaded gets a row nobody finds."""
        row = self._rows.get(offer.id)
        if row is not None and self._at_row[row] == offer:
            return row
        with self._lock:
            if offer not in self._visitors:
                self._visitors[offer] = self._store_texts(offer, counts=False)[0]
            return self._visitors[offer]

    def query(self, need: Need) -> Query:
        """The need's words with everything each may stand for here."""
        vocabulary = self._world.vocabulary
        title = need.title if need.pack is None else f"{need.title} {need.pack.token}"
        brand = normalise(need.brand, vocabulary)
        words = list(dict.fromkeys([*normalise(title, vocabulary), *brand]))[:_MOST_WORDS]
        classes = [class_of(word) for word in words]
        expansions = [
            self._stands_for(word, kind) for word, kind in zip(words, classes, strict=True)
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
        return self._index.collect(words, limit, required) if self._rows else []

    def suggest(self, prefix: str, top: int) -> list[str]:
        """Words that begin with `prefix`, the commonest first; else the nearest spellings."""
        folded = plain_fold(prefix).strip()
        if not folded:
            return []
        known = [word for word in self._by_letter.get(folded[0], ()) if word.startswith(folded)]
        if not known:
            return [self.store.words[token] for token, _ in self._repairs(folded)]
        frequency = self.store.frequency.view
        return sorted(known, key=lambda word: (-int(frequency[self.store.ids[word]]), word))[:top]

    def _add(self, offer: Offer) -> int:
        row, texts = self._store_texts(offer, counts=True)
        self._index.add(row, offer.id, texts, " ".join(self._facts(offer)))
        return row

    def _store_texts(self, offer: Offer, *, counts: bool) -> tuple[int, dict[str, str]]:
        vocabulary = self._world.vocabulary
        title = normalise(offer.title, vocabulary)
        if offer.pack is not None:
            title.append(offer.pack.token)
        node = self._world.categories.get(offer.category)
        category = normalise(node.name if node else offer.category, vocabulary)
        brand, body = normalise(offer.brand, vocabulary), normalise(offer.description, vocabulary)
        row = self.store.add(title, brand, category, body, counts=counts)
        self._at_row.append(offer)
        self.columns.append(offer)
        found = {TITLE: title, BRAND: brand, CATEGORY: category, BODY: body}
        for flag, name in _FIELD_OF.items():
            if found[name]:
                self._fields |= flag
        return row, {name: " ".join(words) for name, words in found.items() if words}

    def _facts(self, offer: Offer) -> list[str]:
        """What the index may narrow by; `?` where unknown, so that the unknown always passes."""
        above = self._world.ancestors(offer.category)
        papers = [f"p:{paper.kind}" for paper in offer.papers]
        return [
            *(f"c:{code}" for code in above or ("?",)),
            *(f"z:{zone}" for zone in sorted(offer.zones) or ("?",)),
            *(papers if offer.papers_known else [*papers, "p:?"]),
        ]

    def _learn_words(self) -> None:
        """Sort new words for repair and for models written longer or shorter."""
        new = self.store.words[self._known_words :]
        self._known_words = len(self.store.words)
        models = [word for word in new if class_of(word) is TokenClass.MODEL]
        for word in new:
            if len(word) >= _REPAIR_FROM - 1 and class_of(word) is TokenClass.WORD:
                self._by_letter[word[0]].append(word)
        if len(models) > 100:
            self._models = sorted([*self._models, *models])
        else:
            for word in models:
                insort(self._models, word)

    def _stands_for(self, word: str, kind: TokenClass) -> list[tuple[int, float]]:
        token = self.store.ids.get(word)
        found = [(token, 1.0)] if token is not None and self.store.frequency.view[token] else []
        if kind is TokenClass.MODEL:
            return found + self._model_forms(word)
        if found or kind is not TokenClass.WORD or len(word) < _REPAIR_FROM:
            return found
        if word in self._world.vocabulary.known:
            return []
        return self._repairs(word)

    def _repairs(self, word: str) -> list[tuple[int, float]]:
        """The nearest spellings among the catalogue's words with the same first letter.

        One letter in five may as well make another word (beras, berat): it counts half.
        """
        near = process.extract(
            word,
            self._by_letter.get(word[0], ()),
            scorer=OSA.normalized_similarity,
            score_cutoff=_REPAIR_LIKENESS,
            limit=_REPAIRS,
        )
        return [(self.store.ids[spelling], likeness**3) for spelling, likeness, _ in near]

    def _model_forms(self, word: str) -> list[tuple[int, float]]:
        """Article numbers that begin with this one, or that this one begins with."""
        if len(word) < _MODEL_PART:
            return []
        found = []
        start = bisect_left(self._models, word)
        for longer in self._models[start : start + 6]:
            if longer != word and longer.startswith(word):
                found.append((self.store.ids[longer], 0.8))
        for length in range(_MODEL_PART, len(word)):
            shorter = self.store.ids.get(word[:length])
            if shorter is not None and class_of(word[:length]) is TokenClass.MODEL:
                found.append((shorter, 0.8))
        return found

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
