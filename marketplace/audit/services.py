"""Write down every change, in the transaction that makes it."""

from collections.abc import Collection
from typing import Any, Protocol

from marketplace.audit import queries
from marketplace.audit.models import AuditEntry
from marketplace.core.actor import Actor
from marketplace.core.erasing import without
from marketplace.infra.db import session


class _Subject(Protocol):
    __tablename__: str

    @property
    def id(self) -> Any: ...


def record(actor: Actor, action: str, subject: _Subject, **details: Any) -> None:
    """Add an entry; `details` are JSON-safe values, never secrets or full identity numbers."""
    session.add(
        AuditEntry(
            actor_kind=actor.kind.value,
            actor_id=actor.person_id,
            actor_name=actor.name or actor.link_subject,
            acting_for_id=actor.acting_for,
            action=action,
            subject_type=subject.__tablename__,
            subject_id=str(subject.id),
            details=details,
        )
    )


def forget(said: Collection[str]) -> None:
    """Take these texts (a name, a number) out of the details; that the step was taken stays."""
    for entry in queries.list_saying(sorted(said)):
        entry.details = without(entry.details, said)
