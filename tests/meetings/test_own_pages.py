"""The list of one's own meetings."""

from datetime import timedelta

import pytest
from flask import url_for

from marketplace.core.clock import now
from marketplace.meetings import queries
from marketplace.meetings.rules import MeetingState
from tests import factories
from tests.conftest import SignIn
from tests.meetings.conftest import Gathering

HELD = {"state": MeetingState.HELD, "ended_at": now(), "ended_by_name": "Rina"}


def meet(gathering: Gathering, slot: int, hours: int, **given: object) -> int:
    """A meeting of the first producer so many hours from now."""
    buyer = factories.make_participant(gathering.event, side="buyer")
    request = factories.make_meeting_request(gathering.producers[0], buyer)
    at = now() + timedelta(hours=hours)
    return factories.make_meeting(request, slot, starts_at=at, **given).id


@pytest.mark.both_databases
def test_what_is_to_come_stands_first_by_time_and_then_the_past_newest_first(
    gathering: Gathering,
) -> None:
    long_ago = meet(gathering, 0, -90)  # nobody has typed what came of it
    later, soon = meet(gathering, 1, 50), meet(gathering, 2, 2)
    yesterday = meet(gathering, 3, -24, **HELD)
    own = [gathering.producers[0].business_id]
    page = queries.page_of_own_meetings(own, 1, now())
    assert [one.id for one in page.items] == [soon, later, yesterday, long_ago]


def test_all_ones_meetings_can_be_reached_page_by_page(
    gathering: Gathering, signed_in: SignIn
) -> None:
    ids = [meet(gathering, slot, -slot - 1, table_number=slot + 1, **HELD) for slot in range(26)]
    maker = signed_in(factories.make_person("producer", works_for=gathering.producers[0].business))
    first, second = maker.text("/meetings"), maker.text("/meetings?met=2")
    assert "?met=2" in first
    with maker.application.test_request_context():
        paths = [f'href="{url_for("meetings.show_meeting", meeting_id=one)}"' for one in ids]
    assert [path in first for path in paths] == [True] * 25 + [False]
    assert [path in second for path in paths] == [False] * 25 + [True]
