"""An office's own list read by what its columns mean, where it does not name the contract's.

Only a file that could not be read at all is: one without a column `id` or `title`. What the words
of an office are, and which code a region's name has, is told from outside (`Meanings`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.core.errors import InvalidInput
from marketplace.core.sheet_kinds import days_of
from marketplace.core.sheets import Column, match_headers
from marketplace.matching.listcells import BadCell, region_of
from marketplace.matching.listfiles import REQUIRED, Cell, Chunk

_DAYS = frozenset({"shelf_life_days", "min_shelf_life_days", "lead_days"})
_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Meanings:
    """Columns of the contract with the words others print above them.

    `find_region` gives the code a region's name surely means, else "".
    """

    offers: Sequence[Column] = ()
    needs: Sequence[Column] = ()
    find_region: Callable[[str], str] = lambda name: ""


def read_as(chunk: Chunk, columns: Sequence[Column]) -> Mapping[str, str]:
    """Which header of the file stands for which column of the contract.

    Empty where the file names what the contract requires, or where nothing tells the titles. A name
    of the contract is always taken as it stands; a misspelt header is no header, for nobody is
    here to confirm it. Where the titles are found and no ids, the numbers of the rows are the ids.
    """
    if all(name in chunk.columns for name in REQUIRED):
        return {}
    headers = [name for name in reversed(list(chunk.columns)) if name not in _keys(columns)]
    open_ = [column for column in columns if column.key not in chunk.columns]
    match = match_headers(headers, open_)
    found = {
        column.key: headers[match.found[column.key]]
        for column in open_
        if column.key in match.found and column.key not in match.guessed
    }
    is_whole = "title" in found or ("title" in chunk.columns and "id" in found)
    return found if is_whole else {}


def _keys(columns: Sequence[Column]) -> set[str]:
    return {column.key for column in columns}


def translated(chunk: Chunk, found: Mapping[str, str], meanings: Meanings) -> Chunk:
    """The chunk with its columns under the contract's names, regions as codes, spans as days."""
    columns = dict(chunk.columns)
    for key, header in found.items():
        cells = columns.pop(header)
        if key == "region":
            cells = _each(cells, lambda cell: _code(cell, meanings.find_region))
        elif key in _DAYS:
            cells = _each(cells, _days)
        columns[key] = cells
    if "id" not in columns:
        columns["id"] = list(map(str, chunk.numbers))
    again = frozenset(found.get(key, key) for key in columns) & chunk.repeated
    names = {header: key for key, header in found.items()}
    return replace(
        chunk, columns=columns, repeated=frozenset(names.get(name, name) for name in again)
    )


def _each(cells: Sequence[Cell], read: Callable[[Cell], Cell]) -> list[Cell]:
    """Every cell read, the same one once."""
    known: dict[tuple[type, Cell], Cell] = {}
    for cell in cells:
        if (type(cell), cell) not in known:
            known[type(cell), cell] = read(cell)
    return [known[type(cell), cell] for cell in cells]


def _code(cell: Cell, find_region: Callable[[str], str]) -> Cell:
    """A name that means no one place for certain is not known: it costs no row."""
    try:
        return region_of(cell)
    except BadCell:
        return find_region(str(cell)) or None


def _days(cell: Cell) -> Cell:
    """`6 bulan` as days; anything else stays, to be refused by its row number."""
    try:
        return days_of(cell, max=_MOST_DAYS) if isinstance(cell, str) else cell
    except InvalidInput:
        return cell
