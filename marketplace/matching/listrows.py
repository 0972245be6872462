"""Rows of the two files of list matching as offers and needs; columns as in docs/cli.md."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from marketplace.core.errors import InvalidInput
from marketplace.core.money import rupiah_of, whole_number_of
from marketplace.core.quantity import Quantity, parse_pack
from marketplace.core.text import N_, clean_text, fold
from marketplace.matching.batch import Batch
from marketplace.matching.listfiles import Cell, Watch, nobody, read_table
from marketplace.matching.names import Names
from marketplace.matching.offers import HeldPaper, Need, NeedLine
from marketplace.matching.world import World

PAPERS = frozenset({"nib", "npwp", "pirt", "md", "ml", "halal", "gs1", "brand"})
STORAGES = frozenset({"ambient", "chilled", "frozen"})
ZONES = frozenset({"jabodetabek", "sumatera", "other"})
_REGION = re.compile(r"\d\d(?:\.\d\d)?")
_TERMS = re.compile(r"outright|consignment|days:\d{1,3}")
_MOST = 10**12
_TITLE_MAX = 1_000
_TEXT_MAX = 20_000

_REMEMBERED = 50_000

Parse = Callable[[Cell], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be used: its number in the file, the column, and why (a msgid)."""

    file: str
    row: int
    column: str
    msgid: str
    params: Mapping[str, object]


def read_offers(
    path: Path,
    world: World,
    report: Callable[[Problem], None],
    watch: Watch = nobody,
) -> Iterator[Batch]:
    """The offers of a file in batches; a row that cannot be used is reported and left out.

    `watch` is told how much of the file has been read.
    """
    for columns in _read(path, _offer_columns(_Categories(world)), report, watch):
        columns["papers_known"] = list(map(bool, columns["papers"]))
        yield Batch.of_columns(columns)


def read_needs(path: Path, world: World, report: Callable[[Problem], None]) -> Iterator[Need]:
    """The needs of a file; a row that cannot be used is reported and left out."""
    for columns in _read(path, _need_columns(_Categories(world)), report):
        for values in zip(*columns.values(), strict=True):
            told = dict(zip(columns, values, strict=True))
            region, volume = told.pop("region"), told.pop("volume_per_month")
            line = NeedLine("", region, volume)
            yield Need(**told, lines=(line,) if region or volume is not None else ())


