"""Who is there: one press, and a second one changes nothing."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import now
from marketplace.core.errors import RuleBroken
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import guards, policies, queries, rules
from marketplace.meetings.models import Participant
from marketplace.meetings.rules import EventState, ParticipantState


def check_in(*, actor: Actor, participant: Participant) -> bool:
    """They arrived. False where that was noted before: two at the door may press at once.

    Who had not answered comes, as anybody can see; who had said no is a walk-in.
    """
    require(policies.may_check_in(actor, participant))
    _takes_people(participant)
    if not guards.arrive(participant.id, now(), actor.name):
        return False
    present = queries.get_participant(participant.id)
    if present.state is ParticipantState.INVITED:
        rules.check_participant(present.state, ParticipantState.CONFIRMED)
        present.state, present.answered_at = ParticipantState.CONFIRMED, now()
    elif present.state is ParticipantState.DECLINED:
        rules.check_participant(present.state, ParticipantState.WALK_IN)
        present.state = ParticipantState.WALK_IN
    session.flush()
    audit.record(actor, "participant.arrived", present, event=present.event_id)
    return True


def take_back(*, actor: Actor, participant: Participant) -> None:
    """The wrong name was pressed."""
    require(policies.may_check_in(actor, participant))
    if participant.arrived_at is None:
        return
    participant.arrived_at, participant.arrived_by_name = None, ""
    session.flush()
    audit.record(actor, "participant.not_arrived", participant, event=participant.event_id)


def _takes_people(participant: Participant) -> None:
    if participant.event.state is EventState.CLOSED:
        raise RuleBroken(N_("This event is over."))
    if participant.event.state is EventState.DRAFT:
        raise RuleBroken(N_("This event is still being prepared."))
