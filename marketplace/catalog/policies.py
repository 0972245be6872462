"""Who may see and do what with products (domain.md, who sees what)."""

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import Actor, ActorKind


def may_list_own_products(actor: Actor) -> bool:
    """A producer's people, and an officer while acting on behalf of one."""
    return bool(actor.producer_ids) or (actor.is_officer and actor.acting_for is not None)


def may_list_area_products(actor: Actor) -> bool:
    return actor.is_officer or actor.is_admin


def may_manage_products_of(actor: Actor, business: Business) -> bool:
    """One's own producer, or the one an officer acts on behalf of inside their area."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if business.kind is not BusinessKind.PRODUCER:
        return False
    if business.id in actor.producer_ids:
        return True
    helps = actor.is_officer and actor.acting_for == business.id
    return helps and actor.covers(business.region_code)


def may_import_products_of(actor: Actor, business: Business) -> bool:
    """An office also takes in whole files for the producers of its area, in its own name."""
    if may_manage_products_of(actor, business):
        return True
    return actor.is_officer and actor.covers(business.region_code)


def may_edit_product(actor: Actor, product: Product) -> bool:
    return may_manage_products_of(actor, product.business)


def may_see_product(actor: Actor, product: Product) -> bool:
    """What is published is for everybody; the rest for its producer and the office."""
    if product.state is ProductState.PUBLISHED:
        return True
    return may_edit_product(actor, product) or actor.covers(product.business.region_code)


def may_see_trade_details(actor: Actor, product: Product) -> bool:
    """Prices by quantity, capacity, shelf life, kinds of papers: buyers, the owner, the office."""
    if actor.outlet_ids or may_edit_product(actor, product):
        return True
    return actor.covers(product.business.region_code)


def may_filter_by_trade_details(actor: Actor) -> bool:
    """A filter tells what it filters by: only those who may see it of every product may use it."""
    return bool(actor.outlet_ids) or actor.is_province_officer or actor.is_admin


def may_ask_introduction(actor: Actor) -> bool:
    """Outlets do, and an officer in the name of one."""
    return bool(actor.outlet_ids) or actor.acting_kind == BusinessKind.OUTLET
