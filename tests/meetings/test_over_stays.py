"""What is over stays as it was: an absence reaches the meetings to come, and those of one day."""

from datetime import datetime, timedelta

import pytest
import time_machine

from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.meetings import queries
from marketplace.meetings.models import EventDay
from marketplace.meetings.rules import MeetingState
from marketplace.meetings.rules.grid import instant
from marketplace.meetings.services import attending, inviting
from tests import factories
from tests.meetings.day import Day, held, make_day, place, record


@pytest.fixture
def day(app: object) -> Day:
    """The maker met one shop from 9.00 to 9.20 and meets the other from then on."""
    return make_day(on=0)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return instant(today() + timedelta(days=days), hour * 60 + minute)


def state(number: int) -> MeetingState:
    return queries.get_meeting(number).state


def not_coming(day: Day) -> None:
    maker = queries.get_participant(day.maker.id)
    inviting.decline(actor=day.actor, participant=maker)


def absent(day: Day) -> None:
    attending.note_absent(actor=day.actor, participant=queries.get_participant(day.maker.id))


def late(day: Day) -> None:
    maker = queries.get_participant(day.maker.id)
    attending.note_late(actor=day.actor, participant=maker, from_slot=3)


@pytest.mark.parametrize(
    ("say", "then"),
    [
        (not_coming, MeetingState.CANCELLED),
        (absent, MeetingState.NO_SHOW),
        (late, MeetingState.MOVED),
    ],
)
def test_a_meeting_that_is_over_keeps_its_result_to_be_typed(
    day: Day, say: object, then: MeetingState
) -> None:
    with time_machine.travel(at(9, 30), tick=False):
        with transaction():
            say(day)  # type: ignore[operator]
        assert state(day.first.id) is MeetingState.PLACED
        assert state(day.second.id) is then  # it runs from 9.20 to 9.40
        assert record(day, day.first, held()).state is MeetingState.HELD


@pytest.fixture
def two_days(day: Day) -> Day:
    tomorrow = today() + timedelta(days=1)
    with transaction():
        session.add(EventDay(event_id=day.event_id, day_on=tomorrow, starts=9 * 60, ends=12 * 60))
    return day


def test_who_is_missing_on_one_day_keeps_the_meetings_of_the_next(two_days: Day) -> None:
    later = place(two_days.maker, factories.make_participant(two_days.event, side="buyer"), 9, 1)
    with transaction():
        meeting = queries.get_meeting(later.id)
        meeting.starts_at = two_days.event.grid()[9].starts_at
    with time_machine.travel(at(8), tick=False):
        with transaction():
            absent(two_days)
        assert state(two_days.first.id) is MeetingState.NO_SHOW
        assert state(later.id) is MeetingState.PLACED
        maker = queries.get_participant(two_days.maker.id)
        assert maker.available == list(range(9, 18))


def test_who_was_missing_and_comes_after_all_may_be_met_that_day_again(two_days: Day) -> None:
    with time_machine.travel(at(8), tick=False):
        with transaction():
            absent(two_days)
        with transaction():
            late(two_days)
        assert queries.get_participant(two_days.maker.id).available == list(range(3, 18))


def test_when_the_day_is_over_an_absence_reaches_nothing_of_it(two_days: Day) -> None:
    with time_machine.travel(at(18), tick=False):
        with transaction():
            absent(two_days)
        assert state(two_days.first.id) is MeetingState.PLACED
