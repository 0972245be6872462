"""Write down every change, in the transaction that makes it."""

from typing import Any, Protocol

from marketplace.audit.models import AuditEntry
from marketplace.core.actor import Actor
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
