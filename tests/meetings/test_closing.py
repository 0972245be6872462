"""An event that ends, early or on its day, leaves nobody waiting."""

from datetime import timedelta

import pytest
import time_machine

from marketplace.core.clock import now
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.rules import EventState, MeetingState, RequestState
from marketplace.meetings.services import clocks
from marketplace.notifications import queries as outbox
from tests import factories
from tests.conftest import SignIn
from tests.meetings.conftest import Gathering
from tests.meetings.day import Day, held, make_day, record


def told() -> set[tuple[str, int | None]]:
    return {(one.kind, one.subject_id) for one in outbox.page_to_send(1).items}


def test_meetings_to_come_fall_away_with_a_reason_and_both_sides_are_told(
    gathering: Gathering, signed_in: SignIn
) -> None:
    maker, buyer = gathering.producers[0], gathering.buyers[0]
    meeting = factories.make_meeting(factories.make_meeting_request(maker, buyer))
    officer = signed_in(gathering.officer)
    assert officer.post(f"/events/{gathering.event.id}/close").status_code == 302
    kept = queries.get_meeting(meeting.id)
    assert kept.state is MeetingState.CANCELLED
    assert kept.end_reason
    assert told() == {("meeting_changed", maker.id), ("meeting_changed", buyer.id)}
    letters = officer.text("/to-send")
    assert "sudah ditutup" in letters
    assert "09.00" not in letters


def test_an_event_with_meetings_to_come_is_not_ended_beside_the_likely_button(
    gathering: Gathering, signed_in: SignIn
) -> None:
    officer = signed_in(gathering.officer)
    page = f"/events/{gathering.event.id}"
    assert "Acara selesai" in officer.text(page)
    factories.make_meeting(
        factories.make_meeting_request(gathering.producers[0], gathering.buyers[0])
    )
    asked = officer.text(page)
    assert "Acara selesai" not in asked
    assert "1 pertemuan belum dimulai" in asked
    assert "tidak bisa dibatalkan" in asked
    ended = officer.post(f"{page}/close", follow_redirects=True).get_data(as_text=True)
    assert "1 pertemuan yang belum dimulai batal" in ended


def test_requests_nobody_answered_end_with_the_event(
    gathering: Gathering, signed_in: SignIn
) -> None:
    asked = factories.make_meeting_request(
        gathering.producers[0], gathering.buyers[0], agreed=False
    )
    signed_in(gathering.officer).post(f"/events/{gathering.event.id}/close")
    assert queries.get_request(asked.id).state is RequestState.EXPIRED
    assert told() == set()


def test_on_the_day_what_began_keeps_its_result_to_be_typed(app: object, signed_in: SignIn) -> None:
    day: Day = make_day(on=0)
    with time_machine.travel(day.first.starts_at + timedelta(minutes=10), tick=False):
        signed_in(day.officer).post(f"/events/{day.event_id}/close")
    assert queries.get_meeting(day.first.id).state is MeetingState.PLACED
    assert queries.get_meeting(day.second.id).state is MeetingState.CANCELLED


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("state", "kinds"), [(EventState.OPEN, {"meeting_reminder"}), (EventState.CLOSED, set())]
)
def test_nobody_is_reminded_of_requests_of_an_event_that_is_over(
    gathering: Gathering, state: EventState, kinds: set[str]
) -> None:
    soon = now() + timedelta(days=1)
    factories.make_meeting_request(
        gathering.producers[0], gathering.buyers[0], agreed=False, expires_at=soon
    )
    with transaction():
        queries.get_event(gathering.event.id).state = state
    with transaction():
        clocks.remind_late()
    assert {one.kind for one in outbox.page_to_send(1).items} == kinds


def test_an_ended_event_names_the_meetings_nobody_wrote_down(app: object, signed_in) -> None:
    day: Day = make_day()
    officer = signed_in(day.officer)
    page = f"/events/{day.event_id}"
    officer.post(f"{page}/close")
    told = officer.text(page)
    assert "2 pertemuan belum ada hasilnya" in told
    assert f'class="button" href="{page}/results"' in told
    for placed in (day.first, day.second):
        record(day, placed, held())
    assert "belum ada hasilnya" not in officer.text(page)
