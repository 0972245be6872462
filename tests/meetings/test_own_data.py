"""A person's part of temu bisnis in "all my data"."""

from marketplace.core.clock import now
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import documents, queries
from marketplace.meetings.models import Sample
from marketplace.meetings.rules import DeclineReason, MeetingState, RequestState, Side
from tests import factories
from tests.meetings.conftest import Gathering


def test_everything_of_ones_own_businesses_and_nothing_else_is_there(gathering: Gathering) -> None:
    own, other = gathering.producers
    person = factories.make_person("producer", works_for=own.business)
    buyer = gathering.buyers[0]
    request = factories.make_meeting_request(own, buyer, note="Bawa contoh")
    meeting = factories.make_meeting(request)
    factories.make_meeting_request(other, buyer)
    data = documents.personal_data(person.id)
    assert [row["business_id"] for row in data["event_participants"]] == [own.business_id]
    assert [(row["id"], row["note"]) for row in data["meeting_requests"]] == [
        (request.id, "Bawa contoh")
    ]
    assert [row["id"] for row in data["meetings"]] == [meeting.id]


def test_why_the_other_side_said_no_is_in_their_data_and_not_in_mine(
    gathering: Gathering,
) -> None:
    own, buyer = gathering.producers[0], gathering.buyers[0]
    person = factories.make_person("producer", works_for=own.business)
    other = factories.make_person("buyer", works_for=buyer.business)
    factories.make_meeting_request(
        own, buyer, agreed=False, state=RequestState.DECLINED, declined_by=Side.BUYER,
        declined_at=now(), decline_reason=DeclineReason.OTHER, decline_note="Terlalu mahal",
    )  # fmt: skip
    (mine,) = documents.personal_data(person.id)["meeting_requests"]
    (theirs,) = documents.personal_data(other.id)["meeting_requests"]
    assert (mine["declined_by"], mine["decline_note"]) == ("buyer", None)
    assert theirs["decline_note"] == "Terlalu mahal"


def test_why_we_do_not_come_and_our_samples_are_there(gathering: Gathering) -> None:
    own, buyer = gathering.producers[0], gathering.buyers[0]
    person = factories.make_person("producer", works_for=own.business)
    meeting = factories.make_meeting(
        factories.make_meeting_request(own, buyer), state=MeetingState.HELD, ended_at=now(),
        ended_by_name="Rina",
    )  # fmt: skip
    with transaction():
        queries.get_participant(own.id).decline_note = "Panen raya"
        session.add(Sample(meeting_id=meeting.id, what="Kemplang 250 g", send_by=now()))
    data = documents.personal_data(person.id)
    assert data["event_participants"][0]["decline_note"] == "Panen raya"
    assert [row["what"] for row in data["samples"]] == ["Kemplang 250 g"]
    stranger = factories.make_person("producer", works_for=gathering.producers[1].business)
    assert documents.personal_data(stranger.id)["samples"] == []
