"""A person's part of "all my data": where their businesses were invited, asked and met."""

from collections.abc import Collection, Mapping, Sequence

from marketplace.businesses import queries as businesses
from marketplace.meetings import queries
from marketplace.meetings.models import MeetingRequest
from marketplace.meetings.queries.own_data import own_samples_of, own_steps_of


def personal_data(person_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Chairs at events with the person named for them, requests with their answers, meetings."""
    ids = {business.id for business in businesses.list_of_person(person_id)}
    return {
        "event_participants": [
            {
                "event": one.event.name,
                "business_id": one.business_id,
                "side": one.side.value,
                "state": one.state.value,
                "person_name": one.person_name,
                "phone": one.phone,
                "available": one.available,
                "max_meetings": one.max_meetings,
                "answered_at": one.answered_at,
                "arrived_at": one.arrived_at,
                "decline_note": one.decline_note,
            }
            for one in queries.participants_of(ids)
        ],
        "meeting_requests": [
            {
                "id": one.id,
                "producer_id": one.producer_id,
                "buyer_id": one.buyer_id,
                "state": one.state.value,
                "requested_by": one.requested_by.value,
                "note": one.note,
                "producer_agreed_at": one.producer_agreed_at,
                "buyer_agreed_at": one.buyer_agreed_at,
                "declined_by": one.declined_by.value if one.declined_by else None,
                "decline_reason": one.decline_reason.value if one.decline_reason else None,
                "decline_note": _own_note(one, ids),
            }
            for one in queries.requests_of(ids)
        ],
        "meetings": [
            {
                "id": one.id,
                "producer_id": one.producer_id,
                "buyer_id": one.buyer_id,
                "starts_at": one.starts_at,
                "minutes": one.minutes,
                "way": one.way.value,
                "place": one.place,
                "state": one.state.value,
                "no_show_by": one.no_show_by.value if one.no_show_by else None,
            }
            for one in queries.meetings_of(ids)
        ],
        "next_steps": [
            {
                "meeting_id": one.meeting_id,
                "what": one.what,
                "owner": one.owner.value,
                "owner_name": one.owner_name,
                "due_on": one.due_on,
                "done_at": one.done_at,
                "done_by_name": one.done_by_name,
            }
            for one in own_steps_of(ids)
        ],
        "samples": [
            {
                "meeting_id": one.meeting_id,
                "what": one.what,
                "send_by": one.send_by,
                "sent_at": one.sent_at,
                "received_at": one.received_at,
                "judge_by": one.judge_by,
                "judged_at": one.judged_at,
                "taste_score": one.taste_score,
                "pack_score": one.pack_score,
                "price_score": one.price_score,
                "note": one.note,
            }
            for one in own_samples_of(ids)
        ],
    }


def _own_note(request: MeetingRequest, ids: Collection[int]) -> str | None:
    """Why they said no, in their own words; the other side's words are the other side's."""
    if request.declined_by is None or request.business_id_of(request.declined_by) not in ids:
        return None
    return request.decline_note
