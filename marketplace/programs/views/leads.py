"""Contacts made at stalls: written down on a phone, followed, and what they became."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import services as account_services
from marketplace.businesses.models import Business
from marketplace.businesses.queries import tables
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, DomainError, InvalidInput
from marketplace.core.text import N_, clean_text
from marketplace.demand import queries as demand
from marketplace.infra.downloads import export_response
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
from marketplace.programs.documents.lead_table import lead_table
from marketplace.programs.forms.leads import LeadForm
from marketplace.programs.models import Lead, StallHolder
from marketplace.programs.queries import bazaars
from marketplace.programs.queries import leads as queries
from marketplace.programs.rules.leads import (
    LEAD_STATE_NAMES,
    NEXT_LEAD_STATES,
    LeadState,
    is_overdue,
)
from marketplace.programs.services import leads as services
from marketplace.programs.views.blueprint import bp
from marketplace.programs.views.pages import bazaar_of_file
from marketplace.programs.views.training_base import TOO_MANY


@bp.get("/contacts")
@allow(policies.may_list_leads)
def list_leads() -> ResponseReturnValue:
    """All one may follow: of the area, or of one's own stalls."""
    return render_template(
        "programs/list_leads.html",
        page=queries.page_of_leads(page_number(), **_whose(current_actor())),
        program=None,
        state_names=LEAD_STATE_NAMES,
        is_overdue=is_overdue,
        today=today(),
    )


@bp.get("/contacts.<any(xlsx, csv):format>")
@allow(policies.may_list_leads)
def export_leads(format: str) -> ResponseReturnValue:
    found = queries.list_leads(**_whose(current_actor()))
    return export_response(*lead_table(found, today()), "kontak", format)


@bp.get("/bazaars/<int:bazaar_id>/contacts.<any(xlsx, csv):format>")
@allow(policies.may_see_program, bazaar_of_file)
def export_bazaar_leads(bazaar_id: int, format: str) -> ResponseReturnValue:
    program = bazaars.get_bazaar(bazaar_id)
    found = queries.list_leads(program_id=program.id)
    return export_response(*lead_table(found, today()), f"kontak-{program.id}", format)


def _whose(actor: Actor) -> dict[str, Any]:
    """The contacts a list shows this person: of the office's area, or of their own stalls."""
    if actor.is_officer and actor.acting_for is None:
        return {"actor": actor}
    own = actor.producer_ids | ({actor.acting_for} if actor.acting_for is not None else set())
    return {"business_ids": own}


@bp.get("/bazaars/<int:bazaar_id>/contacts")
@allow(policies.may_see_program, bazaars.get_bazaar)
def list_bazaar_leads(bazaar_id: int) -> ResponseReturnValue:
    program = bazaars.get_bazaar(bazaar_id)
    return render_template(
        "programs/list_leads.html",
        page=queries.page_of_leads(page_number(), program_id=program.id),
        program=program,
        holders=bazaars.holders_of(program.id, only_coming=True),
        state_names=LEAD_STATE_NAMES,
        is_overdue=is_overdue,
        today=today(),
    )


@bp.route("/stalls/<int:holder_id>/contact", methods=["GET", "POST"])
@allow(policies.may_use_stall, bazaars.get_holder)
def add_lead(holder_id: int) -> ResponseReturnValue:
    answer = new_lead(bazaars.get_holder(holder_id), current_actor())
    if request.method == "POST" and not isinstance(answer, tuple):
        flash(_("The contact is noted."), "success")
    return answer


