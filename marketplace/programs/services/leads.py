"""Contacts made at a stall: written down, followed, and what they became."""

from marketplace.audit import services as audit
from marketplace.catalog import queries as catalog
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import Conflict, InvalidInput, RuleBroken
from marketplace.core.text import N_
from marketplace.demand.events import NeedGrewOut
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.programs import policies
from marketplace.programs.models import Lead
from marketplace.programs.queries import bazaars
from marketplace.programs.queries import leads as queries
from marketplace.programs.rules import ProgramState
from marketplace.programs.rules.leads import (
    NEXT_LEAD_STATES,
    LeadDraft,
    LeadState,
    check_lead,
    check_lead_step,
)

# How a need names the contact it grew out of: `lead-17`.
ORIGIN = "lead-"


def add_lead(*, actor: Actor, holder_id: int, draft: LeadDraft) -> Lead:
    """Write down who asked for what at this stall."""
    holder = bazaars.get_holder(holder_id)
    require(policies.may_use_stall(actor, holder))
    if holder.program.state not in {ProgramState.OPEN, ProgramState.CLOSED}:
        raise RuleBroken(N_("Contacts are noted once it has opened."))
    check_lead(draft)
    lead = Lead(
        program_id=holder.program_id,
        holder_id=holder.id,
        entered_by_id=actor.person_id,
        entered_by_name=actor.name,
    )
    _fill(lead, draft, holder.business_id)
    session.add(lead)
    session.flush()
    audit.record(actor, "lead.added", lead, program=holder.program_id)
    return lead


def change_lead(*, actor: Actor, lead_id: int, draft: LeadDraft, version: int) -> Lead:
    """Correct what was written, or set the next step."""
    lead = queries.get_lead(lead_id)
    require(policies.may_see_lead(actor, lead))
    if lead.version != version:
        raise Conflict(N_("Someone else changed this meanwhile. Look at it again."))
    check_lead(draft)
    _fill(lead, draft, lead.holder.business_id)
    lead.updated_at = now()
    session.flush()
    audit.record(actor, "lead.changed", lead)
    return lead


def _fill(lead: Lead, draft: LeadDraft, business_id: int | None) -> None:
    if draft.product_id is not None:
        live = catalog.published_ids_of(business_id) if business_id is not None else ()
        if draft.product_id not in live and draft.product_id != lead.product_id:
            message = N_("Choose a product of this stall.")
            raise InvalidInput(message, fields={"product": message})
    lead.outlet_name, lead.wants, lead.volume = draft.outlet_name, draft.wants, draft.volume
    lead.region_code = draft.region_code or None
    if draft.consented and lead.consented_at is None:
        lead.consented_at = now()
    if not draft.consented:
        lead.consented_at = None
    lead.person_name, lead.phone = draft.person_name, draft.phone
    lead.product_id, lead.note = draft.product_id, draft.note
    lead.next_step, lead.due_on = draft.next_step, draft.due_on


def follow_up(*, actor: Actor, lead_id: int, producer_id: int, state: LeadState) -> Lead:
    """A record of a higher room grew out of this contact: it becomes what that record is.

    A contact that is further on already stays where it is: a second record of it is no step back.
    """
    lead = queries.get_lead(lead_id)
    require(policies.may_see_lead(actor, lead))
    if lead.holder.business_id != producer_id:
        message = N_("This contact was made at the stall of another producer.")
        raise InvalidInput(message, fields={"producer": message})
    if state in NEXT_LEAD_STATES[lead.state]:
        lead.state, lead.reason = state, ""
        lead.updated_at = now()
        session.flush()
        audit.record(actor, "lead.moved", lead, state=state.value)
    return lead


def became_need(event: NeedGrewOut) -> None:
    """A need was written down from a contact: the contact names it (demand.events)."""
    number = event.origin.removeprefix(ORIGIN)
    if number == event.origin or not (number.isascii() and number.isdigit()) or len(number) > 15:
        return
    lead = queries.get_lead(int(number))
    require(policies.may_see_lead(event.actor, lead))
    lead.need_id = event.need_id
    if LeadState.NEED in NEXT_LEAD_STATES[lead.state]:
        lead.state, lead.reason = LeadState.NEED, ""
    lead.updated_at = now()
    session.flush()
    audit.record(event.actor, "lead.moved", lead, state=LeadState.NEED.value, need=event.need_id)


def take_back_commitment(*, actor: Actor, lead_id: int, to: LeadState, reason: str) -> None:
    """Its commitment was withdrawn: the contact stands where it stood before, and says why."""
    lead = queries.get_lead(lead_id)
    if lead.state is not LeadState.COMMITMENT:
        return
    if to is LeadState.TALKING and lead.need_id is not None:
        to = LeadState.NEED
    lead.state, lead.reason = to, reason[:400]
    lead.updated_at = now()
    session.flush()
    audit.record(actor, "lead.taken_back", lead, state=to.value, why=reason[:400])


def move_lead(
    *, actor: Actor, lead_id: int, state: LeadState, reason: str = "", need_id: int | None = None
) -> Lead:
    """Say what became of it. What leads to nothing says why."""
    lead = queries.get_lead(lead_id)
    require(policies.may_see_lead(actor, lead))
    check_lead_step(lead.state, state)
    if state is LeadState.DROPPED and not reason:
        message = N_("Say why it led to nothing.")
        raise InvalidInput(message, fields={"reason": message})
    lead.state, lead.reason = state, reason
    if need_id is not None:
        lead.need_id = need_id
    lead.updated_at = now()
    session.flush()
    audit.record(actor, "lead.moved", lead, state=state.value)
    return lead
