"""A person's part of temu bisnis in "all my data"."""

from marketplace.meetings import documents
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
