"""Look at the decisions: what they teach, measured, and the rules they follow already."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from marketplace.audit import services as audit
from marketplace.core.actor import SYSTEM
from marketplace.core.clock import business_day, now, today
from marketplace.infra import options
from marketplace.infra.db import session
from marketplace.learning import queries
from marketplace.learning.models import OfficeRule, WeightProposal
from marketplace.learning.rules import (
    LAST_LOOK,
    OfficeRuleState,
    ProposalState,
    check_proposal,
    lesson_of,
)
from marketplace.matching import Pairing, Settings
from marketplace.matching.learning import (
    EVERYTHING,
    Change,
    Decision,
    Standing,
    Study,
    Swap,
    changes,
    goodness_of,
    settings_of,
    study,
    swaps,
)
from marketplace.matching.patterns import Pattern, Seen, find_patterns, seen_of
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services import evidence
from marketplace.suggestions.services.world import build_world

# After a refusal a new set is offered once there are so many times the decisions it rested on.
_AFTER_REFUSAL = 1.25


@dataclass(frozen=True, slots=True)
class Findings:
    """What one look at the decisions found, before anything is written."""

    accepted: int
    rejected: int
    first_on: date
    last_on: date
    against: int
    study: Study | None
    changes: Sequence[Change]
    examples: Sequence[Swap]
    patterns: Sequence[Pattern]

    @property
    def decisions(self) -> int:
        return self.accepted + self.rejected


def look() -> Findings:
    """Read the decisions and learn from them; writes nothing and may take some seconds."""
    known = queries.settings_by_version()
    decided = [row for row in queries.list_decided() if _is_whole(row, known)]
    rows = [
        row
        for each in decided
        if (row := _decision(each, known[each.engine_version_id])) is not None
    ]
    adopted = queries.find_proposal(ProposalState.ADOPTED)
    present = queries.settings_after(adopted)
    learned = study(rows, present)
    tuned = settings_of(learned.tuning, present.version) if learned is not None else present
    standing = [
        Standing(each.id, str(each.need_id), _goodness(each, known[each.engine_version_id]))
        for each in (queries.list_open() if learned is not None else ())
        if _is_whole(each, known)
    ]
    days = sorted(business_day(each.decided_at) for each in decided if each.decided_at) or [today()]
    return Findings(
        accepted=sum(row.good for row in rows),
        rejected=sum(not row.good for row in rows),
        first_on=days[0],
        last_on=days[-1],
        against=adopted.version if adopted is not None else 0,
        study=learned,
        changes=changes(present, tuned),
        examples=swaps(standing, present, tuned),
        patterns=find_patterns(_seen(decided, known)),
    )


def keep(findings: Findings, *, job_id: int | None = None) -> WeightProposal | None:
    """Write down what was found: a proposal where it is better, and the draft rules.

    Returns the new proposal, None where there is none. Call inside a transaction.
    """
    _keep_patterns(findings.patterns)
    proposal = _keep_proposal(findings, job_id)
    options.put(LAST_LOOK, json.dumps(_summary(findings), separators=(",", ":")))
    return proposal


def _is_whole(row: Suggestion, known: dict[int, Settings]) -> bool:
    return bool(row.evidence and row.inputs) and row.engine_version_id in known


def _goodness(row: Suggestion, settings: Settings) -> tuple[float, ...]:
    return goodness_of(Pairing.from_dict(row.evidence), settings)


def _decision(row: Suggestion, settings: Settings) -> Decision | None:
    """The training row of a decision; an excluded pair let through says nothing of an order."""
    latest = row.introduction
    lesson = lesson_of(
        row.state,
        row.reject_reason,
        (latest.state, latest.decline_reason) if latest is not None else None,
    )
    if lesson is None or not row.is_eligible:
        return None
    return Decision(
        id=row.id,
        producer=str(row.product.business_id),
        need=str(row.need_id),
        good=lesson.good,
        goodness=_goodness(row, settings),
        weight=lesson.weight,
        about=EVERYTHING if lesson.about is None else lesson.about,
    )


def _seen(decided: Sequence[Suggestion], known: dict[int, Settings]) -> list[Seen]:
    """The office's own decisions on each pair, with the quantities as they were on that day."""
    world = build_world()
    rows = []
    for each in decided:
        rejected = each.state is SuggestionState.REJECTED
        reason = (each.reject_reason.value if each.reject_reason else "") if rejected else None
        offer, need, then = evidence.unpack(each, world)
        rows.append(seen_of(each.id, offer, need, then, known[each.engine_version_id], reason))
    return rows


