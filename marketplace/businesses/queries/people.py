"""Reads of people together with the businesses they work for."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.accounts.models import OfficeMembership, Person
from marketplace.businesses.models import Business, Membership
from marketplace.businesses.queries.businesses import of_office
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.phones import parse_phone
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged


def _people(actor: Actor, text: str) -> Select[Any]:
    """People by name, number in any spelling, or address; a kabupaten/kota sees its producers'."""
    statement = (
        select(Person)
        .options(selectinload(Person.office_roles).joinedload(OfficeMembership.office))
        .order_by(Person.full_name, Person.id)
    )
    if actor.is_regency_officer and not actor.is_admin:
        statement = statement.where(
            Person.id.in_(
                select(Membership.person_id)
                .join(Business, Business.id == Membership.business_id)
                .where(
                    Business.kind == BusinessKind.PRODUCER,
                    lies_in(Business.region_code, actor.scope),
                )
            )
        )
    elif actor.is_province_officer and actor.scope and not actor.is_admin:
        # `accounts.policies.may_manage_person`: not who works for another province, nor serves one.
        statement = statement.where(
            Person.id.not_in(
                select(OfficeMembership.person_id).where(
                    OfficeMembership.office_id.in_(sorted(actor.other_offices))
                )
            ),
            Person.id.not_in(
                select(Membership.person_id)
                .join(Business, Business.id == Membership.business_id)
                .where(not_(of_office(actor.scope)))
            ),
        )
    if text:
        matches = [
            Person.full_name.icontains(text, autoescape=True),
            Person.email.icontains(text, autoescape=True),
        ]
        try:
            matches.append(Person.phone == parse_phone(text).e164)
        except InvalidInput:
            matches.append(Person.phone.contains(text, autoescape=True))
        statement = statement.where(or_(*matches))
    return statement


def page_of_people(actor: Actor, number: int, text: str = "") -> Page[Person]:
    return paged(_people(actor, text), number=number)


def list_people(actor: Actor, text: str = "") -> Sequence[Person]:
    """The same people, all of them: for a download."""
    return session.scalars(_people(actor, text)).all()


def businesses_of_people(person_ids: Collection[int]) -> dict[int, list[Business]]:
    """The businesses of several people at once, by name."""
    found: dict[int, list[Business]] = {number: [] for number in person_ids}
    rows = session.execute(
        select(Membership.person_id, Business)
        .join(Business, Business.id == Membership.business_id)
        .where(Membership.person_id.in_(person_ids))
        .order_by(Business.folded_name)
    )
    for person_id, business in rows:
        found[person_id].append(business)
    return found


def members_of(business_id: int) -> Sequence[Membership]:
    """Who works for a business, with the person and the offices they also serve."""
    return session.scalars(
        select(Membership)
        .options(joinedload(Membership.person).selectinload(Person.office_roles))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.business_id == business_id)
        .order_by(Person.full_name)
    ).all()


def find_membership(person_id: int, business_id: int) -> Membership | None:
    return session.scalar(
        select(Membership).where(
            Membership.person_id == person_id, Membership.business_id == business_id
        )
    )


def memberships_of_person(person_id: int) -> Sequence[Membership]:
    return session.scalars(select(Membership).where(Membership.person_id == person_id)).all()


def list_contacted(phone: str | None, ids: Collection[int]) -> Sequence[Business]:
    """Entries under this number, and these with those merged into them."""
    return session.scalars(
        select(Business)
        .where(
            or_(
                Business.phone == (phone or "-"),  # no number is ever a dash
                Business.id.in_(ids),
                Business.merged_into_id.in_(ids),
            )
        )
        .order_by(Business.id)
    ).all()
