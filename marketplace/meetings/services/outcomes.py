"""What came of a meeting, as an officer writes it down: on the spot, or from paper days later."""

from marketplace.audit import services as audit
from marketplace.core.actor import Actor
from marketplace.core.clock import business_day, now
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.infra.db import session
from marketplace.infra.web import require
from marketplace.meetings import policies, queries
from marketplace.meetings.models import Meeting, MeetingOutcome, MeetingRequest
from marketplace.meetings.queries import results
from marketplace.meetings.rules import MeetingState, RequestedBy, RequestState
from marketplace.meetings.rules.results import (
    NewTime,
    OutcomeDraft,
    check_outcome,
    check_result,
)
from marketplace.meetings.services import asking, samples, steps, telling

CHANGED_MEANWHILE = N_(
    "%(name)s wrote down a result meanwhile. Theirs stands beside yours; look at both and save "
    "again."
)


def record_outcome(*, actor: Actor, meeting: Meeting, draft: OutcomeDraft, version: int) -> Meeting:
    """Held, missed or put off, and what was said. Returns the meeting, or the one in its place.

    `version` is the meeting's as the officer saw it: every result raises it, so that of two
    officers who type at once the second is shown what the first one wrote.
    """
    require(policies.may_record_outcome(actor, meeting))
    if meeting.version != version:
        raise Conflict(CHANGED_MEANWHILE, name=_who_was_first(meeting))
    check_result(meeting.state, draft.state)
    check_outcome(
        draft,
        meeting.starts_at,
        business_day(meeting.starts_at),
        now(),
        may_put_off=policies.may_move_meeting(actor, meeting),
    )
    before = meeting.state
    meeting.state, meeting.no_show_by = draft.state, draft.no_show_by
    meeting.ended_at, meeting.ended_by_name = now(), actor.name
    meeting.end_reason = draft.reason
    meeting.updated_at = now()
    outcome = _write(actor, meeting, draft)
    session.flush()
    audit.record(
        actor, "meeting.result", meeting, before=before.value, after=draft.state.value,
        outcome=outcome.id,
    )  # fmt: skip
    if draft.step is not None:
        steps.add_step(actor=actor, meeting=meeting, draft=draft.step)
    if draft.sample:
        samples.promise(
            actor=actor, meeting=meeting, what=draft.sample, product_id=draft.product_id
        )
    if draft.new_time is not None:
        return _stand_in(actor, meeting, draft.new_time)
    return meeting


def _write(actor: Actor, meeting: Meeting, draft: OutcomeDraft) -> MeetingOutcome:
    _check_product(meeting, draft.product_id)
    outcome = results.find_outcome(meeting.id)
    if outcome is None:
        outcome = MeetingOutcome(meeting_id=meeting.id)
        session.add(outcome)
    held = draft.state is MeetingState.HELD
    outcome.late_by = draft.late_by if held else None
    outcome.late_minutes = draft.late_minutes if held else None
    outcome.interest = draft.interest if held else None
    outcome.product_id = draft.product_id if held else None
    outcome.product_text = draft.product_text if held else ""
    outcome.volume_per_month = draft.volume_per_month if held else None
    outcome.unit = draft.unit if held else ""
    outcome.price = draft.price if held else None
    outcome.note = draft.note
    outcome.recorded_by_id, outcome.recorded_by_name = actor.person_id, actor.name
    outcome.recorded_at = outcome.updated_at = now()
    return outcome


def _check_product(meeting: Meeting, product_id: int | None) -> None:
    if product_id is not None and product_id not in {
        product.id for product in results.products_of(meeting.producer_id)
    }:
        message = N_("Choose a product of this producer.")
        raise InvalidInput(message, fields={"product_id": message})


def _who_was_first(meeting: Meeting) -> str:
    outcome = results.find_outcome(meeting.id)
    return outcome.recorded_by_name if outcome is not None else meeting.ended_by_name or "–"


def _stand_in(actor: Actor, meeting: Meeting, time: NewTime) -> Meeting:
    """The meeting that takes the place of one put off: both said yes to its time at the table."""
    queries.lock_businesses({meeting.producer_id, meeting.buyer_id})
    try:
        asking.check_free((meeting.producer, meeting.buyer), time.starts_at, meeting.minutes)
    except InvalidInput as error:
        raise InvalidInput(error.msgid, fields={"new_day": error.msgid}, **error.params) from error
    request = MeetingRequest(
        producer_id=meeting.producer_id,
        buyer_id=meeting.buyer_id,
        suggestion_id=meeting.request.suggestion_id,
        area_code=meeting.area_code,
        state=RequestState.AGREED,
        weight=meeting.request.weight,
        requested_by=RequestedBy.OFFICER,
        requested_by_id=actor.person_id,
        requested_by_name=actor.name,
        starts_at=time.starts_at,
        minutes=meeting.minutes,
        way=time.way,
        place=time.place,
        expires_at=time.starts_at,
        producer_agreed_at=now(),
        buyer_agreed_at=now(),
    )
    session.add(request)
    session.flush()
    later = Meeting(
        request_id=request.id,
        producer=meeting.producer,
        buyer=meeting.buyer,
        area_code=meeting.area_code,
        starts_at=time.starts_at,
        minutes=meeting.minutes,
        way=time.way,
        place=time.place,
        moved_from_id=meeting.id,
    )
    session.add(later)
    session.flush()
    audit.record(actor, "meeting.placed", later, instead_of=meeting.id)
    telling.tell_single(later)
    return later
