"""Take a case, or hand it over: the clock of how long it waits starts anew."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.core.errors import DomainError
from marketplace.core.text import whole_number
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.suggestions import policies, queries
from marketplace.suggestions.forms import OverrideForm, RemarkForm
from marketplace.suggestions.services import holding
from marketplace.suggestions.views.blueprint import bp
from marketplace.suggestions.views.queue import case_page, hand_over_form


def _version() -> int:
    return whole_number(request.form.get("version"), digits=17) or 0


@bp.post("/suggestions/<int:suggestion_id>/take")
@allow(policies.may_hold, queries.get_suggestion)
def take_case(suggestion_id: int) -> ResponseReturnValue:
    with transaction():
        suggestion = queries.get_suggestion(suggestion_id)
        holding.take(actor=current_actor(), suggestion=suggestion, version=_version())
    flash(_("The case is yours now."), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id, _anchor="holder"))


@bp.post("/suggestions/<int:suggestion_id>/hand-over")
@allow(policies.may_hold, queries.get_suggestion)
def hand_case_over(suggestion_id: int) -> ResponseReturnValue:
    form = hand_over_form(queries.get_suggestion(suggestion_id))
    if (before := sent_before(form)) is not None:
        return redirect(before)

    def page(status: int) -> ResponseReturnValue:
        remark, override = RemarkForm(formdata=None), OverrideForm(formdata=None)
        return case_page(suggestion_id, remark, override, status, hand_form=form)

    if not form.validate():
        return page(422)
    office_id, person_id = form.whom()
    try:
        with transaction():
            holder = holding.hand_over(
                actor=current_actor(),
                suggestion=queries.get_suggestion(suggestion_id),
                office_id=office_id,
                person_id=person_id,
                note=form.note.data,
                version=_version(),
            )
            name = holder.person_name or accounts.get_office(holder.office_id).name
            there = url_for(".show_suggestion", suggestion_id=suggestion_id, _anchor="holder")
            location = remember_form(form, there)
    except DomainError as error:
        form.refuse(error)
        return page(status_of(error))
    flash(_("Handed over to %(name)s.", name=name), "success")
    return redirect(location)
