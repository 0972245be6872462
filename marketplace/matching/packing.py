"""Offers as bytes: a million of them beside the arrays, unpacked only when one is shown."""

import marshal
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from marketplace.core.quantity import Kind, Quantity
from marketplace.matching.batch import Batch
from marketplace.matching.columns import Interned
from marketplace.matching.offers import HeldPaper, Offer, PriceBreak
from marketplace.matching.store import Growing, Ragged

_UNPACKED = 4096
# Rows written as one.
_BLOCK = 16
# What few offers say differently: a row holds one number for all of it.
_SHARED = frozenset(
    {
        "category", "unit", "region", "zones", "papers", "papers_known", "papers_told",
        "declared_not_halal", "storage", "terms", "size_class",
    }
)  # fmt: skip
_MOST_SHARED = 16_384
# So many rows must say the same, or it is cheaper to write it into each.
_WORTH = 8
_PAPERS = "papers"
# The name of that number in a form.
_NUMBER = ""
# Names of fields, and a value for each.
_Said = tuple[tuple[str, ...], tuple[Any, ...]]


def _flat_paper(paper: HeldPaper) -> tuple[str, bool, int | None]:
    return paper.kind, paper.verified, paper.valid_to.toordinal() if paper.valid_to else None


def _paper(flat: tuple[str, bool, int | None]) -> HeldPaper:
    kind, verified, day = flat
    return HeldPaper(kind, verified, date.fromordinal(day) if day is not None else None)


# What is no plain value: into one, and back.
_FLAT: Mapping[str, Callable[[Any], Any]] = {
    "pack": lambda pack: (pack.amount, pack.kind.value) if pack is not None else None,
    "papers": lambda papers: tuple(map(_flat_paper, papers)),
    "price_breaks": lambda steps: tuple((step.min_quantity, step.price) for step in steps),
}
_FULL: Mapping[str, Callable[[Any], Any]] = {
    "pack": lambda flat: Quantity(flat[0], Kind(flat[1])) if flat is not None else None,
    "papers": lambda flat: tuple(map(_paper, flat)),
    "price_breaks": lambda flat: tuple(PriceBreak(*step) for step in flat),
}


class Packed:
    """Row i is one offer without its id, which the caller keeps.

    A few rows that came together are written as one: that takes less time and room than each alone.
    """

    def __init__(self) -> None:
        self._bytes = Ragged(np.uint8)
        self._block_of = Growing(np.int32)
        self._firsts = Growing(np.int32)
        # Blocks hold only the columns their batch had: one begins with the number of its form.
        self._forms: list[tuple[str, ...]] = []
        self._shared: Interned[_Said] = Interned()
        self._unpacked: dict[int, Offer] = {}
        self._opened: tuple[int, Any] = -1, ()

    @property
    def size(self) -> int:
        """Bytes of all rows, without what they share."""
        return self._bytes.flat.size

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_unpacked": {}, "_opened": (-1, ())}

    def extend(self, batch: Batch) -> None:
        names = tuple(name for name in batch.columns if name != "id")
        alike = tuple(name for name in names if name in _SHARED)
        numbers = self._numbers(alike, batch)
        if numbers is not None:
            names = (_NUMBER, *(name for name in names if name not in _SHARED))
        if names not in self._forms:
            self._forms.append(names)
        form = self._forms.index(names)
        columns: list[Any] = [
            _flattened(name, batch.columns[name]) if name else numbers for name in names
        ]
        rows = range(self._block_of.size, self._block_of.size + len(batch))
        places = range(0, len(batch), _BLOCK)
        blocks = [
            marshal.dumps((form, *[column[at : at + _BLOCK] for column in columns]))
            for at in places
        ]
        first = self._firsts.size
        self._bytes.extend(
            np.frombuffer(b"".join(blocks), np.uint8), np.array(list(map(len, blocks)), np.int32)
        )
        self._firsts.extend(rows[::_BLOCK])
        self._block_of.extend(first + np.arange(len(batch)) // _BLOCK)

    def offer(self, row: int, id: str) -> Offer:
        """The offer of a row; those asked for of late are kept."""
        found = self._unpacked.get(row)
        if found is None:
            block = int(self._block_of.view[row])
            form, *columns = self._block(block)
            place = row - int(self._firsts.view[block])
            values = [column[place] for column in columns]
            plain = dict(zip(self._forms[form], values, strict=True))
            for name in _FULL.keys() & plain.keys():
                plain[name] = _FULL[name](plain[name])
            number = plain.pop(_NUMBER, None)
            if number is not None:
                plain.update(zip(*self._shared.values[number], strict=True))
            if len(self._unpacked) >= _UNPACKED:
                self._unpacked.clear()
            found = self._unpacked[row] = Offer(id, **plain)
        return found

    def _block(self, number: int) -> Any:
        """The form and the columns of a block. The last is kept: whoever wants all goes by row."""
        opened, found = self._opened
        if opened != number:
            found = marshal.loads(self._bytes.row(number).tobytes())  # noqa: S302 our bytes
            self._opened = number, found
        return found

    def _numbers(self, names: tuple[str, ...], batch: Batch) -> list[int] | None:
        """The number of what each row says under these names; None where too few say the same."""
        shared = self._shared
        columns = [batch.columns[name] for name in names]
        # Papers are compared as objects: to look into them takes longer than all the rest.
        looked_at = [
            list(map(id, column)) if name == _PAPERS else column
            for name, column in zip(names, columns, strict=True)
        ]
        keys = list(zip(*looked_at, strict=True))
        different = {
            key: (names, tuple(column[place] for column in columns))
            for key, place in dict(zip(keys, range(len(batch)), strict=False)).items()
        }
        new = sum(shared.find(said) is None for said in set(different.values()))
        if not names or new * _WORTH > len(batch) or len(shared) + new > _MOST_SHARED:
            return None
        numbers = {key: shared.number(said) for key, said in different.items()}
        return list(map(numbers.__getitem__, keys))


def _flattened(name: str, column: Sequence[Any]) -> Sequence[Any]:
    flat = _FLAT.get(name)
    if flat is None:
        return column
    known = {value: flat(value) for value in set(column)}  # many rows share a pack, a set of papers
    return [known[value] for value in column]
