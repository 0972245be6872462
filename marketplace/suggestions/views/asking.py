"""A buyer asks for a product, a producer offers one: both enter the office's queue."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import queries as businesses
from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.core.quantity import Kind, Quantity
from marketplace.demand import queries as demand
from marketplace.demand import services as demand_services
from marketplace.demand.rules import LineDraft, NeedDraft
from marketplace.infra import search
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.suggestions import policies
from marketplace.suggestions.forms import AskForm, OfferForm
from marketplace.suggestions.rules import RequestedBy
from marketplace.suggestions.services import asking
from marketplace.suggestions.views.blueprint import bp


def _own_outlets() -> list[int]:
    actor = current_actor()
    if actor.acting_for is not None:
        return [actor.acting_for] if actor.acting_kind == "outlet" else []
    return sorted(actor.outlet_ids)


def _own_producers() -> list[int]:
    actor = current_actor()
    if actor.acting_for is not None:
        return [actor.acting_for] if actor.acting_kind == "producer" else []
    return sorted(actor.producer_ids)


@bp.route("/products/<int:product_id>/ask", methods=["GET", "POST"])
@allow(policies.may_ask_for, catalog.get_published_product)
def ask_for_product(product_id: int) -> ResponseReturnValue:
    """Ask to be introduced: on an open need, or on a new one made of two fields."""
    product = catalog.get_published_product(product_id)
    outlets = _own_outlets()
    needs = demand.list_open_of(outlets)
    form = AskForm()
    likely = sorted(needs, key=lambda need: need.category_code != product.category_code)
    form.need_id.choices = [(str(need.id), need.title) for need in likely]
    form.outlet_id.choices = [
        (str(number), businesses.get_business(number).name) for number in outlets
    ]
    again = sent_before(form)
    if again is not None:
        return redirect(again)
    if not form.is_submitted():
        return render_template("suggestions/ask_for_product.html", form=form, product=product)
    valid = form.validate()
    if valid and not outlets:
        form.form_errors.append(_("Only outlets can ask for a product."))
    elif valid and not form.need_id.data and not (form.volume.data and form.region.data):
        form.form_errors.append(
            _("Choose one of your needs, or give the volume and the kabupaten/kota.")
        )
    if form.errors or form.form_errors:
        page = render_template("suggestions/ask_for_product.html", form=form, product=product)
        return page, 422
    try:
        with search.engine() as engine, transaction():
            need_id = int(form.need_id.data) if form.need_id.data else _new_need(form, product)
            asking.ask(
                actor=current_actor(),
                judged=asking.judge_pair(engine, product_id, need_id),
                engine=engine,
                by=RequestedBy.BUYER,
                note=form.note.data,
            )
            location = remember_form(form, url_for("catalog.show_product", product_id=product_id))
    except (InvalidInput, RuleBroken) as error:
        form.form_errors.append(say(error.msgid, error.params))
        page = render_template("suggestions/ask_for_product.html", form=form, product=product)
        return page, 422
    flash(
        _("Your wish is with the office. You get a message when the producer is asked."), "success"
    )
    return redirect(location)


def _new_need(form: AskForm, product: Product) -> int:
    """A need made of two fields, in the transaction that asks: the product tells the rest."""
    pack = Quantity(product.net_amount, Kind(product.net_kind)) if product.net_amount else None
    draft = NeedDraft(
        title=product.name,
        category_code=product.category_code or "",
        unit=product.unit,
        pack=pack,
        lines=(LineDraft(form.region.data, form.volume.data),),
    )
    outlets = {str(number): number for number in _own_outlets()}
    chosen = outlets.get(form.outlet_id.data or "") or next(iter(outlets.values()))
    need = demand_services.add_need(
        actor=current_actor(), business_id=chosen, draft=draft, publish=True
    )
    return need.id


@bp.route("/needs/<int:need_id>/offer", methods=["GET", "POST"])
@allow(policies.may_offer_for, demand.get_need)
def offer_for_need(need_id: int) -> ResponseReturnValue:
    """A producer offers one of their published products for an open need."""
    need = demand.get_need(need_id)
    products = catalog.list_published_of(_own_producers())
    form = OfferForm()
    likely = sorted(products, key=lambda product: product.category_code != need.category_code)
    form.product_id.choices = [(str(product.id), product.name) for product in likely]
    again = sent_before(form)
    if again is not None:
        return redirect(again)
    if not form.is_submitted():
        return _offer_page(form, need_id)
    if not form.validate():
        return _offer_page(form, need_id), 422
    try:
        with search.engine() as engine:
            judged = asking.judge_pair(engine, int(form.product_id.data), need.id)
            with transaction():
                asking.ask(
                    actor=current_actor(),
                    judged=judged,
                    engine=engine,
                    by=RequestedBy.PRODUCER,
                    note=form.note.data,
                )
                location = remember_form(form, url_for("demand.show_need", need_id=need_id))
    except RuleBroken as error:
        form.form_errors.append(say(error.msgid, error.params))
        return _offer_page(form, need_id), 422
    flash(_("Your offer is with the office. You get a message when the buyer is asked."), "success")
    return redirect(location)


def _offer_page(form: OfferForm, need_id: int) -> str:
    return render_template(
        "suggestions/offer_for_need.html", form=form, need=demand.get_need(need_id)
    )
