"""Branches of a chain."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import policies, queries, services
from marketplace.businesses.forms import BranchForm
from marketplace.businesses.models import Business
from marketplace.businesses.views import bp
from marketplace.core.errors import DomainError
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before


def _business_of(branch_id: int) -> Business:
    return queries.get_branch(branch_id).business


@bp.route("/businesses/<int:business_id>/branches/new", methods=["GET", "POST"])
@allow(policies.may_edit, queries.get_business)
def add_branch(business_id: int) -> ResponseReturnValue:
    business = queries.get_business(business_id)
    form = BranchForm()
    status = 200
    if request.method == "POST":
        if (before := sent_before(form)) is not None:
            return redirect(before)
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.add_branch(
                        actor=current_actor(),
                        business=queries.get_business(business_id),
                        draft=form.draft(),
                    )
                    location = remember_form(
                        form, url_for(".show_business", business_id=business_id)
                    )
                flash(_("The branch was added."))
                return redirect(location)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                business = queries.get_business(business_id)
    body = render_template("businesses/edit_branch.html", form=form, business=business, branch=None)
    return body, status


@bp.route("/branches/<int:branch_id>/edit", methods=["GET", "POST"])
@allow(policies.may_edit, _business_of)
def edit_branch(branch_id: int) -> ResponseReturnValue:
    branch = queries.get_branch(branch_id)
    form = BranchForm(obj=branch)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.change_branch(
                        actor=current_actor(),
                        branch=queries.get_branch(branch_id),
                        draft=form.draft(),
                    )
                flash(_("The branch was saved."))
                return redirect(url_for(".show_business", business_id=branch.business_id))
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
                branch = queries.get_branch(branch_id)
    body = render_template(
        "businesses/edit_branch.html", form=form, business=branch.business, branch=branch
    )
    return body, status


@bp.post("/branches/<int:branch_id>/close")
@allow(policies.may_edit, _business_of)
def close_branch(branch_id: int) -> ResponseReturnValue:
    return _set_open(branch_id, is_open=False, said=_("The branch is closed; its history stays."))


@bp.post("/branches/<int:branch_id>/reopen")
@allow(policies.may_edit, _business_of)
def reopen_branch(branch_id: int) -> ResponseReturnValue:
    return _set_open(branch_id, is_open=True, said=_("The branch is open again."))


def _set_open(branch_id: int, *, is_open: bool, said: str) -> ResponseReturnValue:
    with transaction():
        branch = queries.get_branch(branch_id)
        services.set_branch_open(actor=current_actor(), branch=branch, is_open=is_open)
    flash(said)
    return redirect(url_for(".show_business", business_id=branch.business_id))
