"""Many offers column by column: how they travel from a file or a database into the catalogue."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.offers import Offer

# Enough rows to share the cost of an array operation, few enough to lie in the processor's cache.
ROWS = 4096
DEFAULTS: Mapping[str, Any] = {
    item.name: item.default for item in fields(Offer) if item.default is not MISSING
}
NAMES = tuple(item.name for item in fields(Offer))


class Dialect:
    """Words under the numbers a reader gave them, and the tokens they are in one store."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._tokens: NDArray[np.int32] = np.zeros(0, np.int32)

    def tokens(self, words: NDArray[np.int32], token: Callable[[str], int]) -> NDArray[np.int32]:
        """What `token` says of each word; it is asked once, in the order of appearance."""
        missing = len(self.words) - len(self._tokens)
        if missing:
            self._tokens = np.concatenate([self._tokens, np.full(missing, -1, np.int32)])
        unknown = words[self._tokens[words] < 0]
        _, places = np.unique(unknown, return_index=True)
        for number in unknown[np.sort(places)].tolist():
            self._tokens[number] = token(self.words[number])
        return self._tokens[words]


@dataclass(frozen=True, slots=True)
class Spelt:
    """The texts of a batch as words of a dialect, in the form `Store.add` takes."""

    words: NDArray[np.int32]
    runs: NDArray[np.int32]
    dialect: Dialect

    def without(self, dropped: NDArray[np.bool_]) -> "Spelt":
        """The same without these rows."""
        kept = np.repeat(~dropped, self.runs.sum(1))
        return Spelt(self.words[kept], self.runs[~dropped], self.dialect)


class Batch:
    """`columns` maps fields of `Offer` to lists of equal length, `id` and `title` always there.

    A field that is missing has its default in every row. `spelt` is its texts, where somebody read
    them already.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], spelt: Spelt | None = None) -> None:
        self.columns = columns
        self.spelt = spelt

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __iter__(self) -> Iterator[Offer]:
        names = tuple(self.columns)
        for values in zip(*self.columns.values(), strict=True):
            yield Offer(**dict(zip(names, values, strict=True)))

    def column(self, name: str) -> Sequence[Any]:
        """The values of one field, defaults written out."""
        found = self.columns.get(name)
        return found if found is not None else [DEFAULTS[name]] * len(self)

    @classmethod
    def of(cls, offers: Sequence[Offer]) -> "Batch":
        """These offers by column."""
        return cls.of_columns({name: [getattr(offer, name) for offer in offers] for name in NAMES})

    @classmethod
    def of_columns(
        cls, columns: Mapping[str, Sequence[Any]], spelt: Spelt | None = None
    ) -> "Batch":
        """The same without the columns that hold nothing but the default."""
        said = {name: column for name, column in columns.items() if not _is_bare(name, column)}
        return cls(said, spelt)


def _is_bare(name: str, column: Sequence[Any]) -> bool:
    return name in DEFAULTS and column.count(DEFAULTS[name]) == len(column)


def batches(offers: Iterable[Offer], rows: int = ROWS) -> Iterator[Batch]:
    """Offers in batches of at most `rows`."""
    pending = iter(offers)
    while chunk := list(islice(pending, rows)):
        yield Batch.of(chunk)
