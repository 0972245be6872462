"""Lists of questions: about a product or a need, and what waits for whom."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalog import policies as catalog_policies
from marketplace.catalog import queries as catalog
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.demand import policies as demand_policies
from marketplace.demand import queries as demand
from marketplace.infra.web import allow, current_actor, page_number, public
from marketplace.questions import documents, policies, queries
from marketplace.questions.views.blueprint import bp


@bp.get("/products/<int:product_id>/questions")
@public
def list_about_product(product_id: int) -> ResponseReturnValue:
    """Who may see the product reads what was answered about it."""
    product = catalog.get_product(product_id)
    if not catalog_policies.may_see_product(current_actor(), product):
        raise NotFound(N_("There is no such product."))
    page = queries.page_of_answered(product, number=page_number())
    return render_template(
        "questions/list_about_product.html",
        product=product,
        section=documents.section_of_product(product),
        page=page,
        cards=documents.cards_of(page.items),
        waiting=documents.waiting_about(product),
    )


@bp.get("/needs/<int:need_id>/questions")
@allow(demand_policies.may_see_need, demand.get_need)
def list_about_need(need_id: int) -> ResponseReturnValue:
    need = demand.get_need(need_id)
    page = queries.page_of_answered(need, number=page_number())
    return render_template(
        "questions/list_about_need.html",
        need=need,
        section=documents.section_of_need(need),
        page=page,
        cards=documents.cards_of(page.items),
        waiting=documents.waiting_about(need),
    )


@bp.get("/questions")
@allow(policies.may_list_questions)
def list_questions() -> ResponseReturnValue:
    """What waits for one's answer, what one asked, and for the office all of its area."""
    actor = current_actor()
    own = actor.business_ids | ({actor.acting_for} if actor.acting_for else set())
    lists = [
        *([("area", _("All of the area"))] if actor.is_officer else []),
        *([("received", _("Asked of you")), ("asked", _("Asked by you"))] if own else []),
    ]
    codes = [code for code, _label in lists]
    asked = request.args.get("show", "")
    chosen = asked if asked in codes else codes[0]
    number = page_number()
    if chosen == "area":
        page = queries.page_of_area(actor.scope, number)
    elif chosen == "asked":
        page = queries.page_of_asked(own, number)
    else:
        page = queries.page_to_answer(own, number)
    return render_template(
        "questions/list_questions.html",
        page=page,
        cards=documents.cards_of(page.items),
        lists=lists,
        chosen=chosen,
    )
