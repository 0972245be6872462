"""Tables people fill in: columns known by meaning, rows with the number the person sees.

Pure: what reads files is `marketplace.infra.workbooks`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rapidfuzz.distance import OSA

from marketplace.core.text import fold

Cell = str | int | float | date | None

_HEADER_WITHIN = 30  # rows; letterheads and merged titles stand above the header
_LONGEST_HEADER = 120


class ColumnKind(StrEnum):
    """How a column is written: text keeps leading zeros, amounts and numbers can be added up."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an import or export.

    `label` is what we print in the header, in the reader's language; `synonyms` are what others
    print there. `width` is in characters.
    """

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    kind: ColumnKind = ColumnKind.TEXT
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table read from a file: every row as wide as `headers`, blank rows left out.

    `row_numbers` are the numbers the spreadsheet program shows beside each row.
    """

    headers: tuple[str, ...]
    rows: list[list[Cell]]
    row_numbers: list[int]
    name: str = ""
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Which column each key was found in, what was left over, and what is missing."""

    found: dict[str, int]
    unmatched: tuple[int, ...] = ()
    missing: tuple[Column, ...] = ()
    guessed: frozenset[str] = field(default_factory=frozenset)

    def cell(self, row: Sequence[Cell], key: str) -> Cell:
        """The cell of `key` in a row, None where the file has no such column."""
        index = self.found.get(key)
        return None if index is None or index >= len(row) else row[index]


def match_headers(headers: Sequence[str], columns: Sequence[Column]) -> HeaderMatch:
    """Find each column by meaning: by name, by like words, then without a remark, then misspelt.

    A stricter way of matching always goes first, for all columns, so that a guess never takes a
    header that another column knows by name. Each header and each column is used once. `guessed`
    names the keys found in the last two ways, for the preview to have confirmed: `Harga (grosir)`
    may or may not be the price.
    """
    found: dict[str, int] = {}
    guessed: set[str] = set()
    for is_same in (*_SURE, *_GUESSES):
        for column in columns:
            if column.key in found:
                continue
            free = [i for i in range(len(headers)) if i not in found.values() and headers[i]]
            hits = [i for i in free if is_same(headers[i], column)]
            if is_same in _GUESSES and len(hits) != 1:
                continue  # two candidates for a guess are no candidate
            if hits:
                found[column.key] = hits[0]
                if is_same in _GUESSES:
                    guessed.add(column.key)
    return HeaderMatch(
        found=found,
        unmatched=tuple(
            i for i, header in enumerate(headers) if header and i not in found.values()
        ),
        missing=tuple(each for each in columns if each.required and each.key not in found),
        guessed=frozenset(guessed),
    )


def known_headers(columns: Sequence[Column]) -> Callable[[str], bool]:
    """A test for `find_header`: does this cell read like one of the columns?"""

    def is_known(header: str) -> bool:
        ways = (*_SURE, _is_named_with_remark)
        return any(is_same(header, column) for is_same in ways for column in columns)

    return is_known


def find_header(rows: Sequence[Sequence[Cell]], is_known: Callable[[str], bool]) -> tuple[int, int]:
    """The index of the header row and how many of its cells are known.

    Where none is known it is the first row with the most text cells, so that a person can still
    map the columns by hand; (-1, 0) for a table without any text.
    """
    best, best_score = -1, (0, 0)
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        known = sum(is_known(text) for text in texts if len(text) <= _LONGEST_HEADER)
        if (known, len(texts)) > best_score:
            best, best_score = index, (known, len(texts))
    return best, best_score[0]


def sheet_of(
    rows: Sequence[Sequence[Cell]], is_known: Callable[[str], bool], *, name: str = ""
) -> tuple[Sheet, int]:
    """A Sheet from raw rows, with the number of known headers; blank rows and columns fall away."""
    at, known = find_header(rows, is_known)
    if at < 0:
        return Sheet((), [], [], name), 0
    width = max((i + 1 for i, cell in enumerate(rows[at]) if _has_content(cell)), default=0)
    headers = tuple(
        "" if cell is None else " ".join(str(cell).split()) for cell in rows[at][:width]
    )
    kept = [
        (number, list(row[:width]) + [None] * (width - len(row)))
        for number, row in enumerate(rows[at + 1 :], start=at + 2)
        if any(_has_content(cell) for cell in row[:width])
    ]
    sheet = Sheet(headers, [row for _, row in kept], [n for n, _ in kept], name, at + 1)
    return sheet, known


def is_example(row: Sequence[Cell], match: HeaderMatch, example: Mapping[str, Cell]) -> bool:
    """True where a row still is the template's example: it is shown, never imported."""
    filled = {key: value for key, value in example.items() if _has_content(value)}
    return bool(filled) and all(
        _said(match.cell(row, key)) == _said(value) for key, value in filled.items()
    )


def _has_content(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _said(cell: Cell) -> str:
    return " ".join(str(cell).split())


_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_WORD = re.compile(r"[\W_]+")
# Words that say the same thing in a header of this trade.
_LIKE = {
    **dict.fromkeys(("umkm", "ukm", "ikm", "perusahaan", "bisnis"), "usaha"),
    **dict.fromkeys(("no", "nomer", "nmr"), "nomor"),
    **dict.fromkeys(("hp", "handphone", "ponsel"), "telepon"),
    **dict.fromkeys(("telp", "tlp", "tel", "telpon"), "telepon"),
    **dict.fromkeys(("wa", "whatsap"), "whatsapp"),
    **dict.fromkeys(("kab", "kabkota"), "kabupaten"),
    **dict.fromkeys(("prov", "propinsi"), "provinsi"),
    **dict.fromkeys(("bln", "perbulan"), "bulan"),
    **dict.fromkeys(("min", "minimum"), "minimal"),
    **dict.fromkeys(("maks", "max", "maksimum"), "maksimal"),
    **dict.fromkeys(("tgl",), "tanggal"),
    **dict.fromkeys(("ket", "catatan"), "keterangan"),
    **dict.fromkeys(("dan", "per", "the", "of", "rp", "idr"), ""),
}  # fmt: skip


def _words(text: str) -> str:
    return _NO_WORD.sub(" ", fold(text[:_LONGEST_HEADER])).strip()


def _alike(text: str) -> str:
    words = (_LIKE.get(word, word) for word in _words(text).split())
    return " ".join(word for word in words if word)


def _names(column: Column) -> Iterable[str]:
    return (column.label, column.key, *column.synonyms)


def _is_named(header: str, column: Column) -> bool:
    said = _words(header)
    return bool(said) and any(said == _words(name) for name in _names(column))


def _is_alike(header: str, column: Column) -> bool:
    said = _alike(header)
    return bool(said) and any(said == _alike(name) for name in _names(column))


def _is_named_with_remark(header: str, column: Column) -> bool:
    """`Berat (gram)` may be `Berat`; the remark of our own name is part of it and stays."""
    said = _alike(_REMARK.sub(" ", header))
    return bool(said) and any(said == _alike(name) for name in _names(column))


def _is_misspelt(header: str, column: Column) -> bool:
    """One slip in seven letters, at most two: "per bulan" never becomes "per minggu"."""
    said = _alike(header)
    slips = min(len(said) // 7, 2)
    return slips > 0 and any(
        OSA.distance(said, _alike(name), score_cutoff=slips) <= slips for name in _names(column)
    )


_SURE = (_is_named, _is_alike)
_GUESSES = (_is_named_with_remark, _is_misspelt)
