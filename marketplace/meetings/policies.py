"""Who sees and does what at a temu bisnis.

The province runs events and single meetings, for outlets belong to it; a kabupaten/kota follows the
part of its own producers. Both sides see their own requests and meetings.
"""

from marketplace.businesses.models import Business
from marketplace.businesses.rules import BusinessKind
from marketplace.core.actor import Actor
from marketplace.meetings.models import (
    Meeting,
    MeetingEvent,
    MeetingRequest,
    NextStep,
    PairRule,
    Participant,
    Sample,
)
from marketplace.meetings.rules import EventState, Owner, ParticipantState, Side


def may_list_events(actor: Actor) -> bool:
    return actor.is_officer


def may_create_event(actor: Actor) -> bool:
    return actor.is_province_officer


def may_see_event(actor: Actor, event: MeetingEvent) -> bool:
    """A kabupaten/kota sees the event with its own producers' part."""
    return actor.is_officer


def may_run_event(actor: Actor, event: MeetingEvent) -> bool:
    """Change it, invite, ask, place and move: its own province."""
    return actor.is_province_officer and actor.runs_office(event.office_id)


def area_of(actor: Actor) -> str:
    """Whose producers' meetings an officer sees: "" for everybody's."""
    return actor.scope


def area_at(actor: Actor, event: MeetingEvent) -> str:
    """Whose part of an event an officer sees: all of what they run, else their own producers'."""
    return "" if may_run_event(actor, event) else actor.scope or actor.area


def may_edit_participant(actor: Actor, participant: Participant) -> bool:
    """Who runs the event for everybody, another office for its own producers."""
    if may_run_for_participant(actor, participant):
        return True
    own = actor.is_officer and actor.covers(participant.business.region_code)
    return own and participant.side is Side.PRODUCER


def may_run_for_participant(actor: Actor, participant: Participant) -> bool:
    return may_run_event(actor, participant.event)


def may_invite(actor: Actor, business: Business) -> bool:
    """Any outlet, and a province's own producers: another's are brought by their own office."""
    return business.kind is BusinessKind.OUTLET or actor.covers(business.region_code)


def may_change_pair(actor: Actor, pair: PairRule) -> bool:
    return may_run_event(actor, pair.producer.event)


def may_arrange_single(actor: Actor) -> bool:
    return actor.is_province_officer


def may_list_own(actor: Actor) -> bool:
    return bool(actor.business_ids) or actor.acting_for is not None


def may_ask(actor: Actor, participant: Participant) -> bool:
    """A participant who has not said no asks others to meet while the event takes requests."""
    return (
        actor.belongs_to(participant.business_id)
        and participant.event.state in {EventState.OPEN, EventState.RUNNING}
        and participant.state is not ParticipantState.DECLINED
    )


def may_answer_invitation(actor: Actor, participant: Participant) -> bool:
    return actor.belongs_to(participant.business_id) or may_edit_participant(actor, participant)


def side_of(actor: Actor, thing: MeetingRequest | Meeting) -> Side | None:
    """Which side this person is on; who is on both answers as producer first."""
    if actor.belongs_to(thing.producer_id):
        return Side.PRODUCER
    if actor.belongs_to(thing.buyer_id):
        return Side.BUYER
    return None


def may_see_request(actor: Actor, request: MeetingRequest) -> bool:
    if actor.is_officer and actor.covers(request.area_code):
        return True
    return side_of(actor, request) is not None


def may_answer_for(actor: Actor, request: MeetingRequest, side: Side) -> bool:
    """Write down what a side told the office by telephone or at the counter."""
    if not actor.covers(request.area_code):
        return False
    return actor.is_province_officer or (side is Side.PRODUCER and actor.is_regency_officer)


def may_run_request(actor: Actor, request: MeetingRequest) -> bool:
    return actor.is_province_officer and actor.covers(request.area_code)


def may_see_meeting(actor: Actor, meeting: Meeting) -> bool:
    if actor.is_officer and actor.covers(meeting.area_code):
        return True
    return side_of(actor, meeting) is not None


def may_move_meeting(actor: Actor, meeting: Meeting) -> bool:
    return actor.is_province_officer and actor.covers(meeting.area_code)


# --- on the day, and what came of it


def may_check_in(actor: Actor, participant: Participant) -> bool:
    return may_edit_participant(actor, participant)


def may_record_outcome(actor: Actor, meeting: Meeting) -> bool:
    """The province for every meeting, a kabupaten/kota for those of its producers."""
    return actor.is_officer and actor.covers(meeting.area_code)


def may_see_result(actor: Actor, meeting: Meeting) -> bool:
    """What was agreed: both sides and the office. The office's own remarks stay with it."""
    return may_see_meeting(actor, meeting)


def may_see_step(actor: Actor, step: NextStep) -> bool:
    return may_see_meeting(actor, step.meeting)


def may_change_step(actor: Actor, step: NextStep) -> bool:
    return may_record_outcome(actor, step.meeting)


def may_finish_step(actor: Actor, step: NextStep) -> bool:
    """The office, and the side that was to do it."""
    if may_record_outcome(actor, step.meeting):
        return True
    doer = {Owner.PRODUCER: step.meeting.producer_id, Owner.BUYER: step.meeting.buyer_id}
    return step.owner in doer and actor.belongs_to(doer[step.owner])


def may_send_sample(actor: Actor, sample: Sample) -> bool:
    return may_record_outcome(actor, sample.meeting) or actor.belongs_to(sample.meeting.producer_id)


def may_judge_sample(actor: Actor, sample: Sample) -> bool:
    """The buyer; or the office, which writes down what the buyer said."""
    return may_record_outcome(actor, sample.meeting) or actor.belongs_to(sample.meeting.buyer_id)


def may_see_figures(actor: Actor) -> bool:
    return actor.is_officer


def may_follow_up(actor: Actor) -> bool:
    """What is still missing after meetings: officers, each for their area."""
    return actor.is_officer
