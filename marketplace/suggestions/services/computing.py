"""From a published product or need to stored suggestions."""

from collections.abc import Iterable, Sequence

from marketplace.audit import services as audit
from marketplace.businesses import queries as businesses
from marketplace.catalog import queries as catalog
from marketplace.core.actor import SYSTEM
from marketplace.core.clock import now, today
from marketplace.demand import queries as demand
from marketplace.infra import options
from marketplace.infra.changes import note_change
from marketplace.infra.db import session
from marketplace.infra.jobs import count_waiting, enqueue
from marketplace.matching import Engine, Need, Offer, Pairing
from marketplace.matching.exposure import Chance, Why, choose
from marketplace.suggestions import queries, rules
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.queries import exposure
from marketplace.suggestions.rules import ExposureReason, RequestedBy, SuggestionState
from marketplace.suggestions.services import evidence, exposing, introducing

# How many pairings one question may put before the office: more is not read.
PER_NEED = 10
PER_PRODUCT = 20
DEPTH = 40  # of one need's ranking where cap or floor may let others move up
MANY = 200  # waiting jobs
# Confidences. `matched` alone is for lists of titles: one word is soon found in a title.
# SURELY is the least tenth at which two of a hundred needs at most are shown goods of another
# category, LIKELY the most at which half of the needs are shown some of their own: measured on the
# labelled names (tests/suggestions/test_floor.py), to be chosen again when weights change.
SURELY = 0.6
LIKELY = 0.06
# Suggestions not yet decided follow what they are about; decided ones keep what was decided on.
OPEN = frozenset(
    {
        SuggestionState.PROPOSED,
        SuggestionState.POSTPONED,
        SuggestionState.WITHDRAWN,
        SuggestionState.HELD,
    }
)
ENGINE, FLOOR, CAP = RequestedBy.ENGINE, ExposureReason.FLOOR, ExposureReason.CAP


def schedule_for_product(product_id: int) -> None:
    """Ask for this product's suggestions; several changes in a row are one piece of work.

    After a large import one pass over all needs does the work of thousands of small jobs.
    """
    if count_waiting("suggest-product", MANY) >= MANY:
        enqueue("suggest-all", key="suggest-all")
        return
    enqueue("suggest-product", {"product_id": product_id}, key=f"suggest-product-{product_id}")


def schedule_for_need(need_id: int) -> None:
    enqueue("suggest-need", {"need_id": need_id}, key=f"suggest-need-{need_id}")


def depth() -> int:
    """How far down one need's ranking is read: further where others may move up (exposure)."""
    return DEPTH if exposure.rule_in_force() is not None else PER_NEED


def withdraw_of_product(product_id: int) -> None:
    """What is no longer on offer leaves the queue, and nobody is asked about it any more."""
    exposing.lock_places(set(exposure.producers_of({product_id}).values()))
    found = queries.list_of_product(product_id)
    _withdraw(found)
    introducing.close_for([row.id for row in found])


def withdraw_of_need(need_id: int) -> None:
    suggested = exposure.producers_of(exposure.product_ids_of_need(need_id))
    exposing.lock_places(set(suggested.values()))
    found = queries.list_of_need(need_id)
    _withdraw(found)
    introducing.close_for([row.id for row in found])


def _withdraw(found: Iterable[Suggestion]) -> None:
    gone = []
    for suggestion in found:
        if SuggestionState.WITHDRAWN in rules.NEXT_STATES[suggestion.state]:
            if suggestion.state is not SuggestionState.WITHDRAWN:
                audit.record(SYSTEM, "suggestion.withdrawn", suggestion)
            suggestion.state = SuggestionState.WITHDRAWN
            suggestion.postponed_until = None
            gone.append(suggestion)
    exposing.give_back(gone)


Judged = tuple[Pairing, Offer, Need]


