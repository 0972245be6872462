"""Writes of a merge: rows that change hands, and the one step that two officers cannot both do."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, insert, update

from marketplace.businesses.models import Business
from marketplace.infra.db import Model, session


def merge_into(business_id: int, survivor_id: int, version: int) -> bool:
    """Mark an entry as merged; False where it already was, or changed since `version` was read."""
    return (
        _changed(
            update(Business)
            .where(
                Business.id == business_id,
                Business.version == version,
                Business.merged_into_id.is_(None),
            )
            .values(merged_into_id=survivor_id, nib=None, version=Business.version + 1)
        )
        == 1
    )


def part_from(business_id: int, survivor_id: int, values: Mapping[str, Any]) -> bool:
    """Let a merged entry stand for itself again, with these values; False where it already does."""
    return (
        _changed(
            update(Business)
            .where(Business.id == business_id, Business.merged_into_id == survivor_id)
            .values(merged_into_id=None, version=Business.version + 1, **values)
        )
        == 1
    )


def follow(from_id: int, to_id: int, ids: Collection[int]) -> None:
    """Entries merged into `from_id` now lead to `to_id`, so that a link is one step long."""
    _changed(
        update(Business)
        .where(Business.id.in_(ids), Business.merged_into_id == from_id)
        .values(merged_into_id=to_id)
    )


def repoint(table: str, column: str, ids: Collection[int], from_id: int, to_id: int) -> int:
    """Rows of `ids` that name `from_id` in this column name `to_id` from now on."""
    rows = Model.metadata.tables[table]
    changed = 0
    numbers = sorted(ids)
    for start in range(0, len(numbers), 5_000):
        changed += _changed(
            update(rows)
            .where(rows.c.id.in_(numbers[start : start + 5_000]), rows.c[column] == from_id)
            .values({column: to_id})
        )
    return changed


def set_values(table: str, row_id: int, values: Mapping[str, Any]) -> None:
    """Change a row of which the loaded objects need not know."""
    rows = Model.metadata.tables[table]
    _changed(update(rows).where(rows.c.id == row_id).values(dict(values)))


def add_row(table: str, values: Mapping[str, Any]) -> None:
    session.execute(insert(Model.metadata.tables[table]).values(dict(values)))


def remove_rows(table: str, ids: Collection[int]) -> None:
    rows = Model.metadata.tables[table]
    session.execute(delete(rows).where(rows.c.id.in_(sorted(ids))))


def _changed(statement: Any) -> int:
    found = session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(found, "rowcount", 0))
