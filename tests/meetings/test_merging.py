"""Two entries of the register joined into one: what was promised at events holds."""

from collections.abc import Callable

from marketplace.businesses.models import Business
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import Meeting, MeetingRequest, Participant
from marketplace.register import queries as register
from marketplace.register.models import BusinessTwin
from marketplace.register.services import merging
from tests import factories
from tests.meetings.conftest import Gathering, chair


def join(gathering: Gathering, keep: Business, gone: Business) -> int:
    first, second = sorted((keep, gone), key=lambda one: one.id)
    actor = gathering.actor
    versions = {one.id: one.version for one in (keep, gone)}
    with transaction():
        twin = BusinessTwin(first_id=first.id, second_id=second.id, grounds=[], confidence=1)
        session.add(twin)
        session.flush()
        done = merging.merge(
            actor=actor,
            twin=register.get_twin(twin.id),
            keep_id=keep.id,
            taken_over=(),
            versions=versions,
        )
    return done.id


def owners(kind: type, column: str = "producer_id") -> list[int]:
    session.rollback()
    return [getattr(one, column) for one in session.query(kind).order_by(kind.id)]


def test_chair_requests_and_meetings_go_to_the_entry_that_stays_and_back(
    gathering: Gathering, run_jobs: Callable[[], int]
) -> None:
    gone = gathering.producers[0]
    keep = factories.make_producer()
    request = factories.make_meeting_request(gone, gathering.buyers[0])
    factories.make_meeting(request)
    merge_id = join(gathering, keep, gone.business)
    assert queries.find_participant(gathering.event.id, keep.id) is not None
    assert owners(MeetingRequest) == [keep.id]
    assert owners(Meeting) == [keep.id]
    actor = gathering.actor
    with transaction():
        merging.undo(actor=actor, merge=register.get_merge(merge_id))
    assert owners(MeetingRequest) == [gone.business_id]
    assert owners(Meeting) == [gone.business_id]
    assert owners(Participant, "business_id")[0] == gone.business_id


def test_where_both_were_invited_each_keeps_its_own_part(gathering: Gathering) -> None:
    keep, gone = gathering.producers
    requests = [factories.make_meeting_request(one, gathering.buyers[0]) for one in (keep, gone)]
    for slot, request in enumerate(requests):
        factories.make_meeting(request, slot=slot)
    elsewhere = factories.make_event()
    other = chair(factories.make_participant(elsewhere, gone.business))
    buyer = chair(factories.make_participant(elsewhere, side="buyer"))
    factories.make_meeting_request(other, buyer)
    join(gathering, keep.business, gone.business)
    assert owners(MeetingRequest) == [keep.business_id, gone.business_id, keep.business_id]
    assert owners(Meeting) == [keep.business_id, gone.business_id]
    found = queries.find_participant(elsewhere.id, keep.business_id)
    assert found is not None


def test_a_meeting_at_a_time_the_other_entry_has_one_stays(gathering: Gathering) -> None:
    keep, gone = factories.make_producer(), gathering.producers[0]
    meeting = factories.make_meeting(factories.make_meeting_request(gone, gathering.buyers[0]))
    other = factories.make_event()
    seat = chair(factories.make_participant(other, keep))
    buyer = chair(factories.make_participant(other, side="buyer"))
    factories.make_meeting(factories.make_meeting_request(seat, buyer))  # at the same hour
    join(gathering, keep, gone.business)
    assert queries.get_meeting(meeting.id).producer_id == gone.business_id