def _keep_proposal(findings: Findings, job_id: int | None) -> WeightProposal | None:
    found, before = findings.study, queries.find_proposal(ProposalState.PROPOSED)
    if found is None or not found.is_better or not findings.changes or _refused_lately(findings):
        return None
    tuning = {"fit": dict(found.tuning.fit), "text_percent": found.tuning.text_percent}
    if before is not None:
        if before.settings == tuning and before.against == findings.against:
            return None
        lapse(before)
    proposal = WeightProposal(
        version=queries.last_version() + 1,
        settings=tuning,
        against=findings.against,
        changes=[{**asdict(change), "percent": change.percent} for change in findings.changes],
        examples=[asdict(swap) for swap in findings.examples],
        decisions=findings.decisions,
        accepted=findings.accepted,
        rejected=findings.rejected,
        first_on=findings.first_on,
        last_on=findings.last_on,
        order_before=found.before,
        order_after=found.after,
        lift=found.lift,
        lift_low=found.low,
        lift_high=max(found.high, found.lift),
        calibration_before=found.calibration_before,
        calibration_after=found.calibration_after,
        job_id=job_id,
    )
    session.add(proposal)
    session.flush()
    audit.record(SYSTEM, "weights.proposed", proposal, decisions=findings.decisions)
    return proposal


def lapse(proposal: WeightProposal) -> None:
    """Newer decisions, or other weights in force: what was measured holds no more."""
    check_proposal(proposal.state, ProposalState.LAPSED)
    proposal.state = ProposalState.LAPSED
    audit.record(SYSTEM, "weights.lapsed", proposal)
    session.flush()  # its place must be free before another takes it


def _refused_lately(findings: Findings) -> bool:
    refused = queries.find_last_refused()
    return refused is not None and findings.decisions < refused.decisions * _AFTER_REFUSAL


def _keep_patterns(patterns: Sequence[Pattern]) -> None:
    """New drafts are written, open ones renewed, those not seen any more taken away."""
    known = {row.pattern: row for row in queries.list_rules()}
    found = {_name(pattern): pattern for pattern in patterns}
    for name, row in known.items():
        if name not in found and row.state is OfficeRuleState.DRAFT and row.decided_at is None:
            session.delete(row)
    for name, pattern in found.items():
        row = known.get(name) or OfficeRule(pattern=name)
        if row.state not in {None, OfficeRuleState.DRAFT}:
            continue
        limit = pattern.limit
        row.quantity, row.above, row.below = limit.quantity, limit.above, limit.below
        row.category, row.outlet, row.zone = limit.category, limit.outlet, limit.zone
        row.support, row.rejected = pattern.support, pattern.rejected
        row.usual_percent = round(100 * pattern.usual)
        row.reasons, row.seen_in = dict(pattern.reasons), list(pattern.ids)
        is_new = row.id is None
        session.add(row)
        session.flush()
        if is_new:
            audit.record(SYSTEM, "office_rule.drafted", row, support=pattern.support)


def _name(pattern: Pattern) -> str:
    limit = pattern.limit
    return "|".join((limit.quantity, limit.category, limit.outlet, limit.zone))


def _summary(findings: Findings) -> dict[str, object]:
    """What the page says of the last look, short enough for a setting."""
    found = findings.study
    summary: dict[str, object] = {"at": now().isoformat(), "decisions": findings.decisions}
    if found is not None:
        summary |= {
            "lift": round(found.lift, 4),
            "low": round(found.low, 4),
            "high": round(found.high, 4),
        }
    return summary
