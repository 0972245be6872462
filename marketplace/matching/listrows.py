"""Rows of the two files of list matching as offers and needs; columns as in docs/cli.md."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.core.errors import InvalidInput
from marketplace.core.sheets import Column
from marketplace.core.text import N_
from marketplace.matching.batch import Batch, Dialect, Spelt
from marketplace.matching.crew import Crew
from marketplace.matching.listcells import (
    BadCell,
    Categories,
    accepted_of,
    held_of,
    id_of,
    lead_of,
    number_of,
    pack_of,
    papers_of,
    price_of,
    region_of,
    storage_of,
    terms_of,
    text_of,
    title_of,
    unit_of,
    zones_of,
)
from marketplace.matching.listfiles import REQUIRED, Cell, Chunk, Watch, nobody, read_table
from marketplace.matching.listmeaning import Meanings, read_as, translated
from marketplace.matching.names import Names
from marketplace.matching.offers import Need, NeedLine
from marketplace.matching.reading import BatchReader
from marketplace.matching.world import World

_REMEMBERED = 50_000
ALONE = Crew(1)
# A file that names its columns as the contract does needs nobody to say what they mean.
CONTRACT = Meanings()
_SHOWN_NAMES = 300
_READ_AS = N_("Columns read by what they mean: %(columns)s")
_ROW_IDS = N_("No column holds ids: the number of each row is its id")
_OTHER_SHEETS = N_("The sheet %(sheet)s is read; not read are: %(others)s")

Parse = Callable[[Cell], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be used: its number in the file, the column, and why (a msgid).

    Row 0 is a file of which only a part is read.
    """

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
    crew: Crew = ALONE,
    meanings: Meanings = CONTRACT,
) -> Iterator[Batch]:
    """The offers of a file in batches; a row that cannot be used is reported and left out.

    `watch` is told how much of the file has been read. The processes of the `crew` read it, each
    in words of its own.
    """

    def pieces(share: int) -> Iterator[_Piece]:
        reader, columns = BatchReader(world), _offer_columns(Categories(world))
        meant = _Meant(meanings.offers, meanings)
        for piece in _pieces(path, columns, meant, share, crew.jobs):
            known = len(reader.dialect.words)
            piece.columns["papers_known"] = list(map(bool, piece.columns["papers"]))
            spelt = reader.read(Batch.of_columns(piece.columns))
            piece.words, piece.runs = spelt.words, spelt.runs
            piece.new_words = reader.dialect.words[known:]
            yield piece

    dialects = [Dialect() for _ in range(crew.jobs)]
    seen = Names()
    for turn, piece in enumerate(crew.run(pieces)):
        dialect = dialects[turn % crew.jobs]
        dialect.words += piece.new_words
        spelt = Spelt(piece.words, piece.runs, dialect)
        watch(*piece.position)
        again = _drop_repeated(piece, seen, path, report)
        if piece.numbers:
            yield Batch.of_columns(piece.columns, spelt.without(again) if again.any() else spelt)


