"""Who looks after double entries: the office in whose area both lie, else the province."""

from marketplace.businesses import policies as businesses
from marketplace.core.actor import Actor
from marketplace.register.models import BusinessMerge, BusinessTwin


def may_list_twins(actor: Actor) -> bool:
    return actor.is_officer


def may_search_all(actor: Actor) -> bool:
    return actor.is_province_officer


def may_judge_twin(actor: Actor, twin: BusinessTwin) -> bool:
    """Compare, join, or say that they are two: the office that answers for both."""
    return businesses.is_of_office(actor, twin.first) and businesses.is_of_office(
        actor, twin.second
    )


def may_undo_merge(actor: Actor, merge: BusinessMerge) -> bool:
    return businesses.is_of_office(actor, merge.survivor) and businesses.is_of_office(
        actor, merge.merged
    )
