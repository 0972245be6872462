"""Who must, and who must not meet."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.infra.transaction import transaction
from marketplace.infra.web import allow, current_actor
from marketplace.meetings import policies, queries
from marketplace.meetings.forms import PairForm
from marketplace.meetings.models import MeetingEvent
from marketplace.meetings.rules import PairWish, Side
from marketplace.meetings.rules.names import WISH_NAMES
from marketplace.meetings.services import inviting
from marketplace.meetings.views.base import options_of
from marketplace.meetings.views.blueprint import bp


@bp.route("/events/<int:event_id>/pairs", methods=["GET", "POST"])
@allow(policies.may_run_event, queries.get_event)
def list_pairs(event_id: int) -> ResponseReturnValue:
    event = queries.get_event(event_id)
    people = list(queries.participants_at(event.id))
    form = PairForm().offer(options_of(people, Side.PRODUCER), options_of(people, Side.BUYER))
    if request.method == "GET":
        return _pairs_page(event, form)
    if not form.validate():
        return _pairs_page(event, form, 422)
    try:
        with transaction():
            producer, buyer = (queries.get_participant(number) for number in form.pair())
            inviting.set_pair(
                actor=current_actor(),
                event=queries.get_event(event_id),
                producer=producer,
                buyer=buyer,
                wish=PairWish(form.wish.data),
                reason=form.reason.data or "",
            )
    except NotFound:
        form.refuse(InvalidInput(N_("Choose a producer and a buyer of this event.")))
        return _pairs_page(event, form, 422)
    except InvalidInput as error:
        form.refuse(error)
        return _pairs_page(event, form, 422)
    flash(_("The rule is noted; the next timetable keeps it."), "success")
    return redirect(url_for(".list_pairs", event_id=event_id))


def _pairs_page(event: MeetingEvent, form: PairForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "meetings/list_pairs.html",
        event=event,
        form=form,
        pair_rules=queries.pair_rules_of(event.id),
        wish_names=WISH_NAMES,
    )
    return page, status


@bp.post("/pairs/<int:pair_id>/drop")
@allow(policies.may_change_pair, queries.get_pair_rule)
def drop_pair(pair_id: int) -> ResponseReturnValue:
    with transaction():
        rule = queries.get_pair_rule(pair_id)
        event_id = rule.event_id
        inviting.drop_pair(actor=current_actor(), rule=rule)
    flash(_("The rule is gone."), "success")
    return redirect(url_for(".list_pairs", event_id=event_id))
