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
from marketplace.matching.store import Ragged

_UNPACKED = 4096
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
    """Row i is one offer without its id, which the caller keeps."""

    def __init__(self) -> None:
        self._bytes = Ragged(np.uint8)
        # Rows hold only the columns their batch had: a row begins with the number of its form.
        self._forms: list[tuple[str, ...]] = []
        self._shared: Interned[_Said] = Interned()
        self._unpacked: dict[int, Offer] = {}

    @property
    def size(self) -> int:
        """Bytes of all rows, without what they share."""
        return self._bytes.flat.size

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_unpacked": {}}

    def extend(self, batch: Batch) -> None:
        names = tuple(name for name in batch.columns if name != "id")
        alike = tuple(name for name in names if name in _SHARED)
        numbers = self._numbers(
            alike, list(zip(*(batch.columns[name] for name in alike), strict=True))
        )
        if numbers is not None:
            names = (_NUMBER, *(name for name in names if name not in _SHARED))
        if names not in self._forms:
            self._forms.append(names)
        form = self._forms.index(names)
        columns = [
            _flattened(name, batch.columns[name]) if name else numbers or () for name in names
        ]
        dump = marshal.dumps
        rows = [dump((form, *values)) for values in zip(*columns, strict=True)]
        lengths = np.array(list(map(len, rows)), np.int32)
        self._bytes.extend(np.frombuffer(b"".join(rows), np.uint8), lengths)

    def offer(self, row: int, id: str) -> Offer:
        """The offer of a row; those asked for of late are kept."""
        found = self._unpacked.get(row)
        if found is None:
            form, *values = marshal.loads(self._bytes.row(row).tobytes())  # noqa: S302 our bytes
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

    def _numbers(self, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[int] | None:
        """The number of what each row says under these names; None where too few say the same."""
        shared = self._shared
        # Papers are compared as objects first: to look into them takes longer than all the rest.
        keys = rows
        if _PAPERS in names:
            place = names.index(_PAPERS)
            keys = [(*row[:place], id(row[place]), *row[place + 1 :]) for row in rows]
        different = dict(zip(keys, rows, strict=True))
        new = sum(shared.find((names, said)) is None for said in set(different.values()))
        if not names or new * _WORTH > len(rows) or len(shared) + new > _MOST_SHARED:
            return None
        numbers = {key: shared.number((names, said)) for key, said in different.items()}
        return list(map(numbers.__getitem__, keys))


def _flattened(name: str, column: Sequence[Any]) -> Sequence[Any]:
    flat = _FLAT.get(name)
    if flat is None:
        return column
    known = {value: flat(value) for value in set(column)}  # many rows share a pack, a set of papers
    return [known[value] for value in column]
