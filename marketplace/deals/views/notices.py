"""Notices of a deal: what went wrong, and what the office did about it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError
from marketplace.core.text import whole_number
from marketplace.deals import documents, policies, queries
from marketplace.deals.forms import AnswerNoticeForm, NoticeForm
from marketplace.deals.models import Notice, Order
from marketplace.deals.rules.orders import NoticeKind
from marketplace.deals.services import noticing
from marketplace.deals.views.blueprint import bp
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before

ORDERS_OFFERED = 50


@bp.route("/deals/<int:deal_id>/notices/new", methods=["GET", "POST"])
@allow(policies.may_complain, queries.get_deal)
def give_notice(deal_id: int) -> ResponseReturnValue:
    asked = {"order": request.args.get("order", "")} if request.method == "GET" else {}
    form = NoticeForm(
        orders=[(str(one.id), documents.order_name(one)) for one in _orders_offered(deal_id)],
        data=asked,
    )

    def page(status: int) -> ResponseReturnValue:
        deal = queries.get_deal(deal_id)
        return render_template("deals/give_notice.html", form=form, deal=deal), status

    if request.method == "GET":
        return page(200)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return page(422)
    try:
        with transaction():
            noticing.give_notice(
                actor=current_actor(),
                deal=queries.get_deal(deal_id),
                kind=NoticeKind(form.kind.data),
                text=form.text.data,
                order_id=form.chosen_order(),
            )
            location = remember_form(form, url_for(".show_deal", deal_id=deal_id))
    except DomainError as error:
        form.refuse(error)
        return page(status_of(error))
    flash(_("The office was told. It will answer here."))
    return redirect(location)


def _orders_offered(deal_id: int) -> list[Order]:
    """The latest orders, and the one this is about however old it is."""
    recent = list(queries.page_of_orders(deal_id, 1, size=ORDERS_OFFERED).items)
    about = whole_number(request.values.get("order"), digits=17)
    if about is None or about in {one.id for one in recent}:
        return recent
    return [*recent, *queries.orders_by_ids(deal_id, [about])]


def _may_answer(actor: Actor, notice: Notice) -> bool:
    return policies.may_answer_notices(actor, notice.deal)


@bp.route("/deal-notices/<int:notice_id>", methods=["GET", "POST"])
@allow(_may_answer, queries.get_notice)
def answer_notice(notice_id: int) -> ResponseReturnValue:
    form, notice = AnswerNoticeForm(), queries.get_notice(notice_id)

    def page(status: int) -> ResponseReturnValue:
        notice = queries.get_notice(notice_id)
        return render_template("deals/answer_notice.html", form=form, notice=notice), status

    if request.method == "GET":
        return page(200)
    if not form.validate():
        return page(422)
    deal_id = notice.deal_id
    try:
        with transaction():
            noticing.answer_notice(
                actor=current_actor(),
                notice=queries.get_notice(notice_id),
                answer=form.answer.data,
            )
    except DomainError as error:
        form.refuse(error)
        return page(status_of(error))
    flash(_("The answer stands on the page of the deal. Texts to both sides wait to be sent."))
    return redirect(url_for(".show_deal", deal_id=deal_id))
