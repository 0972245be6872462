"""Measure what stops pairings: outside a transaction, from the engine; then replaced whole.

Of an excluded pair the engine knows the smallest set of changes that makes it fit. The offer is
mended by exactly these and assessed again, so that outlets, volume and rupiah are those the rules
would then let pass, not those the outlet asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from marketplace.readiness.rules.packaging import TURNED_DOWN
from marketplace.readiness.services import unsaid
from marketplace.readiness.services.unsaid import Looked
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services.computing import is_proposable
from marketplace.suggestions.services.world import open_needs

NEED_JOB, PRODUCT_JOB, ALL_JOB = "measure-need", "measure-product", "measure-all"
MANY = 200


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one need, or one product, is kept from, and what nobody has said; as rows."""

    missed: Sequence[guards.Measured]
    unsaid: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Missed:
    """One pair that is stopped, with what is missing and what closing all of it would open."""

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


def of_need(need_id: int) -> Measurement | None:
    """What is missing and what is not known for one need; None where it is not open."""
    found = open_needs([need_id])
    if not found:
        return None
    need = found[0]
    with search.engine() as engine:
        bad = queries.turned_down_by(need_id)
        pairings = {int(each.offer_id): each for each in engine.missed(need)}
        offers = {int(each.id): each for each in catalog.list_offers(sorted({*pairings, *bad}))}
        # The outlet tried these: they fit by every rule, and stop at the packaging.
        for number in sorted(bad - pairings.keys()):
            if number in offers:
                pairings[number] = engine.judge(offers[number], need)
        looked = [
            Looked(offers[number], need, pairing, number in bad)
            for number, pairing in pairings.items()
            if number in offers and is_proposable(pairing)
        ]
        return _measured(looked, engine, queries.waiting_of_need(need_id))


def of_product(product_id: int) -> Measurement | None:
    """The same for one product; None where it is not published."""
    found = catalog.list_offers([product_id])
    if not found:
        return None
    offer = found[0]
    with search.engine() as engine:
        bad = {str(number) for number in queries.needs_that_turned_down(product_id)}
        named = {each.need_id: each for each in engine.missed_needs(offer)}
        # Needs that named this product may not be among those its own title finds.
        earlier = {str(number) for number in queries.need_ids_of_product(product_id)}
        others = sorted((earlier | bad) - named.keys(), key=int)
        needs = {each.id: each for each in open_needs([int(key) for key in (*named, *others)])}
        again = [engine.judge(offer, needs[key]) for key in others if key in needs]
        looked = [
            Looked(offer, needs[each.need_id], each, each.need_id in bad)
            for each in (*named.values(), *again)
            if each.need_id in needs
            and (not each.eligible or each.need_id in bad)
            and is_proposable(each)
        ]
        return _measured(looked, engine, queries.waiting_of_product(product_id))


def _measured(
    looked: Sequence[Looked], engine: Engine, waiting: Sequence[queries.Judged]
) -> Measurement:
    stores = queries.stores_of_lines([int(each.need.id) for each in looked])
    makers = queries.makers_of([int(each.offer.id) for each in looked])
    settled = queries.settled_pairs([each.pair for each in looked])
    missed = [
        (each.pair, left)
        for each in looked
        if (found := missed_of(engine, each, stores)) is not None
        and (left := _not_settled(found, settled.get(each.pair))) is not None
    ]
    return Measurement(
        [_row(each, *pair, makers[pair[0]]) for pair, each in missed],
        unsaid.rows_of([each for each in looked if each.pair not in settled], makers, waiting),
    )


def _not_settled(missed: Missed, state: SuggestionState | None) -> Missed | None:
    """What is left to close once the office has decided.

    Who was accepted in spite of other gaps, and whose sample was then found poorly packed, still
    has that to close.
    """
    if state is None:
        return missed
    packaging = [gap for gap in missed.gaps if gap.kind is GapKind.PACKAGING]
    if state is SuggestionState.REJECTED or not packaging:
        return None
    return replace(missed, gaps=packaging)


def missed_of(engine: Engine, looked: Looked, stores: Mapping[int, int]) -> Missed | None:
    """What one pair misses; None where that is nothing, or where it is simply not the goods."""
    offer, need, pairing = looked.offer, looked.need, looked.pairing
    gaps: list[Gap] = []
    for verdict in pairing.blocking:
        found = gap_of(verdict.rule, verdict.fix, verdict.basis, verdict.legal)
        if found is None:
            return None
        gaps += found
    if looked.is_badly_packed:
        gaps.append(TURNED_DOWN)
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


def _row(missed: Missed, product_id: int, need_id: int, maker: int) -> guards.Measured:
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


def replace_of_need(need_id: int, found: Measurement | None) -> int:
    """Put the measurement in the place of the earlier one; call inside a transaction."""
    guards.forget_of_need(need_id)
    if found is None or not demand.live_ids([need_id]):
        return 0
    return _keep(found)


def replace_of_product(product_id: int, found: Measurement | None) -> int:
    guards.forget_of_product(product_id)
    if found is None or not catalog.live_ids([product_id]):
        return 0
    return _keep(found)


def _keep(found: Measurement) -> int:
    guards.keep(found.missed)
    guards.keep_unsaid(found.unsaid)
    return len(found.missed)
