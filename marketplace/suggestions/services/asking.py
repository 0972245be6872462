"""Pairings that people ask for: a buyer on a product, a producer on a need, an officer."""

from marketplace.audit import services as audit
from marketplace.catalog import queries as catalog
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.demand import queries as demand
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.matching import Engine, Need, Offer, Pairing
from marketplace.suggestions import policies, queries
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import RequestedBy, SuggestionState
from marketplace.suggestions.services import computing, evidence
from marketplace.suggestions.services.world import open_needs


def judge_pair(engine: Engine, product_id: int, need_id: int) -> tuple[Pairing, Offer, Need]:
    """The engine's verdict on one pair; raises where one of the two is not on offer."""
    offers = catalog.list_offers([product_id])
    needs = open_needs([need_id])
    if not offers:
        raise RuleBroken(N_("This product is not on offer at the moment."))
    if not needs:
        raise RuleBroken(N_("This need is not open at the moment."))
    return engine.judge(offers[0], needs[0]), offers[0], needs[0]


def ask(
    *,
    actor: Actor,
    judged: tuple[Pairing, Offer, Need],
    engine: Engine,
    by: RequestedBy,
    note: str = "",
) -> Suggestion:
    """Put a pairing before the office in somebody's name, with the engine's verdict."""
    pairing, offer, need = judged
    product = catalog.get_product(int(offer.id))
    wanted = demand.get_need(int(need.id))
    if by is RequestedBy.BUYER:
        require(actor.belongs_to(wanted.business_id))
    elif by is RequestedBy.PRODUCER:
        require(actor.belongs_to(product.business_id))
    else:
        require(policies.may_propose(actor, product))
    row = queries.find_pair(product.id, wanted.id)
    if row is None:
        row = Suggestion(product_id=product.id, need_id=wanted.id, area_code=offer.region)
    elif row.state in {SuggestionState.ACCEPTED, SuggestionState.REJECTED}:
        raise RuleBroken(N_("The office has already decided on this pairing."))
    version = evidence.engine_version(engine.settings, engine.world.rules)
    computing.fill(row, pairing, offer, need, engine, version.id)
    session.add(row)
    row.state = SuggestionState.PROPOSED
    row.postponed_until = None
    row.exposure = None  # asked for: neither cap nor floor brought it here
    if row.requested_by in {None, RequestedBy.ENGINE}:
        row.requested_by = by
        row.requested_by_id = actor.person_id
        row.requested_at = now()
        row.request_note = note
    session.flush()
    audit.record(actor, "suggestion.asked_for", row, by=by.value)
    return row
