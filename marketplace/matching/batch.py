"""Many offers column by column: how they travel from a file or a database into the catalogue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from itertools import islice
from typing import Any

from marketplace.matching.offers import Offer

# Enough rows to share the cost of an array operation, few enough to lie in the processor's cache.
ROWS = 4096
DEFAULTS: Mapping[str, Any] = {
    item.name: item.default for item in fields(Offer) if item.default is not MISSING
}
NAMES = tuple(item.name for item in fields(Offer))


class Batch:
    """`columns` maps fields of `Offer` to lists of equal length, `id` and `title` always there.

    A field that is missing has its default in every row.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self.columns = columns

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
    def of_columns(cls, columns: Mapping[str, Sequence[Any]]) -> "Batch":
        """The same without the columns that hold nothing but the default."""
        return cls({name: column for name, column in columns.items() if not _is_bare(name, column)})


def _is_bare(name: str, column: Sequence[Any]) -> bool:
    return name in DEFAULTS and column.count(DEFAULTS[name]) == len(column)


def batches(offers: Iterable[Offer], rows: int = ROWS) -> Iterator[Batch]:
    """Offers in batches of at most `rows`."""
    pending = iter(offers)
    while chunk := list(islice(pending, rows)):
        yield Batch.of(chunk)
