"""How many participants of a training were matched before and after it, beside others like them."""

from collections.abc import Iterable
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
class Share:
    """Of `producers`, how many had a pairing accepted in each window; `after` None until due."""

    producers: int
    before: int
    after: int | None

    @property
    def is_shown(self) -> bool:
        return self.producers >= FEWEST

    @property
    def before_percent(self) -> int:
        return self.before * 100 // self.producers

    @property
    def after_percent(self) -> int | None:
        return None if self.after is None else self.after * 100 // self.producers


@dataclass(frozen=True, slots=True)
class MatchRate:
    """Those who attended, beside others like them who were not on the list, in the same months.

    Both are counts and no proof: who comes to a training may differ from who does not.
    """

    attended: Share
    others: Share
    due_on: date


def match_rate(
    attended: frozenset[int],
    others: frozenset[int],
    matches: Iterable[tuple[int, date]],
    windows: Windows,
    today: date,
) -> MatchRate:
    """`matches` are (producer, day) of accepted pairings, whoever else is among them."""
    before: set[int] = set()
    after: set[int] = set()
    for producer, day in matches:
        if windows.before[0] <= day <= windows.before[1]:
            before.add(producer)
        elif windows.after[0] <= day <= windows.after[1]:
            after.add(producer)
    is_due = today > windows.after[1]

    def share(producers: frozenset[int]) -> Share:
        return Share(
            len(producers), len(producers & before), len(producers & after) if is_due else None
        )

    return MatchRate(share(attended), share(others), windows.after[1] + timedelta(days=1))
