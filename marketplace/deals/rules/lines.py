"""Lines of a deal: where, how much a month, and the ramp by which it begins."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.deals.rules.months import months_from, shared_out
from marketplace.regions.rules import Zone, places_of, regencies, zone_of

STEPS_MAX = 36


@dataclass(frozen=True, slots=True)
class LineDraft:
    """`volume` units a month at full size: at a branch, or anywhere in `place`.

    `place` is a kabupaten/kota, a province or a zone word; a branch stands with its own place.
    """

    place: str
    volume: int
    branch_id: int | None = None
    item: int = 0  # which item of the deal, from 0


def in_sales_units(volumes: Sequence[int], ratio: Fraction | None) -> list[int] | None:
    """What a need asks for, in sales units of a product: enough of them, so rounded up.

    `ratio` is how many units of the need one sales unit makes; None where they do not compare.
    """
    return None if ratio is None else [math.ceil(volume / ratio) for volume in volumes]


def overlap(one: LineDraft, other: LineDraft) -> bool:
    """True where both lines would bring goods to one outlet."""
    if one.item != other.item:
        return False
    if one.branch_id is not None and other.branch_id is not None:
        return one.branch_id == other.branch_id
    if one.branch_id is None and other.branch_id is None:
        return _lies_in(one.place, other.place) or _lies_in(other.place, one.place)
    branch, area = (one, other) if one.branch_id is not None else (other, one)
    return _lies_in(branch.place, area.place)


def check_apart(lines: Sequence[LineDraft]) -> None:
    """Raise InvalidInput where two lines cover the same outlets."""
    if any(overlap(one, other) for one, other in combinations(lines, 2)):
        raise InvalidInput(
            N_("Please mend the marked fields."),
            fields={"lines": N_("Two lines cover the same place. Put its volume on one line.")},
        )


def _lies_in(place: str, wider: str) -> bool:
    if place == wider:
        return True
    if place in regencies():
        return wider in places_of(place)
    if wider in set(Zone) and len(place) == 2:  # a province: some of it may lie in the zone
        return any(zone_of(code) == wider for code in regencies() if code[:2] == place)
    return False


def check_ramp(ramp: Sequence[int], months: int | None = None) -> None:
    """A ramp never falls and fits into the deal; raises InvalidInput."""
    wrong = ""
    if any(stores < 1 for stores in ramp) or len(ramp) > STEPS_MAX:
        wrong = N_("Write the stores of each month, like 40, 120, 420.")
    elif any(later < sooner for sooner, later in pairwise(ramp)):
        wrong = N_("A ramp cannot fall: every month has at least the stores of the one before.")
    elif months is not None and len(ramp) > months:
        wrong = N_("The ramp is longer than the deal.")
    if wrong:
        raise InvalidInput(N_("Please mend the marked fields."), fields={"ramp": wrong})


def in_month(volume: int, ramp: Sequence[int], number: int) -> int:
    """A line's volume in month `number` (from 0) of the deal, rounded half up, at least one."""
    if not ramp or number >= len(ramp) or volume == 0:
        return volume
    return max(1, (2 * volume * ramp[number] + ramp[-1]) // (2 * ramp[-1]))


def by_month(
    volumes: Sequence[int], ramp: Sequence[int], starts_on: date, months: int
) -> dict[date, int]:
    """What lines of these volumes need together in each month of the deal."""
    return {
        month: sum(in_month(volume, ramp, number) for volume in volumes)
        for number, month in enumerate(months_from(starts_on, months))
    }


def shares_of(volume: int, shares: Sequence[int]) -> list[int]:
    """A volume over the suppliers of a pool, by their shares in percent."""
    return shared_out(volume, shares)
