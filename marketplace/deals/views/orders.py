"""Orders of a deal: ordering, each step, invoices, payments, reports of consignment."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.clock import today
from marketplace.core.errors import DomainError, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.deals import documents, policies, queries
from marketplace.deals.documents import papers
from marketplace.deals.forms import AcceptForm, OrderForm, PayForm, SalesForm, StepForm
from marketplace.deals.models import Deal
from marketplace.deals.rules.months import month_of
from marketplace.deals.rules.orders import OrderState
from marketplace.deals.rules.papers import PAPER_NAMES, DealPaper
from marketplace.deals.services import ordering, paying
from marketplace.deals.services.ordering import OrderDraft
from marketplace.deals.views.blueprint import bp, evidence_of, valid_step, whose
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)


@bp.route("/deals/<int:deal_id>/orders/new", methods=["GET", "POST"])
@allow(policies.may_order, queries.get_deal)
def place_order(deal_id: int) -> ResponseReturnValue:
    """Order for one line, or for every line what the deal says for the month."""
    form = _order_form(queries.get_deal(deal_id))
    if request.method == "GET":
        return _order_page(form, deal_id, 200)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    valid = valid_step(form)
    if form.line.data and form.quantity.data is None and not form.quantity.errors:
        form.quantity.errors = [_("Please fill this in.")]
        valid = False
    if not valid:
        return _order_page(form, deal_id, 422)
    try:
        with transaction():
            made = _place(form, deal_id)
            location = remember_form(form, made)
    except DomainError as error:
        form.refuse(error)
        return _order_page(form, deal_id, status_of(error))
    flash(_("The goods are ordered."))
    return redirect(location)


def _place(form: OrderForm, deal_id: int) -> str:
    actor, evidence = current_actor(), evidence_of(form)
    wanted_on = form.wanted_on.data
    if not form.line.data:
        ordering.order_month(
            actor=actor,
            deal_id=deal_id,
            month=month_of(wanted_on),
            wanted_on=wanted_on,
            evidence=evidence,
        )
        return url_for(".show_deal", deal_id=deal_id)
    draft = OrderDraft(int(form.line.data), form.quantity.data, wanted_on)
    made = ordering.order(actor=actor, deal_id=deal_id, draft=draft, evidence=evidence)
    return url_for(".show_order", order_id=made.id)


def _order_form(deal: Deal) -> OrderForm:
    form = OrderForm()
    form.line.choices = [
        ("", say(N_("All lines, as the deal says for the month"))),
        *((str(line.id), documents.line_name(line)) for line in deal.lines),
    ]
    return form


def _order_page(form: OrderForm, deal_id: int, status: int) -> ResponseReturnValue:
    deal = queries.get_deal(deal_id)
    months = queries.promises_of_deal(deal_id, month_of(today()))
    left: dict[Any, tuple[int, int]] = {}
    for row in months:
        promised, ordered = left.get(row.month, (0, 0))
        left[row.month] = (promised + row.promised, ordered + row.ordered)
    body = render_template(
        "deals/place_order.html", form=form, deal=deal, months=sorted(left.items())[:6]
    )
    return body, status


@bp.get("/deals/<int:deal_id>/orders")
@allow(policies.may_see_deal, queries.get_deal)
def list_deal_orders(deal_id: int) -> ResponseReturnValue:
    return render_template(
        "deals/list_deal_orders.html",
        deal=queries.get_deal(deal_id),
        page=queries.page_of_orders(deal_id, page_number()),
        lateness=documents.lateness,
        line_name=documents.line_name,
    )


@bp.get("/orders/<int:order_id>")
@allow(policies.may_see_order, queries.get_order)
def show_order(order_id: int) -> ResponseReturnValue:
    return _page_of(order_id, {}, 200)


def _page_of(order_id: int, tried: dict[str, StepForm], status: int) -> ResponseReturnValue:
    """The order with the form of its next step, or with the form that was refused."""
    actor, order = current_actor(), queries.get_order(order_id)
    forms: dict[str, StepForm] = {}
    buyer, maker = (
        policies.may_order(actor, order.deal),
        policies.may_deliver(actor, order.deal),
    )
    state = order.state
    if maker and state is OrderState.ORDERED:
        forms["send"] = StepForm(formdata=None)
    if buyer and state is OrderState.SENT:
        forms["receive"] = StepForm(formdata=None)
    if buyer and state is OrderState.RECEIVED:
        forms["accept"] = AcceptForm(formdata=None, data={"accepted": order.quantity})
    if buyer and order.is_consignment and state in {OrderState.ACCEPTED, OrderState.INVOICED}:
        forms["report"] = SalesForm(formdata=None)
    if maker and state is OrderState.ACCEPTED and (not order.is_consignment or order.sold):
        forms["invoice"] = StepForm(formdata=None)
    left = order.invoice_amount - order.paid_amount
    if maker and state is OrderState.INVOICED and left:
        forms["pay"] = PayForm(formdata=None, data={"amount": left})
    body = render_template(
        "deals/show_order.html",
        order=order,
        deal=order.deal,
        line_name=documents.line_name(order.line),
        late=documents.lateness(order),
        reports=queries.list_reports(order_id),
        forms=forms | tried,
        papers=[
            (kind.value, say(PAPER_NAMES[kind]))
            for kind in DealPaper
            if papers.is_printable(kind, order)
        ],
        left=left,
        may_complain=policies.may_complain(actor, order.deal),
    )
    return body, status


def _step(
    order_id: int, name: str, form: StepForm, act: Callable[[], object], done: str
) -> ResponseReturnValue:
    """Judge, act, tell: the same for every step of an order."""
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not valid_step(form):
        return _page_of(order_id, {name: form}, 422)
    try:
        with transaction():
            act()
            location = remember_form(form, url_for(".show_order", order_id=order_id))
    except InvalidInput as error:
        form.refuse(error)
        return _page_of(order_id, {name: form}, 422)
    except RuleBroken as error:  # somebody was faster: where the order stands now says what is left
        flash(say(error.msgid, error.params), "warning")
        return _page_of(order_id, {}, status_of(error))
    flash(done)
    return redirect(location)


@bp.post("/orders/<int:order_id>/send")
@allow(policies.may_handle_order, queries.get_order)
def send_order(order_id: int) -> ResponseReturnValue:
    form = StepForm()
    return _step(
        order_id,
        "send",
        form,
        lambda: ordering.send(actor=current_actor(), order_id=order_id, evidence=evidence_of(form)),
        _("The goods are on their way."),
    )


@bp.post("/orders/<int:order_id>/receive")
@allow(policies.may_handle_order, queries.get_order)
def receive_order(order_id: int) -> ResponseReturnValue:
    form = StepForm()
    return _step(
        order_id,
        "receive",
        form,
        lambda: ordering.receive(
            actor=current_actor(), order_id=order_id, evidence=evidence_of(form)
        ),
        _("The goods came in. Check them, then accept or reject."),
    )


@bp.post("/orders/<int:order_id>/accept")
@allow(policies.may_handle_order, queries.get_order)
def accept_order(order_id: int) -> ResponseReturnValue:
    """Take the goods, or none of them: which button was pressed says so."""
    form = AcceptForm()
    refuses = "reject" in request.form

    def act() -> None:
        reason = form.chosen_reason()
        if refuses and reason is None:
            message = N_("Say why nothing was taken.")
            raise InvalidInput(message, fields={"reason": message})
        if refuses and reason is not None:
            ordering.reject(
                actor=current_actor(),
                order_id=order_id,
                reason=reason,
                evidence=evidence_of(form),
            )
            return
        ordering.accept(
            actor=current_actor(),
            order_id=order_id,
            accepted=form.accepted.data,
            reason=reason,
            evidence=evidence_of(form),
        )

    done = _("The goods are rejected.") if refuses else _("The goods are taken.")
    return _step(order_id, "accept", form, act, done)


@bp.post("/orders/<int:order_id>/invoice")
@allow(policies.may_handle_order, queries.get_order)
def invoice_order(order_id: int) -> ResponseReturnValue:
    form = StepForm()
    return _step(
        order_id,
        "invoice",
        form,
        lambda: paying.invoice(
            actor=current_actor(), order_id=order_id, evidence=evidence_of(form)
        ),
        _("The invoice is written down."),
    )


@bp.post("/orders/<int:order_id>/report")
@allow(policies.may_handle_order, queries.get_order)
def report_sales(order_id: int) -> ResponseReturnValue:
    form = SalesForm()
    return _step(
        order_id,
        "report",
        form,
        lambda: paying.report_sales(
            actor=current_actor(),
            order_id=order_id,
            sold=form.sold.data or 0,
            returned=form.returned.data or 0,
            evidence=evidence_of(form),
        ),
        _("The sales are written down."),
    )


@bp.post("/orders/<int:order_id>/pay")
@allow(policies.may_handle_order, queries.get_order)
def pay_order(order_id: int) -> ResponseReturnValue:
    form = PayForm()
    return _step(
        order_id,
        "pay",
        form,
        lambda: paying.pay(
            actor=current_actor(),
            order_id=order_id,
            amount=form.amount.data,
            evidence=evidence_of(form),
        ),
        _("The payment is written down."),
    )


@bp.get("/deals/unpaid")
@allow(policies.may_list_deals)
def list_unpaid() -> ResponseReturnValue:
    """Invoices not paid in full, by how long they are overdue."""
    wanted = whose(current_actor())
    return render_template(
        "deals/list_unpaid.html",
        page=queries.page_of_unpaid(wanted, page_number()),
        sums=queries.sums_by_age(wanted, today()),
        lateness=documents.lateness,
        line_name=documents.line_name,
    )
