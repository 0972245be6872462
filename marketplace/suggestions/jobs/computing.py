"""The suggestions of a need, of a product, of everything: compute outside, write briefly inside."""

from collections.abc import Mapping
from typing import Any

from marketplace.catalog import queries as catalog
from marketplace.demand import queries as demand
from marketplace.infra import search
from marketplace.infra.jobs import Report
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.services import computing
from marketplace.suggestions.services.world import open_needs


def suggest_for_need(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    """Compute and store the suggestions of one need; repeated, it gives the same rows."""
    need_id = int(args["need_id"])
    found = open_needs([need_id])
    if not found:
        with transaction():
            computing.withdraw_of_need(need_id)
        return {"added": 0}
    need = found[0]
    with search.engine() as engine:
        ranked = [
            item
            for item in engine.rank(need, top=computing.depth()).pairings
            if computing.is_proposable(item)
        ]
        others = computing.pairs_to_keep(ranked, queries.list_of_need(need_id))
        ids = {int(item.offer_id) for item in ranked} | {pair[0] for pair in others}
        offers = {offer.id: offer for offer in catalog.list_offers(sorted(ids))}
        again = [
            engine.judge(offers[str(pair[0])], need) for pair in others if str(pair[0]) in offers
        ]
        triples = [
            (item, offers[item.offer_id], need)
            for item in [*ranked, *computing.still_good(again)]
            if item.offer_id in offers
        ]
        with transaction():
            added = computing.store_pairings(triples, engine, need_id=need_id)
    return {"added": added}


def suggest_for_product(args: Mapping[str, Any], _progress: Report) -> Mapping[str, Any]:
    """Compute and store the suggestions of one product; `floor`: only what the floor raises."""
    product_id = int(args["product_id"])
    found = catalog.list_offers([product_id])
    if not found:
        with transaction():
            computing.withdraw_of_product(product_id)
        return {"added": 0}
    offer = found[0]
    with search.engine() as engine:
        ranking = engine.rank_needs(offer, top=computing.PER_PRODUCT)
        ranked = [item for item in ranking.pairings if computing.is_proposable(item)]
        others = computing.pairs_to_keep(ranked, queries.list_of_product(product_id))
        ids = {int(item.need_id) for item in ranked} | {pair[1] for pair in others}
        needs = {need.id: need for need in open_needs(sorted(ids))}
        again = [
            engine.judge(offer, needs[str(pair[1])]) for pair in others if str(pair[1]) in needs
        ]
        triples = [
            (item, offer, needs[item.need_id])
            for item in [*ranked, *computing.still_good(again)]
            if item.need_id in needs
        ]
        with transaction():
            added = computing.store_pairings(
                triples, engine, product_id=product_id, only_floor=bool(args.get("floor"))
            )
    return {"added": added}


def suggest_all(_args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """The suggestions of every open need, one after the other; repeated, it gives the same rows."""
    needs = demand.open_need_ids()
    added = 0
    for done, need_id in enumerate(needs, 1):
        added += int(suggest_for_need({"need_id": need_id}, progress)["added"])
        if done % 20 == 0 or done == len(needs):
            progress(done, len(needs))
    return {"needs": len(needs), "added": added}
