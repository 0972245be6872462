"""Who takes part: choose from the register, walk-ins, stalls, and into the register later."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.businesses import queries as businesses
from marketplace.businesses.rules import BusinessKind
from marketplace.core.clock import today
from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
    ticked,
)
from marketplace.programs import policies
from marketplace.programs.documents.stall_links import stall_link, stall_message
from marketplace.programs.forms.holders import HolderForm
from marketplace.programs.models import StallHolder
from marketplace.programs.queries import bazaars as queries
from marketplace.programs.queries import choosing
from marketplace.programs.queries.choosing import Order
from marketplace.programs.rules.bazaars import HOLDER_STATE_NAMES
from marketplace.programs.services import holders as services
from marketplace.programs.views.blueprint import bp


@bp.get("/bazaars/<int:bazaar_id>/stalls")
@allow(policies.may_see_program, queries.get_bazaar)
def list_holders(bazaar_id: int) -> ResponseReturnValue:
    return _list_page(bazaar_id)


def _list_page(bazaar_id: int, error: str = "", status: int = 200) -> ResponseReturnValue:
    program = queries.get_bazaar(bazaar_id)
    holders = queries.holders_of(program.id)
    held = {holder.stall_id for holder in holders}
    stalls = queries.stalls_of(program.id)
    page = render_template(
        "programs/list_holders.html",
        program=program,
        holders=holders,
        stalls=stalls,
        free=[stall for stall in stalls if stall.id not in held],
        waiting=[one for one in holders if one.stall_id is None and one.state.value == "comes"],
        state_names=HOLDER_STATE_NAMES,
        error=error,
        sent=request.form,
    )
    return page, status


@bp.get("/bazaars/<int:bazaar_id>/choose")
@allow(policies.may_run_program, queries.get_bazaar)
def choose_holders(bazaar_id: int) -> ResponseReturnValue:
    """Producers of the register, those whose turn it is first."""
    program, actor = queries.get_bazaar(bazaar_id), current_actor()
    text = clean_text(request.args.get("q", ""))[:200]
    said = request.args.get("order", "")
    order = Order(said) if said in set(Order) else Order.TURN
    return render_template(
        "programs/choose_holders.html",
        program=program,
        text=text,
        order=order,
        page=choosing.page_of_candidates(
            program.id,
            page_number(),
            area=actor.scope,
            text=text,
            order=order,
            today=today(),
        ),
        count=queries.count_holders(program.id),
        stalls=len(queries.stalls_of(program.id)),
    )


@bp.post("/bazaars/<int:bazaar_id>/choose")
@allow(policies.may_run_program, queries.get_bazaar)
def add_chosen_holders(bazaar_id: int) -> ResponseReturnValue:
    chosen = ticked(request.form.getlist("business"))
    if not chosen:
        flash(_("Nobody was ticked. Tick at least one producer."), "warning")
        return redirect(url_for(".choose_holders", bazaar_id=bazaar_id))
    with transaction():
        added = services.add_participants(
            actor=current_actor(), program_id=bazaar_id, business_ids=chosen
        )
    flash(ngettext("%(num)d is new on the list.", "%(num)d are new on the list.", added), "success")
    return redirect(url_for(".list_holders", bazaar_id=bazaar_id))


@bp.route("/bazaars/<int:bazaar_id>/walk-in", methods=["GET", "POST"])
@allow(policies.may_run_program, queries.get_bazaar)
def add_walk_in(bazaar_id: int) -> ResponseReturnValue:
    """Somebody in no register yet, who stands there all the same."""
    form = HolderForm()
    if request.method == "GET":
        return _walk_in_page(bazaar_id, form)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return _walk_in_page(bazaar_id, form, 422)
    try:
        with transaction():
            services.add_walk_in(
                actor=current_actor(),
                program_id=bazaar_id,
                draft=form.draft(),
                stall_id=form.chosen_stall(),
            )
            location = remember_form(form, url_for(".list_holders", bazaar_id=bazaar_id))
    except DomainError as error:
        form.refuse(error)
        return _walk_in_page(bazaar_id, form, status_of(error))
    flash(_("%(name)s is on the list.", name=form.name.data), "success")
    return redirect(location)


def _walk_in_page(bazaar_id: int, form: HolderForm, status: int = 200) -> ResponseReturnValue:
    program = queries.get_bazaar(bazaar_id)
    held = {holder.stall_id for holder in queries.holders_of(program.id)}
    form.stall.choices = [("", _("later"))] + [
        (str(stall.id), stall.label)
        for stall in queries.stalls_of(program.id)
        if stall.id not in held
    ]
    return render_template("programs/add_walk_in.html", program=program, form=form), status


@bp.post("/bazaars/<int:bazaar_id>/assign")
@allow(policies.may_run_program, queries.get_bazaar)
def assign_stalls(bazaar_id: int) -> ResponseReturnValue:
    """Fields `stall-<holder>`: the number of a stall, empty for none."""
    wanted: dict[int, int | None] = {}
    for name, value in request.form.items():
        holder = ticked([name.removeprefix("stall-")]) if name.startswith("stall-") else set()
        if holder:
            wanted[holder.pop()] = ticked([value]).pop() if ticked([value]) else None
    try:
        with transaction():
            changed = services.assign_stalls(
                actor=current_actor(), program_id=bazaar_id, wanted=wanted
            )
    except DomainError as error:
        return _list_page(bazaar_id, say(error.msgid, error.params), status_of(error))
    flash(ngettext("%(num)d stall changed.", "%(num)d stalls changed.", changed), "success")
    return redirect(url_for(".list_holders", bazaar_id=bazaar_id))


@bp.post("/bazaars/<int:bazaar_id>/assign-in-order")
@allow(policies.may_run_program, queries.get_bazaar)
def assign_in_order(bazaar_id: int) -> ResponseReturnValue:
    with transaction():
        given = services.assign_in_order(actor=current_actor(), program_id=bazaar_id)
    flash(ngettext("%(num)d stall changed.", "%(num)d stalls changed.", given), "success")
    return redirect(url_for(".list_holders", bazaar_id=bazaar_id))


# --- one stall


@bp.route("/stalls/<int:holder_id>/edit", methods=["GET", "POST"])
@allow(policies.may_run_stall, queries.get_holder)
def edit_holder(holder_id: int) -> ResponseReturnValue:
    """Who stands there; for a walk-in also which entry of the register that is."""
    holder = queries.get_holder(holder_id)
    if request.method == "GET":
        return _holder_page(holder, HolderForm.of(holder))
    form = HolderForm()
    if not form.validate():
        return _holder_page(holder, form, 422)
    try:
        with transaction():
            services.change_holder(
                actor=current_actor(),
                holder_id=holder_id,
                draft=form.draft(),
                version=form.seen_version(),
            )
    except DomainError as error:
        form.refuse(error)
        present = queries.get_holder(holder_id)
        form.version.data, form.version.raw_data = str(present.version), None
        return _holder_page(present, form, status_of(error))
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".list_holders", bazaar_id=holder.program_id))


def _holder_page(holder: StallHolder, form: HolderForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    text = clean_text(request.args.get("q", ""))[:200] or holder.name
    found = (
        businesses.find_businesses(
            1,
            text=text,
            kind=BusinessKind.PRODUCER,
            area=actor.scope,
        ).items[:6]
        if holder.business_id is None
        else ()
    )
    page = render_template(
        "programs/edit_holder.html",
        holder=holder,
        program=holder.program,
        form=form,
        text=text,
        found=found,
        link=stall_link(holder),
        message=stall_message(holder),
        state_names=HOLDER_STATE_NAMES,
    )
    return page, status


@bp.post("/stalls/<int:holder_id>/withdraw")
@allow(policies.may_run_stall, queries.get_holder)
def withdraw_holder(holder_id: int) -> ResponseReturnValue:
    with transaction():
        holder = services.withdraw(actor=current_actor(), holder_id=holder_id)
    flash(_("%(name)s does not come; the stall is free.", name=holder.name), "success")
    return redirect(url_for(".list_holders", bazaar_id=holder.program_id))


@bp.post("/stalls/<int:holder_id>/return")
@allow(policies.may_run_stall, queries.get_holder)
def return_holder(holder_id: int) -> ResponseReturnValue:
    with transaction():
        holder = services.come_back(actor=current_actor(), holder_id=holder_id)
    flash(_("%(name)s takes part again.", name=holder.name), "success")
    return redirect(url_for(".list_holders", bazaar_id=holder.program_id))


@bp.post("/stalls/<int:holder_id>/link")
@allow(policies.may_run_stall, queries.get_holder)
def link_holder(holder_id: int) -> ResponseReturnValue:
    """The walk-in is a producer who stands in the register."""
    chosen = ticked([request.form.get("business", "")])
    with transaction():
        holder = services.link_to(
            actor=current_actor(),
            holder_id=holder_id,
            business_id=chosen.pop() if chosen else 0,
        )
    flash(_("%(name)s is linked; the figures go along.", name=holder.name), "success")
    return redirect(url_for(".list_holders", bazaar_id=holder.program_id))


@bp.post("/stalls/<int:holder_id>/register")
@allow(policies.may_run_stall, queries.get_holder)
def register_holder(holder_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            holder = services.register_walk_in(actor=current_actor(), holder_id=holder_id)
    except DomainError as error:
        flash(say(error.msgid, error.params), "warning")
        return redirect(url_for(".edit_holder", holder_id=holder_id))
    flash(_("%(name)s is in the register now; the figures go along.", name=holder.name), "success")
    return redirect(url_for(".list_holders", bazaar_id=holder.program_id))


@bp.post("/stalls/<int:holder_id>/new-link")
@allow(policies.may_run_stall, queries.get_holder)
def renew_holder_link(holder_id: int) -> ResponseReturnValue:
    with transaction():
        holder = services.renew_link(actor=current_actor(), holder_id=holder_id)
    flash(_("Links and codes given out before no longer work."), "success")
    return redirect(url_for(".edit_holder", holder_id=holder.id))
