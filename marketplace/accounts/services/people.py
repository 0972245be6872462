"""Accounts handed out by an office: people, roles, one-time codes, the first entry."""

import secrets
from collections.abc import Collection

from marketplace.accounts import policies, queries, rules
from marketplace.accounts.models import ActivationCode, Office, OfficeMembership, Person
from marketplace.accounts.rules import OfficeLevel, OfficeRole, PersonDraft, PersonState
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, NotFound, RuleBroken
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.hashing import hash_password
from marketplace.infra.web import require
from marketplace.regions.rules import regencies

WRONG_CODE = N_("This code is wrong, used or too old. Ask the office for a new one.")
UNREACHABLE = N_("Enter a WhatsApp number or an e-mail address.")
TAKEN = N_("There is already an account with this number or address.")


def check_logins(draft: PersonDraft, person_id: int | None = None) -> None:
    """Somebody must be able to sign in, with something nobody else signs in with."""
    if not draft.phone and not draft.email:
        raise InvalidInput(UNREACHABLE, fields={"phone": UNREACHABLE})
    for field, login in (("phone", draft.phone), ("email", draft.email)):
        other = queries.find_person_by_login(login) if login else None
        if other is not None and other.id != person_id:
            raise Conflict(TAKEN, field=field)


def add_person(*, actor: Actor, draft: PersonDraft) -> Person:
    """Register a person who can then be given an activation code."""
    require(policies.may_manage_people(actor))
    check_logins(draft)
    person = Person(
        full_name=draft.full_name,
        phone=draft.phone,
        email=draft.email.lower() if draft.email else None,
        locale=draft.locale,
        office_roles=[],
    )
    session.add(person)
    session.flush()
    audit.record(actor, "person.added", person)
    return person


def add_office(
    *, actor: Actor, name: str, level: OfficeLevel, region_code: str, parent_id: int | None = None
) -> Office:
    """An office answers for one region; another province is added the same way."""
    require(policies.may_manage_officers(actor))
    if queries.find_office_of(region_code) is not None:
        raise Conflict(N_("This region already has an office."), field="region")
    office = Office(name=name, level=level, region_code=region_code, parent_id=parent_id)
    session.add(office)
    session.flush()
    audit.record(actor, "office.added", office, region=region_code)
    return office


def open_offices(*, actor: Actor, name: str, province_code: str) -> Office:
    """The office of a province and one for each of its kabupaten/kota, those that are missing.

    Returns the provincial one. Another province is opened the same way: offices are data.
    """
    province = queries.find_office_of(province_code) or add_office(
        actor=actor, name=name, level=OfficeLevel.PROVINCE, region_code=province_code
    )
    for regency in regencies().values():
        if regency.province_code == province_code and queries.find_office_of(regency.code) is None:
            add_office(
                actor=actor,
                name=f"Dinas Koperasi dan UKM {regency.name}",
                level=OfficeLevel.REGENCY,
                region_code=regency.code,
                parent_id=province.id,
            )
    return province


def give_office_role(*, actor: Actor, person: Person, office_id: int, role: OfficeRole) -> None:
    """Let a person work for an office. Nobody gives themselves a role."""
    require(policies.may_manage_officers(actor) and actor.person_id != person.id)
    office = queries.get_office(office_id)
    if queries.find_role(person.id, office.id, role) is not None:
        raise Conflict(N_("This person already has this role."), field="role")
    session.add(OfficeMembership(person_id=person.id, office_id=office.id, role=role))
    audit.record(actor, "person.role_given", person, office=office.name, role=role.value)


def take_office_role(*, actor: Actor, person: Person, membership_id: int) -> None:
    """End a role; what the person did with it stays in the trail."""
    require(policies.may_manage_officers(actor) and actor.person_id != person.id)
    held = queries.find_membership(membership_id)
    if held is None or held.person_id != person.id:
        raise NotFound(N_("There is no such role."))
    audit.record(actor, "person.role_taken", person, office=held.office.name, role=held.role.value)
    session.delete(held)


