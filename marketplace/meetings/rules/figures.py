"""Figures of temu bisnis: counted from rows, never typed; each with how sure it is.

A row counts as a yes, counts as a no, or does not count (yet). The list behind a figure judges its
rows with the same functions, so that a figure and its list cannot tell two stories.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median

from marketplace.core.clock import WIB
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.meetings.rules.states import MeetingState, RequestState

Z = 1.959963984540054  # 95 % of a normal distribution lie within so many deviations
FEW = 10  # fewer than this say next to nothing
REPLY_WITHIN = timedelta(hours=24)


class FigureKey(StrEnum):
    ACCEPTED = "accepted"
    FIRST_REPLY = "first_reply"
    KEPT = "kept"
    NEXT_STEP = "next_step"
    SECOND = "second"


# What the office works to. A median reply of at most 24 hours is half of them within 24 hours.
AIMS: Mapping[FigureKey, float] = {
    FigureKey.ACCEPTED: 0.60,
    FigureKey.FIRST_REPLY: 0.50,
    FigureKey.KEPT: 0.90,
    FigureKey.NEXT_STEP: 0.95,
}
FIGURE_NAMES: Mapping[FigureKey, str] = {
    FigureKey.ACCEPTED: N_("Requests accepted"),
    FigureKey.FIRST_REPLY: N_("First reply within 24 hours"),
    FigureKey.KEPT: N_("Meetings kept"),
    FigureKey.NEXT_STEP: N_("Next step recorded"),
    FigureKey.SECOND: N_("Met a second time"),
}
FIGURE_MEANINGS: Mapping[FigureKey, str] = {
    FigureKey.ACCEPTED: N_(
        "Both sides said yes, of all requests that came to an end. What still waits for an answer "
        "is not counted."
    ),
    FigureKey.FIRST_REPLY: N_(
        "The first side asked answered within 24 hours, of all requests that were answered or are "
        "older than that."
    ),
    FigureKey.KEPT: N_(
        "Held, of all that were held or missed. Put off, called off and not yet written down are "
        "not counted."
    ),
    FigureKey.NEXT_STEP: N_("With a next step, of all meetings that were held."),
    FigureKey.SECOND: N_(
        "Pairs that met again later, here or elsewhere, of all pairs that met in this scope."
    ),
}


@dataclass(frozen=True, slots=True)
class AskRow:
    """A request; `asked_at` starts the clock of the first reply."""

    id: int
    producer: str
    buyer: str
    state: RequestState
    asked_at: datetime
    expires_at: datetime
    first_answer_at: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    id: int
    producer_id: int
    buyer_id: int
    producer: str
    buyer: str
    state: MeetingState
    starts_at: datetime
    steps: int
    met_again_at: datetime | None = None


Row = AskRow | MeetingRow


def is_accepted(row: AskRow, moment: datetime) -> bool | None:
    if row.state is RequestState.ASKED:
        return False if row.expires_at <= moment else None
    return row.state is RequestState.AGREED


def is_quick(row: AskRow, moment: datetime) -> bool | None:
    if row.first_answer_at is not None:
        return row.first_answer_at - row.asked_at <= REPLY_WITHIN
    return False if moment - row.asked_at > REPLY_WITHIN else None


def is_kept(row: MeetingRow, _moment: datetime) -> bool | None:
    return {MeetingState.HELD: True, MeetingState.NO_SHOW: False}.get(row.state)


def has_step(row: MeetingRow, _moment: datetime) -> bool | None:
    return row.steps > 0 if row.state is MeetingState.HELD else None


def met_again(row: MeetingRow, _moment: datetime) -> bool | None:
    return row.met_again_at is not None if row.state is MeetingState.HELD else None


JUDGES: Mapping[FigureKey, Callable[..., bool | None]] = {
    FigureKey.ACCEPTED: is_accepted,
    FigureKey.FIRST_REPLY: is_quick,
    FigureKey.KEPT: is_kept,
    FigureKey.NEXT_STEP: has_step,
    FigureKey.SECOND: met_again,
}
OF_REQUESTS = frozenset({FigureKey.ACCEPTED, FigureKey.FIRST_REPLY})


@dataclass(frozen=True, slots=True)
class Share:
    """`numerator` of `denominator`, and between what the true share lies (Wilson, 95 %)."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.numerator, self.denominator) if self.denominator else None


class Verdict(StrEnum):
    NOTHING = "nothing"
    FEW = "few"
    REACHED = "reached"
    LIKELY = "likely"
    BELOW = "below"
    MISSED = "missed"


