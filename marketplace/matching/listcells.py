"""Cells of the two files of list matching, read with care: what cannot be read is a BadCell."""

import re
from collections.abc import Callable, Mapping, Sequence

from marketplace.core.errors import InvalidInput
from marketplace.core.money import rupiah_of, whole_number_of
from marketplace.core.quantity import Quantity, parse_pack
from marketplace.core.text import N_, clean_text, fold
from marketplace.matching.listfiles import Cell
from marketplace.matching.offers import HeldPaper
from marketplace.matching.world import World

PAPERS = ("nib", "npwp", "pirt", "md", "ml", "halal", "gs1", "brand")
# As the office writes it.
_SPELT = {"p-irt": "pirt"}
STORAGES = ("ambient", "chilled", "frozen")
ZONES = ("jabodetabek", "sumatera", "other")
# A code of the ministry, down to the village; 1971 is 19.71 without its dot.
_REGION = re.compile(r"([1-9]\d)(?:\.?(\d\d)(?:\.?\d\d(?:\.?\d{4})?)?)?", re.ASCII)
_TERMS = re.compile(r"outright|consignment|days:\d{1,3}")
# A producer may wait any number of days.
_ACCEPTED = re.compile(rf"{_TERMS.pattern}|days")
# What people put where there is nothing to say.
_NOTHING = frozenset({"", "-", "–", "—"})
# A program that keeps all numbers with a point writes 100.0; 100.000 is a hundred thousand.
_WHOLE = re.compile(r"(\d+)\.00?", re.ASCII)
# Between words; the contract has bars.
_BETWEEN = re.compile(r"[|,;]")
_MOST = 10**12
_TITLE_MAX = 1_000
_TEXT_MAX = 20_000
_ID_MAX = 1_000
_UNIT_MAX = 60


class BadCell(Exception):
    """Why a cell cannot be used: a msgid with its parameters."""

    def __init__(self, msgid: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params or {}


class Categories:
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


def _said(cell: Cell) -> str:
    """A cell that holds a word or a code; a dash says nothing."""
    text = _plain(cell).strip()
    return "" if text in _NOTHING else text


def text_of(cell: Cell) -> str:
    return clean_text(_plain(cell)[:_TEXT_MAX])


def unit_of(cell: Cell) -> str:
    """A unit is a word; it is said again in every reason that tells a price."""
    return text_of(cell)[:_UNIT_MAX].strip()


def id_of(cell: Cell) -> str:
    text = (cell if type(cell) is str else _plain(cell)).strip()
    if not text:
        raise BadCell(N_("The id is missing"))
    if len(text) > _ID_MAX:
        raise BadCell(N_("The id has more than %(most)s characters"), {"most": _ID_MAX})
    return text


def title_of(cell: Cell) -> str:
    text = clean_text((cell if type(cell) is str else _plain(cell))[:_TITLE_MAX])
    if not text:
        raise BadCell(N_("The title is missing"))
    return text


def pack_of(cell: Cell) -> Quantity | None:
    """An unreadable pack size is unknown: it never costs a row."""
    return parse_pack(_plain(cell))


def price_of(cell: Cell) -> int | None:
    return _amount(cell, rupiah_of)


def number_of(cell: Cell) -> int | None:
    return _amount(cell, lambda found: whole_number_of(found, max=_MOST))


def lead_of(cell: Cell) -> int | None:
    """The contract knows no such column: one that holds something else costs no row."""
    try:
        return number_of(cell)
    except BadCell:
        return None


def _amount(cell: Cell, read: Callable[[object], int]) -> int | None:
    if cell is None or (isinstance(cell, str) and cell.strip() in _NOTHING):
        return None
    if isinstance(cell, str) and (whole := _WHOLE.fullmatch(cell.strip())):
        cell = whole[1]
    try:
        return read(cell)
    except InvalidInput as bad:
        raise BadCell(bad.msgid, bad.params) from bad


def _words(cell: Cell, known: Sequence[str], read: Callable[[str], str]) -> frozenset[str]:
    """Words with bars between them; where `read` makes nothing of one, it is refused."""
    told = (word.strip().lower() for word in _BETWEEN.split(_plain(cell)))
    found = {word for word in told if word not in _NOTHING}
    for word in sorted(found):
        if not read(word):
            raise BadCell(
                N_("Unknown word: %(word)s. Known are %(known)s"),
                {"word": word, "known": ", ".join(known)},
            )
    return frozenset(map(read, found))


def papers_of(cell: Cell) -> frozenset[str]:
    return _words(cell, PAPERS, lambda word: _known(_SPELT.get(word, word), PAPERS))


def _known(word: str, known: Sequence[str]) -> str:
    return word if word in known else ""


def held_of(cell: Cell) -> tuple[HeldPaper, ...]:
    return tuple(HeldPaper(kind) for kind in sorted(papers_of(cell)))


def storage_of(cell: Cell) -> str:
    words = _words(cell, STORAGES, lambda word: _known(word, STORAGES))
    if len(words) > 1:
        raise BadCell(N_("Only one word may stand here"))
    return next(iter(words), "")


def _code(cell: Cell) -> Cell:
    """A region code; a spreadsheet that took 19.10 for a number shows 19.1."""
    is_cut = isinstance(cell, float) and not cell.is_integer() and cell < 100
    return f"{cell:.2f}" if is_cut else cell


def _regency(code: str) -> str:
    """The code of the province or the kabupaten/kota a code lies in; "" where it is none."""
    found = _REGION.fullmatch(code)
    return ".".join(filter(None, found.groups())) if found else ""


def region_of(cell: Cell) -> str:
    text = _said(_code(cell))
    code = _regency(text)
    if text and not code:
        raise BadCell(N_("Write the region as a code like 19.71"))
    return code


def zones_of(cell: Cell) -> frozenset[str]:
    known = (*ZONES, "19", "19.71")
    return _words(_code(cell), known, lambda word: _known(word, ZONES) or _regency(word))


def terms_of(cell: Cell) -> str:
    text = _said(cell).lower()
    if text and not _TERMS.fullmatch(text):
        raise BadCell(N_("Write outright, days:30 or consignment"))
    return text


def accepted_of(cell: Cell) -> frozenset[str]:
    """Every term a producer accepts. The contract knows no such column: a cell that says anything
    else is not known, for half of a list would speak against the other half."""
    told = {word.strip().lower() for word in _BETWEEN.split(_plain(cell))} - _NOTHING
    return frozenset(told) if all(map(_ACCEPTED.fullmatch, told)) else frozenset()
