"""What the province makes of it: adopt, refuse, go back; rules likewise."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.learning import policies, queries, rules
from marketplace.learning.models import OfficeRule, WeightProposal
from marketplace.learning.rules import OfficeRuleState, ProposalState, RuleSeverity
from marketplace.learning.services import studying
from marketplace.suggestions.services import computing


def adopt(*, actor: Actor, proposal: WeightProposal, note: str = "") -> None:
    """New suggestions are computed under these weights from now on; old ones keep their own."""
    require(policies.may_decide(actor, proposal))
    rules.check_proposal(proposal.state, ProposalState.ADOPTED)
    _make_room(actor)
    proposal.state = ProposalState.ADOPTED
    _sign(actor, proposal, note)
    session.flush()
    _lapse_open()
    audit.record(actor, "weights.adopted", proposal, version=proposal.version, note=note)
    computing.schedule_for_all()


def refuse(*, actor: Actor, proposal: WeightProposal, reason: str) -> None:
    require(policies.may_decide(actor, proposal))
    rules.check_proposal(proposal.state, ProposalState.REFUSED)
    rules.check_reason(reason)
    proposal.state = ProposalState.REFUSED
    _sign(actor, proposal, reason)
    audit.record(actor, "weights.refused", proposal, version=proposal.version, reason=reason)


def return_to_shipped(*, actor: Actor, proposal: WeightProposal, reason: str) -> None:
    """Put an adopted set out of force: the weights the engine ships with count again."""
    require(policies.may_decide(actor, proposal))
    rules.check_proposal(proposal.state, ProposalState.REPLACED)
    rules.check_reason(reason)
    proposal.state = ProposalState.REPLACED
    _sign(actor, proposal, reason)
    session.flush()
    _lapse_open()
    audit.record(actor, "weights.ended", proposal, version=proposal.version, reason=reason)
    computing.schedule_for_all()


def _make_room(actor: Actor) -> None:
    """What is in force steps back first: the database allows one adopted set only."""
    before = queries.find_proposal(ProposalState.ADOPTED)
    if before is None:
        return
    rules.check_proposal(before.state, ProposalState.REPLACED)
    before.state = ProposalState.REPLACED
    audit.record(actor, "weights.replaced", before, version=before.version)
    session.flush()


def _lapse_open() -> None:
    """A proposal still open was measured against weights that are no longer in force."""
    waiting = queries.find_proposal(ProposalState.PROPOSED)
    if waiting is not None:
        studying.lapse(waiting)


def adopt_rule(*, actor: Actor, rule: OfficeRule, severity: RuleSeverity) -> None:
    """Make a draft a rule of the engine: it warns, or excludes until an officer sets it aside."""
    require(policies.may_decide(actor, rule))
    rules.check_rule(rule.state, OfficeRuleState.ADOPTED)
    rule.state, rule.severity = OfficeRuleState.ADOPTED, severity
    _sign(actor, rule, "")
    audit.record(actor, "office_rule.adopted", rule, severity=severity.value, pattern=rule.pattern)
    computing.schedule_for_all()


def dismiss_rule(*, actor: Actor, rule: OfficeRule, reason: str) -> None:
    require(policies.may_decide(actor, rule))
    rules.check_rule(rule.state, OfficeRuleState.DISMISSED)
    rules.check_reason(reason)
    rule.state = OfficeRuleState.DISMISSED
    _sign(actor, rule, reason)
    audit.record(actor, "office_rule.dismissed", rule, reason=reason)


def end_rule(*, actor: Actor, rule: OfficeRule, reason: str) -> None:
    """Put a rule out of force; suggestions it excluded come back with the next computation."""
    require(policies.may_decide(actor, rule))
    rules.check_rule(rule.state, OfficeRuleState.ENDED)
    rules.check_reason(reason)
    rule.state = OfficeRuleState.ENDED
    _sign(actor, rule, reason)
    audit.record(actor, "office_rule.ended", rule, reason=reason)
    computing.schedule_for_all()


def reconsider_rule(*, actor: Actor, rule: OfficeRule) -> None:
    """Put a dismissed or ended rule before the office again."""
    require(policies.may_decide(actor, rule))
    if rule.state is OfficeRuleState.ADOPTED:
        raise RuleBroken(N_("This rule is in force."))
    rules.check_rule(rule.state, OfficeRuleState.DRAFT)
    rule.state, rule.severity = OfficeRuleState.DRAFT, None
    _sign(actor, rule, "")
    audit.record(actor, "office_rule.reconsidered", rule)


def _sign(actor: Actor, row: WeightProposal | OfficeRule, note: str) -> None:
    row.decided_by_id = actor.person_id
    row.decided_by_name = actor.name
    row.decided_at = now()
    row.decision_note = note
