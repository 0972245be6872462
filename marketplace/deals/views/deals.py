"""Deals: lists, one deal, recording, terms, signing, closing."""

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import policies as business_policies
from marketplace.businesses import queries as businesses
from marketplace.businesses import services as business_services
from marketplace.businesses.models import Business
from marketplace.businesses.queries import tables as business_tables
from marketplace.businesses.rules import BusinessKind
from marketplace.catalog import queries as catalog
from marketplace.core.actor import Actor
from marketplace.core.errors import Conflict, DomainError, NotFound, RuleBroken
from marketplace.core.quantity import shown_pack
from marketplace.core.text import LINE_MAX, N_, clean_text, whole_number
from marketplace.deals import documents, policies, queries
from marketplace.deals.documents import overview, papers
from marketplace.deals.forms import (
    CloseForm,
    CommitmentForm,
    CostForm,
    DealForm,
    IntroducedForm,
    SignForm,
)
from marketplace.deals.models import Deal
from marketplace.deals.rules import terms
from marketplace.deals.rules.feasible import COST_PERCENT
from marketplace.deals.rules.states import (
    CLOSED,
    NEXT_STATES,
    ORIGIN_NAMES,
    STATE_NAMES,
    DealState,
    Origin,
)
from marketplace.deals.services import feasible, recording, signing
from marketplace.deals.views.blueprint import asked_for, bp, evidence_of, valid_step
from marketplace.demand.queries import pack_of as pack_of_need
from marketplace.demand.rules import TERMS_NAMES
from marketplace.infra import storage
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.security import sandboxed
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)
from marketplace.programs.queries import bazaars as programs
from marketplace.regions.forms import place_name
from marketplace.regions.rules import ZONE_NAMES, Zone, provinces
from marketplace.suggestions import queries as suggestions
from marketplace.suggestions.models import Introduction
from marketplace.suggestions.rules import Side

ORDERS_SHOWN = 10  # on the page of a deal; all of them have a page of their own


@bp.get("/deals")
@allow(policies.may_list_deals)
def list_deals() -> ResponseReturnValue:
    actor = current_actor()
    wanted = asked_for()
    page = queries.page_of_deals(wanted, page_number())
    return render_template(
        "deals/list_deals.html",
        page=page,
        cards=[documents.card_of(deal) for deal in page.items],
        counts=[
            (state.value, say(STATE_NAMES[state]), count)
            for state, count in queries.count_by_state(wanted).items()
        ],
        wanted=wanted,
        origin=say(ORIGIN_NAMES[wanted.origin]) if wanted.origin else "",
        party=businesses.get_business(wanted.party_id) if wanted.party_id else None,
        may_record=policies.may_record_deal(actor),
    )


@bp.route("/deals/new", methods=["GET", "POST"])
@allow(policies.may_record_deal)
def record_deal() -> ResponseReturnValue:
    """A commitment made at an expo, in a meeting, or directly."""
    form = CommitmentForm(data=_said_at_a_stall()).know(
        programs.earlier_bazaars(current_actor(), limit=60)
    )
    if request.method == "GET":
        return _record_page(form, 200)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    valid = form.validate()
    producer = _named(form, "producer", BusinessKind.PRODUCER)
    buyer = _named(form, "buyer", BusinessKind.OUTLET)
    if not valid or producer is None or buyer is None:
        return _record_page(form, 422)
    try:
        with transaction():
            deal = recording.record_commitment(
                actor=current_actor(),
                producer_id=producer.id,
                buyer_id=buyer.id,
                origin=Origin(form.origin.data),
                commitment=form.commitment(),
                program_id=form.program_id(),
                lead_id=form.lead_id(),
            )
            location = remember_form(form, url_for(".show_deal", deal_id=deal.id))
    except DomainError as error:
        form.refuse(error)
        return _record_page(form, status_of(error))
    flash(_("The commitment is recorded. Say its terms as they become clear."))
    return redirect(location)


