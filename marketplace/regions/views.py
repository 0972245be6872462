"""Freight legs: what was entered, and what is only estimated."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.text import clean_text
from marketplace.infra.downloads import export_response
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import (
    allow,
    current_actor,
    page_number,
    remember_form,
    sent_before,
)
from marketplace.regions import documents, policies, queries, rules, services
from marketplace.regions.forms import FreightFilterForm, FreightLegForm, place_name

bp = Blueprint("regions", __name__)


@bp.get("/freight")
@allow(policies.may_see_legs)
def list_freight_legs() -> ResponseReturnValue:
    """Legs entered; with two kabupaten/kota asked for, also the leg that counts between them."""
    actor = current_actor()
    form = FreightFilterForm(request.args, meta={"csrf": False})
    understood = form.validate()
    origin = (form.origin.data if understood else "") or ""
    destination = (form.destination.data if understood else "") or ""
    pair = origin in rules.regencies() and destination in rules.regencies()
    return render_template(
        "regions/list_freight_legs.html",
        form=form,
        page=queries.page_of_legs(page_number(), origin, destination),
        asked=queries.find_leg(origin, destination) if pair else None,
        origin=origin,
        destination=destination,
        may_add=policies.may_add_leg(actor),
        may_change=lambda leg: policies.may_change_leg(actor, leg),
    )


@bp.get("/freight.<any(xlsx, csv):ending>")
@allow(policies.may_see_legs)
def export_freight_legs(ending: str) -> ResponseReturnValue:
    """The tariffs entered, under the filters of the page."""
    form = FreightFilterForm(request.args, meta={"csrf": False})
    understood = form.validate()
    found = queries.list_legs(
        (form.origin.data if understood else "") or "",
        (form.destination.data if understood else "") or "",
    )
    return export_response(*documents.legs_table(found, place_name), "ongkos-kirim", ending)


@bp.route("/freight/new", methods=["GET", "POST"])
@allow(policies.may_add_leg)
def enter_freight_leg() -> ResponseReturnValue:
    """Note what a leg costs; the estimate shown beside it is what counted until now."""
    actor = current_actor()
    form = FreightLegForm()
    status = 200
    if request.method == "GET":
        form.origin.preset(clean_text(request.args.get("origin", ""))[:20] or _own_area())
        form.destination.preset(clean_text(request.args.get("destination", ""))[:20])
    else:
        if (before := sent_before(form)) is not None:
            return redirect(before)
        status = 422
        if form.validate():
            if not policies.may_enter_leg(actor, form.origin.data):
                form.origin.errors = [
                    *form.origin.errors,
                    _("Your office enters legs that start in its own area."),
                ]
                return render_template("regions/enter_freight_leg.html", form=form, leg=None), 403
            try:
                with transaction():
                    services.enter_leg(actor=actor, draft=form.draft())
                    location = remember_form(form, url_for(".list_freight_legs"))
                flash(_("The tariff was kept. It counts from the next search on."))
                return redirect(location)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
    return render_template("regions/enter_freight_leg.html", form=form, leg=None), status


def _own_area() -> str:
    return current_actor().area if current_actor().is_regency_officer else ""


@bp.route("/freight/<int:leg_id>", methods=["GET", "POST"])
@allow(policies.may_change_leg, queries.get_leg)
def change_freight_leg(leg_id: int) -> ResponseReturnValue:
    leg = queries.get_leg(leg_id)
    form = FreightLegForm(obj=leg)
    # The places of a leg stay; what is sent for them is not read.
    form.origin.validators, form.destination.validators = [], []
    status = 200
    if request.method == "POST":
        status = 422
        form.origin.fix(leg.origin)
        form.destination.fix(leg.destination)
        if form.validate():
            try:
                with transaction():
                    services.change_leg(
                        actor=current_actor(),
                        leg=queries.get_leg(leg_id),
                        draft=form.draft(),
                        version=form.seen_version(),
                    )
                flash(_("The tariff was changed. It counts from the next search on."))
                return redirect(url_for(".list_freight_legs"))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                leg = queries.get_leg(leg_id)
                form.version.data = str(leg.version)
    return render_template("regions/enter_freight_leg.html", form=form, leg=leg), status


@bp.post("/freight/<int:leg_id>/remove")
@allow(policies.may_change_leg, queries.get_leg)
def remove_freight_leg(leg_id: int) -> ResponseReturnValue:
    with transaction():
        services.remove_leg(actor=current_actor(), leg=queries.get_leg(leg_id))
    flash(_("The tariff was removed; the estimate counts again."))
    return redirect(url_for(".list_freight_legs"))
