"""Periods: what an address says is read back, and nothing falls between two of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import NotFound
from marketplace.reporting.rules.periods import (
    Period,
    PeriodKind,
    free_period,
    last_periods,
    period_of,
    read_period,
)

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
REGULAR = st.sampled_from([PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR])


@given(DAYS, REGULAR)
def test_a_period_holds_its_day_and_is_read_back(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period.first <= day <= period.last
    assert read_period(str(period)) == period


@given(DAYS, REGULAR)
def test_one_period_ends_where_the_next_begins(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period.after.first == period.last + timedelta(days=1)
    assert period.after.before == period
    assert period.span()[1] == period.after.span()[0]


@given(DAYS, st.integers(0, 400))
def test_free_days_are_followed_by_as_many(day: date, more: int) -> None:
    period = free_period(day, day + timedelta(days=more))
    assert read_period(str(period)) == period
    assert period.before.days == period.days
    assert period.before.last == period.first - timedelta(days=1)


def test_a_trend_ends_with_the_period_itself() -> None:
    names = [str(one) for one in last_periods(read_period("2026-Q2"), 4)]
    assert names == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]


@pytest.mark.parametrize(
    "text",
    ["", "2026-Q0", "2026-Q5", "2026-13", "2026-1", "1999", "2101", "２０２６", "2026-Q", "2026-",
     "2026-02-30_2026-03-01", "2026-03-02_2026-03-01", "2000-01-01_2026-01-01", "x", "2026-Qx"],
)  # fmt: skip
def test_what_is_no_period_is_no_page(text: str) -> None:
    with pytest.raises(NotFound):
        read_period(text)


def test_a_year_has_all_its_days() -> None:
    assert read_period("2028") == Period(date(2028, 1, 1), date(2028, 12, 31), PeriodKind.YEAR)
    assert read_period("2028").days == 366