def _said_at_a_stall() -> dict[str, str]:
    """What the page of a contact hands over: `?producer=3&program=7&lead=5&buyer=…&title=…`."""
    values = {
        name: clean_text(request.args.get(name, ""))[:LINE_MAX]
        for name in ("title", "buyer", "lead")
    }
    producer = whole_number(request.args.get("producer"))
    program = whole_number(request.args.get("program"))
    if producer is not None:
        business = businesses.get_business(producer)
        if business.kind is BusinessKind.PRODUCER:
            values["producer"] = business.name
    if program is not None:
        values |= {"program": str(program), "origin": Origin.EXPO.value}
    return {name: said for name, said in values.items() if said}


def _may_record_from(actor: Actor, introduction: Introduction) -> bool:
    return policies.may_record_deal(actor) and actor.covers(introduction.suggestion.area_code)


@bp.route("/introductions/<int:introduction_id>/deal", methods=["GET", "POST"])
@allow(_may_record_from, suggestions.get_introduction)
def record_from_introduction(introduction_id: int) -> ResponseReturnValue:
    introduction = suggestions.get_introduction(introduction_id)
    known = queries.find_of_introduction(introduction_id)
    if known is not None:
        return redirect(url_for(".show_deal", deal_id=known.id))
    product, need = introduction.suggestion.product, introduction.suggestion.need
    whole = sum(volume for _line, volume in recording.asked_of(product, need)) or None
    # What it costs delivered is theirs to say; the product's own price stands beside the field.
    form = IntroducedForm(data={"title": product.name, "volume": whole})

    def page(status: int) -> ResponseReturnValue:
        body = render_template(
            "deals/record_from_introduction.html",
            form=form,
            introduction=introduction,
            need_pack=shown_pack(pack_of_need(introduction.suggestion.need)),
        )
        return body, status

    if request.method == "GET":
        return page(200)
    if not form.validate():
        return page(422)
    product_id = product.id
    try:
        with transaction():
            deal = recording.record_from_introduction(
                actor=current_actor(),
                introduction_id=introduction_id,
                commitment=form.commitment(product_id),
            )
    except DomainError as error:
        form.refuse(error)
        introduction = suggestions.get_introduction(introduction_id)
        return page(status_of(error))
    flash(_("The commitment is recorded. Say its terms as they become clear."))
    return redirect(url_for(".show_deal", deal_id=deal.id))


@bp.get("/deals/<int:deal_id>")
@allow(policies.may_see_deal, queries.get_deal)
def show_deal(deal_id: int) -> ResponseReturnValue:
    actor, deal = current_actor(), queries.get_deal(deal_id)
    return render_template(
        "deals/show_deal.html",
        deal=deal,
        card=documents.card_of(deal),
        facts=documents.facts_of(deal),
        rows=documents.line_rows(deal),
        timeline=documents.timeline_of(deal),
        orders=queries.page_of_orders(deal_id, 1, size=ORDERS_SHOWN),
        lateness=documents.lateness,
        line_name=documents.line_name,
        notices=queries.list_notices(deal_id),
        flags=papers.flags_of(deal),
        say=say,
        missing=terms.missing_for_signature(recording.draft_of(deal)),
        closes=[state for state in NEXT_STATES[deal.state] if state in CLOSED],
        may_change=policies.may_change_deal(actor, deal),
        may_order=policies.may_order(actor, deal),
        may_complain=policies.may_complain(actor, deal),
        may_weigh=policies.may_weigh_deal(actor, deal),
        reliability=[
            (deal.producer.name, queries.reliability_of(deal.producer_id, Side.PRODUCER)),
            (deal.buyer.name, queries.reliability_of(deal.buyer_id, Side.BUYER)),
        ],
    )


