"""Measure what stops pairings: outside a transaction, from the engine; then replaced whole.

Of an excluded pair the engine knows the smallest set of changes that makes it fit. The offer is
mended by exactly these and assessed again, so that outlets, volume and rupiah are those the rules
would then let pass, not those the outlet asks for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.catalog import queries as catalog
from marketplace.demand import queries as demand
from marketplace.infra import search
from marketplace.infra.jobs import count_waiting, enqueue
from marketplace.matching import Engine, Need, Offer, Pairing
from marketplace.matching.case import Case, Question
from marketplace.matching.counterfactual import apply_all, fixes_of
from marketplace.matching.eligibility import Assessment, assess
from marketplace.readiness import guards, queries
from marketplace.readiness.rules.gaps import Gap, GapKind, gap_of, merged
from marketplace.suggestions.services.computing import is_proposable
from marketplace.suggestions.services.world import open_needs

NEED_JOB, PRODUCT_JOB, ALL_JOB = "measure-need", "measure-product", "measure-all"
MANY = 200


@dataclass(frozen=True, slots=True)
class Missed:
    """One excluded pair with what is missing and what closing all of it would open."""

    pairing: Pairing
    offer: Offer
    need: Need
    gaps: Sequence[Gap]
    is_mendable: bool
    outlets: int
    volume: int | None
    money: int | None


def schedule_for_need(need_id: int) -> None:
    if not _schedule_for_all():
        enqueue(NEED_JOB, {"need_id": need_id}, key=f"{NEED_JOB}-{need_id}")


def schedule_for_product(product_id: int) -> None:
    if not _schedule_for_all():
        enqueue(PRODUCT_JOB, {"product_id": product_id}, key=f"{PRODUCT_JOB}-{product_id}")


def _schedule_for_all() -> bool:
    """True where so much waits that one pass over everything is less work."""
    if count_waiting(NEED_JOB, MANY) + count_waiting(PRODUCT_JOB, MANY) < MANY:
        return False
    schedule_for_all()
    return True


def schedule_for_all() -> None:
    enqueue(ALL_JOB, key=ALL_JOB)


def of_need(need_id: int) -> list[guards.Measured] | None:
    """The rows of one need; None where it is not open."""
    found = open_needs([need_id])
    if not found:
        return None
    need = found[0]
    with search.engine() as engine:
        pairings = [each for each in engine.missed(need) if is_proposable(each)]
        offers = {each.id: each for each in catalog.list_offers(_ids(pairings))}
        return _rows(
            missed_of(engine, offers[each.offer_id], need, each, queries.stores_of_lines([need_id]))
            for each in pairings
            if each.offer_id in offers
        )


def of_product(product_id: int) -> list[guards.Measured] | None:
    """The rows of one product; None where it is not published."""
    found = catalog.list_offers([product_id])
    if not found:
        return None
    offer = found[0]
    with search.engine() as engine:
        named = {each.need_id: each for each in engine.missed_needs(offer)}
        # Needs that named this product may not be among those its own title finds.
        others = [
            str(number)
            for number in queries.need_ids_of_product(product_id)
            if str(number) not in named
        ]
        needs = {each.id: each for each in open_needs([int(key) for key in (*named, *others)])}
        again = [engine.judge(offer, needs[key]) for key in others if key in needs]
        pairings = [
            each
            for each in (*named.values(), *again)
            if not each.eligible and each.need_id in needs and is_proposable(each)
        ]
        stores = queries.stores_of_lines([int(each.need_id) for each in pairings])
        return _rows(
            missed_of(engine, offer, needs[each.need_id], each, stores) for each in pairings
        )


def _ids(pairings: Iterable[Pairing]) -> list[int]:
    return [int(each.offer_id) for each in pairings]


def missed_of(
    engine: Engine, offer: Offer, need: Need, pairing: Pairing, stores: Mapping[int, int]
) -> Missed | None:
    """What one excluded pair misses; None where it is simply not the goods."""
    gaps: list[Gap] = []
    for verdict in pairing.blocking:
        found = gap_of(verdict.rule, verdict.fix, verdict.basis, verdict.legal)
        if found is None:
            return None
        gaps += found
    if not gaps:
        return None
    fixes = fixes_of(pairing)
    if fixes is None:
        every = sum(stores.get(int(line.id), 1) for line in need.lines) or 1
        volume, money = pairing.volume_per_month, pairing.money_per_month
        return Missed(pairing, offer, need, merged(gaps), False, every, volume, money)
    after = assess(Case(apply_all(offer, fixes), Question(need, engine.world, engine.settings)))
    volume = after.at_stake
    outlets = _outlets(after, stores)
    return Missed(pairing, offer, need, merged(gaps), True, outlets, volume, after.money(volume))


def _outlets(after: Assessment, stores: Mapping[int, int]) -> int:
    """Shops that would get goods; a line that capacity does not reach opens none."""
    if not after.case.need.lines:
        return int(after.eligible)
    return sum(
        stores.get(int(line.line_id), 1)
        for line in after.line_verdicts()
        if line.eligible and line.volume != 0
    )


def _rows(found: Iterable[Missed | None]) -> list[guards.Measured]:
    known = [each for each in found if each is not None]
    settled = queries.settled_pairs([_pair(each) for each in known])
    makers = queries.makers_of([int(each.offer.id) for each in known])
    return [_row(each, makers[_pair(each)[0]]) for each in known if _pair(each) not in settled]


def _pair(missed: Missed) -> tuple[int, int]:
    return int(missed.offer.id), int(missed.need.id)


def _row(missed: Missed, maker: int) -> guards.Measured:
    product_id, need_id = _pair(missed)
    pairing = {
        "product_id": product_id,
        "need_id": need_id,
        "business_id": maker,
        "area_code": missed.offer.region,
        "category_code": missed.offer.category or missed.need.category,
        "gaps": len(missed.gaps),
        "is_mendable": missed.is_mendable,
        "has_price_gap": any(gap.kind is GapKind.PRICE for gap in missed.gaps),
        "outlets": missed.outlets,
        "volume": missed.volume,
        "need_volume": missed.need.volume_per_month,
        "money": missed.money,
        "confidence": missed.pairing.confidence,
    }
    only = len(missed.gaps) == 1 and missed.is_mendable
    return pairing, [_gap_row(gap, only) for gap in missed.gaps]


def _gap_row(gap: Gap, only: bool) -> dict[str, Any]:
    return {
        "kind": gap.kind,
        "detail": gap.detail,
        "rule": gap.rule,
        "basis": gap.basis,
        "is_legal": gap.legal,
        "is_only": only,
        "wanted": gap.wanted,
    }


def replace_of_need(need_id: int, rows: Sequence[guards.Measured] | None) -> int:
    """Put the measurement in the place of the earlier one; call inside a transaction."""
    guards.forget_of_need(need_id)
    if rows and demand.live_ids([need_id]):
        guards.keep(rows)
    return len(rows or ())


def replace_of_product(product_id: int, rows: Sequence[guards.Measured] | None) -> int:
    guards.forget_of_product(product_id)
    if rows and catalog.live_ids([product_id]):
        guards.keep(rows)
    return len(rows or ())
