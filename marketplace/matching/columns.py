"""What the terms of every offer come to, as whole numbers: one row of `FACTS` for each.

Words and sets that many offers share are kept once, under a number. So all candidates of a need
are judged in one pass over numbers (`terms.py`); an offer that does not fit into these numbers is
marked `ODD`, and the rules themselves judge it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from marketplace.core.quantity import Quantity, mass_of
from marketplace.matching.batch import DEFAULTS, Batch
from marketplace.matching.case import FROZEN, PIRT
from marketplace.matching.offers import HeldPaper
from marketplace.matching.store import Growing

# The columns of one row. -1 is "nobody said".
FACTS = 16
MAKE, UNIT, ZONES, ORIGIN, TERMS = 0, 1, 2, 3, 4
PRICE, WEIGHT, CAPACITY, MIN_ORDER, LIFE, LEAD = 5, 6, 7, 8, 9, 10
CAPITAL_HIGH, CAPITAL_LOW, PAPERS, BREAKS, FLAGS = 11, 12, 13, 14, 15
# The flags; above them how many papers and price breaks the row has.
PAPERS_KNOWN, NOT_HALAL, ODD = 1, 2, 4
PAPERS_SHIFT, BREAKS_SHIFT, COUNT_MASK = 8, 16, 63
# A paper is one number: its kind, whether verified, and the last day it is valid (0: always).
KIND_MASK, VERIFIED, VALID_SHIFT = 63, 64, 7
MOST_KINDS = 60
MOST_BITS = 30
MOST = 1 << MOST_BITS
# Of a kind that was only spoken of, nothing is held: a paper that ran out long ago says the same.
_LONG_AGO = date.min

Key = TypeVar("Key", bound=Hashable)
Make = tuple[str, str, str, bool]
Trade = tuple[str, Quantity | None]
Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]


class Interned(Generic[Key]):
    """Values that many offers share, each kept once under a number."""

    def __init__(self, values: Iterable[Key] = ()) -> None:
        self.values: list[Key] = list(values)
        self._places = {value: place for place, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self.values)

    def find(self, value: Key) -> int | None:
        """The number of a value; None where nobody had it."""
        return self._places.get(value)

    def number(self, value: Key) -> int:
        place = self._places.get(value)
        if place is None:
            place = self._places[value] = len(self.values)
            self.values.append(value)
        return place


class Columns:
    """One row per offer, in the order the rows were added."""

    def __init__(self) -> None:
        # Category, storage and size of the producer, and whether it is frozen goods with a P-IRT:
        # what decides which rules bind.
        self.makes: Interned[Make] = Interned()
        # Sales unit and pack.
        self.units: Interned[Trade] = Interned()
        self.zones: Interned[frozenset[str]] = Interned()
        self.origins: Interned[str] = Interned([""])
        self.terms: Interned[frozenset[str]] = Interned()
        self.kinds: Interned[str] = Interned()
        self.flat = Growing(np.int32)
        self.papers = Growing(np.int32)
        # Pairs: from how many sales units, at what price.
        self.breaks = Growing(np.int32)
        self._weights: list[int] = []
        self._lock = Lock()

    def __len__(self) -> int:
        return self.flat.size // FACTS

    @property
    def facts(self) -> NDArray[np.int32]:
        """Rows x FACTS."""
        return self.flat.view.reshape(-1, FACTS)

    def extend(self, batch: Batch) -> None:
        """Add a row for each offer of the batch."""
        given = batch.columns
        count = len(batch)
        rows = np.full((count, FACTS), -1, np.int64)
        with self._lock:
            rows[:, MAKE] = self._interned(self.makes, {**given, _FOOD: _frozen_food(given)}, _MAKE)
            rows[:, ZONES] = self._interned(self.zones, given, ("zones",))
            rows[:, ORIGIN] = self._interned(self.origins, given, ("region",))
            rows[:, TERMS] = self._interned(self.terms, given, ("terms",))
            rows[:, UNIT] = self._interned(self.units, given, ("unit", "pack"))
            self._weights += [_weight(trade) for trade in self.units.values[len(self._weights) :]]
            rows[:, WEIGHT] = np.array(self._weights)[rows[:, UNIT]]
            odd = rows[:, WEIGHT] < -1
            for column, name in _NUMBERS.items():
                if name in given:
                    _number(rows, column, given[name], odd)
            capital = given.get("working_capital")
            if capital is not None:
                _number(rows, CAPITAL_LOW, capital, odd, MOST * MOST)
                high = rows[:, CAPITAL_LOW] >> MOST_BITS
                rows[:, CAPITAL_HIGH], rows[:, CAPITAL_LOW] = high, rows[:, CAPITAL_LOW] % MOST
            rows[:, FLAGS] = self._keep_papers(given, rows, odd) | self._keep_breaks(
                given, rows, odd
            )
            rows[odd, FLAGS] |= ODD
            # Last: whoever reads meanwhile finds all that a row speaks of.
            self.flat.extend(rows.astype(np.int32).ravel())

    def bits(self, kinds: Iterable[str]) -> int | None:
        """A bit for each of these kinds of paper; None where there are more kinds than bits."""
        with self._lock:
            numbers = {self.kinds.number(kind) for kind in kinds}
        if any(number >= MOST_KINDS for number in numbers):
            return None
        return sum(1 << number for number in numbers)

    def said(self, row: int, columns: Iterable[int]) -> tuple[Hashable, ...]:
        """What one row holds in some columns; of the papers, the papers themselves."""
        facts = self.flat.view[row * FACTS : (row + 1) * FACTS]
        return tuple(
            self._papers_of(facts) if column == PAPERS else int(facts[column]) for column in columns
        )

    def _papers_of(self, facts: NDArray[np.int32]) -> bytes:
        first, flags = int(facts[PAPERS]), int(facts[FLAGS])
        return self.papers.view[first : first + (flags >> PAPERS_SHIFT & COUNT_MASK)].tobytes()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=Lock())

    def _interned(
        self, values: "Interned[Any]", given: Mapping[str, Sequence[Any]], names: tuple[str, ...]
    ) -> int | list[int]:
        """The numbers of the values of one field, or of several taken together."""
        number, count = values.number, len(given["id"])
        if not any(name in given for name in names):
            return number(_UNSAID[names[0]])
        said: Sequence[Any] = given[names[0]] if len(names) == 1 else ()
        if len(names) > 1:
            columns = [given.get(name) or [DEFAULTS[name]] * count for name in names]
            said = list(zip(*columns, strict=True))
        known = {value: number(value) for value in dict.fromkeys(said)}  # many say the same
        return list(map(known.__getitem__, said))

    def _keep_papers(
        self, given: Mapping[str, Sequence[Any]], rows: Numbers, odd: Marks
    ) -> Numbers:
        """Write the papers down; returns the flags that say of them."""
        count = len(rows)
        flags = np.where(given.get("papers_known", [True] * count), PAPERS_KNOWN, 0)
        flags |= np.where(given.get("declared_not_halal", [False] * count), NOT_HALAL, 0)
        rows[:, PAPERS] = self.papers.size
        lists, told = given.get("papers"), given.get("papers_told")
        if lists is None and told is None:
            return flags
        # Many offers have the very same papers: they are written down once.
        keys: list[Hashable] = list(map(id, lists or told or ()))
        if lists is not None and told is not None:
            keys = list(zip(keys, map(id, told), strict=True))
        lists, told = lists or [()] * count, told or [frozenset()] * count
        different = {
            key: (lists[place], told[place])
            for key, place in dict(zip(keys, range(count), strict=True)).items()
        }
        places = {key: place for place, key in enumerate(different)}
        numbers = [self._written(*one) for one in different.values()]
        counts = np.array([len(one or ()) for one in numbers], np.int64)
        which = np.array(list(map(places.__getitem__, keys)))
        odd |= np.array([one is None for one in numbers])[which]
        rows[:, PAPERS] += (np.cumsum(counts) - counts)[which]
        flags |= counts[which] << PAPERS_SHIFT
        self.papers.extend(np.array([number for one in numbers for number in one or ()], np.int32))
        return flags

    def _written(self, held: Sequence[HeldPaper], spoken: Iterable[str]) -> list[int] | None:
        """The numbers of some papers; None where they do not fit into numbers."""
        found = [self._paper(paper) for paper in held]
        found += [self._paper(HeldPaper(kind, valid_to=_LONG_AGO)) for kind in sorted(spoken)]
        numbers = [number for number in found if number is not None]
        return numbers if len(numbers) == len(found) <= COUNT_MASK else None

    def _paper(self, paper: HeldPaper) -> int | None:
        kind = self.kinds.number(paper.kind)
        if kind >= MOST_KINDS:
            return None
        ends = paper.valid_to.toordinal() if paper.valid_to is not None else 0
        return ends << VALID_SHIFT | (VERIFIED if paper.verified else 0) | kind

    def _keep_breaks(
        self, given: Mapping[str, Sequence[Any]], rows: Numbers, odd: Marks
    ) -> Numbers:
        """Write the price breaks down; returns the flags that say how many there are."""
        flags = np.zeros(len(rows), np.int64)
        rows[:, BREAKS] = self.breaks.size
        numbers: list[int] = []
        for row, steps in enumerate(given.get("price_breaks", ())):
            rows[row, BREAKS] += len(numbers)
            written = [part for step in steps for part in (step.min_quantity, step.price)]
            if len(steps) > COUNT_MASK or not all(0 <= part <= MOST for part in written):
                odd[row] = True
                continue
            numbers += written
            flags[row] = len(steps) << BREAKS_SHIFT
        self.breaks.extend(np.array(numbers, np.int32))
        return flags


def _number(
    rows: Numbers, column: int, values: Sequence[int | None], odd: Marks, most: int = MOST
) -> None:
    """Write one column; what is too large or below zero marks its row as odd."""
    if column == WEIGHT:
        values = [value or None for value in values]
    numbers = [-1 if value is None else value if 0 <= value < most else -2 for value in values]
    said = np.array(numbers, np.int64)
    odd |= said == -2
    # A weight that nobody stated is the one that the unit tells.
    keep = said < 0 if column == WEIGHT else np.zeros(len(said), bool)
    rows[~keep, column] = np.maximum(said, -1)[~keep]


_NUMBERS = {
    PRICE: "price",
    WEIGHT: "weight_g",
    CAPACITY: "capacity_per_month",
    MIN_ORDER: "min_order",
    LIFE: "shelf_life_days",
    LEAD: "lead_days",
}
# A column of its own beside those of an offer.
_FOOD = "frozen food"
_MAKE = ("category", "storage", "size_class", _FOOD)
# What a field, or the fields taken together with it, are where nobody said anything.
_UNSAID: dict[str, Any] = {
    "zones": frozenset(),
    "region": "",
    "terms": frozenset(),
    "unit": ("", None),
}


def _frozen_food(given: Mapping[str, Sequence[Any]]) -> list[bool]:
    """Of every row: is it frozen, and does it hold a P-IRT?"""
    storages, papers = given.get("storage"), given.get("papers")
    if storages is None or papers is None or FROZEN not in storages:
        return [False] * len(given["id"])
    return [
        storage == FROZEN and any(paper.kind == PIRT for paper in held)
        for storage, held in zip(storages, papers, strict=True)
    ]


def _weight(trade: Trade) -> int:
    """Grams of one sales unit, for freight; -1 where its content does not tell, -2 if too many."""
    grams = mass_of(*trade)
    return -1 if grams is None else grams if grams < MOST else -2
