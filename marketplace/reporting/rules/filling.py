"""The register beside a table of another government system: matched by NIB, compared by field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from marketplace.core.errors import InvalidInput
from marketplace.core.kbli import kbli_of, kbli_text, read_kbli
from marketplace.core.sheets import Cell, Column, ColumnKind, HeaderMatch
from marketplace.core.text import N_, clean_text, fold
from marketplace.regions.rules import find_regency, regencies

NIB_DIGITS = 13


class Field(StrEnum):
    """What another system may tell us; contacts and figures stay what the business says."""

    NAME = "name"
    ADDRESS = "address"
    REGION = "region"
    KBLI = "kbli"
    PIRT = "pirt"
    MD = "md"
    HALAL = "halal"


PAPERS = (Field.PIRT, Field.MD, Field.HALAL)
FIELD_NAMES: Mapping[Field, str] = {
    Field.NAME: N_("Name of the business"),
    Field.ADDRESS: N_("Address"),
    Field.REGION: N_("Kabupaten/kota"),
    Field.KBLI: N_("KBLI"),
    Field.PIRT: N_("P-IRT"),
    Field.MD: N_("BPOM MD"),
    Field.HALAL: N_("Halal certificate"),
}

# One table out and in: what is exported can be filled elsewhere and come back.
COLUMNS: Sequence[Column] = (
    Column("nib", "NIB", ("nomor induk berusaha", "no nib"), required=True, width=16),
    Column("name", "Nama usaha", ("nama perusahaan", "nama pelaku usaha", "nama umkm"), width=30),
    Column("kemendagri", "Kode Kemendagri", ("kode wilayah", "kode kabupaten"), width=16),
    Column("bps", "Kode BPS", ("kode kab bps", "id kabupaten bps")),
    Column("region", "Kabupaten/kota", ("kabupaten", "kab/kota", "wilayah"), width=28),
    Column("address", "Alamat", ("alamat usaha",), width=40),
    Column("kbli", "KBLI", ("kode kbli", "nomor kbli", "kbli 2025"), width=24),
    Column("pirt", "P-IRT", ("nomor p-irt", "no pirt", "sppirt"), width=20),
    Column("pirt_to", "P-IRT berlaku sampai", ("masa berlaku p-irt",), kind=ColumnKind.DATE),
    Column("md", "BPOM MD", ("nomor md", "izin edar md"), width=20),
    Column("md_to", "MD berlaku sampai", ("masa berlaku md",), kind=ColumnKind.DATE),
    Column("halal", "Sertifikat halal", ("nomor halal", "no sertifikat halal"), width=24),
)


class RowProblem(StrEnum):
    NO_NIB = "no_nib"
    BAD_NIB = "bad_nib"
    TWICE = "twice"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    BARE_CODE = "bare_code"
    NO_REGION = "no_region"
    BAD_KBLI = "bad_kbli"


PROBLEM_NAMES: Mapping[RowProblem, str] = {
    RowProblem.NO_NIB: N_("no NIB in this row"),
    RowProblem.BAD_NIB: N_("a NIB has exactly 13 digits"),
    RowProblem.TWICE: N_("this NIB stands in an earlier row too"),
    RowProblem.UNKNOWN: N_("no business of the register has this NIB"),
    RowProblem.ELSEWHERE: N_("another office answers for this business"),
    RowProblem.BARE_CODE: N_(
        "a region code without a dot says nothing: Kemendagri and BPS number differently"
    ),
    RowProblem.NO_REGION: N_("this kabupaten/kota is not known"),
    RowProblem.BAD_KBLI: N_("a KBLI code has 5 digits, several are divided by commas"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What one row says; empty fields say nothing. `restored`: Excel had eaten a leading zero."""

    row: int
    nib: str
    values: Mapping[Field, str] = field(default_factory=dict)
    until: Mapping[Field, date] = field(default_factory=dict)
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    row: int
    nib: str
    problem: RowProblem


@dataclass(frozen=True, slots=True)
class Difference:
    field: Field
    ours: str
    theirs: str
    until: date | None = None


