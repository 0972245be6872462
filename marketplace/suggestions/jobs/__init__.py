"""Background work of the room: compute outside, write briefly inside."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.catalog import queries as catalog
from marketplace.core.clock import now
from marketplace.demand import queries as demand
from marketplace.infra import search, storage
from marketplace.infra.jobs import Report
from marketplace.infra.transaction import transaction
from marketplace.suggestions import queries
from marketplace.suggestions.services import computing, introducing, listing
from marketplace.suggestions.services.world import open_needs

_CLOCK_EVERY = timedelta(minutes=1)
_last_clock = [now() - _CLOCK_EVERY]


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
            for item in engine.rank(need, top=computing.PER_NEED).pairings
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
    """Compute and store the suggestions of one product."""
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
            added = computing.store_pairings(triples, engine, product_id=product_id)
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


def match_list(args: Mapping[str, Any], progress: Report) -> Mapping[str, Any]:
    """Match an uploaded list; the result is a file of its own."""
    upload = storage.get_file(str(args["file"]))
    names = json.loads(storage.read_file(upload))
    rows = listing.match_names(names, progress)
    with transaction():
        result = storage.put_file(
            json.dumps(rows, ensure_ascii=False).encode(),
            kind="result",
            media_type="application/json",
            owner_id=upload.owner_id,
            kept=True,
        )
        token = result.token
    return {"file": token, "names": len(names), "matched": sum(row["matched"] for row in rows)}


def keep_clocks() -> None:
    """Once a minute: postponed suggestions whose day has come, introductions out of time."""
    if now() - _last_clock[0] < _CLOCK_EVERY:
        return
    _last_clock[0] = now()
    with transaction():
        computing.bring_back_postponed()
        introducing.expire_old()
        computing.follow_the_calendar()
        storage.sweep_unkept()


HANDLERS = {
    "suggest-need": suggest_for_need,
    "suggest-product": suggest_for_product,
    "match-list": match_list,
    "suggest-all": suggest_all,
}
