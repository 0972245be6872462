"""Which cells of a public table stay empty, so that nobody's own figure can be read or worked out.

A cell stands on so many producers or stalls. Fewer than five: it is not shown. Where a total is
published too, one empty cell alone would be the total less the others: then another one is emptied,
until those empty in a row or column are at least two and stand on at least five together.
"""

from collections.abc import Iterable, Mapping, Sequence

FEWEST = 5
TOTAL = ""  # the name of the row, or column, of totals

Key = tuple[str, str]


def hidden_cells(contributors: Mapping[Key, int]) -> frozenset[Key]:
    """The cells to leave empty, totals among them; a cell nothing stands on is shown as nothing.

    Keys are (row, column); a total has TOTAL in place of one or both. A table with one direction
    gives all its cells the same column and no totals over columns.
    """
    hidden = {key for key, n in contributors.items() if 0 < n < FEWEST}
    lines = list(_lines(contributors))
    changed = True
    while changed:
        changed = False
        for line in lines:
            extra = _next_to_hide(line, contributors, hidden)
            if extra is not None:
                hidden.add(extra)
                changed = True
    return frozenset(hidden)


def _lines(cells: Iterable[Key]) -> Iterable[Sequence[Key]]:
    """Rows and columns whose total is in the table: there the others can be subtracted from it."""
    keys = sorted(cells)
    for row in sorted({key[0] for key in keys}):
        line = [key for key in keys if key[0] == row]
        if (row, TOTAL) in line and len(line) > 1:
            yield line
    for column in sorted({key[1] for key in keys}):
        line = [key for key in keys if key[1] == column]
        if (TOTAL, column) in line and len(line) > 1:
            yield line


def _next_to_hide(
    line: Sequence[Key], contributors: Mapping[Key, int], hidden: set[Key]
) -> Key | None:
    """One more cell of a line to empty; the smallest one, and a total only where no other is."""
    empty = [key for key in line if key in hidden]
    inside = [key for key in empty if TOTAL not in key]
    enough = len(empty) >= 2 and (
        any(TOTAL in key for key in empty) or sum(contributors[key] for key in inside) >= FEWEST
    )
    if not empty or enough:
        return None
    shown = [key for key in line if key not in hidden and contributors[key] > 0]
    return min(shown, key=lambda key: (TOTAL in key, contributors[key], key), default=None)