class _BadCell(Exception):
    def __init__(self, msgid: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params or {}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the file, which field it fills, and how a cell is read.

    `repeats` is true where few different cells are to be expected: each is read once.
    """

    name: str
    field: str
    parse: Parse
    repeats: bool = True


def _offer_columns(categories: "_Categories") -> list[_Column]:
    """In the order in which a row with several faults has them reported."""
    return [
        _Column("papers", "papers", _held),
        _Column("id", "id", _id, repeats=False),
        _Column("title", "title", _title, repeats=False),
        _Column("description", "description", _text, repeats=False),
        _Column("category", "category", lambda cell: categories.code(_text(cell))),
        _Column("brand", "brand", _text),
        _Column("price", "price", _rupiah),
        _Column("unit", "unit", _text),
        _Column("pack_size", "pack", _pack),
        _Column("region", "region", _region),
        _Column("zones", "zones", _zones),
        _Column("capacity_per_month", "capacity_per_month", _number),
        _Column("min_order", "min_order", _number),
        _Column("shelf_life_days", "shelf_life_days", _number),
        _Column("storage", "storage", _storage),
    ]


def _need_columns(categories: "_Categories") -> list[_Column]:
    return [
        _Column("region", "region", _region),
        _Column("volume_per_month", "volume_per_month", _number),
        _Column("id", "id", _id, repeats=False),
        _Column("title", "title", _title, repeats=False),
        _Column("description", "description", _text, repeats=False),
        _Column("category", "category", lambda cell: categories.code(_text(cell))),
        _Column("brand", "brand", _text),
        _Column("unit", "unit", _text),
        _Column("pack_size", "pack", _pack),
        _Column("max_price", "max_price", _rupiah),
        _Column("papers_required", "papers_required", _papers),
        _Column("min_shelf_life_days", "min_shelf_life_days", _number),
        _Column("terms", "terms", _terms),
    ]


def _read(
    path: Path,
    wanted: Sequence[_Column],
    report: Callable[[Problem], None],
    watch: Watch = nobody,
) -> Iterator[dict[str, list[Any]]]:
    """The usable rows of a file as lists of values by field."""
    readers = [(column, _Reader(column)) for column in wanted]
    seen = Names()
    for chunk in read_table(path, watch):
        for name in ("id", "title"):
            if name not in chunk.columns:
                raise InvalidInput(
                    N_("The file %(name)s has no column %(column)s"), name=path.name, column=name
                )
        bad: dict[int, tuple[str, _BadCell]] = {}
        found = {
            column.field: reader.read(chunk.columns.get(column.name), len(chunk.numbers), bad)
            for column, reader in readers
        }
        good = [place for place in range(len(chunk.numbers)) if place not in bad]
        ids = found["id"]
        again = seen.again([ids[place] for place in good] if bad else ids)
        for place in np.flatnonzero(again).tolist():
            bad[good[place]] = "id", _BadCell(N_("This id stands in an earlier row too"))
        for place in sorted(bad):
            name, fault = bad[place]
            report(Problem(path.name, chunk.numbers[place], name, fault.msgid, fault.params))
        if bad:
            good = [place for place in good if place not in bad]
            found = {name: [values[place] for place in good] for name, values in found.items()}
        if good:
            yield found


class _Reader:
    """Reads the cells of one column; a cell that was read before is looked up."""

    def __init__(self, column: _Column) -> None:
        self._column = column
        self._empty = column.parse(None) if column.repeats or column.name == "description" else None
        self._known: dict[object, Any] = {}

    def read(
        self, cells: Sequence[Cell] | None, count: int, bad: dict[int, tuple[str, _BadCell]]
    ) -> list[Any]:
        """A value for every cell; the places of bad ones go into `bad`, if they are not there."""
        if cells is None:
            return [self._empty] * count
        parse = self._once if self._column.repeats else self._column.parse
        try:
            return list(map(parse, cells))
        except _BadCell:
            return [self._one(cell, place, bad) for place, cell in enumerate(cells)]

    def _one(self, cell: Cell, place: int, bad: dict[int, tuple[str, _BadCell]]) -> Any:
        try:
            return self._column.parse(cell)
        except _BadCell as fault:
            bad.setdefault(place, (self._column.name, fault))
            return None

    def _once(self, cell: Cell) -> Any:
        # 1, 1.0 and True are one key, but not one cell.
        key = cell if type(cell) is str else (type(cell), cell)
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            value = self._known[key] = self._column.parse(cell)
            return value


class _Categories:
    """Categories as people write them: the code or the name of a node, else the text itself."""

    def __init__(self, world: World) -> None:
        self._codes = {fold(node.name): code for code, node in world.categories.items()}
        self._codes |= {fold(code): code for code in world.categories}

    def code(self, text: str) -> str:
        return self._codes.get(fold(text), text) if text else ""


def _plain(cell: Cell) -> str:
    """A cell as text; a spreadsheet's 12.0 is 12."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def _text(cell: Cell) -> str:
    return clean_text(_plain(cell)[:_TEXT_MAX])


def _id(cell: Cell) -> str:
    text = (cell if type(cell) is str else _plain(cell)).strip()
    if not text:
        raise _BadCell(N_("The id is missing"))
    return text


def _title(cell: Cell) -> str:
    text = clean_text((cell if type(cell) is str else _plain(cell))[:_TITLE_MAX])
    if not text:
        raise _BadCell(N_("The title is missing"))
    return text


def _pack(cell: Cell) -> Quantity | None:
    """An unreadable pack size is unknown: it never costs a row."""
    return parse_pack(_plain(cell))


def _rupiah(cell: Cell) -> int | None:
    return _amount(cell, rupiah_of)


def _number(cell: Cell) -> int | None:
    return _amount(cell, lambda found: whole_number_of(found, max=_MOST))


def _amount(cell: Cell, read: Callable[[object], int]) -> int | None:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        return read(cell)
    except InvalidInput as bad:
        raise _BadCell(bad.msgid, bad.params) from bad


def _words(cell: Cell, known: frozenset[str]) -> frozenset[str]:
    words = {word.strip().lower() for word in _plain(cell).split("|") if word.strip()}
    for word in sorted(words - known):
        raise _BadCell(N_("Unknown word: %(word)s"), {"word": word})
    return frozenset(words)


def _papers(cell: Cell) -> frozenset[str]:
    return _words(cell, PAPERS)


def _held(cell: Cell) -> tuple[HeldPaper, ...]:
    return tuple(HeldPaper(kind) for kind in sorted(_papers(cell)))


def _storage(cell: Cell) -> str:
    words = _words(cell, STORAGES)
    if len(words) > 1:
        raise _BadCell(N_("Only one word may stand here"))
    return next(iter(words), "")


def _code(cell: Cell) -> str:
    """A region code; a spreadsheet that took 19.10 for a number shows 19.1."""
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell or "").strip()


def _region(cell: Cell) -> str:
    code = _code(cell)
    if code and not _REGION.fullmatch(code):
        raise _BadCell(N_("Write the region as a code like 19.71"))
    return code


def _zones(cell: Cell) -> frozenset[str]:
    words = {word.strip().lower() for word in _code(cell).split("|") if word.strip()}
    for word in sorted(words - ZONES):
        if not _REGION.fullmatch(word):
            raise _BadCell(N_("Unknown word: %(word)s"), {"word": word})
    return frozenset(words)


def _terms(cell: Cell) -> str:
    text = _plain(cell).strip().lower()
    if text and not _TERMS.fullmatch(text):
        raise _BadCell(N_("Write outright, days:30 or consignment"))
    return text