def new_lead(holder: StallHolder, actor: Actor, token: str = "") -> ResponseReturnValue:
    """The form of a new contact, by account or by link; back to an empty one when it is kept."""
    form = LeadForm().for_products(_goods(holder))
    if request.method == "GET":
        return _new_page(holder, form, token)
    if not token and (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return _new_page(holder, form, token, 422)
    # A stall writes one contact after the other, a program hundreds; a hall shares one address, so
    # the link is what counts.
    key = f"contact:{holder.id}"
    if token and account_services.is_held_back(address_key=key):
        form.form_errors.append(say(TOO_MANY))
        return _new_page(holder, form, token, 429)
    try:
        with transaction():
            if token:
                account_services.note_attempt(key)
            services.add_lead(actor=actor, holder_id=holder.id, draft=form.draft())
            if not token:
                remember_form(form, _after(holder, token))
    except DomainError as error:
        form.refuse(error)
        return _new_page(bazaars.get_holder(holder.id), form, token, status_of(error))
    return redirect(_after(holder, token))


def _after(holder: StallHolder, token: str) -> str:
    if token:
        return url_for(".add_lead_by_link", token=token)
    if policies.may_run_stall(current_actor(), holder):
        return url_for(".list_bazaar_leads", bazaar_id=holder.program_id)
    return url_for(".list_leads")


def _new_page(
    holder: StallHolder, form: LeadForm, token: str, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "programs/add_lead.html",
        layout="_layout/plain.html" if token else "_layout/base.html",
        holder=holder,
        program=holder.program,
        form=form,
        token=token,
    )
    return page, status


def _goods(holder: StallHolder) -> list[Product]:
    if holder.business_id is None:
        return []
    return list(catalog.list_published_of([holder.business_id]))


@bp.route("/contacts/<int:lead_id>", methods=["GET", "POST"])
@allow(policies.may_see_lead, queries.get_lead)
def show_lead(lead_id: int) -> ResponseReturnValue:
    """What was said, the next step, and where it can lead."""
    lead = queries.get_lead(lead_id)
    if request.method == "GET":
        return _lead_page(lead, LeadForm.of(lead))
    form = LeadForm().for_products(_goods(lead.holder))
    if not form.validate():
        return _lead_page(lead, form, 422)
    try:
        with transaction():
            services.change_lead(
                actor=current_actor(),
                lead_id=lead_id,
                draft=form.draft(),
                version=form.seen_version(),
            )
    except InvalidInput as error:
        form.refuse(error)
        return _lead_page(queries.get_lead(lead_id), form, 422)
    except Conflict as error:
        form.refuse(error)
        present = queries.get_lead(lead_id)
        form.version.data, form.version.raw_data = str(present.version), None
        return _lead_page(present, form, 409)
    flash(_("The changes are saved."), "success")
    return redirect(url_for(".show_lead", lead_id=lead_id))


def _lead_page(lead: Lead, form: LeadForm, status: int = 200) -> ResponseReturnValue:
    goods = _goods(lead.holder)
    if lead.product is not None and lead.product_id not in {product.id for product in goods}:
        goods.append(lead.product)
    outlet = _outlet_of(lead)
    page = render_template(
        "programs/show_lead.html",
        lead=lead,
        outlet=outlet,
        needs=demand.list_open_of([outlet.id]) if outlet is not None else (),
        program=lead.program,
        holder=lead.holder,
        form=form.for_products(goods),
        steps=[state for state in LeadState if state in NEXT_LEAD_STATES[lead.state]],
        state_names=LEAD_STATE_NAMES,
        overdue=is_overdue(lead.state, lead.due_on, today()),
        may_run=policies.may_run_program(current_actor(), lead.program),
    )
    return page, status


def _outlet_of(lead: Lead) -> Business | None:
    """The one outlet of the register that has this name; outlets belong to the province."""
    if not current_actor().is_province_officer:
        return None
    found = tables.find_named(BusinessKind.OUTLET, [lead.outlet_name]).get(lead.outlet_name, [])
    return found[0] if len(found) == 1 else None


def _chosen_need(lead: Lead) -> int | None:
    """The need it became, among the open ones of its outlet."""
    chosen, outlet = ticked([request.form.get("need", "")]), _outlet_of(lead)
    if not chosen or outlet is None:
        return None
    return next((need.id for need in demand.list_open_of([outlet.id]) if need.id in chosen), None)


@bp.post("/contacts/<int:lead_id>/step")
@allow(policies.may_see_lead, queries.get_lead)
def move_lead(lead_id: int) -> ResponseReturnValue:
    said = request.form.get("state", "")
    if said not in set(LeadState):
        raise InvalidInput(N_("Choose what became of it."))
    need_id = _chosen_need(queries.get_lead(lead_id)) if said == LeadState.NEED else None
    try:
        with transaction():
            services.move_lead(
                actor=current_actor(),
                lead_id=lead_id,
                state=LeadState(said),
                need_id=need_id,
                reason=clean_text(request.form.get("reason", ""))[:400],
            )
    except DomainError as error:
        flash(say(error.msgid, error.params), "warning")
        return redirect(url_for(".show_lead", lead_id=lead_id))
    flash(_("It is noted what became of this contact."), "success")
    return redirect(url_for(".show_lead", lead_id=lead_id))
