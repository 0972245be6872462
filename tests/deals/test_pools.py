"""Several small producers supply one lot."""

from dataclasses import dataclass

import pytest

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.deals import queries
from marketplace.deals.models import CapacityMonth, Deal
from marketplace.deals.rules.months import month_of
from marketplace.deals.services import ordering, pooling
from marketplace.deals.services.ordering import OrderDraft
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.conftest import SignIn
from tests.deals.conftest import Trade, evidence, record, sign, terms_of
from tests.factories import make_person, make_producer, make_product


@dataclass
class Pool:
    deal: Deal
    item_id: int
    second: Product
    third: Product


@pytest.fixture
def pool(trade: Trade) -> Pool:
    """150 a month are asked, 100 can be made; two others make the same."""
    second = make_product(make_producer(name="Kemplang Kedua"), capacity_per_month=40)
    third = make_product(make_producer(name="Kemplang Ketiga"), capacity_per_month=40)
    deal = record(trade, terms_of(trade, 150, starts_on=month_of(today()), months=2))
    return Pool(deal, queries.get_deal(deal.id).items[0].id, second, third)


def maker_of(product: Product) -> Business:
    return session.get_one(Business, product.business_id)


def share(
    trade: Trade, pool: Pool, shares: dict[int, int], recipe: str = "250 g, ikan 40%"
) -> None:
    with transaction():
        pooling.set_pool(
            actor=trade.office,
            deal=queries.get_deal(pool.deal.id),
            item_id=pool.item_id,
            shares=shares,
            recipe=recipe,
        )


def promised() -> dict[int, set[int]]:
    session.rollback()
    found: dict[int, set[int]] = {}
    for row in session.query(CapacityMonth):
        found.setdefault(row.product_id, set()).add(row.promised)
    return found


def test_a_pool_carries_what_one_producer_cannot(trade: Trade, pool: Pool) -> None:
    with pytest.raises(RuleBroken):
        sign(trade, pool.deal)
    share(trade, pool, {trade.product.id: 60, pool.second.id: 20, pool.third.id: 20})
    sign(trade, pool.deal)
    assert promised() == {trade.product.id: {90}, pool.second.id: {30}, pool.third.id: {30}}


def test_one_supplier_without_room_keeps_the_whole_pool_from_signing(
    trade: Trade, pool: Pool
) -> None:
    share(trade, pool, {trade.product.id: 60, pool.second.id: 40})
    with pytest.raises(RuleBroken) as refused:
        sign(trade, pool.deal)
    assert refused.value.params["product"] == pool.second.name
    assert not any(promised().values())


def test_an_order_is_split_by_what_each_still_promises(trade: Trade, pool: Pool) -> None:
    share(trade, pool, {trade.product.id: 60, pool.second.id: 20, pool.third.id: 20})
    deal = sign(trade, pool.deal)
    line = queries.get_deal(deal.id).lines[0].id
    parts: dict[int, int] = {}
    for quantity in (1, 7, 50, 92):
        with transaction():
            order = ordering.order(
                actor=trade.office,
                deal_id=deal.id,
                draft=OrderDraft(line, quantity, today()),
                evidence=evidence(),
            )
        supplies = queries.get_order(order.id).supplies
        assert sum(supply.quantity for supply in supplies) == quantity
        for supply in supplies:
            parts[supply.product_id] = parts.get(supply.product_id, 0) + supply.quantity
    assert parts == {trade.product.id: 90, pool.second.id: 30, pool.third.id: 30}


@pytest.mark.parametrize(
    ("shares", "recipe", "field"),
    [
        ((60, 39), "Resep", "shares"),
        ((0, 100), "Resep", "shares"),
        ((60, 40), "", "recipe"),
    ],
)
def test_shares_that_do_not_add_up_or_lack_a_recipe_are_refused(
    trade: Trade, pool: Pool, shares: tuple[int, int], recipe: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        share(trade, pool, {trade.product.id: shares[0], pool.second.id: shares[1]}, recipe)
    assert set(refused.value.fields) == {field}
    assert len(queries.get_deal(pool.deal.id).items[0].supplies) == 1


def test_other_goods_are_not_pooled(trade: Trade, pool: Pool) -> None:
    other = make_product(net_amount=500)
    with pytest.raises(InvalidInput):
        share(trade, pool, {trade.product.id: 60, other.id: 40})


def test_the_office_shares_a_lot_on_a_page_and_each_supplier_sees_what_was_signed(
    trade: Trade, pool: Pool, signed_in: SignIn
) -> None:
    office = signed_in(trade.officer)
    url = f"/deals/{pool.deal.id}/items/{pool.item_id}/pool"
    assert "Kemplang Kedua" in office.text(url)
    form = {
        "shares-0-product": str(trade.product.id),
        "shares-0-share": "60",
        "shares-1-product": str(pool.second.id),
        "shares-1-share": "20",
        "recipe": "250 g, ikan 40%",
    }
    # A digit, but no number of a product.
    assert office.post(url, data={**form, "shares-1-product": "²"}).status_code == 422
    refused = office.post(url, data=form)
    assert refused.status_code == 422
    assert "seratus persen" in refused.text
    assert office.post(url, data={**form, "shares-1-share": "40"}).status_code == 302
    supplier = make_person("producer", works_for=maker_of(pool.second))
    outsider = make_person("producer", works_for=maker_of(pool.third))
    # Nobody asked the suppliers yet: they learn neither the deal nor the buyer.
    joining = signed_in(supplier)
    assert joining.get(f"/deals/{pool.deal.id}").status_code == 404
    assert pool.deal.title not in joining.text("/deals")
    with transaction():
        session.get_one(Product, pool.second.id).capacity_per_month = 60
    sign(trade, pool.deal)
    assert pool.deal.title in joining.text("/deals")
    assert "Kemplang Kedua 40%" in signed_in(supplier).text(f"/deals/{pool.deal.id}")
    assert signed_in(outsider).get(f"/deals/{pool.deal.id}").status_code == 404
