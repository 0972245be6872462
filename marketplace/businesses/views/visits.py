"""Write down a visit on site."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.businesses import policies, queries, services
from marketplace.businesses.documents import paper_kind_name
from marketplace.businesses.forms import VisitForm
from marketplace.businesses.views import bp
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before


@bp.route("/businesses/<int:business_id>/visits/new", methods=["GET", "POST"])
@allow(policies.may_visit, queries.get_business)
def record_visit(business_id: int) -> ResponseReturnValue:
    business = queries.get_business(business_id)
    form = VisitForm()
    form.paper_ids.choices = [
        (paper.id, f"{paper_kind_name(paper.kind)} {paper.number}")
        for paper in queries.papers_of(business_id)
    ]
    if form.visited_on.data is None and not form.is_submitted():
        form.visited_on.data = today()
    status = 200
    if form.is_submitted():
        if (before := sent_before(form)) is not None:
            return redirect(before)
        status = 422
        if form.validate():
            try:
                with transaction():
                    services.record_visit(
                        actor=current_actor(),
                        business=queries.get_business(business_id),
                        draft=form.draft(),
                    )
                    there = url_for(".show_business", business_id=business_id, _anchor="visits")
                    location = remember_form(form, there)
                flash(_("The visit is written down."), "success")
                return redirect(location)
            except InvalidInput as error:
                form.refuse(error)
    return (
        render_template("businesses/record_visit.html", business=business, form=form),
        status,
    )
