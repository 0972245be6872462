"""What changed, in order: the feed the search index follows.

Kinds: `product` and `need` name a row; `world` says that words, freight or rules changed; `all`
that rows were filled in without a change for each.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.clock import now
from marketplace.infra.db import Id, Model, UtcDateTime, session


class Change(Model):
    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_kind", "kind", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    ref_id: Mapped[int] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def note_change(kind: str, ref_id: int) -> None:
    """Say, in the transaction that does it, that a product or need changed."""
    session.add(Change(kind=kind, ref_id=ref_id))


def last_change() -> int:
    return session.scalar(select(func.max(Change.id))) or 0


def change_at(number: int) -> Change | None:
    """One change; None where it never was, or was forgotten."""
    return session.get(Change, number)


def changes_since(number: int) -> Sequence[Change]:
    """Changes after `number`, oldest first."""
    return session.scalars(select(Change).where(Change.id > number).order_by(Change.id)).all()


def forget_old(age: timedelta) -> None:
    """Every process follows within seconds; one that slept longer than this was restarted.

    The newest row stays, so that numbers go on rising.
    """
    newest = select(func.max(Change.id)).scalar_subquery()
    session.execute(delete(Change).where(Change.at < now() - age, Change.id < newest))