def store_pairings(
    pairings: Sequence[Judged],
    engine: Engine,
    *,
    product_id: int | None = None,
    need_id: int | None = None,
    only_floor: bool = False,
) -> int:
    """Write the pairings found for one product or one need; the open ones not found again go.

    Which of them are proposed now and which wait follows the cap and floor in force; with
    `only_floor` nothing new is proposed but what the floor raises. Returns how many suggestions are
    new. Call inside a transaction; nothing is computed in it.
    """
    version = evidence.engine_version(engine.settings, engine.world.rules)
    product_ids = {int(offer.id) for _pairing, offer, _need in pairings}
    if need_id is not None:
        product_ids |= set(exposure.product_ids_of_need(need_id))
    producers = exposure.producers_of(product_ids | ({product_id} if product_id else set()))
    places = exposing.lock_places(set(producers.values()))
    if product_id is not None:
        known = {(row.product_id, row.need_id): row for row in queries.list_of_product(product_id)}
    else:
        known = {(row.product_id, row.need_id): row for row in queries.list_of_need(need_id or 0)}
    # What was withdrawn while the engine was thinking is not suggested any more.
    live_products = catalog.live_ids({int(offer.id) for _pairing, offer, _need in pairings})
    live_needs = demand.live_ids({int(need.id) for _pairing, _offer, need in pairings})
    judged = {
        key: triple
        for triple in pairings
        if (key := _key(triple))[0] in live_products and key[1] in live_needs
    }
    chances = [
        _chance(triple, producers[key[0]], known.get(key))
        for key, triple in judged.items()
        if key not in known or known[key].state in OPEN
    ]
    per_need = 0 if only_floor else (PER_NEED if need_id is not None else None)
    choice = choose(chances, places.limits, per_need=per_need, taken=places.taken)
    fresh: list[tuple[Suggestion, str]] = []
    added = 0

    def write(chance: Chance) -> tuple[Suggestion, bool]:
        key = _pair(chance)
        pairing, offer, need = judged[key]
        row = known.get(key) or Suggestion(
            product_id=key[0], need_id=key[1], area_code=offer.region, requested_by=ENGINE
        )
        is_news = fill(row, pairing, offer, need, engine, version.id)
        session.add(row)
        return row, is_news

    for chance, why in choice.proposed:
        is_new = _pair(chance) not in known
        row, is_news = write(chance)
        producer = producers[_pair(chance)[0]]
        before, raised = row.state, why is Why.FLOOR
        if why is not Why.STANDING and not places.take(row, producer, FLOOR if raised else None):
            raise RuntimeError("a place was free and locked")
        if row.state is not SuggestionState.POSTPONED:
            row.state = SuggestionState.PROPOSED
        added += is_new
        if raised or is_news or row.state is not before:
            fresh.append((row, "suggestion.raised" if raised else "suggestion.computed"))
    for chance in choice.held:
        row, _ = write(chance)
        before, row.state = row.state, SuggestionState.HELD
        row.exposure = places.told(producers[_pair(chance)[0]], CAP)
        if before is not SuggestionState.HELD:
            fresh.append((row, "suggestion.held_back"))
    session.flush()
    for row, action in fresh:
        audit.record(SYSTEM, action, row, score=row.score)
    _withdraw(
        row
        for key, row in known.items()
        if key not in judged
        # What people asked for stays before the office even where the engine would not say it.
        and row.requested_by is ENGINE
    )
    return added


def _key(triple: Judged) -> tuple[int, int]:
    return int(triple[1].id), int(triple[2].id)


def _pair(chance: Chance) -> tuple[int, int]:
    product_id, need_id = chance.pair.split("-")
    return int(product_id), int(need_id)


def _chance(triple: Judged, business_id: int, row: Suggestion | None) -> Chance:
    """A pair as cap and floor look at it; what is before the office already stands."""
    pairing, product_id, need_id = triple[0], *_key(triple)
    return Chance(
        pair=f"{product_id:012}-{need_id:012}",
        producer=str(business_id),
        need=str(need_id),
        score=pairing.score,
        confidence=pairing.confidence,
        eligible=pairing.eligible,
        standing=row is not None
        and (
            row.state in {SuggestionState.PROPOSED, SuggestionState.POSTPONED}
            or row.requested_by is not ENGINE
            or exposing.is_lifted(row)
        ),
    )


