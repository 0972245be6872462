"""How gaps are closed: what the province wrote."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.infra.db import session
from marketplace.readiness.models import Remedy
from marketplace.readiness.rules import GapKind


def find_remedy(kind: GapKind, detail: str) -> Remedy | None:
    return session.scalar(select(Remedy).where(Remedy.kind == kind, Remedy.detail == detail))


def list_remedies() -> Mapping[tuple[str, str], Remedy]:
    """Every text the province wrote, by kind and detail: at most a few dozen."""
    return {(row.kind.value, row.detail): row for row in session.scalars(select(Remedy))}
