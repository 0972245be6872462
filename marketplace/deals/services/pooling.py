"""Pooling: several small producers supply one lot under a shared recipe and one contact."""

from collections.abc import Mapping, Sequence

from marketplace.audit import services as audit
from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import InvalidInput, NotFound, RuleBroken
from marketplace.core.text import N_
from marketplace.deals import policies, queries
from marketplace.deals.models import Deal, DealItem, DealSupply
from marketplace.deals.rules.states import DealState
from marketplace.infra.db import session
from marketplace.infra.web import require


def item_of(deal: Deal, item_id: int) -> DealItem:
    found = next((item for item in deal.items if item.id == item_id), None)
    if found is None:
        raise NotFound(N_("There are no such goods in this deal."))
    return found


def candidates_of(item: DealItem) -> Sequence[Product]:
    """Products that are the same goods: same category, unit and content, on offer."""
    return queries.list_same_goods(item.supplies[0].product)


def set_pool(
    *, actor: Actor, deal: Deal, item_id: int, shares: Mapping[int, int], recipe: str
) -> DealItem:
    """Say who supplies an item with which share of a hundred; the deal's producer is the contact.

    The first supplier, whose product the item is named after, stays one of them.
    """
    require(policies.may_change_deal(actor, deal))
    if deal.state is not DealState.COMMITMENT:
        raise RuleBroken(N_("What was signed stays as it is. Cancel it and make a new deal."))
    item = item_of(deal, item_id)
    lead = item.supplies[0]
    wanted = {product_id: share for product_id, share in shares.items() if share}
    _check(item, lead.product_id, wanted, recipe)
    known = {supply.product_id: supply for supply in item.supplies}
    for product_id, supply in known.items():
        if product_id not in wanted:
            item.supplies.remove(supply)
    session.flush()
    for product_id, share in wanted.items():
        if product_id in known:
            known[product_id].share_percent = share
        else:
            product = catalog.get_product(product_id)
            item.supplies.append(DealSupply(product=product, share_percent=share))
    item.recipe = recipe if len(wanted) > 1 else ""
    deal.updated_at = now()
    session.flush()
    audit.record(actor, "deal.pooled", deal, goods=item.title, suppliers=len(wanted))
    return item


def _check(item: DealItem, lead: int, wanted: Mapping[int, int], recipe: str) -> None:
    message = ""
    field = "shares"
    if any(not 1 <= share <= 100 for share in wanted.values()) or sum(wanted.values()) != 100:
        message = N_("The shares of the suppliers must add up to a hundred percent.")
    elif lead not in wanted:
        message = N_("The producer of the deal supplies a part of it.")
    elif len(wanted) > 1 and not recipe:
        field, message = "recipe", N_("Say what all of them make alike: recipe, size, packing.")
    if not message:
        for product_id in wanted.keys() - {supply.product_id for supply in item.supplies}:
            if not _is_alike(item.supplies[0].product, catalog.get_product(product_id)):
                message = N_("Only goods of the same kind, unit and content are pooled.")
    if message:
        raise InvalidInput(N_("Please mend the marked fields."), fields={field: message})


def _is_alike(one: Product, other: Product) -> bool:
    return other.state is ProductState.PUBLISHED and all(
        getattr(one, name) == getattr(other, name)
        for name in ("category_code", "unit", "net_amount", "net_kind")
    )