def fill(
    row: Suggestion,
    pairing: Pairing,
    offer: Offer,
    need: Need,
    engine: Engine,
    version_id: int,
) -> bool:
    """Put the engine's verdict and what it was computed from into the row.

    False where the row says so already: it keeps the day it was computed on, and is not written.
    """
    told = pairing.as_dict()
    inputs = evidence.pack_inputs(offer, need, engine.world, pairing.measured)
    is_same = row.engine_version_id == version_id and row.evidence == told
    if is_same and evidence.are_alike(row.inputs, inputs):
        return False
    row.area_code = offer.region
    row.is_eligible = pairing.eligible
    row.is_legally_blocked = any(verdict.legal and verdict.blocks for verdict in pairing.verdicts)
    row.score = pairing.score
    row.confidence = pairing.confidence
    row.volume_per_month = pairing.volume_per_month
    row.money_per_month = pairing.money_per_month
    row.lines_passing = pairing.lines_passing
    row.lines_total = len(need.lines)
    row.evidence = told
    row.inputs = inputs
    row.engine_version_id = version_id
    row.computed_at = now()
    return True


def pairs_to_keep(
    found: Iterable[Pairing], open_rows: Iterable[Suggestion]
) -> set[tuple[int, int]]:
    """Open suggestions that this ranking did not name: (product, need) to judge one by one.

    A product may be among the best for a need though the need is not among the product's best.
    """
    named = {(int(pairing.offer_id), int(pairing.need_id)) for pairing in found}
    return {
        (row.product_id, row.need_id)
        for row in open_rows
        if row.state in OPEN and row.state is not SuggestionState.WITHDRAWN
    } - named


def is_proposable(pairing: Pairing) -> bool:
    """True where the office should look at it: surely the same goods, or of the same category.

    Confidence answers "is it this very thing", as a cash register asks; an outlet that asks for
    kemplang also wants to see the kemplang it did not name. Of the same category little is needed;
    else a single shared word ("ikan") must not do.
    """
    same_category = any(
        point.code == "fit_category" and point.points > 0 for point in pairing.points
    )
    return pairing.confidence >= (LIKELY if same_category else SURELY)


def still_good(judged: Iterable[Pairing]) -> list[Pairing]:
    """Those that the engine would still suggest."""
    return [pairing for pairing in judged if pairing.eligible and is_proposable(pairing)]


def bring_back_postponed() -> int:
    """Put postponed suggestions before the office again when their day has come."""
    due = queries.list_due_again(today())
    for suggestion in due:
        rules.check_transition(suggestion.state, SuggestionState.PROPOSED)
        suggestion.state = SuggestionState.PROPOSED
        suggestion.postponed_until = None
        audit.record(SYSTEM, "suggestion.due_again", suggestion)
    return len(due)


def schedule_for_all() -> None:
    """A word or a tariff changed: facts are read anew everywhere, every need is judged again."""
    note_change("world", 0)
    enqueue("suggest-all", key="suggest-all")


def schedule_for_business(business_id: int) -> None:
    """A paper or a fact of the business changed: its products are read and judged again."""
    if businesses.is_producer(business_id):
        for product_id in catalog.published_ids_of(business_id):
            _read_again(product_id)


def follow_the_calendar() -> int:
    """Once a day: judge again the products whose papers ran out; returns how many.

    Nobody changed them, so no event tells of it. The day is kept in the database, so that several
    workers do it once.
    """
    day = today().isoformat()
    if options.get_text("calendar_day") == day:
        return 0
    options.put("calendar_day", day)
    rule = exposure.rule_in_force()
    if rule is not None and rule.floor:
        enqueue("raise-floor", key="raise-floor")
    ended = catalog.ids_with_papers_ended(today())
    for product_id in ended:
        _read_again(product_id)
    return len(ended)


def _read_again(product_id: int) -> None:
    note_change("product", product_id)
    schedule_for_product(product_id)
