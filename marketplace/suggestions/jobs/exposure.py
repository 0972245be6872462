"""Raise who is below the floor, and try a cap and floor out before they are set."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from marketplace.core.clock import today
from marketplace.demand import queries as demand
from marketplace.infra import search, storage
from marketplace.infra.jobs import Report
from marketplace.infra.transaction import transaction
from marketplace.matching.exposure import Chance
from marketplace.suggestions import rules
from marketplace.suggestions.jobs.computing import suggest_for_product
from marketplace.suggestions.queries import exposure as queries
from marketplace.suggestions.rules import ExposureDraft, ExposurePeriod
from marketplace.suggestions.services import computing, trying
from marketplace.suggestions.services.world import open_needs

_MANY = 20  # needs between two words about how far it is


def raise_floor(_args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """The best fitting pairs of every producer below the floor; repeated, it adds nothing."""
    rule = queries.rule_in_force()
    if rule is None or not rule.floor:
        return {"producers": 0, "added": 0}
    period, floor = rules.period_of(today(), rule.period), rule.floor
    starved = queries.starved_product_ids(period, floor)
    total = 0
    for done, product_ids in enumerate(starved.values(), 1):
        added = 0
        for product_id in product_ids:
            if added >= floor:
                break
            args = {"product_id": product_id, "floor": True}
            added += int(suggest_for_product(args, progress)["added"])
        total += added
        if done % _MANY == 0 or done == len(starved):
            progress(done, len(starved))
    return {"producers": len(starved), "added": total}


def preview_exposure(args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """What a cap and a floor would change if every open need were computed afresh."""
    draft = ExposureDraft(
        ExposurePeriod(args["period"]), args["cap"], int(args["floor"]), int(args["min_percent"])
    )
    outcome = trying.compare(draft, list(_chances(progress)))
    with transaction():
        stored = storage.put_file(
            json.dumps(outcome).encode(),
            kind="result",
            media_type="application/json",
            owner_id=args["owner_id"],
            kept=True,
        )
        token = stored.token
    return {"file": token}


def _chances(progress: Report) -> Iterator[Chance]:
    """Every pair of every open need that the engine would propose, as deep as others move up."""
    need_ids = demand.open_need_ids()
    for done, need_id in enumerate(need_ids, 1):
        found = open_needs([need_id])
        with search.engine() as engine:
            pairings = [
                pairing
                for need in found
                for pairing in engine.rank(need, top=computing.DEPTH).pairings
                if computing.is_proposable(pairing)
            ]
        producers = queries.producers_of({int(pairing.offer_id) for pairing in pairings})
        yield from (
            Chance(
                pair=f"{int(pairing.offer_id):012}-{need_id:012}",
                producer=str(producers[int(pairing.offer_id)]),
                need=str(need_id),
                score=pairing.score,
                confidence=pairing.confidence,
            )
            for pairing in pairings
            if int(pairing.offer_id) in producers
        )
        if done % _MANY == 0 or done == len(need_ids):
            progress(done, len(need_ids))
