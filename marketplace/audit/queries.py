"""Read the trail."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.audit.models import AuditEntry
from marketplace.infra.db import session


def list_of_subject(subject_type: str, subject_id: object, limit: int = 50) -> Sequence[AuditEntry]:
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()


def list_done_for(business_id: int, limit: int = 50) -> Sequence[AuditEntry]:
    """What others did in the name of this business, newest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.acting_for_id == business_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()


def list_of_actor(person_id: int, limit: int = 500) -> Sequence[AuditEntry]:
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.actor_id == person_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
