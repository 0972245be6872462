"""Of which days a report speaks: a month, a quarter, a year, or from one day to another."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from marketplace.core.clock import WIB
from marketplace.core.errors import NotFound
from marketplace.core.text import N_

NO_PERIOD = N_("There is no such period.")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = timedelta(days=3_700)  # ten years


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FREE = "free"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """All days from `first` to `last`, both counted, in Western Indonesian Time."""

    first: date
    last: date
    kind: PeriodKind

    def __str__(self) -> str:
        """As it stands in an address: `2026-11`, `2026-Q4`, `2026`, `2026-11-01_2026-11-20`."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.first:%Y-%m}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        if self.kind is PeriodKind.YEAR:
            return str(self.first.year)
        return f"{self.first.isoformat()}_{self.last.isoformat()}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The one of the same kind that ends the day before; of free days, as many."""
        return self._around(self.first - timedelta(days=1), forward=False)

    @property
    def after(self) -> "Period":
        return self._around(self.last + timedelta(days=1), forward=True)

    def _around(self, day: date, *, forward: bool) -> "Period":
        if self.kind is not PeriodKind.FREE:
            return period_of(day, self.kind)
        reach = timedelta(days=self.days - 1)
        return (
            Period(day, day + reach, self.kind) if forward else Period(day - reach, day, self.kind)
        )

    def span(self) -> tuple[datetime, datetime]:
        """From this instant on, up to but without the other."""
        return _midnight(self.first), _midnight(self.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=WIB).astimezone(UTC)


def period_of(day: date, kind: PeriodKind) -> Period:
    """The month, quarter or year a day lies in."""
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month - 1 + months
    return Period(
        first, date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1), kind
    )


def free_period(first: date, last: date) -> Period:
    """NotFound where it ends before it begins, or lasts more than ten years."""
    if last < first or last - first > LONGEST or not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise NotFound(NO_PERIOD)
    return Period(first, last, PeriodKind.FREE)


def read_period(text: str) -> Period:
    """The reverse of `str(period)`; NotFound for anything else."""
    first, _, last = text.partition("_")
    try:
        if last:
            return free_period(date.fromisoformat(first), date.fromisoformat(last))
        year, dash, part = text.partition("-")
        if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR):
            raise NotFound(NO_PERIOD)
        if not dash:
            return period_of(date(int(year), 1, 1), PeriodKind.YEAR)
        if part.startswith("Q") and part[1:] in {"1", "2", "3", "4"}:
            return period_of(date(int(year), 3 * int(part[1:]), 1), PeriodKind.QUARTER)
        if len(part) == 2 and part.isascii() and part.isdigit():
            return period_of(date(int(year), int(part), 1), PeriodKind.MONTH)
    except ValueError as error:
        raise NotFound(NO_PERIOD) from error
    raise NotFound(NO_PERIOD)


def last_periods(period: Period, count: int) -> list[Period]:
    """This one and those before it, the oldest first: a trend."""
    found = [period]
    while len(found) < count and found[-1].before.first.year >= FIRST_YEAR:
        found.append(found[-1].before)
    return found[::-1]
