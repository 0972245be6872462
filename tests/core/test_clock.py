"""Business days are Indonesian days, wherever the server stands."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from marketplace.core import clock


def test_half_past_midnight_in_pangkalpinang_is_already_the_next_day() -> None:
    with time_machine.travel(datetime(2025, 12, 31, 17, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 1, 1)
        assert clock.now() == datetime(2025, 12, 31, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "instant", [datetime(2025, 12, 31, 17), datetime(2025, 12, 31, 17, tzinfo=UTC)]
)
def test_an_instant_from_the_database_falls_on_the_local_day(instant: datetime) -> None:
    assert clock.business_day(instant) == date(2026, 1, 1)


def test_the_last_minute_of_the_local_day_is_still_that_day() -> None:
    assert clock.business_day(datetime(2025, 12, 31, 16, 59, tzinfo=UTC)) == date(2025, 12, 31)
