"""Reads of imports."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.exchange.models import Import
from marketplace.exchange.rules import ImportState
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.infra.storage import StoredFile


def get_import(import_id: int) -> Import:
    """An import with its files."""
    found = session.scalar(
        select(Import)
        .options(joinedload(Import.table), joinedload(Import.problems))
        .where(Import.id == import_id)
    )
    if found is None:
        raise NotFound(N_("There is no such import."))
    return found


def list_forgettable(before: datetime, limit: int) -> Sequence[Import]:
    """Imports that ended, or were left unconfirmed, before then and still hold their rows."""
    statement = (
        select(Import)
        .join(Import.table)
        .options(contains_eager(Import.table), joinedload(Import.problems))
        .where(
            Import.state.in_((ImportState.MAPPING, ImportState.CHECKED, ImportState.DONE)),
            Import.updated_at < before,
            StoredFile.size > 0,
        )
        .order_by(Import.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def page_of_own_imports(owner_id: int, *, number: int) -> Page[Import]:
    statement = select(Import).where(Import.owner_id == owner_id).order_by(Import.id.desc())
    return paged(statement, number=number, size=10)
