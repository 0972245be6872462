"""Pools: one lot of goods from several producers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.deals import policies, queries
from marketplace.deals.forms import PoolForm
from marketplace.deals.rules.months import add_months, month_of, months_from
from marketplace.deals.services import pooling
from marketplace.deals.views.blueprint import bp
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor


@bp.route("/deals/<int:deal_id>/items/<int:item_id>/pool", methods=["GET", "POST"])
@allow(policies.may_change_deal, lambda deal_id, item_id: queries.get_deal(deal_id))
def edit_pool(deal_id: int, item_id: int) -> ResponseReturnValue:
    """Who supplies the goods: the producer of the deal, and others who make the same."""
    deal = queries.get_deal(deal_id)
    item = pooling.item_of(deal, item_id)
    held = {supply.product_id: supply.share_percent for supply in item.supplies}
    products = [
        *(supply.product for supply in item.supplies),
        *(other for other in pooling.candidates_of(item) if other.id not in held),
    ]
    form = PoolForm(
        data={
            "shares": [{"product": one.id, "share": held.get(one.id)} for one in products],
            "recipe": item.recipe,
        }
    )
    months = (
        months_from(deal.starts_on, deal.months)
        if deal.starts_on and deal.months
        else (add_months(month_of(today()), 1),)
    )

    def page(status: int) -> ResponseReturnValue:
        body = render_template(
            "deals/edit_pool.html",
            form=form,
            deal=deal,
            item=item,
            products={str(one.id): one for one in products},
            free=queries.free_from([one.id for one in products], months),
        )
        return body, status

    if request.method == "GET":
        return page(200)
    if not form.validate():
        return page(422)
    try:
        with transaction():
            pooling.set_pool(
                actor=current_actor(),
                deal=queries.get_deal(deal_id),
                item_id=item_id,
                shares=form.chosen(),
                recipe=form.recipe.data or "",
            )
    except InvalidInput as error:
        form.refuse(error)
        deal = queries.get_deal(deal_id)
        item = pooling.item_of(deal, item_id)
        return page(422)
    flash(_("The suppliers are saved."))
    return redirect(url_for(".show_deal", deal_id=deal_id))
