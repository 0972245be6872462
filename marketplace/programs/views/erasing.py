"""A request to be erased, carried out in all programmes with one press."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from marketplace.accounts import policies as account_policies
from marketplace.accounts import queries as accounts
from marketplace.businesses import services as business_services
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, require
from marketplace.programs import policies
from marketplace.programs.services import erasing
from marketplace.programs.views.blueprint import bp


@bp.post("/data-requests/<int:request_id>/programmes")
@allow(policies.may_erase_person, accounts.get_request)
def erase_person(request_id: int) -> ResponseReturnValue:
    areas = business_services.areas_of_person(accounts.get_request(request_id).person_id)
    require(account_policies.may_answer_request(current_actor(), areas))
    with transaction():
        erased = erasing.erase_person(actor=current_actor(), asked=accounts.get_request(request_id))
    flash(
        ngettext(
            "Name and number are gone from %(num)d record.",
            "Name and number are gone from %(num)d records.",
            erased,
        ),
        "success",
    )
    return redirect(url_for("accounts.answer_request", request_id=request_id))
