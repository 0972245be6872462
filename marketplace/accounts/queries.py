"""Reads of people, offices and sign-in."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.accounts.models import (
    ActivationCode,
    DataRequest,
    Office,
    OfficeMembership,
    Person,
    SignInAttempt,
    SignInSession,
)
from marketplace.accounts.rules import OfficeLevel, OfficeRole, PersonState
from marketplace.core.actor import Actor, ActorKind
from marketplace.core.clock import now
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.phones import parse_phone
from marketplace.core.text import N_
from marketplace.infra.db import session

_WITH_ROLES = selectinload(Person.office_roles).joinedload(OfficeMembership.office)


def digest(secret: str) -> str:
    """What is stored of a random token: useless to whoever reads the database."""
    return hashlib.sha256(secret.encode()).hexdigest()


def get_person(person_id: int) -> Person:
    found = session.scalar(select(Person).options(_WITH_ROLES).where(Person.id == person_id))
    if found is None:
        raise NotFound(N_("There is no such person."))
    return found


def find_person_by_login(login: str) -> Person | None:
    """By WhatsApp number in any usual spelling, or by e-mail address."""
    login = login.strip()
    if "@" in login:
        return session.scalar(select(Person).where(Person.email == login.lower()[:200]))
    try:
        number = parse_phone(login).e164
    except InvalidInput:
        return None
    return session.scalar(select(Person).where(Person.phone == number))


def find_session(token: str) -> SignInSession | None:
    """The running session behind a cookie; an ended or expired one is none."""
    if not token or len(token) > 128:
        return None
    return session.scalar(
        select(SignInSession).where(
            SignInSession.token_hash == digest(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now(),
        )
    )


def list_sessions(person_id: int) -> Sequence[SignInSession]:
    return session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now(),
        )
        .order_by(SignInSession.last_seen_at.desc())
    ).all()


def count_attempts(key: str, since: datetime) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.key == key, SignInAttempt.at > since)
        )
        or 0
    )


def find_code(code: str) -> ActivationCode | None:
    return session.scalar(select(ActivationCode).where(ActivationCode.code_hash == digest(code)))


def list_offices() -> Sequence[Office]:
    return session.scalars(select(Office).order_by(Office.level, Office.name)).all()


def get_office(office_id: int) -> Office:
    found = session.get(Office, office_id)
    if found is None:
        raise NotFound(N_("There is no such office."))
    return found


def find_office_of(region_code: str) -> Office | None:
    return session.scalar(select(Office).where(Office.region_code == region_code))


def list_offices_of(area: str) -> Sequence[Office]:
    """The offices that answer for a kabupaten/kota: its province's and its own."""
    return session.scalars(
        select(Office).where(Office.region_code.in_([area[:2], area])).order_by(Office.region_code)
    ).all()


def list_officers(office_ids: Collection[int]) -> Sequence[OfficeMembership]:
    """The officers of these offices who can sign in, by name."""
    return session.scalars(
        select(OfficeMembership)
        .join(OfficeMembership.person)
        .options(contains_eager(OfficeMembership.person))
        .where(
            OfficeMembership.office_id.in_(office_ids),
            OfficeMembership.role == OfficeRole.OFFICER,
            Person.state == PersonState.ACTIVE,
        )
        .order_by(Person.full_name, Person.id)
    ).all()


def find_membership(membership_id: int) -> OfficeMembership | None:
    return session.scalar(
        select(OfficeMembership)
        .options(joinedload(OfficeMembership.office))
        .where(OfficeMembership.id == membership_id)
    )


def find_role(person_id: int, office_id: int, role: OfficeRole) -> OfficeMembership | None:
    return session.scalar(
        select(OfficeMembership).where(
            OfficeMembership.person_id == person_id,
            OfficeMembership.office_id == office_id,
            OfficeMembership.role == role,
        )
    )


def get_session_of(person_id: int, session_id: int) -> SignInSession:
    """One running session of this person; another's answers like one that does not exist."""
    found = session.get(SignInSession, session_id)
    if found is None or found.person_id != person_id or found.ended_at is not None:
        raise NotFound(N_("This device is already signed out."))
    return found


def list_requests_of(person_id: int) -> Sequence[DataRequest]:
    """Everything this person asked about their data, newest first."""
    return session.scalars(
        select(DataRequest)
        .where(DataRequest.person_id == person_id)
        .order_by(DataRequest.id.desc())
        .limit(50)
    ).all()


def list_open_requests_of(person_id: int) -> Sequence[DataRequest]:
    return [asked for asked in list_requests_of(person_id) if asked.done_at is None]


def list_open_requests(limit: int = 100) -> Sequence[DataRequest]:
    """What the office still has to do, the most urgent first."""
    return session.scalars(
        select(DataRequest)
        .options(joinedload(DataRequest.person))
        .where(DataRequest.done_at.is_(None))
        .order_by(DataRequest.due_at)
        .limit(limit)
    ).all()


def get_request(request_id: int) -> DataRequest:
    found = session.scalar(
        select(DataRequest)
        .options(joinedload(DataRequest.person))
        .where(DataRequest.id == request_id)
    )
    if found is None:
        raise NotFound(N_("There is no such request."))
    return found


def list_open_codes(person_id: int) -> Sequence[ActivationCode]:
    return session.scalars(
        select(ActivationCode).where(
            ActivationCode.person_id == person_id, ActivationCode.used_at.is_(None)
        )
    ).all()


def _others(own: str) -> tuple[frozenset[str], frozenset[int]]:
    """Provinces with an office of their own, and the offices of their trees."""
    rows = session.execute(select(Office.id, Office.level, Office.region_code)).all()
    provinces = frozenset(
        code for _number, level, code in rows if level is OfficeLevel.PROVINCE and code != own
    )
    return provinces, frozenset(number for number, _level, code in rows if code[:2] in provinces)


def actor_of(
    person: Person,
    *,
    producer_ids: frozenset[int] = frozenset(),
    outlet_ids: frozenset[int] = frozenset(),
    acting_for: int | None = None,
) -> Actor:
    """The actor a person is: their offices decide the role, their businesses come from above.

    With several offices the widest one counts: the province before a kabupaten/kota.
    """
    roles = person.office_roles
    officer = [held.office for held in roles if held.role is OfficeRole.OFFICER]
    province = [office for office in officer if office.level is OfficeLevel.PROVINCE]
    office = next(iter(province or officer), None)
    none: tuple[frozenset[str], frozenset[int]] = (frozenset(), frozenset())
    provinces, offices = _others(office.region_code) if province and office else none
    return Actor(
        ActorKind.PERSON,
        person_id=person.id,
        name=person.full_name,
        is_admin=any(held.role is OfficeRole.ADMINISTRATOR for held in roles),
        is_province_officer=bool(province),
        is_regency_officer=bool(officer) and not province,
        office_id=office.id if office else None,
        area=office.region_code if office else "",
        other_provinces=provinces,
        other_offices=offices,
        producer_ids=producer_ids,
        outlet_ids=outlet_ids,
        acting_for=acting_for,
        locale=person.locale,
    )


def count_named(full_name: str) -> int:
    """How many accounts carry exactly this name."""
    return (
        session.scalar(
            select(func.count()).select_from(Person).where(Person.full_name == full_name)
        )
        or 0
    )
