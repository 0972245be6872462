"""The capacity calendar of a product; a cut is shown with the deals it breaks before it is kept."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.catalog import queries as catalog
from marketplace.core.clock import today
from marketplace.core.errors import Conflict, DomainError
from marketplace.core.text import N_
from marketplace.deals import policies, queries
from marketplace.deals.forms import CapacityForm, month_in
from marketplace.deals.rules.months import add_months, month_of
from marketplace.deals.services import capacity
from marketplace.deals.services.capacity import MONTHS_SHOWN, Cut, Differing
from marketplace.deals.views.blueprint import bp
from marketplace.infra.errors import status_of
from marketplace.infra.i18n import say
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor


@bp.route("/products/<int:product_id>/capacity", methods=["GET", "POST"])
@allow(policies.may_see_capacity, catalog.get_product)
def show_capacity(product_id: int) -> ResponseReturnValue:
    product = catalog.get_product(product_id)
    base = product.capacity_per_month
    rows = capacity.calendar_months(product_id, base)
    form = CapacityForm(
        data={
            "base": base,
            "months": [
                {
                    "month": row.month.isoformat(),
                    "capacity": row.capacity if row.reason else None,
                    "reason": row.reason,
                }
                for row in rows
            ],
        }
    )
    if request.method == "GET":
        return _page(form, product_id, [], 200)
    if not form.validate():
        return _page(form, product_id, [], 422)
    exceptions = _exceptions(form)
    if exceptions is None:
        return _page(form, product_id, [], 422)
    try:
        with transaction():
            cuts = capacity.set_capacity(
                actor=current_actor(),
                product_id=product_id,
                base=form.base.data,
                exceptions=exceptions,
                accepted=form.accepted() if "despite" in request.form else (),
            )
    except Conflict:
        found = capacity.cuts_of(product_id, form.base.data, exceptions)
        form.seen.data = ",".join(f"{cut.promise_id}:{cut.volume}" for cut in found)
        form.seen.raw_data = None
        return _page(form, product_id, found, 409)
    except DomainError as error:
        form.refuse(error)
        return _page(form, product_id, [], status_of(error))
    if cuts:
        flash(_("The calendar is saved; what it breaks is marked at risk."), "warn")
    else:
        flash(_("The calendar is saved."))
    return redirect(url_for(".show_capacity", product_id=product_id))


def _exceptions(form: CapacityForm) -> dict[date, Differing] | None:
    """Months that differ; None where one lacks its reason or its number."""
    first = month_of(today())
    known = {add_months(first, number) for number in range(MONTHS_SHOWN)}
    found: dict[date, Differing] = {}
    whole = True
    for entry in form.months.entries:
        month, row = month_in(entry.form.month.data), entry.form
        if month not in known or (row.capacity.data is None and not row.reason.data):
            continue
        if row.capacity.data is None:
            row.capacity.errors = [say(N_("Say how much."))]
        elif not row.reason.data:
            row.reason.errors = [say(N_("Say why: a season, a holiday, raw material."))]
        else:
            found[month] = Differing(row.capacity.data, row.reason.data)
            continue
        whole = False
    return found if whole else None


def _page(form: CapacityForm, product_id: int, cuts: list[Cut], status: int) -> ResponseReturnValue:
    product = catalog.get_product(product_id)
    body = render_template(
        "deals/show_capacity.html",
        form=form,
        product=product,
        rows=capacity.calendar_months(product_id, product.capacity_per_month),
        cuts=cuts,
        promises=queries.promises_of_product(product_id, month_of(today()))[:60],
        may_set=policies.may_set_capacity(current_actor(), product),
    )
    return body, status
