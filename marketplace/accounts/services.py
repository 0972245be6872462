"""Writes around sign-in and accounts."""

import secrets
from dataclasses import dataclass

from marketplace.accounts import policies, queries, rules
from marketplace.accounts.models import (
    ActivationCode,
    OfficeMembership,
    Person,
    SignInAttempt,
    SignInSession,
)
from marketplace.accounts.rules import OfficeRole, PersonState
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_, fold
from marketplace.infra.db import session
from marketplace.infra.hashing import hash_password
from marketplace.infra.web import require

WRONG_CODE = N_("This code is wrong, used or too old. Ask the office for a new one.")


@dataclass(frozen=True, slots=True)
class PersonDraft:
    full_name: str
    phone: str | None
    email: str | None = None
    locale: str = "id"


def note_attempt(*keys: str) -> None:
    for key in keys:
        session.add(SignInAttempt(key=key))


def is_held_back(account_key: str, address_key: str) -> bool:
    """True where this account or address has used up its tries of the last minutes."""
    since = now() - rules.TRY_WINDOW
    return (
        queries.count_attempts(account_key, since) >= rules.TRIES_PER_ACCOUNT
        or queries.count_attempts(address_key, since) >= rules.TRIES_PER_ADDRESS
    )


def open_session(person: Person, *, long: bool, device: str) -> str:
    """Start a session on a device; returns the token its cookie is to hold."""
    token = secrets.token_urlsafe(32)
    life = rules.SESSION_LONG if long else rules.SESSION_SHORT
    session.add(
        SignInSession(
            token_hash=queries.digest(token),
            person_id=person.id,
            expires_at=now() + life,
            device=device[:120],
        )
    )
    return token


def end_session(running: SignInSession) -> None:
    running.ended_at = now()


def end_all_sessions(*, actor: Actor, person: Person) -> int:
    """Sign this person out everywhere; returns how many devices were signed in."""
    running = queries.list_sessions(person.id)
    for one in running:
        one.ended_at = now()
    audit.record(actor, "person.signed_out_everywhere", person, devices=len(running))
    return len(running)


def touch_session(running: SignInSession) -> None:
    running.last_seen_at = now()


def act_for(running: SignInSession, business_id: int | None) -> None:
    running.acting_for_id = business_id


def add_person(*, actor: Actor, draft: PersonDraft) -> Person:
    """Register a person who can then be given an activation code."""
    require(policies.may_manage_people(actor))
    if not draft.phone and not draft.email:
        raise InvalidInput(
            N_("Enter a WhatsApp number or an e-mail address."),
            fields={"phone": N_("Enter a WhatsApp number or an e-mail address.")},
        )
    for login in (draft.phone, draft.email):
        if login and queries.find_person_by_login(login) is not None:
            raise Conflict(N_("There is already an account with this number or address."))
    person = Person(
        full_name=draft.full_name,
        phone=draft.phone,
        email=draft.email.lower() if draft.email else None,
        locale=draft.locale,
    )
    session.add(person)
    session.flush()
    audit.record(actor, "person.added", person)
    return person


def give_office_role(*, actor: Actor, person: Person, office_id: int, role: OfficeRole) -> None:
    require(policies.may_manage_officers(actor))
    office = queries.get_office(office_id)
    session.add(OfficeMembership(person_id=person.id, office_id=office.id, role=role))
    audit.record(actor, "person.role_given", person, office=office.name, role=role.value)


def issue_code(*, actor: Actor, person: Person) -> str:
    """A new one-time code for the first entry or a reset; earlier ones stop working.

    The code is returned once, to be printed or sent; only its hash is kept.
    """
    require(policies.may_manage_person(actor, person))
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
    """At least twelve characters and not one's own name or number; no class rules (ASVS 6.2)."""
    message = ""
    folded = fold(password)
    own = [fold(person.full_name), (person.phone or "").lstrip("+"), (person.email or "").lower()]
    if len(password) < rules.PASSWORD_MIN:
        message = N_("At least 12 characters. Two or three words are easy to remember.")
    elif len(password) > rules.PASSWORD_MAX:
        message = N_("At most 256 characters, please.")
    elif any(word and (folded == word or folded in word) for word in own):
        message = N_("Do not use your own name or number.")
    elif len(set(folded)) < 5 or rules.is_common_password(folded):
        message = N_("This password is too easy to guess. Choose other words.")
    if message:
        raise InvalidInput(message, fields={"password": message})


def activate(*, code: str, password: str, consent: bool) -> Person:
    """First entry or reset with a code from the office: set the password, note the consent."""
    found = queries.find_code("".join(code.upper().split()).replace("-", ""))
    if found is None or found.used_at is not None or found.expires_at < now():
        raise InvalidInput(WRONG_CODE, fields={"code": WRONG_CODE})
    person = queries.get_person(found.person_id)
    if person.state is PersonState.DISABLED:
        raise InvalidInput(WRONG_CODE, fields={"code": WRONG_CODE})
    if person.consented_at is None and not consent:
        message = N_("Please read what your data are used for and agree.")
        raise InvalidInput(message, fields={"consent": message})
    check_password(password, person)
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


def change_password(*, actor: Actor, person: Person, password: str, keep: SignInSession) -> None:
    """A new password ends every other session of the person."""
    require(actor.person_id == person.id)
    check_password(password, person)
    person.password_hash = hash_password(password)
    for running in queries.list_sessions(person.id):
        if running.id != keep.id:
            running.ended_at = now()
    audit.record(actor, "person.password_changed", person)


def disable_person(*, actor: Actor, person: Person) -> None:
    require(policies.may_manage_person(actor, person) and actor.person_id != person.id)
    person.state = PersonState.DISABLED
    for running in queries.list_sessions(person.id):
        running.ended_at = now()
    audit.record(actor, "person.disabled", person)


def enable_person(*, actor: Actor, person: Person) -> None:
    require(policies.may_manage_person(actor, person))
    person.state = PersonState.ACTIVE if person.password_hash else PersonState.INVITED
    audit.record(actor, "person.enabled", person)


def correct_own_data(*, actor: Actor, person: Person, draft: PersonDraft) -> None:
    """A person corrects what is kept of them."""
    require(actor.person_id == person.id)
    if not draft.phone and not draft.email:
        message = N_("Enter a WhatsApp number or an e-mail address.")
        raise InvalidInput(message, fields={"phone": message})
    for login in (draft.phone, draft.email):
        other = queries.find_person_by_login(login) if login else None
        if other is not None and other.id != person.id:
            raise Conflict(N_("There is already an account with this number or address."))
    person.full_name, person.phone = draft.full_name, draft.phone
    person.email = draft.email.lower() if draft.email else None
    person.locale = draft.locale
    audit.record(actor, "person.corrected", person)
