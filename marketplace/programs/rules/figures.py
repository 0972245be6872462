"""Reports added up by day, stall, category, kabupaten/kota and goods."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.core.text import fold


@dataclass(frozen=True, slots=True)
class Line:
    """One report with what it is counted by."""

    holder_id: int
    day_on: date
    amount: int
    category: str = ""
    region: str = ""
    best_sellers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What the reports of one kind come to: how many stalls they are of, and rupiah."""

    key: str
    stalls: int
    reports: int
    amount: int


def grouped(lines: Iterable[Line], by: Callable[[Line], str]) -> list[Group]:
    """Groups with the largest sum first."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(by(line), []).append(line)
    groups = [group_of(key, inside) for key, inside in found.items()]
    return sorted(groups, key=lambda group: (-group.amount, group.key))


def group_of(key: str, lines: Sequence[Line]) -> Group:
    return Group(key, stalls_in(lines), len(lines), sum(line.amount for line in lines))


def stalls_in(lines: Iterable[Line]) -> int:
    return len({line.holder_id for line in lines})


def best_sellers(lines: Iterable[Line]) -> list[tuple[str, int]]:
    """(goods, how many stalls named them), the most named first; spellings are folded together."""
    names: dict[Hashable, str] = {}
    stalls: dict[Hashable, set[int]] = {}
    for line in lines:
        for name in line.best_sellers:
            key = fold(name)
            names.setdefault(key, name)
            stalls.setdefault(key, set()).add(line.holder_id)
    counted = [(names[key], len(who)) for key, who in stalls.items()]
    return sorted(counted, key=lambda each: (-each[1], each[0]))
