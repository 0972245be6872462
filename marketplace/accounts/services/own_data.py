"""What a person does with their own account and data."""

from marketplace.accounts import guards, policies, queries, rules
from marketplace.accounts.models import DataRequest, Person, SignInSession
from marketplace.accounts.rules import PersonDraft, PersonState, RequestKind
from marketplace.accounts.services.people import check_logins, check_password
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.erasing import NOBODY
from marketplace.core.errors import Conflict, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.hashing import hash_password
from marketplace.infra.web import require
from marketplace.notifications import services as notifications


def change_password(*, actor: Actor, person: Person, password: str, keep: SignInSession) -> None:
    """A new password ends every other session of the person."""
    require(actor.person_id == person.id)
    check_password(password, person)
    person.password_hash = hash_password(password)
    for running in queries.list_sessions(person.id):
        if running.id != keep.id:
            running.ended_at = now()
    audit.record(actor, "person.password_changed", person)


def correct_own_data(*, actor: Actor, person: Person, draft: PersonDraft) -> None:
    """A person corrects what is kept of them."""
    require(actor.person_id == person.id)
    check_logins(draft, person.id)
    person.full_name, person.phone = draft.full_name, draft.phone
    person.email = draft.email.lower() if draft.email else None
    person.locale = draft.locale
    audit.record(actor, "person.corrected", person)


def ask_request(*, actor: Actor, person: Person, kind: RequestKind, note: str) -> DataRequest:
    """Ask the office to stop using or to erase one's data; it has three days."""
    require(actor.person_id == person.id)
    if any(open_one.kind is kind for open_one in queries.list_open_requests_of(person.id)):
        raise Conflict(N_("You have already asked for this; the office is working on it."))
    asked = DataRequest(person_id=person.id, kind=kind, note=note, due_at=now() + rules.REQUEST_DUE)
    session.add(asked)
    session.flush()
    audit.record(actor, "data_request.asked", asked, kind=kind.value)
    return asked


def answer_request(*, actor: Actor, asked: DataRequest, answer: str) -> None:
    """Note what the office did about a request; the person reads it on their account page."""
    require(policies.may_answer_requests(actor))
    if asked.done_at is not None:
        raise Conflict(N_("This request has already been answered."))
    asked.done_at, asked.done_by_id, asked.done_by_name = now(), actor.person_id, actor.name
    asked.answer = answer
    audit.record(actor, "data_request.answered", asked, kind=asked.kind.value)


def erase_account(*, actor: Actor, asked: DataRequest) -> None:
    """Take name, number, address and password out of an account and its name from what it signed.

    What was done with it stays, under the bare number of the account. It cannot be taken back, and
    nobody signs in with it again. Call it after the rooms that find what they keep of the person by
    the number that goes here.
    """
    require(policies.may_erase(actor, asked))
    if asked.kind is not RequestKind.ERASE or asked.done_at is not None:
        raise RuleBroken(N_("Only an open request to erase is carried out here."))
    person = queries.get_person(asked.person_id)
    if person.office_roles:
        raise RuleBroken(N_("Take their roles in offices from them first."))
    _forget(person)
    person.full_name, person.phone, person.password_hash = NOBODY, None, None
    # An address must stand there; this one is nobody's (RFC 2606).
    person.email = f"erased-{person.id}@erased.invalid"
    person.state = PersonState.DISABLED
    asked.note = ""
    for running in queries.list_sessions(person.id):
        running.ended_at = now()
    for code in queries.list_open_codes(person.id):
        code.used_at = now()
    audit.record(actor, "person.erased", person)


def _forget(person: Person) -> None:
    """The name from under what was signed, the number from letters, both from the trail."""
    session.flush()
    is_only_one = queries.count_named(person.full_name) == 1
    guards.forget_signatures(person.id, person.full_name, is_only_one=is_only_one)
    said = {text for text in (person.full_name, person.phone, person.email) if text}
    audit.forget(said)
    if person.phone:
        notifications.forget_recipient(person.phone, said)
