"""The office's decisions: accept, reject, postpone, undo, override, remark."""

from datetime import date, timedelta

from marketplace.accounts import queries as accounts
from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now, today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.matching import Pairing
from marketplace.suggestions import policies, rules
from marketplace.suggestions.models import Introduction, Remark, Suggestion
from marketplace.suggestions.rules import (
    IntroductionState,
    RejectReason,
    RemarkKind,
    SuggestionState,
)
from marketplace.suggestions.services import holding, introducing

LONGEST_POSTPONEMENT = timedelta(days=366)


def accept(*, actor: Actor, suggestion: Suggestion) -> Introduction:
    """Accept a pairing: it becomes an introduction with a text for each side."""
    require(policies.may_decide(actor, suggestion))
    rules.check_transition(suggestion.state, SuggestionState.ACCEPTED)
    if not suggestion.is_eligible and not suggestion.override_reason:
        raise RuleBroken(N_("This pairing is excluded. Override the exclusion with a reason."))
    suggestion.state = SuggestionState.ACCEPTED
    suggestion.reject_reason = None
    _sign(actor, suggestion)
    audit.record(actor, "suggestion.accepted", suggestion, score=suggestion.score)
    return introducing.introduce(actor=actor, suggestion=suggestion)


def introduce_again(*, actor: Actor, suggestion: Suggestion) -> Introduction:
    """Ask both sides once more after an introduction ran out or was declined."""
    require(policies.may_decide(actor, suggestion))
    before = suggestion.introduction
    if suggestion.state is not SuggestionState.ACCEPTED or before is None:
        raise RuleBroken(N_("Only an accepted pairing can be introduced again."))
    if not introducing.is_over(before) or before.state is IntroductionState.AGREED:
        raise RuleBroken(N_("The introduction is still open, or both sides agreed."))
    if before.state in rules.OPEN_INTRODUCTIONS:
        introducing.expire(before)
    return introducing.introduce(actor=actor, suggestion=suggestion)


def reject(*, actor: Actor, suggestion: Suggestion, reason: RejectReason, note: str = "") -> None:
    require(policies.may_decide(actor, suggestion))
    rules.check_transition(suggestion.state, SuggestionState.REJECTED)
    suggestion.state = SuggestionState.REJECTED
    suggestion.reject_reason = reason
    suggestion.decision_note = note
    _sign(actor, suggestion)
    audit.record(actor, "suggestion.rejected", suggestion, reason=reason.value, note=note)


def postpone(*, actor: Actor, suggestion: Suggestion, until: date, note: str = "") -> None:
    require(policies.may_decide(actor, suggestion))
    rules.check_transition(suggestion.state, SuggestionState.POSTPONED)
    if not today() < until <= today() + LONGEST_POSTPONEMENT:
        message = N_("Choose a day after today and within a year.")
        raise InvalidInput(message, fields={"until": message})
    suggestion.state = SuggestionState.POSTPONED
    suggestion.postponed_until = until
    suggestion.decision_note = note
    _sign(actor, suggestion)
    audit.record(actor, "suggestion.postponed", suggestion, until=until.isoformat())


def bring_back(*, actor: Actor, suggestion: Suggestion) -> None:
    """Put a postponed suggestion before the office again, or undo an acceptance.

    An acceptance can be undone until the first message was sent (domain.md, transitions).
    """
    require(policies.may_decide(actor, suggestion))
    if suggestion.state is SuggestionState.ACCEPTED:
        introducing.undo(actor=actor, suggestion=suggestion)
    rules.check_transition(suggestion.state, SuggestionState.PROPOSED)
    suggestion.state = SuggestionState.PROPOSED
    suggestion.postponed_until = None
    suggestion.decided_by_id, suggestion.decided_at = None, None
    suggestion.decided_by_name = suggestion.decision_note = ""
    audit.record(actor, "suggestion.reopened", suggestion)


def override(*, actor: Actor, suggestion: Suggestion, reason: str) -> None:
    """Let an excluded pairing through with a reason: shown for ever and counted."""
    require(policies.may_decide(actor, suggestion))
    if suggestion.state is not SuggestionState.PROPOSED:
        raise RuleBroken(N_("This suggestion was already decided on."))
    if suggestion.is_eligible:
        raise RuleBroken(N_("Nothing excludes this pairing."))
    if suggestion.is_legally_blocked:
        raise RuleBroken(N_("The law excludes this pairing: it cannot be overridden."))
    if len(reason.strip()) < 5:
        message = N_("Say in a few words why this exclusion may be set aside.")
        raise InvalidInput(message, fields={"override_reason": message})
    pairing = Pairing.from_dict(suggestion.evidence)
    suggestion.override_reason = reason
    suggestion.overridden_by_name = actor.name
    suggestion.overridden_rules = "|".join(verdict.rule for verdict in pairing.blocking)[:200]
    audit.record(
        actor,
        "suggestion.overridden",
        suggestion,
        reason=reason,
        rules=suggestion.overridden_rules,
    )


def remark(
    *, actor: Actor, suggestion: Suggestion, text: str, kind: RemarkKind = RemarkKind.COMMENT
) -> Remark:
    """A comment, or the forwarding of a case by a kabupaten/kota to the province."""
    require(policies.may_remark(actor, suggestion))
    if kind is RemarkKind.COMMENT and not text:
        message = N_("Write the comment first.")
        raise InvalidInput(message, fields={"text": message})
    office = accounts.get_office(actor.office_id) if actor.office_id else None
    if kind is RemarkKind.FORWARD:
        if suggestion.forwarded_at is not None:
            raise RuleBroken(N_("This case was already forwarded to the province."))
        suggestion.forwarded_at = now()
        suggestion.forwarded_by_name = office.name if office else actor.name
        holding.back_to_province(suggestion)
    written = Remark(
        suggestion_id=suggestion.id,
        kind=kind,
        text=text,
        person_id=actor.person_id or 0,
        person_name=actor.name,
        office_name=office.name if office else "",
    )
    session.add(written)
    audit.record(actor, f"suggestion.{kind.value}", suggestion)
    return written


def _sign(actor: Actor, suggestion: Suggestion) -> None:
    suggestion.decided_by_id = actor.person_id
    suggestion.decided_by_name = actor.name
    suggestion.decided_at = now()
