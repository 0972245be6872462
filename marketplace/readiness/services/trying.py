"""What a changed rule would do to the pairings of today, without changing anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from marketplace.catalog import queries as catalog
from marketplace.core.clock import now, today
from marketplace.matching import Need, Offer, Rule, Settings, World
from marketplace.matching.case import Case, Memory, Question
from marketplace.matching.eligibility import Assessment, assess
from marketplace.matching.rulebook import with_changes
from marketplace.readiness import queries
from marketplace.readiness.models import RuleChange
from marketplace.readiness.rules import ChangeState
from marketplace.suggestions.services.world import build_world, open_needs, settings_in_force

SAMPLES = 20
_NEEDS_AT_ONCE = 200


@dataclass
class _Counts:
    """Pairs looked at, and those that change sides."""

    pairs: int = 0
    before: int = 0
    after: int = 0
    opened: int = 0
    closed: int = 0
    opened_money: int = 0
    closed_money: int = 0
    needs: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    samples: list[dict[str, Any]] = field(default_factory=list)


def preview(rule: Rule) -> Mapping[str, Any]:
    """Judge every pair still to decide, and every one that was missed, under both rule books.

    Suggestions already decided keep their verdicts, so they are not counted. JSON-safe.
    """
    world = build_world()
    changed = replace(world, rules=with_changes(world.rules, (rule,)))
    settings = settings_in_force()
    memories: tuple[Memory, Memory] = ({}, {})
    counts = _Counts()
    for offer, need in _pairs():
        before = _judge(offer, need, world, settings, memories[0])
        after = _judge(offer, need, changed, settings, memories[1])
        _count(counts, offer, need, before, after)
    return {
        "day": today().isoformat(),
        "pairs": counts.pairs,
        "before": counts.before,
        "after": counts.after,
        "opened": counts.opened,
        "closed": counts.closed,
        "opened_money": counts.opened_money,
        "closed_money": counts.closed_money,
        "needs": len(counts.needs),
        "products": len(counts.products),
        "samples": counts.samples,
    }


def _pairs() -> Iterator[tuple[Offer, Need]]:
    """Offers and needs as they are today, a few hundred needs at a time."""
    by_need = [
        (need_id, [product_id for product_id, _need in rows])
        for need_id, rows in groupby(queries.all_pairs(), key=lambda pair: pair[1])
    ]
    for at in range(0, len(by_need), _NEEDS_AT_ONCE):
        batch = dict(by_need[at : at + _NEEDS_AT_ONCE])
        wanted = {number for numbers in batch.values() for number in numbers}
        offers = {offer.id: offer for offer in catalog.list_offers(sorted(wanted))}
        yield from _joined(open_needs(sorted(batch)), batch, offers)


def _joined(
    needs: Iterable[Need], batch: Mapping[int, list[int]], offers: Mapping[str, Offer]
) -> Iterator[tuple[Offer, Need]]:
    for need in needs:
        for number in batch[int(need.id)]:
            if str(number) in offers:
                yield offers[str(number)], need


def _judge(
    offer: Offer, need: Need, world: World, settings: Settings, memory: Memory
) -> Assessment:
    return assess(Case(offer, Question(need, world, settings, memory)))


def _count(
    counts: _Counts, offer: Offer, need: Need, before: Assessment, after: Assessment
) -> None:
    counts.pairs += 1
    counts.before += before.eligible
    counts.after += after.eligible
    if before.eligible == after.eligible:
        return
    told = after if after.eligible else before
    money = told.money(told.at_stake) or 0
    if after.eligible:
        counts.opened += 1
        counts.opened_money += money
    else:
        counts.closed += 1
        counts.closed_money += money
    counts.needs.add(need.id)
    counts.products.add(offer.id)
    if len(counts.samples) < SAMPLES:
        counts.samples.append(
            {
                "product_id": int(offer.id),
                "product": offer.title,
                "need_id": int(need.id),
                "need": need.title,
                "opens": after.eligible,
                "money": money,
            }
        )


def keep_preview(change: RuleChange, found: Mapping[str, Any]) -> None:
    """Store it with the draft; what was decided on meanwhile keeps what it was decided on."""
    if change.state is ChangeState.DRAFT:
        change.preview = dict(found)
        change.previewed_at = now()
