"""Choosing the business to act for."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import policies, queries, services
from marketplace.businesses.views import bp
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor


@bp.get("/my-businesses")
@allow(policies.may_choose_business)
def choose_business() -> ResponseReturnValue:
    """One's own businesses: open one, or with several choose the one to act for."""
    actor = current_actor()
    return render_template(
        "businesses/choose_business.html",
        businesses=queries.list_of_person(actor.person_id or 0),
        acting=actor.acting_for,
    )


@bp.post("/businesses/<int:business_id>/act")
@allow(policies.may_act_for, queries.get_business)
def act_for(business_id: int) -> ResponseReturnValue:
    """From now on this session acts in the name of the business, until it is stopped."""
    business = queries.get_business(business_id)
    with transaction():
        services.act_for(
            actor=current_actor(),
            running=g.sign_in_session,
            business=queries.get_business(business_id),
        )
    flash(_("You act for %(name)s now. What you do is recorded.", name=business.name), "info")
    return redirect(url_for(".show_business", business_id=business_id))
