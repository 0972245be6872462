"""Of which producers a report speaks: all an office answers for, or those of one area."""

from dataclasses import dataclass

from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.regions.rules import regencies
from marketplace.reporting.rules.periods import Period

OUTSIDE = "outside"  # producers who lie in none of the province's kabupaten/kota


@dataclass(frozen=True, slots=True)
class Scope:
    """`area` is "" for all, a kabupaten/kota code, or OUTSIDE; `home` the office's province.

    `others` are provinces with an office of their own: their producers are not in any of it.
    """

    period: Period
    home: str
    area: str = ""
    others: frozenset[str] = frozenset()

    def within(self, area: str) -> "Scope":
        return Scope(self.period, self.home, area, self.others)

    def during(self, period: Period) -> "Scope":
        return Scope(period, self.home, self.area, self.others)


def areas_of(home: str) -> list[str]:
    """The kabupaten/kota of a province, and what lies outside of them."""
    return [*(code for code in regencies() if code[:2] == home), OUTSIDE]


def check_area(area: str, home: str) -> str:
    """An area a province may look at; NotFound for anything else."""
    if area and area not in areas_of(home):
        raise NotFound(N_("There is no such page."))
    return area
