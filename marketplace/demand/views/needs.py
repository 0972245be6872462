"""One need: publish, read, change, open, pause, close."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Branch, Business
from marketplace.businesses.rules import BusinessKind
from marketplace.commodities import rules as commodities
from marketplace.commodities.queries import suggest_categories
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.text import LINE_MAX, N_, clean_text, whole_number
from marketplace.demand import policies, queries, rules, services
from marketplace.demand.forms import NeedForm
from marketplace.demand.models import Need
from marketplace.demand.rules import CloseReason, NeedState
from marketplace.demand.views import cards
from marketplace.demand.views.base import bp, link, own_outlets
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, require, sent_before


@bp.route("/needs/new", methods=["GET", "POST"])
@allow(policies.may_have_needs)
def create_need() -> ResponseReturnValue:
    outlets = [businesses.get_business(number) for number in sorted(own_outlets())]
    outlet = _chosen_outlet(outlets)
    if outlet is None:
        return render_template("demand/choose_outlet.html", outlets=outlets)
    branches = queries.open_branches(outlet.id)
    changed = NeedForm.with_rows(request.form, branches)
    if changed is not None:
        return _create_page(changed, outlet, branches)
    form = NeedForm.for_branches(branches, **_prefilled())
    if request.method == "GET":
        return _create_page(form, outlet, branches)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if _offers_categories(form):
        return _create_page(form, outlet, branches)
    if not form.validate():
        return _create_page(form, outlet, branches, 422)
    publish = "draft" not in request.form
    try:
        with transaction():
            need = services.add_need(
                actor=current_actor(),
                business_id=outlet.id,
                draft=form.draft(),
                publish=publish,
                origin=request.args.get("origin", "")[:40],
            )
            location = remember_form(form, _after_saving(need.id, is_open=publish))
    except InvalidInput as error:
        form.refuse(error)
        return _create_page(form, outlet, branches, 422)
    flash(_("The need is published.") if publish else _("The need is kept as a draft."))
    return redirect(location)


@bp.get("/needs/category")
@allow(policies.may_have_needs)
def suggest_category() -> ResponseReturnValue:
    """The choices a name suggests, for a script that asks while the form is being filled in."""
    form = NeedForm(formdata=None)
    form.suggest(suggest_categories(request.args.get("title", "")))
    return render_template("demand/suggest_category.html", form=form)


@bp.get("/needs/<int:need_id>")
@allow(policies.may_see_need, queries.get_need)
def show_need(need_id: int) -> ResponseReturnValue:
    need, actor = queries.get_need(need_id), current_actor()
    return render_template(
        "demand/show_need.html",
        need=need,
        card=cards.card_of(need, actor),
        places=cards.places_of(need, actor),
        facts=cards.facts_of(need, actor),
        may_change=policies.may_change_need(actor, need),
        may_see_buyer=policies.may_see_buyer(actor, need),
        close_reasons=[(r.value, say(rules.CLOSE_REASON_NAMES[r])) for r in CloseReason],
        matches_url=link("suggestions.show_need_matches", need_id=need.id),
        offer_url=link("suggestions.offer_for_need", need_id=need.id)
        if actor.producer_ids or actor.acting_kind == "producer"
        else None,
    )


@bp.route("/needs/<int:need_id>/edit", methods=["GET", "POST"])
@allow(policies.may_change_need, queries.get_need)
def edit_need(need_id: int) -> ResponseReturnValue:
    need = queries.get_need(need_id)
    branches = queries.open_branches(need.business_id)
    changed = NeedForm.with_rows(request.form, branches)
    if changed is not None:
        return _edit_page(changed, need, branches)
    if request.method == "GET":
        form = NeedForm.of(services.draft_of(need), need.version, branches)
        return _edit_page(form, need, branches)
    form = NeedForm.for_branches(branches)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if _offers_categories(form):
        return _edit_page(form, need, branches)
    if not form.validate():
        return _edit_page(form, need, branches, 422)
    publish = "publish" in request.form and need.state is NeedState.DRAFT
    try:
        with transaction():
            need = queries.get_need(need_id)
            services.change_need(
                actor=current_actor(), need=need, draft=form.draft(), version=form.seen_version()
            )
            if publish:
                services.open_need(actor=current_actor(), need=need)
            location = remember_form(form, _after_saving(need.id, is_open=publish))
    except InvalidInput as error:
        form.refuse(error)
        return _edit_page(form, queries.get_need(need_id), branches, 422)
    except Conflict as error:
        present_need = queries.get_need(need_id)
        form.form_errors.append(say(error.msgid, error.params))
        # The next press is made knowing of the other change, so it may win.
        form.version.data = str(present_need.version)
        form.version.raw_data = None
        return _edit_page(form, present_need, branches, 409)
    flash(_("The need is published.") if publish else _("The need is saved."))
    return redirect(location)


@bp.post("/needs/<int:need_id>/open")
@allow(policies.may_change_need, queries.get_need)
def open_need(need_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            services.open_need(actor=current_actor(), need=queries.get_need(need_id))
    except InvalidInput as error:
        for msgid in error.fields.values():
            flash(say(msgid, error.params), "error")
        return redirect(url_for(".edit_need", need_id=need_id))
    flash(_("The need is open: producers can see it."))
    return redirect(_after_saving(need_id, is_open=True))


@bp.post("/needs/<int:need_id>/pause")
@allow(policies.may_change_need, queries.get_need)
def pause_need(need_id: int) -> ResponseReturnValue:
    with transaction():
        services.pause_need(actor=current_actor(), need=queries.get_need(need_id))
    flash(_("The need is paused: producers no longer see it."))
    return redirect(url_for(".show_need", need_id=need_id))


@bp.post("/needs/<int:need_id>/close")
@allow(policies.may_change_need, queries.get_need)
def close_need(need_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    if reason not in set(CloseReason):
        raise InvalidInput(N_("Say why the need is closed."))
    with transaction():
        services.close_need(
            actor=current_actor(), need=queries.get_need(need_id), reason=CloseReason(reason)
        )
    flash(_("The need is closed."))
    return redirect(url_for(".show_need", need_id=need_id))


def _offers_categories(form: NeedForm) -> bool:
    """Whether only that was asked for; the form is then filled with what its title suggests."""
    if "suggest" not in request.form:
        return False
    form.keep_choice()
    form.suggest(suggest_categories(form.title.data or ""))
    return True


def _keep_category(form: NeedForm) -> None:
    """Before a refused form is shown again: what was picked stays, else the title suggests."""
    form.keep_choice()
    if not form.category_code.data:
        form.suggest(suggest_categories(form.title.data or ""))


def _create_page(
    form: NeedForm, outlet: Business, branches: list[Branch], status: int = 200
) -> ResponseReturnValue:
    if status != 200:
        _keep_category(form)
    page = render_template("demand/create_need.html", form=form, outlet=outlet)
    return page, status


def _edit_page(
    form: NeedForm, need: Need, branches: list[Branch], status: int = 200
) -> ResponseReturnValue:
    if status != 200:
        _keep_category(form)
    page = render_template("demand/edit_need.html", form=form, need=need)
    return page, status


def _chosen_outlet(outlets: list[Business]) -> Business | None:
    """The outlet named in the address, else the only one there is."""
    asked = request.args.get("business", "")
    if not asked:
        return outlets[0] if len(outlets) == 1 else None
    number = whole_number(asked)
    if number is None:
        raise NotFound(N_("There is no such business."))
    outlet = businesses.get_business(number)
    if outlet.kind is not BusinessKind.OUTLET:
        raise NotFound(N_("There is no such business."))
    require(policies.may_manage_needs_of(current_actor(), outlet))
    return outlet


def _prefilled() -> dict[str, str]:
    """What a link may fill in beforehand: the item, its category and unit, what was said of it."""
    values = {
        "title": clean_text(request.args.get("title", ""))[:LINE_MAX],
        "description": clean_text(request.args.get("about", ""))[:LINE_MAX],
    }
    if request.args.get("unit", "") in commodities.UNITS:
        values["unit"] = request.args["unit"]
    category = request.args.get("category", "")
    if category in commodities.categories():
        values["category_code"] = category
    return values


def _after_saving(need_id: int, *, is_open: bool) -> str:
    """To "who could supply this" once it is open, else back to the need."""
    matches = link("suggestions.show_need_matches", need_id=need_id) if is_open else None
    return matches or url_for(".show_need", need_id=need_id)
