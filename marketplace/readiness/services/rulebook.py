"""The province changes a rule: drafts it, sees what it would do, adopts it, or puts it back.

Old suggestions keep their verdicts: the rules that were not as shipped are stored with the engine
version of every suggestion, so that each replays as it was.
"""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.jobs import enqueue
from marketplace.infra.web import require
from marketplace.matching import Rule
from marketplace.matching.rulebook import SHIPPED_RULES
from marketplace.readiness import policies, queries, rules
from marketplace.readiness.models import RuleChange
from marketplace.readiness.rules import ChangeState, RuleDraft
from marketplace.suggestions.services import computing

PREVIEW_JOB = "preview-rule"
_STRENGTH = {"block": 2, "warn": 1, "info": 0}


def draft_change(*, actor: Actor, draft: RuleDraft) -> RuleChange:
    """Write a change down and have computed what it would do; nothing counts differently yet."""
    require(policies.may_change_rules(actor))
    present = queries.rule_in_force(draft.code)
    if draft.code in rules.FIXED:
        raise RuleBroken(N_("This rule cannot be changed."))
    scope = _scope(draft, present)
    change = RuleChange(
        code=draft.code,
        severity=draft.severity,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        basis=draft.basis.strip(),
        reason=draft.reason.strip(),
        applies=scope,
        written_by_id=actor.person_id,
        written_by_name=actor.name,
    )
    rules.check_draft(
        draft,
        legal=present.legal,
        lowers=lowers(present, queries.rule_of(change)),
        basis_before=present.basis,
    )
    session.add(change)
    session.flush()
    audit.record(actor, "rule_change.drafted", change, code=change.code, reason=change.reason)
    ask_for_preview(change)
    return change


def ask_for_preview(change: RuleChange) -> None:
    enqueue(PREVIEW_JOB, {"change_id": change.id}, key=f"{PREVIEW_JOB}-{change.id}")


def _scope(draft: RuleDraft, present: Rule) -> dict[str, list[str]]:
    """Whom the changed rule binds; where that may not be changed, whom it binds today."""
    bound = draft if draft.code in rules.EDITABLE else present.applies_to
    return {
        "kinds": sorted(bound.kinds),
        "storages": sorted(bound.storages),
        "size_classes": sorted(bound.size_classes),
    }


def lowers(before: Rule, after: Rule) -> bool:
    """True where the change excludes less than before: milder, shorter, or for fewer."""
    if _STRENGTH[after.severity] < _STRENGTH[before.severity]:
        return True
    begins_later = after.valid_from is not None and (
        before.valid_from is None or after.valid_from > before.valid_from
    )
    ends_sooner = after.valid_to is not None and (
        before.valid_to is None or after.valid_to < before.valid_to
    )
    old, new = before.applies_to, after.applies_to
    return (
        begins_later
        or ends_sooner
        or _binds_fewer(old.kinds, new.kinds)
        or _binds_fewer(old.storages, new.storages)
        or _binds_fewer(old.size_classes, new.size_classes)
    )


def _binds_fewer(before: frozenset[str], after: frozenset[str]) -> bool:
    """An empty set binds everyone."""
    return bool(after) and (not before or not before <= after)


def adopt(*, actor: Actor, change: RuleChange) -> None:
    """The rule counts so from now on; everything still to decide is computed anew."""
    require(policies.may_change_rules(actor, change))
    rules.check_change(change.state, ChangeState.ADOPTED)
    if change.preview is None:
        raise RuleBroken(N_("First look at what the change would do: it is still being computed."))
    _check_basis(change)
    _make_room(actor, change.code)
    change.state = ChangeState.ADOPTED
    _sign(actor, change)
    session.flush()
    audit.record(actor, "rule_change.adopted", change, code=change.code, reason=change.reason)
    computing.schedule_for_all()


def _check_basis(change: RuleChange) -> None:
    """Another change may have been adopted since the draft: the law is looked at again."""
    present = queries.rule_in_force(change.code)
    draft = RuleDraft(
        change.code,
        change.severity,
        change.valid_from,
        change.valid_to,
        change.basis,
        change.reason,
    )
    milder = lowers(present, queries.rule_of(change))
    rules.check_draft(draft, legal=present.legal, lowers=milder, basis_before=present.basis)


def _make_room(actor: Actor, code: str) -> None:
    before = queries.find_adopted(code)
    if before is None:
        return
    rules.check_change(before.state, ChangeState.REPLACED)
    before.state = ChangeState.REPLACED
    session.flush()
    audit.record(actor, "rule_change.replaced", before, code=code)


def drop(*, actor: Actor, change: RuleChange) -> None:
    require(policies.may_change_rules(actor, change))
    rules.check_change(change.state, ChangeState.DROPPED)
    change.state = ChangeState.DROPPED
    _sign(actor, change)
    audit.record(actor, "rule_change.dropped", change, code=change.code)


def put_back(*, actor: Actor, change: RuleChange) -> None:
    """The rule counts again as shipped; where that is milder, the change named no law to end it."""
    require(policies.may_change_rules(actor, change))
    rules.check_change(change.state, ChangeState.REPLACED)
    shipped = SHIPPED_RULES[change.code]
    change.state = ChangeState.REPLACED
    _sign(actor, change)
    audit.record(actor, "rule_change.ended", change, code=change.code, severity=shipped.severity)
    computing.schedule_for_all()


def _sign(actor: Actor, change: RuleChange) -> None:
    change.decided_by_id = actor.person_id
    change.decided_by_name = actor.name
    change.decided_at = now()
