"""Who sees and decides on suggestions and introductions."""

from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.suggestions.models import Introduction, Suggestion
from marketplace.suggestions.rules import Side, SuggestionState


def may_review(actor: Actor) -> bool:
    """Open the queue: every officer, a kabupaten/kota its own area."""
    return actor.is_officer


def may_see_case(actor: Actor, suggestion: Suggestion) -> bool:
    """The case with its evidence and remarks, as the office sees it."""
    return actor.is_officer and actor.covers(suggestion.area_code)


def may_decide(actor: Actor, suggestion: Suggestion) -> bool:
    """The province decides; the kabupaten/kota comments and forwards."""
    return actor.is_province_officer and actor.covers(suggestion.area_code)


def may_override(actor: Actor, suggestion: Suggestion) -> bool:
    """An exclusion may be overridden with a reason, never one that the law sets."""
    return may_decide(actor, suggestion) and not suggestion.is_legally_blocked


def may_set_exposure(actor: Actor) -> bool:
    """Cap and floor move chances between areas: the province answers for all of them."""
    return actor.is_province_officer


def may_remark(actor: Actor, suggestion: Suggestion) -> bool:
    return may_see_case(actor, suggestion)


def may_hold(actor: Actor, suggestion: Suggestion) -> bool:
    """Have the case and hand it over: the officers of its area and of its province."""
    return may_see_case(actor, suggestion) and actor.office_id is not None


def may_judge_need(actor: Actor, need: Need) -> bool:
    """See how many producers qualify: the buyer and the office."""
    return actor.is_officer or actor.belongs_to(need.business_id)


def may_weigh_any_candidates(actor: Actor) -> bool:
    return actor.is_province_officer


def may_weigh_candidates(actor: Actor, need: Need) -> bool:
    """See who of the own producers was excluded and why, by name: every province."""
    return actor.is_province_officer


def may_propose(actor: Actor, product: Product) -> bool:
    """Put a product before the own office: what lies in its province."""
    return actor.is_province_officer and actor.covers(product.business.region_code)


def may_judge_product(actor: Actor, product: Product) -> bool:
    """A producer always sees their own readiness."""
    return actor.belongs_to(product.business_id) or (
        actor.is_officer and actor.covers(product.business.region_code)
    )


def may_ask_for(actor: Actor, product: Product) -> bool:
    """A buyer asks to be introduced to the producer of a product."""
    return bool(actor.outlet_ids) or actor.acting_kind == "outlet"


def may_offer_for(actor: Actor, need: Need) -> bool:
    """A producer offers a product for an open need."""
    producer = bool(actor.producer_ids) or actor.acting_kind == "producer"
    return producer and need.state is NeedState.OPEN


def side_of(actor: Actor, suggestion: Suggestion) -> Side | None:
    """Which side of the pairing this person is on; who is on both answers as producer first."""
    if actor.belongs_to(suggestion.product.business_id):
        return Side.PRODUCER
    if actor.belongs_to(suggestion.need.business_id):
        return Side.BUYER
    return None


def may_see_introduction(actor: Actor, introduction: Introduction) -> bool:
    suggestion = introduction.suggestion
    if actor.is_officer and actor.covers(suggestion.area_code):
        return True
    return suggestion.state is SuggestionState.ACCEPTED and side_of(actor, suggestion) is not None


def may_list_own(actor: Actor) -> bool:
    return bool(actor.business_ids) or actor.acting_for is not None


def may_match_list(actor: Actor) -> bool:
    """Outlets match the list of their cash register; officers do it for them."""
    return bool(actor.outlet_ids) or actor.is_officer
