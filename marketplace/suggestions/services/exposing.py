"""Cap and floor: places of the period, what is held back, and what an officer sets or lifts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.audit import services as audit
from marketplace.core.actor import SYSTEM, Actor
from marketplace.core.clock import business_day, now, today
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.jobs import enqueue
from marketplace.infra.web import require
from marketplace.matching.exposure import NO_LIMITS, Limits, Spread, spread_of
from marketplace.suggestions import policies, rules
from marketplace.suggestions.guards import exposure as guards
from marketplace.suggestions.models import ExposureRule, Suggestion
from marketplace.suggestions.queries import exposure as queries
from marketplace.suggestions.queries.exposure import ProducerShare
from marketplace.suggestions.rules import (
    ExposureDraft,
    ExposurePeriod,
    ExposureReason,
    SuggestionState,
)


def limits_of(rule: ExposureRule | ExposureDraft | None) -> Limits:
    """The rule as the engine takes it."""
    if rule is None:
        return NO_LIMITS
    return Limits(rule.cap, rule.floor, rule.min_percent / 100)


def spread_of_shares(shares: Sequence[ProducerShare]) -> Spread:
    """How evenly the new suggestions of a period lie over the producers with goods on offer."""
    return spread_of(share.new for share in shares)


@dataclass(slots=True)
class Places:
    """The places of some producers, locked until the transaction ends.

    `taken` counts places of the period of the rule in force, by business as text.
    """

    rule: ExposureRule | None
    period: str
    taken: dict[str, int]

    @property
    def limits(self) -> Limits:
        return limits_of(self.rule)

    def take(self, row: Suggestion, business_id: int, reason: ExposureReason | None = None) -> bool:
        """Give a suggestion a place; False, and nothing changed, where the cap is used up."""
        cap = self.rule.cap if self.rule is not None else None
        if not guards.take(business_id, self.period, cap):
            return False
        for other in rules.periods_of(today()):
            if other != self.period:
                guards.take(business_id, other, None)
        row.slot_at = now()
        row.exposure = self.told(business_id, reason) if reason else None
        self.taken[str(business_id)] = self.taken.get(str(business_id), 0) + 1
        return True

    def told(self, business_id: int, reason: ExposureReason) -> dict[str, Any]:
        """Why, with the figures of this moment, as it is kept with the suggestion."""
        assert self.rule is not None  # without a rule nothing is raised or held back
        return {
            "why": reason.value,
            "period": self.period,
            "cap": self.rule.cap,
            "floor": self.rule.floor,
            "taken": self.taken.get(str(business_id), 0),
        }


def lock_places(business_ids: Collection[int]) -> Places:
    """Lock what these producers took; read their suggestions only after it.

    Whoever gives or takes places comes through here and asks for producers in the same order, so
    that two jobs wait for each other and never for ever.
    """
    rule = queries.rule_in_force()
    kind = rule.period if rule is not None else ExposurePeriod.MONTH
    period, periods = rules.period_of(today(), kind), rules.periods_of(today())
    wanted = {(number, each) for number in business_ids for each in periods}
    missing = wanted - queries.known_ledger(business_ids, periods)
    counted = {
        each: queries.count_slots({number for number, p in missing if p == each}, each)
        for each in {p for _number, p in missing}
    }
    guards.open_ledger({(number, p): counted[p].get(number, 0) for number, p in missing})
    ledger = queries.lock_ledger(business_ids, periods)
    taken = {str(number): count for (number, p), count in ledger.items() if p == period}
    return Places(rule, period, taken)


def give_back(withdrawn: Iterable[Suggestion]) -> None:
    """What leaves the queue undecided leaves its place to another of the same producer."""
    rows = [row for row in withdrawn if row.slot_at is not None]
    producers = queries.producers_of({row.product_id for row in rows})
    for row in rows:
        assert row.slot_at is not None
        periods = rules.periods_of(business_day(row.slot_at))
        guards.give_back(producers[row.product_id], periods)
        row.slot_at = None


def recount(business_ids: Collection[int]) -> None:
    """Count the places of the running periods anew: products changed hands (register)."""
    periods = rules.periods_of(today())
    lock_places(business_ids)
    for period in periods:
        counted = queries.count_slots(business_ids, period)
        for business_id in sorted(business_ids):
            guards.set_taken(business_id, period, counted.get(business_id, 0))


def is_lifted(row: Suggestion) -> bool:
    """True where an officer let it pass the cap: it takes no place, also when it comes back."""
    return bool(row.exposure) and row.exposure["why"] == ExposureReason.LIFTED  # type: ignore[index]


def release_held() -> int:
    """Put before the office what may pass again: a new period, a higher cap, or none any more."""
    rule = queries.rule_in_force()
    kind = rule.period if rule is not None else ExposurePeriod.MONTH
    period = rules.period_of(today(), kind)
    waiting = queries.businesses_to_release(period, rule.cap if rule is not None else None)
    released = 0
    places = lock_places(waiting) if waiting else None
    for business_id in waiting:
        for row in queries.list_held_of(business_id):
            if places is None or not places.take(row, business_id):
                break
            rules.check_transition(row.state, SuggestionState.PROPOSED)
            row.state = SuggestionState.PROPOSED
            audit.record(SYSTEM, "suggestion.released", row)
            released += 1
    return released


def lift(*, actor: Actor, suggestion: Suggestion) -> None:
    """Let one pair pass although its producer's cap is used up; it takes no place of it."""
    require(policies.may_decide(actor, suggestion))
    if suggestion.state is not SuggestionState.HELD:
        raise InvalidInput(N_("This pairing is not held back."))
    suggestion.state = SuggestionState.PROPOSED
    suggestion.exposure = {
        **(suggestion.exposure or {}),
        "why": ExposureReason.LIFTED.value,
        "by": actor.name,
    }
    audit.record(actor, "suggestion.lifted", suggestion)


def set_rule(*, actor: Actor, draft: ExposureDraft) -> ExposureRule:
    """Cap and floor from now on; what waits for a decision already stays where it is."""
    require(policies.may_set_exposure(actor))
    rules.check_exposure(draft)
    end_rule(actor=actor)
    rule = ExposureRule(
        period=draft.period,
        cap=draft.cap,
        floor=draft.floor,
        min_percent=draft.min_percent,
        set_by_id=actor.person_id,
        set_by_name=actor.name,
    )
    session.add(rule)
    session.flush()
    audit.record(
        actor,
        "exposure.set",
        rule,
        period=draft.period.value,
        cap=draft.cap,
        floor=draft.floor,
        min_percent=draft.min_percent,
    )
    if rule.floor:
        enqueue("raise-floor", key="raise-floor")
    return rule


def end_rule(*, actor: Actor) -> None:
    """From now on nothing is held back and nobody is raised."""
    require(policies.may_set_exposure(actor))
    rule = queries.rule_in_force()
    if rule is None:
        return
    rule.is_in_force, rule.ended_at = False, now()
    session.flush()
    audit.record(actor, "exposure.ended", rule)
