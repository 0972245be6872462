"""Reads of imports."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.exchange.models import Import
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged


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


def page_of_own_imports(owner_id: int, *, number: int) -> Page[Import]:
    statement = select(Import).where(Import.owner_id == owner_id).order_by(Import.id.desc())
    return paged(statement, number=number, size=10)
