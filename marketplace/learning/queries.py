"""Reads of the learning room: decisions, proposals, rules, and what is in force."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.infra.areas import lies_in
from marketplace.infra.db import session
from marketplace.infra.paging import Page, paged
from marketplace.learning.models import OfficeRule, WeightProposal
from marketplace.learning.rules import OfficeRuleState, ProposalState
from marketplace.matching import DEFAULT_SETTINGS, Rule, Settings
from marketplace.matching.learning import MOST_DECISIONS, Tuning, settings_of
from marketplace.matching.limits import Limit
from marketplace.suggestions.models import EngineVersion, Suggestion
from marketplace.suggestions.rules import SuggestionState

_DECIDED = (SuggestionState.ACCEPTED, SuggestionState.REJECTED)
MOST_OPEN = 2_000


def list_decided(limit: int = MOST_DECISIONS) -> Sequence[Suggestion]:
    """The latest decisions with their products and introductions."""
    return session.scalars(
        select(Suggestion)
        .options(joinedload(Suggestion.product), selectinload(Suggestion.introductions))
        .where(Suggestion.state.in_(_DECIDED), Suggestion.decided_at.is_not(None))
        .order_by(Suggestion.decided_at.desc(), Suggestion.id.desc())
        .limit(limit)
    ).all()


def count_decided() -> tuple[int, int]:
    """(accepted, rejected) of the office."""
    rows = session.execute(
        select(Suggestion.state, func.count())
        .where(Suggestion.state.in_(_DECIDED), Suggestion.decided_at.is_not(None))
        .group_by(Suggestion.state)
    )
    counts = {row[0]: row[1] for row in rows}
    return counts.get(_DECIDED[0], 0), counts.get(_DECIDED[1], 0)


def list_open(limit: int = MOST_OPEN) -> Sequence[Suggestion]:
    """Eligible pairings that wait for a decision, best first."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.PROPOSED, Suggestion.is_eligible)
        .order_by(Suggestion.score.desc(), Suggestion.id)
        .limit(limit)
    ).all()


def settings_by_version() -> dict[int, Settings]:
    """Every setting suggestions were computed under, by the number of its row."""
    return {
        row.id: Settings.from_dict(dict(row.settings))
        for row in session.scalars(select(EngineVersion))
        if row.settings
    }


def find_proposal(state: ProposalState) -> WeightProposal | None:
    """The one in this state (`proposed` or `adopted`: there is at most one)."""
    return session.scalar(select(WeightProposal).where(WeightProposal.state == state))


def find_last_refused() -> WeightProposal | None:
    return session.scalar(
        select(WeightProposal)
        .where(WeightProposal.state == ProposalState.REFUSED)
        .order_by(WeightProposal.version.desc())
        .limit(1)
    )


def get_proposal(proposal_id: int) -> WeightProposal:
    found = session.get(WeightProposal, proposal_id, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such proposal."))
    return found


def page_of_proposals(number: int) -> Page[WeightProposal]:
    """All proposals, the newest first."""
    return paged(select(WeightProposal).order_by(WeightProposal.version.desc()), number=number)


def last_version() -> int:
    return session.scalar(select(func.max(WeightProposal.version))) or 0


def get_rule(rule_id: int) -> OfficeRule:
    found = session.get(OfficeRule, rule_id, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such rule."))
    return found


def list_rules(limit: int = 200) -> Sequence[OfficeRule]:
    """Drafts first, then what is in force, then the rest; the widest first."""
    order = [OfficeRuleState.DRAFT, OfficeRuleState.ADOPTED]
    rows = session.scalars(
        select(OfficeRule)
        .order_by(OfficeRule.state.in_(order).desc(), OfficeRule.rejected.desc(), OfficeRule.id)
        .limit(limit)
    ).all()
    return sorted(rows, key=lambda row: order.index(row.state) if row.state in order else 2)


def list_seen_in(rule: OfficeRule, area: str = "", limit: int = 10) -> Sequence[Suggestion]:
    """The decided pairings a rule was seen in, those of one area only where one is given."""
    statement = (
        select(Suggestion)
        .options(joinedload(Suggestion.product), joinedload(Suggestion.need))
        .where(Suggestion.id.in_(rule.seen_in))
        .order_by(Suggestion.id)
        .limit(limit)
    )
    return session.scalars(
        statement.where(lies_in(Suggestion.area_code, area)) if area else statement
    ).all()


def suggestions_by_id(ids: Sequence[int], area: str = "") -> dict[int, Suggestion]:
    """These suggestions with product and need, those of one area only where one is given."""
    statement = (
        select(Suggestion)
        .options(joinedload(Suggestion.product), joinedload(Suggestion.need))
        .where(Suggestion.id.in_(ids))
    )
    rows = session.scalars(
        statement.where(lies_in(Suggestion.area_code, area)) if area else statement
    )
    return {row.id: row for row in rows}


def count_to_decide() -> tuple[int, int]:
    """(proposed weights, draft rules) that wait for the province."""
    drafts = select(func.count()).where(OfficeRule.state == OfficeRuleState.DRAFT)
    return int(find_proposal(ProposalState.PROPOSED) is not None), session.scalar(drafts) or 0


def tuning_of(proposal: WeightProposal) -> Tuning:
    stored = proposal.settings
    return Tuning(dict(stored["fit"]), int(stored["text_percent"]))


def settings_after(proposal: WeightProposal | None) -> Settings:
    """The engine's settings with this proposal in force; without one, the shipped ones."""
    if proposal is None:
        return DEFAULT_SETTINGS
    tuning = tuning_of(proposal)
    return _settings(proposal.version, tuple(sorted(tuning.fit.items())), tuning.text_percent)


@lru_cache(maxsize=32)
def _settings(version: int, fit: tuple[tuple[str, int], ...], text_percent: int) -> Settings:
    name = f"{DEFAULT_SETTINGS.version}.{version}"
    return settings_of(Tuning(dict(fit), text_percent), name)


def settings_in_force() -> Settings:
    """What new suggestions are computed under (registered in wiring.py)."""
    return settings_after(find_proposal(ProposalState.ADOPTED))


def rules_in_force() -> tuple[Rule, ...]:
    """The office's own rules as the engine takes them (registered in wiring.py)."""
    rows = session.scalars(
        select(OfficeRule)
        .where(OfficeRule.state == OfficeRuleState.ADOPTED)
        .order_by(OfficeRule.id)
    )
    return tuple(
        limit_of(row).as_rule(row.id, row.severity.value)
        for row in rows
        if row.severity is not None
    )


def limit_of(rule: OfficeRule) -> Limit:
    return Limit(rule.quantity, rule.above, rule.below, rule.category, rule.outlet, rule.zone)
