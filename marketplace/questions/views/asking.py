"""A buyer asks about a product, a producer about a need; who asked may take it back."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import queries as catalog
from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.demand import queries as demand
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.questions import policies, queries
from marketplace.questions.forms import QuestionForm
from marketplace.questions.services import asking
from marketplace.questions.views.blueprint import bp


@bp.route("/products/<int:product_id>/questions/new", methods=["GET", "POST"])
@allow(policies.may_ask_about_product, catalog.get_published_product)
def ask_about_product(product_id: int) -> ResponseReturnValue:
    def page(form: QuestionForm) -> str:
        product = catalog.get_published_product(product_id)
        return render_template("questions/ask_about_product.html", form=form, product=product)

    def ask(form: QuestionForm) -> None:
        asking.ask_about_product(
            actor=current_actor(),
            product=catalog.get_published_product(product_id),
            asker_id=form.asker_id.data,
            text=form.text.data,
        )

    back = url_for(".list_about_product", product_id=product_id)
    return _ask(BusinessKind.OUTLET, page, ask, back)


@bp.route("/needs/<int:need_id>/questions/new", methods=["GET", "POST"])
@allow(policies.may_ask_about_need, demand.get_need)
def ask_about_need(need_id: int) -> ResponseReturnValue:
    def page(form: QuestionForm) -> str:
        need = demand.get_need(need_id)
        return render_template("questions/ask_about_need.html", form=form, need=need)

    def ask(form: QuestionForm) -> None:
        asking.ask_about_need(
            actor=current_actor(),
            need=demand.get_need(need_id),
            asker_id=form.asker_id.data,
            text=form.text.data,
        )

    back = url_for(".list_about_need", need_id=need_id)
    return _ask(BusinessKind.PRODUCER, page, ask, back)


def _ask(
    kind: BusinessKind,
    page: Callable[[QuestionForm], str],
    ask: Callable[[QuestionForm], None],
    back: str,
) -> ResponseReturnValue:
    askers = _own(kind)
    # One's only business is not asked for; `default` stands for it.
    form = QuestionForm(asker_id=askers[0])
    form.asker_id.choices = [(each, businesses.get_business(each).name) for each in askers]
    if len(askers) == 1:
        form.asker_id.data = askers[0]
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.is_submitted():
        return page(form)
    if not form.validate():
        return page(form), 422
    try:
        with transaction():
            ask(form)
            location = remember_form(form, back)
    except InvalidInput as error:
        form.refuse(error)
        return page(form), 422
    except RuleBroken as error:
        form.refuse(error)
        return page(form), 409
    flash(_("Your question is asked. You get a message when it is answered."), "success")
    return redirect(location)


def _own(kind: BusinessKind) -> list[int]:
    """In whose names this person may ask: their own of a kind, or the one they act for."""
    actor = current_actor()
    if actor.acting_for is not None:
        return [actor.acting_for]
    return sorted(actor.outlet_ids if kind is BusinessKind.OUTLET else actor.producer_ids)


@bp.post("/questions/<int:question_id>/withdraw")
@allow(policies.may_withdraw, queries.get_question)
def withdraw_question(question_id: int) -> ResponseReturnValue:
    with transaction():
        asking.withdraw(actor=current_actor(), question=queries.get_question(question_id))
    flash(_("The question is taken back."), "success")
    return redirect(url_for(".show_question", question_id=question_id))