def read_needs(
    path: Path,
    world: World,
    report: Callable[[Problem], None],
    meanings: Meanings = CONTRACT,
) -> Iterator[Need]:
    """The needs of a file; a row that cannot be used is reported and left out."""
    seen = Names()
    meant = _Meant(meanings.needs, meanings)
    for piece in _pieces(path, _need_columns(Categories(world)), meant):
        _drop_repeated(piece, seen, path, report)
        for values in zip(*piece.columns.values(), strict=True):
            told = dict(zip(piece.columns, values, strict=True))
            region, volume = told.pop("region"), told.pop("volume_per_month")
            line = NeedLine("", region, volume)
            yield Need(**told, lines=(line,) if region or volume is not None else ())


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the file, which field it fills, and how a cell is read.

    `repeats` is true where few different cells are to be expected: each is read once.
    """

    name: str
    field: str
    parse: Parse
    repeats: bool = True


def _offer_columns(categories: Categories) -> list[_Column]:
    """In the order in which a row with several faults has them reported."""
    return [
        _Column("papers", "papers", held_of),
        _Column("id", "id", id_of, repeats=False),
        _Column("title", "title", title_of, repeats=False),
        _Column("description", "description", text_of, repeats=False),
        _Column("category", "category", lambda cell: categories.code(text_of(cell))),
        _Column("brand", "brand", text_of),
        _Column("price", "price", price_of),
        _Column("unit", "unit", unit_of),
        _Column("pack_size", "pack", pack_of),
        _Column("region", "region", region_of),
        _Column("zones", "zones", zones_of),
        _Column("capacity_per_month", "capacity_per_month", number_of),
        _Column("min_order", "min_order", number_of),
        _Column("shelf_life_days", "shelf_life_days", number_of),
        _Column("lead_days", "lead_days", lead_of),
        _Column("storage", "storage", storage_of),
        _Column("terms", "terms", accepted_of),
    ]


def _need_columns(categories: Categories) -> list[_Column]:
    return [
        _Column("region", "region", region_of),
        _Column("volume_per_month", "volume_per_month", number_of),
        _Column("id", "id", id_of, repeats=False),
        _Column("title", "title", title_of, repeats=False),
        _Column("description", "description", text_of, repeats=False),
        _Column("category", "category", lambda cell: categories.code(text_of(cell))),
        _Column("brand", "brand", text_of),
        _Column("unit", "unit", unit_of),
        _Column("pack_size", "pack", pack_of),
        _Column("max_price", "max_price", price_of),
        _Column("papers_required", "papers_required", papers_of),
        _Column("min_shelf_life_days", "min_shelf_life_days", number_of),
        _Column("terms", "terms", terms_of),
    ]


def _no_words() -> NDArray[np.int32]:
    return np.zeros(0, np.int32)


@dataclass(slots=True)
class _Piece:
    """Usable rows of a file by field, the others as problems, and how far the file was read.

    Offers also come with their texts in the words of who read them, and the words new to them.
    """

    numbers: Sequence[int]
    columns: dict[str, list[Any]]
    problems: list[Problem]
    position: tuple[int, int]
    words: NDArray[np.int32] = field(default_factory=_no_words)
    runs: NDArray[np.int32] = field(default_factory=_no_words)
    new_words: Sequence[str] = ()


@dataclass(slots=True)
class _Meant:
    """Reads the columns of one file by meaning where it must; `found` is what stands for what."""

    columns: Sequence[Column]
    meanings: Meanings
    found: Mapping[str, str] | None = None

    def read(self, chunk: Chunk) -> Chunk:
        if self.found is None:
            self.found = read_as(chunk, self.columns)
        return translated(chunk, self.found, self.meanings) if self.found else chunk

    def header(self, column: str) -> str:
        """What the file calls a column."""
        return (self.found or {}).get(column, column)

    def told(self) -> str:
        """`nama = title, harga = price`, for who must know what was made of a list."""
        return ", ".join(f"{header} = {key}" for key, header in (self.found or {}).items())


def _pieces(
    path: Path, wanted: Sequence[_Column], meant: _Meant, share: int = 0, shares: int = 1
) -> Iterator[_Piece]:
    """Every so-manieth piece of a file; see `read_table`."""
    is_first = share == 0
    readers = [(column, _Reader(column)) for column in wanted]
    position = [(0, 0)]

    def watch(done: int, total: int) -> None:
        position[0] = done, total

    for raw in read_table(path, watch, share, shares):
        chunk = meant.read(raw)
        _check_columns(chunk, wanted, path)
        bad: dict[int, tuple[str, BadCell]] = {}
        numbers = chunk.numbers
        found = {
            column.field: reader.read(chunk.columns.get(column.name), len(numbers), bad)
            for column, reader in readers
        }
        problems = [
            Problem(path.name, numbers[place], meant.header(name), fault.msgid, fault.params)
            for place, (name, fault) in sorted(bad.items())
        ]
        if chunk.other_sheets:
            params = {"sheet": chunk.sheet, "others": ", ".join(chunk.other_sheets)}
            problems.insert(0, Problem(path.name, 0, "", _OTHER_SHEETS, params))
        if is_first and meant.found:
            told = {"columns": meant.told()}
            if "id" not in raw.columns and "id" not in meant.found:
                problems.insert(0, Problem(path.name, 0, "", _ROW_IDS, {}))
            problems.insert(0, Problem(path.name, 0, "", _READ_AS, told))
        is_first = False
        if bad:
            good = [place for place in range(len(numbers)) if place not in bad]
            numbers = [numbers[place] for place in good]
            found = {name: [values[place] for place in good] for name, values in found.items()}
        yield _Piece(numbers, found, problems, position[0])


def _check_columns(chunk: Chunk, wanted: Sequence[_Column], path: Path) -> None:
    for name in REQUIRED:
        if name not in chunk.columns:
            raise InvalidInput(
                N_("The file %(name)s has no column %(column)s; there are: %(there)s"),
                name=path.name,
                column=name,
                there=", ".join(filter(None, reversed(list(chunk.columns))))[:_SHOWN_NAMES] or "–",
            )
    for column in wanted:
        if column.name in chunk.repeated:
            raise InvalidInput(
                N_("The file %(name)s has two columns %(column)s"),
                name=path.name,
                column=column.name,
            )


def _drop_repeated(
    piece: _Piece, seen: Names, path: Path, report: Callable[[Problem], None]
) -> NDArray[np.bool_]:
    """Leave out rows whose id an earlier row has, and report all problems by row number."""
    again = seen.again(piece.columns["id"])
    for place in np.flatnonzero(again).tolist():
        msgid = N_("This id stands in an earlier row too")
        piece.problems.append(Problem(path.name, piece.numbers[place], "id", msgid, {}))
    for problem in sorted(piece.problems, key=lambda problem: problem.row):
        report(problem)
    if again.any():
        good = np.flatnonzero(~again).tolist()
        piece.numbers = [piece.numbers[place] for place in good]
        piece.columns = {
            name: [values[place] for place in good] for name, values in piece.columns.items()
        }
    return again


class _Reader:
    """Reads the cells of one column; a cell that was read before is looked up."""

    def __init__(self, column: _Column) -> None:
        self._column = column
        self._empty = column.parse(None) if column.repeats or column.name == "description" else None
        self._known: dict[object, Any] = {}

    def read(
        self, cells: Sequence[Cell] | None, count: int, bad: dict[int, tuple[str, BadCell]]
    ) -> list[Any]:
        """A value for every cell; the places of bad ones go into `bad`, if they are not there."""
        if cells is None:
            return [self._empty] * count
        parse = self._once if self._column.repeats else self._column.parse
        try:
            return list(map(parse, cells))
        except BadCell:
            return [self._one(cell, place, bad) for place, cell in enumerate(cells)]

    def _one(self, cell: Cell, place: int, bad: dict[int, tuple[str, BadCell]]) -> Any:
        try:
            return self._column.parse(cell)
        except BadCell as fault:
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
