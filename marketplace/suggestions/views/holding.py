"""Take a case, or hand it over: the clock of how long it waits starts anew."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries as accounts
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_, clean_text, whole_number
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.suggestions import policies, queries
from marketplace.suggestions.services import holding
from marketplace.suggestions.views.blueprint import bp

NOTE_MAX = 1_000


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
    office, _dash, person = request.form.get("to", "").partition("-")
    office_id, note = whole_number(office, digits=17), clean_text(request.form.get("note", ""))
    if office_id is None:
        raise InvalidInput(N_("Choose an office of this area or one of its officers."))
    if len(note) > NOTE_MAX:
        raise InvalidInput(N_("At most %(limit)s characters, please."), limit=NOTE_MAX)
    with transaction():
        holder = holding.hand_over(
            actor=current_actor(),
            suggestion=queries.get_suggestion(suggestion_id),
            office_id=office_id,
            person_id=whole_number(person, digits=17),
            note=note,
            version=_version(),
        )
        name = holder.person_name or accounts.get_office(holder.office_id).name
    flash(_("Handed over to %(name)s.", name=name), "success")
    return redirect(url_for(".show_suggestion", suggestion_id=suggestion_id, _anchor="holder"))
