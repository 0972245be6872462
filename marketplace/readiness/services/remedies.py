"""The province writes how a gap is closed."""

from dataclasses import asdict

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.readiness import policies, queries, rules
from marketplace.readiness.models import Remedy
from marketplace.readiness.rules import GapKind, RemedyDraft


def write_remedy(*, actor: Actor, kind: GapKind, detail: str, draft: RemedyDraft) -> Remedy:
    """What producers are told from now on; the trail keeps what they were told before."""
    require(policies.may_change_rules(actor))
    rules.check_remedy(draft)
    row = queries.find_remedy(kind, detail)
    before = row.how if row is not None else ""
    if row is None:
        row = Remedy(kind=kind, detail=detail)
        session.add(row)
    for name, value in asdict(draft).items():
        setattr(row, name, value)
    row.written_by_id, row.written_by_name = actor.person_id, actor.name
    session.flush()
    audit.record(
        actor, "remedy.written", row, kind=kind.value, detail=detail, before=before, how=draft.how
    )
    return row