def read_rows(
    rows: Sequence[Sequence[Cell]], numbers: Sequence[int], match: HeaderMatch
) -> tuple[list[Said], list[Refused]]:
    """The rows of a table with one NIB each, and what is wrong with the others."""
    said: list[Said] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    for number, row in zip(numbers, rows, strict=True):
        nib, restored = read_nib(match.cell(row, "nib"))
        problem = None
        if not nib:
            problem = RowProblem.NO_NIB
        elif len(nib) != NIB_DIGITS:
            problem = RowProblem.BAD_NIB
        elif nib in seen:
            problem = RowProblem.TWICE
        region, wrong = _region(row, match)
        kbli, no_codes = _kbli(row, match)
        problem = problem or wrong or no_codes
        if problem is not None:
            refused.append(Refused(number, nib, problem))
            continue
        seen.add(nib)
        values = {Field.NAME: _text(match.cell(row, "name"))[:200]}
        values[Field.ADDRESS] = _text(match.cell(row, "address"))[:400]
        values[Field.REGION], values[Field.KBLI] = region, kbli
        for paper in PAPERS:
            values[paper] = _text(match.cell(row, paper.value))[:60]
        until = {
            paper: day
            for paper in PAPERS
            if isinstance(day := match.cell(row, f"{paper.value}_to"), date)
        }
        told = {key: value for key, value in values.items() if value}
        said.append(Said(number, nib, told, until, restored))
    return said, refused


def read_nib(cell: Cell) -> tuple[str, bool]:
    """The digits, and whether a zero was put back that a number cell cannot hold."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        digits = str(int(cell)) if cell >= 0 else ""
        padded = digits.zfill(NIB_DIGITS) if 10 <= len(digits) < NIB_DIGITS else digits
        return padded, padded != digits
    return "".join(char for char in _text(cell) if char.isascii() and char.isdigit()), False


def _text(cell: Cell) -> str:
    return "" if cell is None else clean_text(str(cell))


_BARE = re.compile(r"\d{4}")


def _region(row: Sequence[Cell], match: HeaderMatch) -> tuple[str, RowProblem | None]:
    """The Kemendagri code a row means: by code, by the column of BPS codes, or by name."""
    code, bps = _text(match.cell(row, "kemendagri")), _text(match.cell(row, "bps"))
    name = _text(match.cell(row, "region"))
    if _BARE.fullmatch(code):
        return "", RowProblem.BARE_CODE
    if bps and not code:
        found = next((one.code for one in regencies().values() if one.bps_code == bps), "")
        if found:
            return found, None
    wanted = code or name
    if not wanted:
        return "", None
    regency = find_regency(wanted)
    return (regency.code, None) if regency else ("", RowProblem.NO_REGION)


def _kbli(row: Sequence[Cell], match: HeaderMatch) -> tuple[str, RowProblem | None]:
    """The codes a row lists, in one spelling."""
    try:
        return kbli_text(kbli_of(match.cell(row, "kbli"))), None
    except InvalidInput:
        return "", RowProblem.BAD_KBLI


def differences(said: Said, ours: Mapping[Field, Sequence[str]]) -> list[Difference]:
    """Where a row says something else than the register; a field it leaves empty says nothing.

    `ours` gives for each field what stands there, for papers every number that counts.
    """
    found: list[Difference] = []
    for key, theirs in said.values.items():
        held = ours.get(key, ())
        if not any(_same(key, one, theirs) for one in held):
            found.append(Difference(key, ", ".join(held), theirs, said.until.get(key)))
    return found


def _same(key: Field, ours: str, theirs: str) -> bool:
    if key is Field.KBLI:
        return set(read_kbli(theirs)) <= set(read_kbli(ours))
    if key in PAPERS:
        return _alnum(ours) == _alnum(theirs)
    return ours == theirs or (key is not Field.REGION and fold(ours) == fold(theirs))


def _alnum(text: str) -> str:
    """`MD 123 456` and `123456` are one number: some print the letters, some do not."""
    kept = "".join(char for char in text.upper() if char.isalnum())
    return kept.removeprefix("BPOM").removeprefix("RI").removeprefix("MD").removeprefix("PIRT")
