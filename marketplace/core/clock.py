"""Time: UTC instants and Indonesian business days."""

from datetime import UTC, date, datetime, timedelta, timezone

# Babel, Sumatra and Jabodetabek keep Western Indonesian Time all year (no daylight saving).
WIB = timezone(timedelta(hours=7), "WIB")


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The business day in Western Indonesian Time, wherever the server stands."""
    return now().astimezone(WIB).date()


def end_of_day(day: date) -> datetime:
    """The last minute of a day in Western Indonesian Time, as an instant."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=WIB).astimezone(UTC)


def business_day(instant: datetime) -> date:
    """The business day an instant falls on; a naive value is taken as UTC, as SQLite returns it."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(WIB).date()
