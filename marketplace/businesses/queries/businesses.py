"""Reads of businesses and branches."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import joinedload

from marketplace.businesses.models import Branch, Business, Membership
from marketplace.businesses.queries.kbli import in_line_of_business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.errors import NotFound
from marketplace.core.text import N_, fold
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged


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
    """The entry of this number, or the one it was merged into: old links and numbers go on."""
    found = session.get(Business, business_id)
    if found is not None and found.merged_into_id is not None:
        found = session.get(Business, found.merged_into_id)
    if found is None:
        raise NotFound(N_("There is no such business."))
    return found


def find_survivor_id(business_id: int) -> int | None:
    """The entry that stands for this one; None where it stands for itself or does not exist."""
    return session.scalar(select(Business.merged_into_id).where(Business.id == business_id))


def merged_ids(business_id: int) -> Sequence[int]:
    """The entries that were merged into this one: their history is its own."""
    return session.scalars(
        select(Business.id).where(Business.merged_into_id == business_id).order_by(Business.id)
    ).all()


def living() -> Select[Business]:
    """The entries that stand for themselves: those merged into another are in no list."""
    return select(Business).where(Business.merged_into_id.is_(None))


def is_producer(business_id: int) -> bool:
    return get_business(business_id).kind is BusinessKind.PRODUCER


def list_of_person(person_id: int) -> Sequence[Business]:
    """The businesses a person works for, by name."""
    return session.scalars(
        select(Business)
        .join(Membership, Membership.business_id == Business.id)
        .where(Membership.person_id == person_id)
        .order_by(Business.folded_name)
    ).all()


def in_area(statement: Select[Any], area: str) -> Select[Any]:
    """Only businesses of a kabupaten/kota (`19.71`), a province (`19`) or an office (`scope`)."""
    return statement.where(lies_in(Business.region_code, area))


def of_office(scope: str) -> ColumnElement[bool]:
    """What an office answers for (`Actor.scope`): `policies.is_of_office` in SQL."""
    others = scope[1:].split("!") if scope.startswith("!") else []
    outlet = Business.kind == BusinessKind.OUTLET
    if not others:
        return lies_in(Business.region_code, scope)
    return or_(
        and_(outlet, Business.kept_by.not_in(others)),
        and_(not_(outlet), lies_in(Business.region_code, scope)),
    )


def _read_by(scope: str) -> ColumnElement[bool]:
    """What an office reads: beside its own every outlet, where it is one of several provinces."""
    own = lies_in(Business.region_code, scope)
    return or_(Business.kind == BusinessKind.OUTLET, own) if scope.startswith("!") else own


def find_businesses(
    number: int,
    *,
    text: str = "",
    kind: BusinessKind | None = None,
    area: str = "",
    scope: str = "",
    kbli: str = "",
) -> Page[Business]:
    """A page of businesses by part of their name or NIB, kind, area and KBLI, in order of the name.

    `scope` is what the asking office answers for (`Actor.scope`), `kbli` how a code begins.
    """
    statement = (
        in_area(living(), area).where(_read_by(scope)).order_by(Business.folded_name, Business.id)
    )
    if kind is not None:
        statement = statement.where(Business.kind == kind)
    if kbli:
        statement = statement.where(in_line_of_business(kbli))
    if text:
        statement = statement.where(
            or_(
                Business.folded_name.contains(fold(text), autoescape=True),
                Business.nib.startswith(text.strip(), autoescape=True),
            )
        )
    return paged(statement, number=number)


def find_same(
    kind: BusinessKind, name: str, region_code: str, besides: int | None = None
) -> Business | None:
    """A business of the same kind, name and kabupaten/kota: most likely the same one."""
    return session.scalar(
        living()
        .where(
            Business.kind == kind,
            Business.folded_name == fold(name)[:200],
            Business.region_code == region_code,
            Business.id != (besides or 0),
        )
        .limit(1)
    )


def find_by_nib(nib: str) -> Business | None:
    return session.scalar(select(Business).where(Business.nib == nib))


def list_named(text: str, limit: int = 6) -> Sequence[Business]:
    """Businesses of exactly this name, else those that contain it."""
    folded = fold(text)
    exact = session.scalars(
        living().where(Business.folded_name == folded).order_by(Business.id).limit(limit)
    ).all()
    return (
        exact
        or session.scalars(
            living()
            .where(Business.folded_name.contains(folded, autoescape=True))
            .order_by(Business.folded_name, Business.id)
            .limit(limit)
        ).all()
    )


def branches_of(business_id: int, *, only_open: bool = False) -> Sequence[Branch]:
    """The branches of an outlet, open ones first, by name."""
    statement = select(Branch).where(Branch.business_id == business_id)
    if only_open:
        statement = statement.where(Branch.is_open)
    return session.scalars(statement.order_by(Branch.is_open.desc(), Branch.name)).all()


def get_branch(branch_id: int) -> Branch:
    found = session.scalar(
        select(Branch).options(joinedload(Branch.business)).where(Branch.id == branch_id)
    )
    if found is None:
        raise NotFound(N_("There is no such branch."))
    return found


def find_branch_named(business_id: int, name: str) -> Branch | None:
    return session.scalar(
        select(Branch).where(Branch.business_id == business_id, Branch.name == name)
    )
