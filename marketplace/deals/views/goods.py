"""Goods on their way: the buyer says what came, from a link without an account."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_
from marketplace.deals import documents, policies, queries
from marketplace.deals.documents.letters import deal_behind
from marketplace.deals.forms import TakeForm, is_number
from marketplace.deals.models import Deal
from marketplace.deals.rules.messages import ORDERS_LISTED
from marketplace.deals.services import ordering
from marketplace.deals.services.steps import Evidence
from marketplace.deals.views.blueprint import bp
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import public


def _behind(token: str) -> tuple[Deal, Actor]:
    deal = queries.get_deal(deal_behind(token))
    name = deal.buyer.contact_name or deal.buyer.name
    return deal, Actor(ActorKind.LINK, name=name, link_subject=policies.goods_link(deal.id))


@bp.get("/g/<token>")
@public
def take_by_link(token: str) -> ResponseReturnValue:
    """Shows and changes nothing: chat programs open links by themselves to draw a preview."""
    deal, _actor = _behind(token)
    return _page(deal.id, {}, 200)


@bp.post("/g/<token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    deal, actor = _behind(token)
    sent = request.form.get("order", "")
    deal_id, order_id = deal.id, int(sent) if is_number(sent) else 0
    if not queries.orders_by_ids(deal_id, [order_id]):
        raise NotFound(N_("There is no such order."))
    form = TakeForm(prefix=_prefix(order_id))
    if not form.validate():
        return _page(deal_id, {order_id: form}, 422)
    try:
        with transaction():
            ordering.take(
                actor=actor,
                order_id=order_id,
                accepted=form.accepted.data,
                reason=form.chosen_reason(),
                evidence=Evidence(form.on.data, form.note.data or ""),
            )
    except DomainError as error:
        form.refuse(error)
        return _page(deal_id, {order_id: form}, status_of(error))
    flash(_("Thank you, it is written down."), "success")
    return redirect(url_for(".take_by_link", token=token))


def _prefix(order_id: int) -> str:
    """Several forms stand on one page: their fields need names of their own."""
    return f"order{order_id}-"


def _page(deal_id: int, tried: dict[int, TakeForm], status: int) -> ResponseReturnValue:
    deal = queries.get_deal(deal_id)
    orders = queries.orders_on_the_way(deal_id, ORDERS_LISTED + 1)
    forms = [
        (
            order,
            tried.get(order.id)
            or TakeForm(formdata=None, prefix=_prefix(order.id), data={"accepted": order.quantity}),
        )
        for order in orders[:ORDERS_LISTED]
    ]
    body = render_template(
        "deals/take_by_link.html",
        deal=deal,
        forms=forms,
        # What was answered meanwhile is no longer on the way: its refusal is told on its own.
        refused=[form for number, form in tried.items() if number not in {o.id for o in orders}],
        has_more=len(orders) > ORDERS_LISTED,
        line_name=documents.line_name,
    )
    return body, status
