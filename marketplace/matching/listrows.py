"""Rows of the two files of list matching as offers and needs; columns as in docs/cli.md."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from marketplace.core.errors import InvalidInput
from marketplace.core.money import rupiah_of, whole_number_of
from marketplace.core.quantity import Quantity, parse_pack
from marketplace.core.text import N_, clean_text, fold
from marketplace.matching.listfiles import Cell, read_table
from marketplace.matching.offers import HeldPaper, Need, NeedLine, Offer
from marketplace.matching.world import World

PAPERS = frozenset({"nib", "npwp", "pirt", "md", "ml", "halal", "gs1", "brand"})
STORAGES = frozenset({"ambient", "chilled", "frozen"})
ZONES = frozenset({"jabodetabek", "sumatera", "other"})
_REGION = re.compile(r"\d\d(?:\.\d\d)?")
_TERMS = re.compile(r"outright|consignment|days:\d{1,3}")
_MOST = 10**12
_TITLE_MAX = 1_000
_TEXT_MAX = 20_000

Row = Mapping[str, Cell]
Made = TypeVar("Made", Offer, Need)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be used: its number in the file, the column, and why (a msgid)."""

    file: str
    row: int
    column: str
    msgid: str
    params: Mapping[str, object]


def read_offers(path: Path, world: World, report: Callable[[Problem], None]) -> Iterator[Offer]:
    """The offers of a file; a row that cannot be used is reported and left out."""
    return _read(path, world, report, _offer)


def read_needs(path: Path, world: World, report: Callable[[Problem], None]) -> Iterator[Need]:
    """The needs of a file; a row that cannot be used is reported and left out."""
    return _read(path, world, report, _need)


class _BadCell(Exception):
    def __init__(self, column: str, msgid: str, params: Mapping[str, object]) -> None:
        super().__init__(msgid)
        self.column, self.msgid, self.params = column, msgid, params


def _read(
    path: Path,
    world: World,
    report: Callable[[Problem], None],
    make: Callable[[Row, "_Categories"], Made],
) -> Iterator[Made]:
    categories = _Categories(world)
    seen: set[str] = set()
    for number, row in read_table(path):
        if number == 1:
            for column in ("id", "title"):
                if column not in row:
                    raise InvalidInput(
                        N_("The file %(name)s has no column %(column)s"),
                        name=path.name,
                        column=column,
                    )
            continue
        try:
            made = make(row, categories)
            if made.id in seen:
                raise _BadCell("id", N_("This id stands in an earlier row too"), {})
            seen.add(made.id)
            yield made
        except _BadCell as bad:
            report(Problem(path.name, number, bad.column, bad.msgid, bad.params))


class _Categories:
    """Categories as people write them: the code or the name of a node, else the text itself."""

    def __init__(self, world: World) -> None:
        self._codes = {fold(node.name): code for code, node in world.categories.items()}
        self._codes |= {fold(code): code for code in world.categories}

    def code(self, text: str) -> str:
        return self._codes.get(fold(text), text) if text else ""


def _offer(row: Row, categories: _Categories) -> Offer:
    papers = _words(row, "papers", PAPERS)
    return Offer(
        id=_id(row),
        title=_title(row),
        description=_text(row, "description"),
        category=categories.code(_text(row, "category")),
        brand=_text(row, "brand"),
        price=_rupiah(row, "price"),
        unit=_text(row, "unit"),
        pack=_pack(row),
        region=_region(row),
        zones=_zones(row),
        papers=tuple(HeldPaper(kind) for kind in sorted(papers)),
        papers_known=bool(papers),
        capacity_per_month=_number(row, "capacity_per_month"),
        min_order=_number(row, "min_order"),
        shelf_life_days=_number(row, "shelf_life_days"),
        storage=_one_of(row, "storage", STORAGES),
    )


def _need(row: Row, categories: _Categories) -> Need:
    region, volume = _region(row), _number(row, "volume_per_month")
    return Need(
        id=_id(row),
        title=_title(row),
        description=_text(row, "description"),
        category=categories.code(_text(row, "category")),
        brand=_text(row, "brand"),
        unit=_text(row, "unit"),
        pack=_pack(row),
        max_price=_rupiah(row, "max_price"),
        lines=(NeedLine("", region, volume),) if region or volume is not None else (),
        papers_required=frozenset(_words(row, "papers_required", PAPERS)),
        min_shelf_life_days=_number(row, "min_shelf_life_days"),
        terms=_terms(row),
    )


def _plain(row: Row, column: str) -> str:
    """A cell as text; a spreadsheet's 12.0 is 12."""
    cell = row.get(column)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def _text(row: Row, column: str) -> str:
    return clean_text(_plain(row, column)[:_TEXT_MAX])


def _id(row: Row) -> str:
    text = _plain(row, "id").strip()
    if not text:
        raise _BadCell("id", N_("The id is missing"), {})
    return text


def _title(row: Row) -> str:
    text = clean_text(_plain(row, "title")[:_TITLE_MAX])
    if not text:
        raise _BadCell("title", N_("The title is missing"), {})
    return text


def _pack(row: Row) -> Quantity | None:
    """An unreadable pack size is unknown: it never costs a row."""
    return parse_pack(_plain(row, "pack_size"))


def _rupiah(row: Row, column: str) -> int | None:
    return _amount(row, column, rupiah_of)


def _number(row: Row, column: str) -> int | None:
    return _amount(row, column, lambda cell: whole_number_of(cell, max=_MOST))


def _amount(row: Row, column: str, read: Callable[[object], int]) -> int | None:
    cell = row.get(column)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        return read(cell)
    except InvalidInput as bad:
        raise _BadCell(column, bad.msgid, bad.params) from bad


def _words(row: Row, column: str, known: frozenset[str]) -> set[str]:
    words = {word.strip().lower() for word in _plain(row, column).split("|") if word.strip()}
    for word in sorted(words - known):
        raise _BadCell(column, N_("Unknown word: %(word)s"), {"word": word})
    return words


def _one_of(row: Row, column: str, known: frozenset[str]) -> str:
    words = _words(row, column, known)
    if len(words) > 1:
        raise _BadCell(column, N_("Only one word may stand here"), {})
    return next(iter(words), "")


def _code(cell: Cell) -> str:
    """A region code; a spreadsheet that took 19.10 for a number shows 19.1."""
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell or "").strip()


def _region(row: Row) -> str:
    code = _code(row.get("region"))
    if code and not _REGION.fullmatch(code):
        raise _BadCell("region", N_("Write the region as a code like 19.71"), {})
    return code


def _zones(row: Row) -> frozenset[str]:
    words = {word.strip().lower() for word in _code(row.get("zones")).split("|") if word.strip()}
    for word in sorted(words - ZONES):
        if not _REGION.fullmatch(word):
            raise _BadCell("zones", N_("Unknown word: %(word)s"), {"word": word})
    return frozenset(words)


def _terms(row: Row) -> str:
    text = _plain(row, "terms").strip().lower()
    if text and not _TERMS.fullmatch(text):
        raise _BadCell("terms", N_("Write outright, days:30 or consignment"), {})
    return text
