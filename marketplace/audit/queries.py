"""Read the trail."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Text, and_, cast, or_, select

from marketplace.audit.models import AuditEntry
from marketplace.core.erasing import quoted
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged


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


def page_of_history(
    business_ids: Sequence[int], subjects: Mapping[str, Sequence[int]], number: int
) -> Page[AuditEntry]:
    """What was done in the name of a business or to its `subjects` (table -> row ids).

    A business has several numbers where entries of the register were merged into it.
    """
    about = [
        and_(
            AuditEntry.subject_type == table,
            AuditEntry.subject_id.in_([str(row_id) for row_id in row_ids]),
        )
        for table, row_ids in subjects.items()
        if row_ids
    ]
    statement = (
        select(AuditEntry)
        .where(or_(AuditEntry.acting_for_id.in_(business_ids), *about))
        .order_by(AuditEntry.id.desc())
    )
    return paged(statement, number=number, size=50)


def list_saying(texts: Sequence[str]) -> Sequence[AuditEntry]:
    """Entries whose details hold one of these texts: the whole trail is read for it."""
    details = cast(AuditEntry.details, Text)
    return session.scalars(
        select(AuditEntry).where(
            or_(*(details.contains(quoted(text), autoescape=True) for text in texts))
        )
    ).all()
