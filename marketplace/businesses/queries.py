"""Reads of businesses, branches, memberships and papers."""

from collections.abc import Collection, Iterator

from sqlalchemy import select

from marketplace.businesses.models import Branch, Business, Membership
from marketplace.businesses.rules import BusinessKind
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, fold
from marketplace.infra.db import session


def ids_of_person(person_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """The producers and the outlets a person works for."""
    rows = session.execute(
        select(Business.id, Business.kind)
        .join(Membership, Membership.business_id == Business.id)
        .where(Membership.person_id == person_id)
    ).all()
    return (
        frozenset(row[0] for row in rows if row[1] is BusinessKind.PRODUCER),
        frozenset(row[0] for row in rows if row[1] is BusinessKind.OUTLET),
    )


def get_business(business_id: int) -> Business:
    found = session.get(Business, business_id)
    if found is None:
        raise NotFound(N_("There is no such business."))
    return found


def is_producer(business_id: int) -> bool:
    return get_business(business_id).kind is BusinessKind.PRODUCER


def find_named(kind: BusinessKind, names: Collection[str]) -> dict[str, list[Business]]:
    """The businesses of this kind that each written name or NIB may mean, by what was written.

    A name nobody has is left out; one that several have comes with all of them.
    """
    by_nib = {"".join(filter(str.isdigit, name)): name for name in names}
    by_name: dict[str, list[str]] = {}
    for name in names:
        by_name.setdefault(fold(name)[:200], []).append(name)
    found: dict[str, list[Business]] = {}
    for chunk in _chunks(sorted(by_name)):
        statement = select(Business).where(Business.kind == kind, Business.folded_name.in_(chunk))
        for business in session.scalars(statement.order_by(Business.id)):
            for name in by_name[business.folded_name]:
                found.setdefault(name, []).append(business)
    for chunk in _chunks(sorted(nib for nib in by_nib if len(nib) == 13)):
        for business in session.scalars(
            select(Business).where(Business.kind == kind, Business.nib.in_(chunk))
        ):
            found[by_nib[business.nib or ""]] = [business]
    return found


def list_names(
    kind: BusinessKind,
    *,
    ids: Collection[int] | None = None,
    region_code: str = "",
    limit: int = 300,
) -> list[str]:
    """Names of businesses to choose from, in order; narrowed to these ids or this region."""
    statement = select(Business.name).where(Business.kind == kind)
    if ids is not None:
        statement = statement.where(Business.id.in_(ids))
    if region_code:
        statement = statement.where(Business.region_code == region_code)
    return list(session.scalars(statement.order_by(Business.folded_name).limit(limit)))


def branches_of(business_ids: Collection[int]) -> dict[int, list[Branch]]:
    """The branches of each of these outlets, by name."""
    found: dict[int, list[Branch]] = {business_id: [] for business_id in business_ids}
    statement = select(Branch).where(Branch.business_id.in_(business_ids))
    for branch in session.scalars(statement.order_by(Branch.name, Branch.id)):
        found[branch.business_id].append(branch)
    return found


def _chunks(items: list[str], size: int = 400) -> Iterator[list[str]]:
    """Items in lists short enough for one IN."""
    return (items[start : start + size] for start in range(0, len(items), size))
