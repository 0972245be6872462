"""How many participants of a training were matched before it, and how many after."""

from dataclasses import dataclass
from datetime import date, timedelta

# Both windows are equally long, else the longer one wins by itself.
WINDOW = timedelta(days=91)
# Of fewer producers a share says nothing, and tells about single ones.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Windows:
    """Days (first, last) in which an accepted pairing counts, before and after a training."""

    before: tuple[date, date]
    after: tuple[date, date]


def windows_of(starts_on: date, ends_on: date) -> Windows:
    day = timedelta(days=1)
    return Windows((starts_on - WINDOW, starts_on - day), (ends_on + day, ends_on + WINDOW))


@dataclass(frozen=True, slots=True)
class MatchRate:
    """Of `producers` who attended, how many had a pairing accepted; `after` is None until due."""

    producers: int
    before: int
    after: int | None
    due_on: date

    @property
    def is_shown(self) -> bool:
        return self.producers >= FEWEST

    @property
    def before_percent(self) -> int:
        return self.before * 100 // self.producers

    @property
    def after_percent(self) -> int | None:
        return None if self.after is None else self.after * 100 // self.producers


def match_rate(
    producers: frozenset[int],
    before: frozenset[int],
    after: frozenset[int],
    windows: Windows,
    today: date,
) -> MatchRate:
    """`before` and `after` are those matched in each window, whoever else is among them."""
    is_due = today > windows.after[1]
    return MatchRate(
        len(producers),
        len(producers & before),
        len(producers & after) if is_due else None,
        windows.after[1] + timedelta(days=1),
    )
