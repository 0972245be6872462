"""Devices signed in, and the tries that are counted before a password is looked at."""

import secrets

from marketplace.accounts import queries, rules
from marketplace.accounts.models import Person, SignInAttempt, SignInSession
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.infra.web import require


def note_attempt(*keys: str) -> None:
    for key in keys:
        session.add(SignInAttempt(key=key))


def is_held_back(*account_keys: str, address_key: str) -> bool:
    """True where this account or address has used up its tries of the last minutes."""
    since = now() - rules.TRY_WINDOW
    return queries.count_attempts(address_key, since) >= rules.TRIES_PER_ADDRESS or any(
        queries.count_attempts(key, since) >= rules.TRIES_PER_ACCOUNT for key in account_keys
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
            device=rules.device_name(device)[:120],
        )
    )
    return token


def end_session(running: SignInSession) -> None:
    running.ended_at = now()


def end_all_sessions(*, actor: Actor, person: Person) -> int:
    """Sign this person out everywhere; returns how many devices were signed in."""
    require(actor.person_id == person.id)
    running = queries.list_sessions(person.id)
    for one in running:
        one.ended_at = now()
    audit.record(actor, "person.signed_out_everywhere", person, devices=len(running))
    return len(running)


def touch_session(running: SignInSession) -> None:
    running.last_seen_at = now()


def act_for(running: SignInSession, business_id: int | None) -> None:
    """From now on this session acts in the name of that business; None: in one's own."""
    running.acting_for_id = business_id
