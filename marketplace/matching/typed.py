"""Numbers that say what they are, so that the edge can format them in the reader's language."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Money:
    """Whole rupiah."""

    rupiah: int

    @property
    def plain(self) -> int:
        return self.rupiah

    def __str__(self) -> str:
        return f"Rp {self.rupiah:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days."""

    days: int

    @property
    def plain(self) -> int:
        return self.days

    def __str__(self) -> str:
        return str(self.days)


@dataclass(frozen=True, slots=True)
class Percent:
    """Whole per cent."""

    percent: int

    @property
    def plain(self) -> int:
        return self.percent

    def __str__(self) -> str:
        return f"{self.percent} %"


@dataclass(frozen=True, slots=True)
class Region:
    """A Kemendagri code, a zone word or a province code; the edge shows its name."""

    code: str

    @property
    def plain(self) -> str:
        return self.code

    def __str__(self) -> str:
        return self.code


# A tuple holds words (paper kinds, terms, matching words): the edge joins and translates them.
Param = int | float | str | date | Money | Days | Percent | Region | tuple[str, ...]