def issue_code(*, actor: Actor, person: Person, areas: Collection[str] = ()) -> str:
    """A new one-time code for the first entry or a reset; earlier ones stop working.

    The code is returned once, to be printed or sent; only its hash is kept. `areas`: see
    `policies.may_manage_person`.
    """
    require(policies.may_manage_person(actor, person, areas))
    if person.state is PersonState.DISABLED:
        raise RuleBroken(N_("This account is disabled."))
    for old in queries.list_open_codes(person.id):
        old.used_at = now()
    code = "".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(rules.CODE_LENGTH))
    session.add(
        ActivationCode(
            person_id=person.id,
            code_hash=queries.digest(code),
            expires_at=now() + rules.CODE_LIFE,
            issued_by_id=actor.person_id,
        )
    )
    audit.record(actor, "person.code_issued", person)
    return code


def check_password(password: str, person: Person) -> None:
    """Refuse a password that is too weak for this person."""
    if message := _fault_of(password, person):
        raise InvalidInput(message, fields={"password": message})


def _fault_of(password: str, person: Person) -> str:
    """At least twelve characters and not one's own name or number; no class rules (ASVS 6.2)."""
    message = ""
    folded = fold(password)
    own = [fold(person.full_name), (person.email or "").lower()]
    digits = "".join(char for char in folded if char.isdigit())
    # Without the country's code, so that 0812… and +62812… are the same number.
    has_number = bool(person.phone) and (person.phone or "").removeprefix("+62") in digits
    if len(password) < rules.PASSWORD_MIN:
        message = N_("At least 12 characters. Two or three words are easy to remember.")
    elif len(password) > rules.PASSWORD_MAX:
        message = N_("At most 256 characters, please.")
    elif has_number or any(word and (folded == word or folded in word) for word in own):
        message = N_("Do not use your own name or number.")
    elif len(set(folded)) < 5 or rules.is_common_password(folded):
        message = N_("This password is too easy to guess. Choose other words.")
    return message


def activate(*, code: str, password: str, consent: bool) -> Person:
    """First entry or reset with a code from the office: set the password, note the consent."""
    found = queries.find_code("".join(code.upper().split()).replace("-", ""))
    if found is None or found.used_at is not None or found.expires_at < now():
        raise InvalidInput(WRONG_CODE, fields={"code": WRONG_CODE})
    person = queries.get_person(found.person_id)
    if person.state is PersonState.DISABLED:
        raise InvalidInput(WRONG_CODE, fields={"code": WRONG_CODE})
    wrong = {"password": fault} if (fault := _fault_of(password, person)) else {}
    if person.consent_version != rules.CONSENT_VERSION and not consent:
        wrong["consent"] = N_("Please read what your data are used for and agree.")
    if wrong:  # told at once: each try counts
        raise InvalidInput(N_("Please mend the marked fields."), fields=wrong)
    found.used_at = now()
    person.password_hash = hash_password(password)
    person.state = PersonState.ACTIVE
    if consent:
        person.consented_at = now()
        person.consent_version = rules.CONSENT_VERSION
    for running in queries.list_sessions(person.id):
        running.ended_at = now()
    actor = queries.actor_of(person)
    audit.record(actor, "person.activated", person, consent=person.consent_version)
    return person


def disable_person(*, actor: Actor, person: Person, areas: Collection[str] = ()) -> None:
    """Close an account: its sessions and codes end at once, what it did stays."""
    require(policies.may_manage_person(actor, person, areas) and actor.person_id != person.id)
    person.state = PersonState.DISABLED
    for running in queries.list_sessions(person.id):
        running.ended_at = now()
    for code in queries.list_open_codes(person.id):
        code.used_at = now()
    audit.record(actor, "person.disabled", person)


def enable_person(*, actor: Actor, person: Person, areas: Collection[str] = ()) -> None:
    require(policies.may_manage_person(actor, person, areas))
    person.state = PersonState.ACTIVE if person.password_hash else PersonState.INVITED
    audit.record(actor, "person.enabled", person)
