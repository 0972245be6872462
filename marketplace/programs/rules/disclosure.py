"""What sums may be shown to the public, so that no single stall's turnover can be worked out.

A sole trader's turnover is personal finance. A sum is shown only where at least five stalls are in
it, and only if no two breakdowns shown together give away a sum of fewer: where every cracker stall
but one is from Bangka, "crackers" less "Bangka" would be that one stall's turnover.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from marketplace.programs.rules.figures import Group, Line, group_of, stalls_in

LEAST = 5
REST = ""
# Breakdowns are compared group by group; beyond this many the smallest go into the rest.
_GROUPS_MOST = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown; None where fewer than five stalls reported. REST is "all others"."""

    total: Group | None
    breakdowns: Mapping[str, Sequence[Group]]


def in_order(groups: Sequence[Group]) -> list[Group]:
    """Days as they follow each other, the rest last."""
    return sorted(groups, key=lambda group: (group.key == REST, group.key))


def shown(lines: Sequence[Line], ways: Mapping[str, Callable[[Line], str]]) -> Shown:
    """The total and those of the `ways` to break it down that can be shown together, in order."""
    if stalls_in(lines) < LEAST:
        return Shown(None, {})
    kept: dict[str, Mapping[str, str]] = {}
    breakdowns: dict[str, Sequence[Group]] = {}
    for name, by in ways.items():
        label = _merged(lines, by)
        if len(set(label.values())) < 2:
            continue
        labels = [label[by(line)] for line in lines]
        if any(
            _least_told(lines, labels, [kept[other][ways[other](line)] for line in lines]) < LEAST
            for other in kept
        ):
            continue
        kept[name] = label
        breakdowns[name] = _groups(lines, labels)
    return Shown(group_of("", lines), breakdowns)


def rounded(told: Shown) -> Shown:
    """Every sum to the second digit of the total: a bazaar opened again and closed shows two
    totals, and their exact difference would be the one figure corrected between them."""
    if told.total is None:
        return told
    step = int(10 ** max(0, len(str(told.total.amount)) - 2))

    def rough(group: Group) -> Group:
        return replace(group, amount=(group.amount + step // 2) // step * step)

    breakdowns = {way: [rough(one) for one in groups] for way, groups in told.breakdowns.items()}
    return Shown(rough(told.total), breakdowns)


def _merged(lines: Sequence[Line], by: Callable[[Line], str]) -> Mapping[str, str]:
    """Key -> the group it is shown in: itself, or the rest, which has five stalls too."""
    inside: dict[str, set[int]] = {}
    for line in lines:
        inside.setdefault(by(line), set()).add(line.holder_id)
    by_size = sorted(inside, key=lambda key: (len(inside[key]), key))
    rest: set[str] = {REST} & set(inside)
    rest |= {key for key in by_size if len(inside[key]) < LEAST}
    for key in by_size:
        together = set().union(*(inside[each] for each in rest)) if rest else set()
        own = len(inside) - len(rest) + bool(rest)
        if own <= _GROUPS_MOST and (not rest or len(together) >= LEAST):
            break
        rest.add(key)
    return {key: REST if key in rest else key for key in inside}


def _groups(lines: Sequence[Line], labels: Sequence[str]) -> list[Group]:
    found: dict[str, list[Line]] = {}
    for line, label in zip(lines, labels, strict=True):
        found.setdefault(label, []).append(line)
    groups = [group_of(key, inside) for key, inside in found.items()]
    return sorted(groups, key=lambda group: (group.key == REST, -group.amount, group.key))


def _least_told(lines: Sequence[Line], first: Sequence[str], second: Sequence[str]) -> int:
    """The fewest stalls in any sum that follows from two breakdowns of the same total.

    The sum of some groups of the one less some groups of the other is a sum of reports itself where
    the groups taken away lie wholly inside the others.
    """
    cells: dict[tuple[str, str], set[int]] = {}
    for line, one, other in zip(lines, first, second, strict=True):
        cells.setdefault((one, other), set()).add(line.holder_id)
    rows = sorted({row for row, _column in cells})
    least = LEAST
    for size in range(1, len(rows) + 1):
        for chosen in map(frozenset, combinations(rows, size)):
            touched = {column for row, column in cells if row in chosen}
            outside = {column for row, column in cells if row not in chosen}
            # These rows less the columns that lie wholly inside them ...
            less_columns = [
                cells[cell] for cell in cells if cell[0] in chosen and cell[1] in outside
            ]
            # ... and the columns they touch, less these rows.
            less_rows = [
                cells[cell] for cell in cells if cell[0] not in chosen and cell[1] in touched
            ]
            # Where nothing is left, nothing is told.
            for left in filter(None, (less_columns, less_rows)):
                least = min(least, len(frozenset().union(*left)))
    return least
