"""Proposed weights and rules of the office's own: states, and what a reason speaks about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.suggestions.rules import (
    DeclineReason,
    IntroductionState,
    RejectReason,
    SuggestionState,
)

# The setting that keeps what the last look at the decisions found.
LAST_LOOK = "learning_last"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    REFUSED = "refused"
    REPLACED = "replaced"  # was in force once
    LAPSED = "lapsed"  # newer decisions told something else


# What was in force once can be so again; what was refused or lapsed was measured on other days.
NEXT_PROPOSAL_STATES: Mapping[ProposalState, frozenset[ProposalState]] = {
    ProposalState.PROPOSED: frozenset(
        {ProposalState.ADOPTED, ProposalState.REFUSED, ProposalState.LAPSED}
    ),
    ProposalState.ADOPTED: frozenset({ProposalState.REPLACED}),
    ProposalState.REPLACED: frozenset({ProposalState.ADOPTED}),
    ProposalState.REFUSED: frozenset(),
    ProposalState.LAPSED: frozenset(),
}


class OfficeRuleState(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    DISMISSED = "dismissed"
    ENDED = "ended"


NEXT_RULE_STATES: Mapping[OfficeRuleState, frozenset[OfficeRuleState]] = {
    OfficeRuleState.DRAFT: frozenset({OfficeRuleState.ADOPTED, OfficeRuleState.DISMISSED}),
    OfficeRuleState.ADOPTED: frozenset({OfficeRuleState.ENDED}),
    OfficeRuleState.DISMISSED: frozenset({OfficeRuleState.DRAFT}),
    OfficeRuleState.ENDED: frozenset({OfficeRuleState.DRAFT}),
}


class RuleSeverity(StrEnum):
    """What an adopted rule does; a rule of the office is never one of law."""

    WARN = "warn"
    BLOCK = "block"


def check_proposal(now: ProposalState, then: ProposalState) -> None:
    if then not in NEXT_PROPOSAL_STATES[now]:
        raise RuleBroken(N_("This proposal was already decided on."))


def check_rule(now: OfficeRuleState, then: OfficeRuleState) -> None:
    if then not in NEXT_RULE_STATES[now]:
        raise RuleBroken(N_("This rule was already decided on."))


def check_reason(reason: str) -> None:
    """Whoever reads it next year wants to know why."""
    if len(reason.strip()) < 5:
        message = N_("Say in a few words why.")
        raise InvalidInput(message, fields={"reason": message})


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one decision teaches: good or bad, how heavily, and of which comparisons."""

    good: bool
    weight: float
    about: frozenset[str] | None = None  # None: of all


# Which comparisons a reason speaks about (the components of matching.learning).
REJECTED_FOR: Mapping[RejectReason, frozenset[str] | None] = {
    RejectReason.NOT_THE_GOODS: frozenset({"text", "category"}),
    RejectReason.PRICE: frozenset({"price"}),
    RejectReason.TOO_FAR: frozenset({"distance", "shelf_life"}),
    RejectReason.CAPACITY: frozenset({"share"}),
    RejectReason.PAPERS: frozenset({"papers", "storage"}),
    RejectReason.OTHER: None,
}
DECLINED_FOR: Mapping[DeclineReason, frozenset[str]] = {
    DeclineReason.NO_CAPACITY: frozenset({"share"}),
    DeclineReason.PRICE: frozenset({"price"}),
    DeclineReason.TERMS: frozenset({"terms", "cash"}),
}
_BOTH_AGREED, _ONE_YES, _VAGUE = 2.0, 1.0, 0.5


def lesson_of(
    state: SuggestionState,
    reject_reason: RejectReason | None,
    introduction: tuple[IntroductionState, DeclineReason | None] | None,
) -> Lesson | None:
    """What a decided pairing teaches; None where nothing was decided.

    Both sides' yes weighs double. A no of a side that names price, volume or terms overrules the
    officer's yes; "not now" and "another reason" only make it weigh half.
    """
    if state is SuggestionState.REJECTED and reject_reason is not None:
        about = REJECTED_FOR[reject_reason]
        return Lesson(False, _ONE_YES if about else _VAGUE, about)
    if state is not SuggestionState.ACCEPTED:
        return None
    outcome, why = introduction or (IntroductionState.SENT, None)
    if outcome is IntroductionState.AGREED:
        return Lesson(True, _BOTH_AGREED)
    if outcome is IntroductionState.DECLINED and why is not None:
        about = DECLINED_FOR.get(why)
        return Lesson(False, _ONE_YES, about) if about else Lesson(True, _VAGUE)
    return Lesson(True, _VAGUE if outcome is IntroductionState.EXPIRED else _ONE_YES)


PROPOSAL_STATE_NAMES: Mapping[ProposalState, str] = {
    ProposalState.PROPOSED: N_("to decide"),
    ProposalState.ADOPTED: N_("in force"),
    ProposalState.REFUSED: N_("refused"),
    ProposalState.REPLACED: N_("in force before"),
    ProposalState.LAPSED: N_("overtaken"),
}
RULE_STATE_NAMES: Mapping[OfficeRuleState, str] = {
    OfficeRuleState.DRAFT: N_("to decide"),
    OfficeRuleState.ADOPTED: N_("in force"),
    OfficeRuleState.DISMISSED: N_("dismissed"),
    OfficeRuleState.ENDED: N_("ended"),
}
SEVERITY_NAMES: Mapping[RuleSeverity, str] = {
    RuleSeverity.WARN: N_("warns"),
    RuleSeverity.BLOCK: N_("excludes"),
}
COMPONENT_NAMES: Mapping[str, str] = {
    "text": N_("Likeness of the names"),
    "price": N_("Landed price"),
    "share": N_("Share of the need"),
    "distance": N_("Freight and days on the way"),
    "papers": N_("Papers held and checked"),
    "shelf_life": N_("Shelf life on arrival"),
    "category": N_("Category"),
    "terms": N_("Payment terms"),
    "storage": N_("Storage"),
    "cash": N_("Working capital"),
}
