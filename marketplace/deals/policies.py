"""Who may see and do what with deals (domain.md, "who sees": the two parties and the office)."""

from marketplace.catalog.models import Product
from marketplace.catalog.policies import may_edit_product
from marketplace.core.actor import Actor, ActorKind
from marketplace.deals.models import Deal, Order
from marketplace.suggestions.rules import Side


def may_record_deal(actor: Actor) -> bool:
    """The province brokers: it writes down what was said, and what was signed."""
    return actor.is_province_officer or actor.kind is ActorKind.SYSTEM


def may_change_deal(actor: Actor, deal: Deal) -> bool:
    return may_record_deal(actor)


def may_list_deals(actor: Actor) -> bool:
    """An office its area, a business its own."""
    return actor.is_officer or bool(actor.business_ids) or actor.acting_for is not None


def may_see_deal(actor: Actor, deal: Deal) -> bool:
    """The two sides, each supplier of a pool, and the offices of their areas."""
    if side_of(actor, deal) is not None or actor.covers(deal.area_code):
        return True
    return any(actor.covers(product.business.region_code) for product in _products(deal))


def side_of(actor: Actor, deal: Deal) -> Side | None:
    """Which side of the deal this person is on; who is on both answers as producer first."""
    if actor.belongs_to(deal.producer_id) or any(
        actor.belongs_to(product.business_id) for product in _products(deal)
    ):
        return Side.PRODUCER
    return Side.BUYER if actor.belongs_to(deal.buyer_id) else None


def may_order(actor: Actor, deal: Deal) -> bool:
    """The buyer orders; the province writes an order down for them."""
    return actor.belongs_to(deal.buyer_id) or may_record_deal(actor)


def may_deliver(actor: Actor, deal: Deal) -> bool:
    """The producer, for a pool its contact: sends, invoices, says that money came in."""
    return actor.belongs_to(deal.producer_id) or may_record_deal(actor)


def may_weigh_deal(actor: Actor, deal: Deal) -> bool:
    """Capacity, costs and cash are the producer's own matter, and the office's.

    Neither the buyer nor another supplier of a pool learns them.
    """
    if actor.belongs_to(deal.producer_id):
        return True
    return side_of(actor, deal) is None and may_see_deal(actor, deal)


def may_see_order(actor: Actor, order: Order) -> bool:
    return may_see_deal(actor, order.deal)


def may_handle_order(actor: Actor, order: Order) -> bool:
    """One side or the other, each its own steps: the services ask which."""
    return may_order(actor, order.deal) or may_deliver(actor, order.deal)


def may_complain(actor: Actor, deal: Deal) -> bool:
    return side_of(actor, deal) is not None


def may_answer_notices(actor: Actor, deal: Deal) -> bool:
    return may_record_deal(actor)


def may_set_capacity(actor: Actor, product: Product) -> bool:
    """Who may change the product: its producer, and the officer who acts for them."""
    return may_edit_product(actor, product)


def may_see_capacity(actor: Actor, product: Product) -> bool:
    """What is promised of it, month by month: its producer and the offices of its area."""
    return actor.belongs_to(product.business_id) or actor.covers(product.business.region_code)


def _products(deal: Deal) -> list[Product]:
    return [supply.product for item in deal.items for supply in item.supplies]
