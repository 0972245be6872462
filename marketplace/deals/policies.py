"""Who may see and do what with deals (domain.md, "who sees": the two parties and the office)."""

from marketplace.catalog.models import Product
from marketplace.catalog.policies import may_edit_product
from marketplace.core.actor import Actor, ActorKind
from marketplace.deals.models import Deal, Order
from marketplace.deals.rules.states import UNSIGNED, Origin
from marketplace.suggestions.rules import Side


def may_record_deal(actor: Actor) -> bool:
    """The province brokers: it writes down what was said, and what was signed."""
    return actor.is_province_officer or actor.kind is ActorKind.SYSTEM


def may_change_deal(actor: Actor, deal: Deal) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return True
    return may_record_deal(actor) and actor.covers(deal.area_code)


def may_list_deals(actor: Actor) -> bool:
    """An office its area, a business its own."""
    return actor.is_officer or bool(actor.business_ids) or actor.acting_for is not None


def is_party(actor: Actor, deal: Deal) -> bool:
    """Whether this person's business takes part and was asked: before a yes no name is shown.

    A draft out of a supply plan is the office's own until it is signed; who joins a pool is asked
    before the signature. `queries.deals.narrowed` says the same of lists.
    """
    return _leads(actor, deal) or _buys(actor, deal) or _supplies(actor, deal)


def may_see_deal(actor: Actor, deal: Deal) -> bool:
    """The two sides, each supplier of a signed pool, and the offices of their areas."""
    if is_party(actor, deal) or actor.covers(deal.area_code):
        return True
    return any(actor.covers(product.business.region_code) for product in _products(deal))


def side_of(actor: Actor, deal: Deal) -> Side | None:
    """Which side of the deal this person is on; who is on both answers as producer first."""
    if _leads(actor, deal) or _supplies(actor, deal):
        return Side.PRODUCER
    return Side.BUYER if _buys(actor, deal) else None


def may_order(actor: Actor, deal: Deal) -> bool:
    """The buyer orders; the province writes an order down for them."""
    return _buys(actor, deal) or may_change_deal(actor, deal)


def goods_link(deal_id: int) -> str:
    """What the link in a text about goods on the way lets its holder answer."""
    return f"deal-goods:{deal_id}"


def may_take(actor: Actor, deal: Deal) -> bool:
    """The buyer says what came, from a link too."""
    if actor.kind is ActorKind.LINK:
        return actor.link_subject == goods_link(deal.id)
    return may_order(actor, deal)


def may_deliver(actor: Actor, deal: Deal) -> bool:
    """The producer, for a pool its contact: sends, invoices, says that money came in."""
    return _leads(actor, deal) or may_change_deal(actor, deal)


def may_weigh_deal(actor: Actor, deal: Deal) -> bool:
    """Capacity, costs and cash are the producer's own matter, and the office's.

    Neither the buyer nor another supplier of a pool learns them.
    """
    if _leads(actor, deal):
        return True
    return not is_party(actor, deal) and may_see_deal(actor, deal)


def may_see_order(actor: Actor, order: Order) -> bool:
    return may_see_deal(actor, order.deal)


def may_handle_order(actor: Actor, order: Order) -> bool:
    """One side or the other, each its own steps: the services ask which."""
    return may_order(actor, order.deal) or may_deliver(actor, order.deal)


def may_complain(actor: Actor, deal: Deal) -> bool:
    return side_of(actor, deal) is not None


def may_answer_notices(actor: Actor, deal: Deal) -> bool:
    return may_change_deal(actor, deal)


def may_set_capacity(actor: Actor, product: Product) -> bool:
    """Who may change the product: its producer, and the officer who acts for them."""
    return may_edit_product(actor, product)


def may_see_capacity(actor: Actor, product: Product) -> bool:
    """What is promised of it, month by month: its producer and the offices of its area."""
    return actor.belongs_to(product.business_id) or actor.covers(product.business.region_code)


def _leads(actor: Actor, deal: Deal) -> bool:
    return _was_asked(deal) and actor.belongs_to(deal.producer_id)


def _buys(actor: Actor, deal: Deal) -> bool:
    return _was_asked(deal) and actor.belongs_to(deal.buyer_id)


def _supplies(actor: Actor, deal: Deal) -> bool:
    return deal.state not in UNSIGNED and any(
        actor.belongs_to(product.business_id) for product in _products(deal)
    )


def _was_asked(deal: Deal) -> bool:
    return deal.state not in UNSIGNED or deal.origin is not Origin.PLAN


def _products(deal: Deal) -> list[Product]:
    return [supply.product for item in deal.items for supply in item.supplies]