VERDICT_NAMES: Mapping[Verdict, str] = {
    Verdict.NOTHING: N_("nothing to count yet"),
    Verdict.FEW: N_("too few to judge by"),
    Verdict.REACHED: N_("aim reached, chance aside"),
    Verdict.LIKELY: N_("aim reached, though it may be chance"),
    Verdict.BELOW: N_("below the aim, though it may be chance"),
    Verdict.MISSED: N_("below the aim, chance aside"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`median_hours` only of the first reply; infinite where more than half never answered."""

    key: FigureKey
    share: Share
    not_counted: int
    median_hours: float | None = None

    @property
    def aim(self) -> float | None:
        return AIMS.get(self.key)

    @property
    def verdict(self) -> Verdict | None:
        """How it stands to its aim; None where there is none."""
        if not self.share.denominator:
            return Verdict.NOTHING
        if self.share.denominator < FEW:
            return Verdict.FEW
        return None if self.aim is None else _against(self.share, self.aim)


def _against(share: Share, aim: float) -> Verdict:
    low, high = wilson(share.numerator, share.denominator)
    if low >= aim:
        return Verdict.REACHED
    if high < aim:
        return Verdict.MISSED
    return Verdict.LIKELY if share.numerator >= aim * share.denominator else Verdict.BELOW


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): right for small numbers, at 0 and 100 % too."""
    if trials < 1 or not 0 <= hits <= trials:
        raise ValueError("a share needs 0 <= hits <= trials, trials >= 1")
    part, spread = hits / trials, Z * Z / trials
    middle = part + spread / 2
    reach = Z * sqrt(part * (1 - part) / trials + spread / (4 * trials))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return (0.0 if hits == 0 else max(0.0, low), 1.0 if hits == trials else min(1.0, high))


def counted(key: FigureKey, rows: Iterable[Row], moment: datetime) -> list[tuple[Row, bool | None]]:
    """Every row a figure looks at with its verdict; of pairs, only their first meeting in scope."""
    judge = JUDGES[key]
    found: list[tuple[Row, bool | None]] = []
    seen: set[tuple[int, int]] = set()
    for row in rows:
        said = judge(row, moment)
        if key is FigureKey.SECOND and isinstance(row, MeetingRow):
            pair = (row.producer_id, row.buyer_id)
            if said is None or pair in seen:
                continue
            seen.add(pair)
        found.append((row, said))
    return found


def figure(key: FigureKey, rows: Iterable[Row], moment: datetime) -> Figure:
    """`rows` in order of time: requests for the first two keys, meetings for the others."""
    judged = counted(key, rows, moment)
    share = Share(
        sum(said is True for _row, said in judged),
        sum(said is not None for _row, said in judged),
    )
    hours = _median_hours(judged) if key is FigureKey.FIRST_REPLY else None
    return Figure(key, share, len(judged) - share.denominator, hours)


def _median_hours(judged: Sequence[tuple[Row, bool | None]]) -> float | None:
    """Silence counts as the longest reply of all: leaving it out would flatter."""
    hours = [
        (row.first_answer_at - row.asked_at).total_seconds() / 3600
        if row.first_answer_at is not None
        else float("inf")
        for row, said in judged
        if said is not None and isinstance(row, AskRow)
    ]
    return median(hours) if hours else None


# --- of what time


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months as the office counts them, in Western Indonesian Time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def before(self) -> "Quarter":
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    @property
    def after(self) -> "Quarter":
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    def span(self) -> tuple[datetime, datetime]:
        """From this instant on, up to but without the other."""
        return _midnight(self.first), _midnight(self.after.first)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=WIB).astimezone(UTC)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str) -> Quarter:
    """`2026-Q4`; anything else is no page of ours."""
    year, _, number = text.partition("-Q")
    if not (
        year.isascii() and year.isdigit() and len(year) == 4 and number in {"1", "2", "3", "4"}
    ):
        raise NotFound(N_("There is no such page."))
    if not 2000 <= int(year) <= 2100:
        raise NotFound(N_("There is no such page."))
    return Quarter(int(year), int(number))


# --- what higher rooms count of held meetings


@dataclass(frozen=True, slots=True)
class PerMeeting:
    """Something that came of held meetings: deals, rupiah. Divided by `held` it is the figure.

    The room that owns it stands above this one and hands its counter over in the table
    `PER_MEETING` of the wiring: numbers of held meetings -> such figures. Each knows the page that
    lists its rows.
    """

    name: str  # msgid
    total: int
    held: int
    is_money: bool = False
    rows_url: str = ""

    @property
    def value(self) -> float | None:
        return self.total / self.held if self.held else None
