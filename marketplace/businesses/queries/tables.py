"""Reads for tables that come in and go out: many businesses at once."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.businesses.models import Branch, Business
from marketplace.businesses.queries.businesses import in_area, living, of_office
from marketplace.businesses.queries.kbli import in_line_of_business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.text import fold
from marketplace.infra.db import session


def find_named(kind: BusinessKind, names: Collection[str]) -> dict[str, list[Business]]:
    """The businesses of this kind that each written name or NIB may mean, by what was written.

    A name nobody has is left out; one that several have comes with all of them.
    """
    by_nib: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for name in names:
        by_nib.setdefault("".join(filter(str.isdigit, name)), []).append(name)
        by_name.setdefault(fold(name)[:200], []).append(name)
    found: dict[str, list[Business]] = {}
    of_kind = (
        living()
        .options(selectinload(Business.kbli_codes))
        .where(Business.kind == kind)
        .order_by(Business.id)
    )
    for chunk in _chunks(sorted(by_name)):
        for business in session.scalars(of_kind.where(Business.folded_name.in_(chunk))):
            for name in by_name[business.folded_name]:
                found.setdefault(name, []).append(business)
    for chunk in _chunks(sorted(nib for nib in by_nib if len(nib) == 13)):
        for business in session.scalars(of_kind.where(Business.nib.in_(chunk))):
            for name in by_nib[business.nib or ""]:
                found[name] = [business]
    return found


def list_names(
    kind: BusinessKind,
    *,
    ids: Collection[int] | None = None,
    area: str = "",
    limit: int = 300,
) -> list[str]:
    """Names of businesses to choose from, in order; narrowed to these ids or to an office."""
    statement = living().where(Business.kind == kind, of_office(area))
    if ids is not None:
        statement = statement.where(Business.id.in_(ids))
    rows = session.scalars(statement.order_by(Business.folded_name).limit(limit))
    return [business.name for business in rows]


def branches_by_business(business_ids: Collection[int]) -> dict[int, list[Branch]]:
    """The branches of each of these outlets, by name."""
    found: dict[int, list[Branch]] = {business_id: [] for business_id in business_ids}
    statement = (
        select(Branch)
        .options(joinedload(Branch.business))
        .where(Branch.business_id.in_(business_ids))
    )
    for branch in session.scalars(statement.order_by(Branch.name, Branch.id)):
        found[branch.business_id].append(branch)
    return found


def list_whole(
    kind: BusinessKind,
    *,
    ids: Collection[int] | None = None,
    area: str = "",
    text: str = "",
    kbli: str = "",
    after: int = 0,
    limit: int = 500,
) -> Sequence[Business]:
    """The next businesses by id after `after` with branches and KBLI codes, for an export."""
    statement = in_area(living().where(Business.kind == kind, Business.id > after), area)
    if ids is not None:
        statement = statement.where(Business.id.in_(ids))
    if text:
        statement = statement.where(Business.folded_name.contains(fold(text), autoescape=True))
    if kbli:
        statement = statement.where(in_line_of_business(kbli))
    whole = statement.options(selectinload(Business.branches), selectinload(Business.kbli_codes))
    return session.scalars(whole.order_by(Business.id).limit(limit)).all()


def _chunks(items: Sequence[str], size: int = 400) -> Iterator[Sequence[str]]:
    """Items in lists short enough for one IN."""
    return (items[start : start + size] for start in range(0, len(items), size))
