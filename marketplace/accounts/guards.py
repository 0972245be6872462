"""Writes in bulk: what sign-in leaves behind goes by its age, an erased name wherever it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, delete, or_, update

from marketplace.accounts.models import SignInAttempt, SignInSession
from marketplace.core.clock import now
from marketplace.core.erasing import NOBODY
from marketplace.infra.db import Model, session


def forget_attempts(age: timedelta) -> None:
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - age))


def forget_sessions(age: timedelta) -> None:
    """Sessions that ended or ran out long ago: with them goes which device was used when."""
    before = now() - age
    session.execute(
        delete(SignInSession).where(
            or_(SignInSession.ended_at < before, SignInSession.expires_at < before)
        )
    )


# Names of people that stand beside no number, besides those called `…_by_name`.
_WITHOUT_NUMBER = frozenset({"owner_name"})


def signatures() -> Iterator[tuple[Table, Column[Any], Column[Any] | None]]:
    """Every column that keeps who did a thing: its table, the name, the number beside it if any.

    Rooms keep a name beside what was done because the account may go; such columns are found by how
    they are called, so that a new one is not forgotten.
    """
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if not column.name.endswith("_name"):
                continue
            number = table.columns.get(f"{column.name.removesuffix('_name')}_id")
            if number is not None and not number.foreign_keys:
                yield table, column, number
            elif column.name.endswith("_by_name") or column.name in _WITHOUT_NUMBER:
                yield table, column, None


def forget_signatures(person_id: int, full_name: str, *, is_only_one: bool) -> None:
    """Put nobody where this person signed; the number beside it stays, so one person stays one.

    Where no number stands beside a name it goes only if nobody else has an account of that name.
    """
    for table, name, number in signatures():
        if number is None and not is_only_one:
            continue
        theirs = name == full_name if number is None else number == person_id
        session.execute(update(table).where(theirs, name != "").values({name.name: NOBODY}))
