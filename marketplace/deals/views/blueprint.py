"""The blueprint all pages of the room hang on, and what they share."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, g, request
from werkzeug.datastructures import FileStorage

from marketplace.businesses import policies as business_policies
from marketplace.businesses import queries as businesses
from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.text import whole_number
from marketplace.deals.forms import StepForm
from marketplace.deals.queries import DealFilter
from marketplace.deals.rules.states import DealState, Origin
from marketplace.deals.services.steps import Evidence
from marketplace.infra import storage
from marketplace.infra.i18n import say
from marketplace.infra.images import prepare_scan
from marketplace.infra.transaction import transaction
from marketplace.infra.web import current_actor

bp = Blueprint("deals", __name__)


def whose(actor: Actor, state: DealState | None = None) -> DealFilter:
    """The deals a list shows this person: the office's area, or one's own."""
    if actor.is_officer and actor.acting_for is None:
        return DealFilter(state, area=actor.scope)
    own = actor.business_ids | ({actor.acting_for} if actor.acting_for else frozenset())
    return DealFilter(state, business_ids=frozenset(own))


def asked_for() -> DealFilter:
    """The deals a list was asked for: `?state=signed&origin=expo`, an office also `&business=7`."""
    actor = current_actor()
    state, origin = request.args.get("state", ""), request.args.get("origin", "")
    wanted = whose(actor, DealState(state) if state in set(DealState) else None)
    if origin in set(Origin):
        wanted = replace(wanted, origin=Origin(origin))
    party = whole_number(request.args.get("business"))
    if party is not None and actor.is_officer:
        business = businesses.get_business(party)
        if business_policies.may_see_private(actor, business):
            wanted = replace(wanted, party_id=business.id)
    return wanted


def valid_step(form: StepForm) -> bool:
    """Judge a step's form and keep the scan sent with it, so that `evidence_of` can name it.

    The scan is stored in a transaction of its own: one that is then not used is swept.
    """
    valid = bool(form.validate())
    sent = form.file.data
    g.evidence_file = None
    if not isinstance(sent, FileStorage) or not sent.filename:
        return valid
    try:
        media_type, data = prepare_scan(sent.read())
    except InvalidInput as error:
        form.file.errors = [*form.file.errors, say(error.msgid, error.params)]
        return False
    if valid:
        with transaction():
            g.evidence_file = storage.put_file(
                data,
                kind="evidence",
                media_type=media_type,
                original_name=sent.filename,
                owner_id=current_actor().person_id,
            )
    return valid


def evidence_of(form: StepForm) -> Evidence:
    file: Any = g.get("evidence_file")
    return Evidence(form.on.data, form.note.data or "", file)
