"""Supply plans: choose needs, see who fills them, keep or avoid pairs, make draft deals of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.commodities import rules as commodities
from marketplace.core.errors import DomainError
from marketplace.deals import policies
from marketplace.deals.forms import PlanForm, is_number, pairs_in
from marketplace.deals.services import supplying
from marketplace.deals.services.supplying import Planned, Wishes
from marketplace.deals.views.blueprint import bp
from marketplace.demand import queries as demand
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before


@bp.route("/supply-plan", methods=["GET", "POST"])
@allow(policies.may_record_deal)
def plan_supply() -> ResponseReturnValue:
    """Stateless: the page carries the plan it shows, so that the next one stays near to it."""
    form = _form()
    if request.method == "GET":
        return _page(form, None, 200)
    if "deals" in request.form:
        return _make_deals(form)
    if not form.validate():
        return _page(form, None, 422)
    try:
        planned = supplying.make_plan(
            actor=current_actor(), need_ids=form.chosen(), wishes=_wishes(form)
        )
    except DomainError as error:
        form.refuse(error)
        return _page(form, None, status_of(error))
    return _page(form, planned, 200)


def _make_deals(form: PlanForm) -> ResponseReturnValue:
    if (before := sent_before(form)) is not None:
        return redirect(before)
    try:
        with transaction():
            made = supplying.draft_deals(actor=current_actor(), lots=_volumes("lot"))
            location = remember_form(form, url_for(".list_deals", state="commitment"))
    except DomainError as error:
        form.refuse(error)
        return _page(form, None, status_of(error))
    flash(_("%(count)s draft deals are made. Say their prices and terms.", count=len(made)))
    return redirect(location)


def _form() -> PlanForm:
    """The form with the open needs of the category asked for, and those chosen before."""
    form = PlanForm()
    wanted = demand.NeedFilter(category=request.args.get("category", ""))
    listed = {need.id: need for need in demand.page_of_open_needs(number=1, wanted=wanted).items}
    chosen = [int(number) for number in request.form.getlist("needs") if is_number(number)]
    asked = [int(number) for number in request.args.getlist("need") if is_number(number)]
    extra = demand.needs_by_ids([one for one in (*chosen, *asked) if one not in listed][:100])
    form.needs.choices = [
        (str(need.id), f"{need.title} ({need.business.name})")
        for need in (*listed.values(), *extra.values())
    ]
    if request.method == "GET":
        form.needs.data = [str(number) for number in asked]
    return form


def _wishes(form: PlanForm) -> Wishes:
    marks = pairs_in(request.form, "mark")
    current = _volumes("lot")
    return Wishes(
        pinned={
            pair: current[pair] for pair, mark in marks.items() if mark == "pin" and pair in current
        },
        forbidden=[pair for pair, mark in marks.items() if mark == "forbid"],
        current=current,
        max_suppliers=form.max_suppliers.data,
        whole_only=bool(form.whole_only.data),
    )


def _volumes(prefix: str) -> dict[tuple[int, int], int]:
    return {
        pair: int(value)
        for pair, value in pairs_in(request.form, prefix).items()
        if is_number(value) and 0 < int(value) < 10**9
    }


def _page(form: PlanForm, planned: Planned | None, status: int) -> ResponseReturnValue:
    locale = choose_locale()
    marks = pairs_in(request.form, "mark")
    body = render_template(
        "deals/plan_supply.html",
        form=form,
        planned=planned,
        marks=marks,
        missing=_missing(planned) if planned else {},
        worth=_worth(planned) if planned else {},
        category=request.args.get("category", ""),
        categories=[(code, one.name(locale)) for code, one in commodities.categories().items()],
    )
    return body, status


def _missing(planned: Planned) -> dict[int, tuple[int, str]]:
    """What each need does not get, and why, in words with names for numbers."""
    found: dict[int, tuple[int, str]] = {}
    for one in planned.plan.missing:
        params = dict(one.params)
        product = planned.products.get(_number(params.get("producer")))
        if product is not None:
            params["producer"] = product.business.name
        need = planned.needs.get(_number(params.get("group")))
        if need is not None:
            params["group"] = need.title
        if "need" in params:
            other = planned.needs.get(_number(params["need"]))
            params["need"] = other.title if other else params["need"]
        found[int(one.need)] = (one.volume[0], say(one.sentence, params))
    return found


def _worth(planned: Planned) -> dict[int, float]:
    """Points that one more unit of a product would add to the plan."""
    return {int(one.producer): round(one.worth, 1) for one in planned.plan.worth if one.worth > 0}


def _number(value: object) -> int:
    return int(str(value)) if is_number(value) else -1
