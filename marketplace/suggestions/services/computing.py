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
from marketplace.suggestions import queries, rules
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import SuggestionState
from marketplace.suggestions.services import evidence, introducing

# How many pairings one question may put before the office: more is not read.
PER_NEED = 10
PER_PRODUCT = 20
MANY = 200  # waiting jobs
LIKELY = 0.2  # confidence
# Suggestions not yet decided follow what they are about; decided ones keep what was decided on.
OPEN = frozenset({SuggestionState.PROPOSED, SuggestionState.POSTPONED, SuggestionState.WITHDRAWN})


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


def withdraw_of_product(product_id: int) -> None:
    """What is no longer on offer leaves the queue, and nobody is asked about it any more."""
    found = queries.list_of_product(product_id)
    _withdraw(found)
    introducing.close_for([row.id for row in found])


def withdraw_of_need(need_id: int) -> None:
    found = queries.list_of_need(need_id)
    _withdraw(found)
    introducing.close_for([row.id for row in found])


def _withdraw(found: Iterable[Suggestion]) -> None:
    for suggestion in found:
        if SuggestionState.WITHDRAWN in rules.NEXT_STATES[suggestion.state]:
            if suggestion.state is not SuggestionState.WITHDRAWN:
                audit.record(SYSTEM, "suggestion.withdrawn", suggestion)
            suggestion.state = SuggestionState.WITHDRAWN
            suggestion.postponed_until = None


def store_pairings(
    pairings: Sequence[tuple[Pairing, Offer, Need]],
    engine: Engine,
    *,
    product_id: int | None = None,
    need_id: int | None = None,
) -> int:
    """Write the pairings found for one product or one need; the open ones not found again go.

    Returns how many suggestions are new. Call inside a transaction; nothing is computed in it.
    """
    version = evidence.engine_version(engine.settings)
    if product_id is not None:
        known = {(row.product_id, row.need_id): row for row in queries.list_of_product(product_id)}
    else:
        known = {(row.product_id, row.need_id): row for row in queries.list_of_need(need_id or 0)}
    # What was withdrawn while the engine was thinking is not suggested any more.
    live_products = catalog.live_ids({int(offer.id) for _pairing, offer, _need in pairings})
    live_needs = demand.live_ids({int(need.id) for _pairing, _offer, need in pairings})
    added = 0
    fresh: list[Suggestion] = []
    found: set[tuple[int, int]] = set()
    for pairing, offer, need in pairings:
        key = (int(offer.id), int(need.id))
        if key[0] not in live_products or key[1] not in live_needs:
            continue
        found.add(key)
        row = known.get(key)
        if row is None:
            row = Suggestion(product_id=key[0], need_id=key[1], area_code=offer.region)
            added += 1
        elif row.state not in OPEN:
            continue
        fill(row, pairing, offer, need, engine, version.id)
        if row.state is SuggestionState.WITHDRAWN:
            row.state = SuggestionState.PROPOSED
        session.add(row)
        fresh.append(row)
    session.flush()
    for row in fresh:
        audit.record(SYSTEM, "suggestion.computed", row, score=row.score)
    _withdraw(
        row
        for key, row in known.items()
        if key not in found
        # What people asked for stays before the office even where the engine would not say it.
        and row.requested_by is rules.RequestedBy.ENGINE
    )
    return added


def fill(
    row: Suggestion,
    pairing: Pairing,
    offer: Offer,
    need: Need,
    engine: Engine,
    version_id: int,
) -> None:
    """Put the engine's verdict and what it was computed from into the row."""
    row.area_code = offer.region
    row.is_eligible = pairing.eligible
    row.is_legally_blocked = any(verdict.legal and verdict.blocks for verdict in pairing.verdicts)
    row.score = pairing.score
    row.confidence = pairing.confidence
    row.volume_per_month = pairing.volume_per_month
    row.money_per_month = pairing.money_per_month
    row.lines_passing = pairing.lines_passing
    row.lines_total = len(need.lines)
    row.evidence = pairing.as_dict()
    row.inputs = evidence.pack_inputs(offer, need, engine.world)
    row.engine_version_id = version_id
    row.computed_at = now()


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
    kemplang also wants to see the kemplang it did not name. On the demonstration market goods of
    the same category above `LIKELY` were the right kind in 120 of 124 pairs.
    """
    same_category = any(
        point.code == "fit_category" and point.points > 0 for point in pairing.points
    )
    return pairing.matched or (same_category and pairing.confidence >= LIKELY)


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
    ended = catalog.ids_with_papers_ended(today())
    for product_id in ended:
        _read_again(product_id)
    return len(ended)


def _read_again(product_id: int) -> None:
    note_change("product", product_id)
    schedule_for_product(product_id)
