"""A page of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from marketplace.infra.db import session

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """`items` of page `number` (from 1); `total` counts the whole list."""

    items: Sequence[Item]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def paged(statement: Select[Any], *, number: int, size: int = 25, key: Any = None) -> Page[Any]:
    """Run an ordered select for one page; the count ignores its order and loads.

    `key`, the number of a row, where rows are wide or much is loaded with them: the page is chosen
    by it, so that only its own rows are read and not all that are put in order.
    """
    rows = statement if key is None else statement.with_only_columns(key)
    total = session.scalar(
        select(func.count()).select_from(rows.order_by(None).options().subquery())
    )
    first = (number - 1) * size
    part = statement.limit(size).offset(first)
    if key is not None:
        chosen = rows.limit(size).offset(first).subquery()
        part = statement.where(key.in_(session.scalars(select(chosen)).all()))
    items = session.scalars(part).unique().all()
    return Page(items, number, size, total or 0)
