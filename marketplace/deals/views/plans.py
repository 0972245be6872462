"""Supply plans: choose needs, see who fills them, keep or avoid pairs, make draft deals of it."""

from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.commodities import rules as commodities
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.text import N_
from marketplace.deals import policies
from marketplace.deals.forms import PlanForm, is_number, pairs_in, volumes_in
from marketplace.deals.rules.plans import Target, Volumes, Wishes
from marketplace.deals.services import drafting, supplying
from marketplace.deals.services.supplying import Planned
from marketplace.deals.views.blueprint import bp
from marketplace.demand import queries as demand
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import choose_locale, say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.regions.forms import place_name


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
        wishes = _wishes(form)
        planned = supplying.make_plan(actor=current_actor(), need_ids=form.chosen(), wishes=wishes)
    except DomainError as error:
        form.refuse(error)
        return _page(form, None, status_of(error))
    form.period.data, form.period.raw_data = form.spell_period(), None
    return _page(form, planned, 200)


def _make_deals(form: PlanForm) -> ResponseReturnValue:
    if (before := sent_before(form)) is not None:
        return redirect(before)
    first = form.period.data.partition("+")[0]
    if first not in dict(form.first.choices):
        form.refuse(InvalidInput(N_("A pair of this plan is no longer on offer. Plan again.")))
        return _page(form, None, 422)
    try:
        with transaction():
            made = drafting.draft_deals(
                actor=current_actor(),
                lots=volumes_in(request.form, "lot"),
                first=date.fromisoformat(first),
            )
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
    """What is asked for; the plan on the page counts where it is of the same months."""
    marks = pairs_in(request.form, "mark")
    current = volumes_in(request.form, "lot") if form.period.data == form.spell_period() else {}
    return replace(
        form.wishes(),
        pinned={
            pair: current[pair] for pair, mark in marks.items() if mark == "pin" and pair in current
        },
        forbidden=[pair for pair, mark in marks.items() if mark == "forbid"],
        current=current,
    )


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
        below={int(one.producer): one.volume for one in planned.plan.below_floor}
        if planned
        else {},
        place_name=place_name,
        category=request.args.get("category", ""),
        categories=[(code, one.name(locale)) for code, one in commodities.categories().items()],
    )
    return body, status


def _missing(planned: Planned) -> dict[Target, tuple[Volumes, str]]:
    """What each target does not get, and why, in words with names for numbers."""
    found: dict[Target, tuple[Volumes, str]] = {}
    for one in planned.plan.missing:
        params = dict(one.params)
        product = planned.products.get(_number(params.get("producer")))
        if product is not None:
            params["producer"] = product.business.name
        target = _target(one.need)
        if "group" in params:
            params["group"] = _group_name(planned, target)
        if "need" in params:
            params["need"] = _name(planned, _target(params["need"]))
        found[target] = (one.volume, say(one.sentence, params))
    return found


def _name(planned: Planned, target: Target) -> str:
    title = planned.needs[target.need].title
    return f"{title}, {place_name(target.area)}" if target.area else title


def _group_name(planned: Planned, target: Target) -> str:
    """Of a chain in a region: the chain; else the need itself."""
    need = planned.needs[target.need]
    return f"{need.business.name}, {place_name(target.area)}" if target.area else need.title


def _worth(planned: Planned) -> dict[int, tuple[float, date]]:
    """Points that one more unit of a product would add, in the month where it adds most."""
    found: dict[int, tuple[float, date]] = {}
    for one in planned.plan.worth:
        month = planned.months[one.month]
        if one.worth > 0:
            best = found.get(int(one.producer), (0.0, month))
            found[int(one.producer)] = max(
                best, (float(one.worth), month), key=lambda each: each[0]
            )
    return found


def _target(number: object) -> Target:
    need, _sign, area = str(number).partition(":")
    return Target(int(need), area)


def _number(value: object) -> int:
    return int(str(value)) if is_number(value) else -1
