"""What an officer asks of a supply plan, and what a plan's lots mean as deals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

from marketplace.core.text import N_
from marketplace.deals.rules.months import add_months

MONTHS_MOST, MONTHS_USUAL, COST_POINTS_MOST = 12, 3, 10
Volumes = tuple[int, ...]  # units in each month of a plan


class Whole(StrEnum):
    """What is met in full or not at all."""

    NOTHING = ""
    NEED = "need"
    REGION = "region"


WHOLE_NAMES: Mapping[Whole, str] = MappingProxyType(
    {
        Whole.NOTHING: N_("Nothing: a need may be met in part"),
        Whole.NEED: N_("Each need"),
        Whole.REGION: N_("Each chain in each region"),
    }
)


class Target(NamedTuple):
    """What is filled: a need, or its lines in one `area` (a province or Jabodetabek)."""

    need: int
    area: str = ""


class Pair(NamedTuple):
    """A product for a target."""

    product: int
    need: int
    area: str = ""

    @property
    def target(self) -> Target:
        return Target(self.need, self.area)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The months planned for, the limits, and what the officer keeps, avoids and stays near to.

    `ramp` is stores served month by month, as in a deal. `floor` is what each small producer gets
    a month, `least_lot` the smallest lot whatever the product's own. `cost_points` come off the
    score for each percent that goods are dearer at the door than the cheapest for the same target.
    """

    first: date
    months: int = MONTHS_USUAL
    ramp: Volumes = ()
    whole: Whole = Whole.NOTHING
    max_suppliers: int | None = None
    least_lot: int | None = None
    floor: int | None = None
    cost_points: int = 0
    pinned: Mapping[Pair, Volumes] = field(default_factory=dict)
    forbidden: Collection[Pair] = ()
    current: Mapping[Pair, Volumes] = field(default_factory=dict)

    @property
    def span(self) -> tuple[date, ...]:
        return tuple(add_months(self.first, number) for number in range(self.months))


def weighed(score: int, landed: int | None, cheapest: int | None, points: int) -> int:
    """A score less `points` for each whole percent above the cheapest; at least one is left.

    What goods cost at the door is not known of all: then nothing comes off.
    """
    if landed is None or not cheapest:
        return max(1, score)
    return max(1, score - points * ((landed - cheapest) * 100 // cheapest))


class Run(NamedTuple):
    """Months of a plan that become one deal: it begins `after` so many, with these volumes."""

    after: int
    volumes: Volumes


def runs_of(volumes: Sequence[int]) -> list[Run]:
    """A lot as deals can promise it: without the months of nothing, and never falling.

    What falls later is promised at the lower volume from the start: never more than was planned.
    """
    runs: list[Run] = []
    start = 0
    for number, volume in enumerate([*volumes, 0]):
        if volume:
            continue
        if number > start:
            lowest = list(accumulate(reversed(volumes[start:number]), min))
            runs.append(Run(start, tuple(reversed(lowest))))
        start = number + 1
    return runs