@bp.route("/deals/<int:deal_id>/edit", methods=["GET", "POST"])
@allow(policies.may_change_deal, queries.get_deal)
def edit_deal(deal_id: int) -> ResponseReturnValue:
    deal = queries.get_deal(deal_id)
    if deal.state is not DealState.COMMITMENT:
        flash(_("What was signed stays as it is. Cancel it and make a new deal."), "error")
        return redirect(url_for(".show_deal", deal_id=deal_id))
    branches = businesses.branches_of(deal.buyer_id, only_open=True)
    know = _knower(deal)
    changed = DealForm.with_rows(request.form)
    if changed is not None:
        return _edit_page(know(changed), deal, 200)
    if request.method == "GET":
        form = DealForm.of(recording.draft_of(deal), deal.version, branches)
        return _edit_page(know(form), deal, 200)
    form = know(DealForm())
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return _edit_page(form, deal, 422)
    try:
        draft = form.draft()
        with transaction():
            recording.change_deal(
                actor=current_actor(),
                deal=queries.get_deal(deal_id),
                draft=draft,
                version=form.seen_version(),
            )
            location = remember_form(form, url_for(".show_deal", deal_id=deal_id))
    except Conflict as error:
        present = queries.get_deal(deal_id)
        form.form_errors.append(say(error.msgid, error.params))
        # The next press is made knowing of the other change, so it may win.
        form.version.data, form.version.raw_data = str(present.version), None
        return _edit_page(form, present, 409)
    except DomainError as error:
        form.refuse(error)
        return _edit_page(form, queries.get_deal(deal_id), status_of(error))
    flash(_("The terms are saved."))
    return redirect(location)


@bp.route("/deals/<int:deal_id>/sign", methods=["GET", "POST"])
@allow(policies.may_change_deal, queries.get_deal)
def sign_deal(deal_id: int) -> ResponseReturnValue:
    deal = queries.get_deal(deal_id)
    form = SignForm(data={"version": str(deal.version)})
    if request.method == "GET":
        return _sign_page(form, deal, 200)
    if not valid_step(form):
        return _sign_page(form, queries.get_deal(deal_id), 422)
    try:
        with transaction():
            signing.sign(
                actor=current_actor(),
                deal_id=deal_id,
                evidence=evidence_of(form),
                version=form.seen_version(),
                capital_reason=form.capital_reason.data or "",
                unit_cost=form.unit_cost.data,
            )
    except DomainError as error:
        form.refuse(error)
        deal = queries.get_deal(deal_id)
        form.version.data, form.version.raw_data = str(deal.version), None
        return _sign_page(form, deal, status_of(error))
    flash(_("The deal is signed; its volumes are promised."), "success")
    return redirect(url_for(".show_deal", deal_id=deal_id))


@bp.route("/deals/<int:deal_id>/close", methods=["GET", "POST"])
@allow(policies.may_change_deal, queries.get_deal)
def close_deal(deal_id: int) -> ResponseReturnValue:
    deal = queries.get_deal(deal_id)
    form = CloseForm(allowed=[state for state in DealState if state in CLOSED])
    allowed = {state.value for state in NEXT_STATES[deal.state] & CLOSED}
    form.then.choices = [one for one in form.then.choices if one[0] in allowed]
    if not allowed:
        if request.method == "POST":
            raise RuleBroken(N_("A deal in this state cannot be changed that way."))
        return redirect(url_for(".show_deal", deal_id=deal_id))

    def page(status: int) -> ResponseReturnValue:
        deal = queries.get_deal(deal_id)
        return render_template("deals/close_deal.html", form=form, deal=deal), status

    if request.method == "GET":
        return page(200)
    if not valid_step(form):
        return page(422)
    try:
        with transaction():
            signing.close(
                actor=current_actor(),
                deal_id=deal_id,
                then=DealState(form.then.data),
                evidence=evidence_of(form),
            )
    except DomainError as error:
        form.refuse(error)
        return page(status_of(error))
    if form.then.data == DealState.WITHDRAWN:
        flash(_("The commitment is withdrawn; it promised nothing, so nothing changes for others."))
    else:
        flash(_("The deal is closed; what of it was not sent is free again."))
    return redirect(url_for(".show_deal", deal_id=deal_id))


@bp.get("/deals/<int:deal_id>/overview")
@allow(policies.may_see_deal, queries.get_deal)
def show_overview(deal_id: int) -> ResponseReturnValue:
    """The whole story of a deal on one page: a map, bars, and the same numbers in tables."""
    deal = queries.get_deal(deal_id)
    areas = overview.areas_of(deal)
    may_weigh = policies.may_weigh_deal(current_actor(), deal)
    return render_template(
        "deals/show_overview.html",
        deal=deal,
        areas=areas,
        map=overview.map_of(deal),
        top=overview.widest(areas),
        # What a producer can make alone is not for everybody.
        months=overview.months_of(deal) if may_weigh else [],
        timeline=documents.timeline_of(deal),
    )


