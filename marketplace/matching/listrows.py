"""Rows of the two files of list matching as offers and needs; columns as in docs/cli.md."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.core.errors import InvalidInput
from marketplace.core.money import rupiah_of, whole_number_of
from marketplace.core.quantity import Quantity, parse_pack
from marketplace.core.text import N_, clean_text, fold
from marketplace.matching.batch import Batch, Dialect, Spelt
from marketplace.matching.crew import Crew
from marketplace.matching.listfiles import Cell, Chunk, Watch, nobody, read_table
from marketplace.matching.names import Names
from marketplace.matching.offers import HeldPaper, Need, NeedLine
from marketplace.matching.reading import BatchReader
from marketplace.matching.world import World

PAPERS = ("nib", "npwp", "pirt", "md", "ml", "halal", "gs1", "brand")
# As the office writes it.
_SPELT = {"p-irt": "pirt"}
STORAGES = ("ambient", "chilled", "frozen")
ZONES = ("jabodetabek", "sumatera", "other")
# A code of the ministry, down to the village; 1971 is 19.71 without its dot.
_REGION = re.compile(r"([1-9]\d)(?:\.?(\d\d)(?:\.?\d\d(?:\.?\d{4})?)?)?", re.ASCII)
_TERMS = re.compile(r"outright|consignment|days:\d{1,3}")
_MOST = 10**12
_TITLE_MAX = 1_000
_TEXT_MAX = 20_000
_ID_MAX = 1_000

_REMEMBERED = 50_000
ALONE = Crew(1)

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
    crew: Crew = ALONE,
) -> Iterator[Batch]:
    """The offers of a file in batches; a row that cannot be used is reported and left out.

    `watch` is told how much of the file has been read. The processes of the `crew` read it, each
    in words of its own.
    """

    def pieces(share: int) -> Iterator[_Piece]:
        reader = BatchReader(world)
        for piece in _pieces(path, _offer_columns(_Categories(world)), share, crew.jobs):
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


def read_needs(path: Path, world: World, report: Callable[[Problem], None]) -> Iterator[Need]:
    """The needs of a file; a row that cannot be used is reported and left out."""
    seen = Names()
    for piece in _pieces(path, _need_columns(_Categories(world))):
        _drop_repeated(piece, seen, path, report)
        for values in zip(*piece.columns.values(), strict=True):
            told = dict(zip(piece.columns, values, strict=True))
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


def _pieces(
    path: Path, wanted: Sequence[_Column], share: int = 0, shares: int = 1
) -> Iterator[_Piece]:
    """Every so-manieth piece of a file; see `read_table`."""
    readers = [(column, _Reader(column)) for column in wanted]
    position = [(0, 0)]

    def watch(done: int, total: int) -> None:
        position[0] = done, total

    for chunk in read_table(path, watch, share, shares):
        _check_columns(chunk, wanted, path)
        bad: dict[int, tuple[str, _BadCell]] = {}
        numbers = chunk.numbers
        found = {
            column.field: reader.read(chunk.columns.get(column.name), len(numbers), bad)
            for column, reader in readers
        }
        problems = [
            Problem(path.name, numbers[place], name, fault.msgid, fault.params)
            for place, (name, fault) in sorted(bad.items())
        ]
        if bad:
            good = [place for place in range(len(numbers)) if place not in bad]
            numbers = [numbers[place] for place in good]
            found = {name: [values[place] for place in good] for name, values in found.items()}
        yield _Piece(numbers, found, problems, position[0])


def _check_columns(chunk: Chunk, wanted: Sequence[_Column], path: Path) -> None:
    for name in ("id", "title"):
        if name not in chunk.columns:
            raise InvalidInput(
                N_("The file %(name)s has no column %(column)s"), name=path.name, column=name
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
    if len(text) > _ID_MAX:
        raise _BadCell(N_("The id has more than %(most)s characters"), {"most": _ID_MAX})
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


def _words(cell: Cell, known: Sequence[str], read: Callable[[str], str]) -> frozenset[str]:
    """Words with bars between them; where `read` makes nothing of one, it is refused."""
    found = {word.strip().lower() for word in _plain(cell).split("|") if word.strip()}
    for word in sorted(found):
        if not read(word):
            raise _BadCell(
                N_("Unknown word: %(word)s. Known are %(known)s"),
                {"word": word, "known": ", ".join(known)},
            )
    return frozenset(map(read, found))


def _papers(cell: Cell) -> frozenset[str]:
    return _words(cell, PAPERS, lambda word: _known(_SPELT.get(word, word), PAPERS))


def _known(word: str, known: Sequence[str]) -> str:
    return word if word in known else ""


def _held(cell: Cell) -> tuple[HeldPaper, ...]:
    return tuple(HeldPaper(kind) for kind in sorted(_papers(cell)))


def _storage(cell: Cell) -> str:
    words = _words(cell, STORAGES, lambda word: _known(word, STORAGES))
    if len(words) > 1:
        raise _BadCell(N_("Only one word may stand here"))
    return next(iter(words), "")


def _code(cell: Cell) -> Cell:
    """A region code; a spreadsheet that took 19.10 for a number shows 19.1."""
    is_cut = isinstance(cell, float) and not cell.is_integer() and cell < 100
    return f"{cell:.2f}" if is_cut else cell


def _regency(code: str) -> str:
    """The code of the province or the kabupaten/kota a code lies in; "" where it is none."""
    found = _REGION.fullmatch(code)
    return ".".join(filter(None, found.groups())) if found else ""


def _region(cell: Cell) -> str:
    text = _plain(_code(cell)).strip()
    code = _regency(text)
    if text and not code:
        raise _BadCell(N_("Write the region as a code like 19.71"))
    return code


def _zones(cell: Cell) -> frozenset[str]:
    known = (*ZONES, "19", "19.71")
    return _words(_code(cell), known, lambda word: _known(word, ZONES) or _regency(word))


def _terms(cell: Cell) -> str:
    text = _plain(cell).strip().lower()
    if text and not _TERMS.fullmatch(text):
        raise _BadCell(N_("Write outright, days:30 or consignment"))
    return text
