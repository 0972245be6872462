"""Reads of businesses, branches, memberships and papers."""

from sqlalchemy import select

from marketplace.businesses.models import Business, Membership
from marketplace.businesses.rules import BusinessKind
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
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
