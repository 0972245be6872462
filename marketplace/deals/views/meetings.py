"""A commitment out of a held meeting: the parties are known, and what was said of the goods."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError
from marketplace.deals import policies
from marketplace.deals.forms import IntroducedForm
from marketplace.deals.services import recording
from marketplace.deals.views.blueprint import bp
from marketplace.infra.errors import status_of
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor, remember_form, sent_before
from marketplace.meetings import queries as meetings
from marketplace.meetings.models import Meeting
from marketplace.meetings.queries import results


def _may_record_from(actor: Actor, meeting: Meeting) -> bool:
    return policies.may_record_deal(actor) and actor.covers(meeting.area_code)


@bp.route("/meetings/<int:meeting_id>/deal", methods=["GET", "POST"])
@allow(_may_record_from, meetings.get_meeting)
def record_from_meeting(meeting_id: int) -> ResponseReturnValue:
    form = IntroducedForm(data=_said(meeting_id))

    def page(status: int) -> ResponseReturnValue:
        outcome = results.find_outcome(meeting_id)
        body = render_template(
            "deals/record_from_meeting.html",
            form=form,
            meeting=meetings.get_meeting(meeting_id),
            product=outcome.product if outcome else None,
        )
        return body, status

    if request.method == "GET":
        return page(200)
    if (before := sent_before(form)) is not None:
        return redirect(before)
    if not form.validate():
        return page(422)
    outcome = results.find_outcome(meeting_id)
    product_id = outcome.product_id if outcome else None
    try:
        with transaction():
            deal = recording.record_from_meeting(
                actor=current_actor(),
                meeting_id=meeting_id,
                commitment=form.commitment(product_id),
            )
            location = remember_form(form, url_for(".show_deal", deal_id=deal.id))
    except DomainError as error:
        form.refuse(error)
        return page(status_of(error))
    flash(_("The commitment is recorded. Say its terms as they become clear."))
    return redirect(location)


def _said(meeting_id: int) -> dict[str, object]:
    """What the result of the meeting says already."""
    outcome = results.find_outcome(meeting_id)
    if outcome is None:
        return {}
    product = outcome.product
    if product is None:
        return {"title": outcome.product_text}
    same_unit = outcome.unit in {"", product.unit}
    return {
        "title": product.name,
        "price": outcome.price if same_unit else None,
        "volume": outcome.volume_per_month if same_unit else None,
    }