@bp.get("/deals/<int:deal_id>/feasible")
@allow(policies.may_weigh_deal, queries.get_deal)
def show_feasible(deal_id: int) -> ResponseReturnValue:
    """In days until the goods arrive, in cash until the money does; not for the buyer."""
    actor, deal = current_actor(), queries.get_deal(deal_id)
    said = {"unit_cost": deal.unit_cost}
    form = CostForm(formdata=request.args, data=said, meta={"csrf": False})
    cost = form.unit_cost.data if form.validate() else None
    capital = [
        need
        for need in feasible.capital_of(deal, cost)
        if business_policies.may_see_figures(actor, need.business)
    ]
    seen = [
        need.business.id
        for need in capital
        if need.declared is not None and need.business.id not in actor.business_ids
    ]
    if seen:
        with transaction():  # the access log of its own, before anything is shown
            for number in seen:
                business_services.note_figures_seen(
                    actor=actor, business=businesses.get_business(number)
                )
        deal = queries.get_deal(deal_id)
    return render_template(
        "deals/show_feasible.html",
        deal=deal,
        form=form,
        plans=feasible.lines_of(deal),
        ways=feasible.ways_of(deal, cost),
        names=TERMS_NAMES,
        capital=capital,
        line_name=documents.line_name,
        cost_percent=COST_PERCENT,
        selling=(feasible.FILL_DAYS, feasible.SELL_DAYS),
    )


@bp.get("/deals/<int:deal_id>/evidence/<int:file_id>")
@allow(policies.may_see_deal, lambda deal_id, file_id: queries.get_deal(deal_id))
@sandboxed
def show_evidence(deal_id: int, file_id: int) -> ResponseReturnValue:
    found = queries.find_evidence(deal_id, file_id)
    if found is None:
        raise NotFound(N_("There is no such page."))
    return Response(storage.read_file(found), mimetype=found.media_type)


def _named(form: CommitmentForm, field: str, kind: BusinessKind) -> Business | None:
    """The one business of this name; where there is none, or several, the field says so."""
    typed = form[field].data or ""
    found = business_tables.find_named(kind, [typed]).get(typed, []) if typed else []
    if len(found) == 1:
        return found[0]
    if typed:
        words = (
            N_("Several have this name. Write its NIB.") if found else N_("Nobody has this name.")
        )
        form[field].errors = [*form[field].errors, say(words)]
    return None


def _record_page(form: CommitmentForm, status: int) -> ResponseReturnValue:
    body = render_template(
        "deals/record_deal.html",
        form=form,
        producers=business_tables.list_names(BusinessKind.PRODUCER),
        outlets=business_tables.list_names(BusinessKind.OUTLET),
    )
    return body, status


def _knower(deal: Deal) -> Callable[[DealForm], DealForm]:
    """Gives a form the producer's products on offer, those of the deal, and the branches."""
    named = [supply.product for item in deal.items for supply in item.supplies[:1]]
    offered = catalog.list_products_of(deal.producer_id)
    products = {product.id: product for product in (*named, *offered)}
    branches = businesses.branches_of(deal.buyer_id, only_open=True)
    return lambda form: form.know(list(products.values()), branches)


def _edit_page(form: DealForm, deal: Deal, status: int) -> ResponseReturnValue:
    body = render_template(
        "deals/edit_deal.html",
        form=form,
        deal=deal,
        places=[
            *(branch.name for branch in businesses.branches_of(deal.buyer_id, only_open=True)),
            *(say(name) for zone, name in ZONE_NAMES.items() if zone is not Zone.OTHER),
            *(place_name(code) for code in provinces()),
        ],
    )
    return body, status


def _sign_page(form: SignForm, deal: Deal, status: int) -> ResponseReturnValue:
    body = render_template(
        "deals/sign_deal.html",
        form=form,
        deal=deal,
        facts=documents.facts_of(deal),
        rows=documents.line_rows(deal),
        missing=terms.missing_for_signature(recording.draft_of(deal)),
        cost_percent=COST_PERCENT,
    )
    return body, status
