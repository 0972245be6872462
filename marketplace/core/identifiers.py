"""The numbers printed on papers and packages, read the way people type them.

Each parser returns a frozen value with the number in its stored form, the form for people, and
what is wrong with it. Only what is certain blocks; what a single source says warns (domain.md,
section 1, gives the source and its mark for every rule here).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum import ean, luhn
from stdnum.exceptions import ValidationError
from stdnum.id import nik

from marketplace.core.digits import ascii_digits
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_, clean_text


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Paper(StrEnum):
    """The kinds of paper a business or a product can hold."""

    NIB = "nib"
    NPWP = "npwp"
    PIRT = "pirt"
    MD = "md"
    HALAL = "halal"
    GTIN = "gtin"
    BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a number, in words that say how to mend it."""

    msgid: str
    severity: Severity
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """A paper's number as stored (`normalised`) and as printed (`display`).

    `valid_to` is the last day the number itself still allows, where it says so (only P-IRT does);
    the date printed on the paper may be earlier. `details` are facts read out of the number.
    """

    kind: Paper
    normalised: str
    display: str
    problems: tuple[Problem, ...] = ()
    valid_to: date | None = None
    details: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_acceptable(self) -> bool:
        return not any(problem.severity is Severity.BLOCK for problem in self.problems)

    @property
    def first_block(self) -> Problem | None:
        return next((each for each in self.problems if each.severity is Severity.BLOCK), None)


@dataclass(frozen=True, slots=True)
class Kbli:
    """A line of business: five digits, meaningful only together with the edition of the list."""

    version: str
    code: str
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def display(self) -> str:
        return f"KBLI {self.version}: {self.code}"


EMPTY = N_("Enter the number printed on the paper")
ROUNDED = N_("The spreadsheet has rounded this number: format the column as text")
TOO_LONG = N_("This is too long to be a paper's number")
NOT_DIGITS = N_("This number consists of digits only")
_LONGEST = 100

PIRT_PACKS = {
    "1": N_("Glass"),
    "2": N_("Plastic"),
    "3": N_("Carton or paper"),
    "4": N_("Metal can"),
    "5": N_("Aluminium foil"),
    "6": N_("Other packaging"),
    "7": N_("Composite packaging"),
    "8": N_("Several kinds of packaging"),
}
PIRT_FOODS = {
    "01": N_("Dried meat"),
    "02": N_("Dried fish"),
    "03": N_("Dried poultry"),
    "04": N_("Vegetables"),
    "05": N_("Coconut"),
    "06": N_("Flour products"),
    "07": N_("Oils and fats"),
    "08": N_("Jam and jelly"),
    "09": N_("Sugar, sweets and honey"),
    "10": N_("Coffee and dry tea"),
    "11": N_("Seasoning"),
    "12": N_("Spices"),
    "13": N_("Powdered drinks"),
    "14": N_("Fruit"),
    "15": N_("Seeds, nuts and tubers"),
}
PIRT_MOST_YEARS = 5

KBLI_VERSIONS = ("2025", "2020")
KBLI_2025_SINCE = date(2025, 12, 18)
KBLI_2025_DUE = date(2026, 6, 18)


def parse_paper(kind: Paper | str, text: str, today: date) -> PaperNumber:
    """Read the number of one paper; raise InvalidInput only where there is nothing to read.

    A wrong number comes back with a blocking problem, so that a form can show all of them at once.
    """
    raw = ascii_digits(clean_text(text[: _LONGEST * 4]))
    if not raw:
        raise InvalidInput(EMPTY)
    if len(raw) > _LONGEST:
        raise InvalidInput(TOO_LONG)
    return _PARSERS[Paper(kind)](raw, today)


def paper_of(kind: Paper | str, value: object, today: date) -> PaperNumber:
    """`parse_paper` for a spreadsheet cell: text, or a number that is still exact.

    Spreadsheets keep 15 digits of a number and put zeros after them, so longer ones are refused.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value) if abs(value) < 10**15 else f"{value:e}"
    if isinstance(value, int) and abs(value) >= 10**15:
        raise InvalidInput(ROUNDED)
    text = "" if value is None else str(value)
    if re.fullmatch(r"\s*[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+\s*", text):
        raise InvalidInput(ROUNDED)
    return parse_paper(kind, text, today)


def mask_nik(text: str) -> str:
    """`3171******0001`: a population number is personal data and is never shown whole."""
    digits = re.sub("[^0-9]", "", ascii_digits(text))
    return f"{digits[:4]}******{digits[-4:]}" if len(digits) == 16 else "*" * len(digits)


def parse_kbli(text: str, version: str = KBLI_VERSIONS[0]) -> Kbli:
    """Read `10213`, `C.10213` or `KBLI 2020: 10213`; raise InvalidInput where it is not a code."""
    raw = ascii_digits(text[:_LONGEST]).upper()
    match = re.fullmatch(
        r"(?:KBLI\s*)?(?:(20[0-9]{2})\s*[:/-]\s*)?(?:[A-V][\s.]*)?([0-9]{5})"
        r"(?:\s*\(?KBLI\s*(20[0-9]{2})\)?)?",
        raw,
    )
    if not match:
        raise InvalidInput(N_("A KBLI code has 5 digits"))
    version = match.group(1) or match.group(3) or version
    if version not in KBLI_VERSIONS:
        raise InvalidInput(N_("This edition of KBLI is not known: use 2025 or 2020"))
    problems: tuple[Problem, ...] = ()
    if version == "2020":
        problems = (
            _warn(
                N_("KBLI 2025 replaced KBLI 2020: codes had to be brought in line by %(due)s"),
                due=KBLI_2025_DUE,
            ),
        )
    return Kbli(version, match.group(2), problems)


def _warn(msgid: str, **params: object) -> Problem:
    return Problem(msgid, Severity.WARN, params)


def _block(msgid: str, **params: object) -> Problem:
    return Problem(msgid, Severity.BLOCK, params)


def _joined(raw: str, label: str = "") -> str:
    """`raw` in capitals without its label and without the signs that only group digits."""
    bare = re.sub(r"[\s.\-–/:#]", "", raw.upper())
    return re.sub(rf"^(?:{label})?(?:NO(?:MOR)?)?", "", bare) if label else bare


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _parse_nib(raw: str, _today: date) -> PaperNumber:
    number = _joined(raw, "NIB")
    problems: tuple[Problem, ...] = ()
    if not _is_digits(number):
        problems = (_block(NOT_DIGITS),)
    elif 10 <= len(number) < 13:
        # Spreadsheets keep numbers, not digits: 0220…  comes back as 220….
        problems = (
            _block(
                N_(
                    "A NIB has 13 digits, this has %(found)s: "
                    "a zero in front may have been lost in the spreadsheet"
                ),
                found=len(number),
            ),
        )
    elif len(number) != 13:
        problems = (_block(N_("A NIB has 13 digits, this has %(found)s"), found=len(number)),)
    return PaperNumber(Paper.NIB, number, number, problems)


def _parse_npwp(raw: str, today: date) -> PaperNumber:
    number = _joined(raw, "NPWP|NITKU")
    if not _is_digits(number):
        return PaperNumber(Paper.NPWP, number, number, (_block(NOT_DIGITS),))
    if len(number) == 15:
        problems = _old_npwp_problems(number)
        note = Problem(
            N_("Old NPWP of 15 digits: stored with a zero in front; people now use their NIK"),
            Severity.INFO,
        )
        return PaperNumber(Paper.NPWP, f"0{number}", _npwp_display(number), (*problems, note))
    if len(number) == 16 and number.startswith("0"):
        problems = _old_npwp_problems(number[1:])
        return PaperNumber(Paper.NPWP, number, _npwp_display(number[1:]), problems)
    if len(number) == 16:
        return PaperNumber(Paper.NPWP, number, mask_nik(number), _nik_problems(number, today))
    if len(number) == 22:
        branch = _warn(N_("This is a branch's tax number (NITKU): enter the NPWP of the business"))
        return PaperNumber(Paper.NPWP, number, f"{number[:16]} {number[16:]}", (branch,))
    wrong = _block(
        N_("An NPWP has 16 digits (15 before July 2024), this has %(found)s"), found=len(number)
    )
    return PaperNumber(Paper.NPWP, number, number, (wrong,))


def _old_npwp_problems(fifteen: str) -> tuple[Problem, ...]:
    # The ninth digit is a Luhn check over the first eight; numbers that break it are reported in
    # the field, so a typing mistake is suspected, not proven.
    if luhn.is_valid(fifteen[:9]) and fifteen.strip("0"):
        return ()
    return (_warn(N_("The check digit of this NPWP does not fit: compare it with the paper")),)


def _npwp_display(fifteen: str) -> str:
    d = fifteen
    return f"{d[:2]}.{d[2:5]}.{d[5:8]}.{d[8]}-{d[9:12]}.{d[12:]}"


def _nik_problems(number: str, today: date) -> tuple[Problem, ...]:
    try:
        born = nik.get_birth_date(number)
    except ValidationError:
        born = None
    day = int(number[6:8])
    # The library takes the day modulo 40; only 1-31, and 41-71 for women, are given out.
    if born is None or born > today or not (day <= 31 or 41 <= day <= 71):
        return (
            _warn(N_("The date of birth inside this NIK does not exist: compare it with the card")),
        )
    return ()


def _parse_pirt(raw: str, today: date) -> PaperNumber:
    number = _joined(raw, "(?:SPP)?P?IRT|(?:DINKES|DEPKES)?(?:RI)?PIRT")
    if not _is_digits(number):
        return PaperNumber(Paper.PIRT, number, number, (_block(NOT_DIGITS),))
    if len(number) == 12:
        old = _warn(
            N_("Old P-IRT number of 12 digits: it does not say until when it holds, see the paper")
        )
        return PaperNumber(Paper.PIRT, number, number, (old,))
    if len(number) != 15:
        wrong = _block(
            N_("A P-IRT number has 15 digits (13, a dash, then 2), this has %(found)s"),
            found=len(number),
        )
        return PaperNumber(Paper.PIRT, number, number, (wrong,))
    year = 2000 + int(number[13:])
    return PaperNumber(
        Paper.PIRT,
        number,
        f"{number[:13]}-{number[13:]}",
        _pirt_problems(number, year, today),
        valid_to=date(year, 12, 31),
        details={
            "pack": PIRT_PACKS.get(number[0], ""),
            "food": PIRT_FOODS.get(number[1:3], ""),
            "region": f"{number[3:5]}.{number[5:7]}",
            "year": str(year),
        },
    )


def _pirt_problems(number: str, year: int, today: date) -> tuple[Problem, ...]:
    problems = []
    if number[0] not in PIRT_PACKS:
        problems.append(
            _warn(N_("The first digit of a P-IRT number is the packaging, from 1 to 8"))
        )
    if number[1:3] not in PIRT_FOODS:
        problems.append(_warn(N_("Digits 2 and 3 of a P-IRT number are the food, from 01 to 15")))
    if not 11 <= int(number[3:5]) <= 97:
        # Only the province's range: the annex numbers kabupaten in a way not confirmed for Babel.
        problems.append(_warn(N_("Digits 4 to 7 of a P-IRT number do not look like a region")))
    if year < today.year:
        problems.append(_warn(N_("This P-IRT number ended in %(year)s"), year=str(year)))
    elif year > today.year + PIRT_MOST_YEARS:
        problems.append(
            _warn(N_("A P-IRT holds 5 years at most, this one says %(year)s"), year=str(year))
        )
    return tuple(problems)


def _parse_md(raw: str, _today: date) -> PaperNumber:
    bare = _joined(raw, "(?:BADAN)?(?:BPOM|POM)?(?:RI)?")
    match = re.fullmatch("(MD|ML)?([0-9]+)", bare)
    if not match:
        wrong = _block(N_("A food licence is MD or ML with 12 or 15 digits, as on the label"))
        return PaperNumber(Paper.MD, bare, bare, (wrong,))
    letters, digits = match.group(1) or "", match.group(2)
    problems = []
    if len(digits) not in {12, 15}:
        problems.append(
            _block(N_("A food licence has 12 or 15 digits, this has %(found)s"), found=len(digits))
        )
    if not letters:
        problems.append(_block(N_("Write the letters too: MD for made here, ML for imported")))
    if letters == "ML":
        problems.append(_warn(N_("ML is the licence of an imported product")))
    display = f"BPOM RI {letters} {digits}".replace("  ", " ")
    return PaperNumber(Paper.MD, f"{letters}{digits}", display, tuple(problems))


def _parse_halal(raw: str, _today: date) -> PaperNumber:
    number = _joined(raw, "(?:SERTIFIKAT)?HALAL(?:INDONESIA)?")
    problems: tuple[Problem, ...] = ()
    if number.startswith("KH"):
        problems = (
            _block(
                N_(
                    "KH is the number of the fatwa decision: "
                    "enter the certificate's number, which starts with ID"
                )
            ),
        )
    elif not re.fullmatch("ID[0-9]{14,18}", number):
        problems = (_block(N_("A halal certificate's number is ID followed by 17 digits")),)
    elif len(number) != 19:
        problems = (
            _warn(
                N_("A halal certificate's number usually has 17 digits, this has %(found)s"),
                found=len(number) - 2,
            ),
        )
    return PaperNumber(Paper.HALAL, number, number, problems)


def _parse_gtin(raw: str, _today: date) -> PaperNumber:
    number = _joined(raw, "EAN(?:13)?(?=[^0-9]|[0-9]{8,})|GTIN|BARCODE|UPC")
    if not _is_digits(number):
        return PaperNumber(Paper.GTIN, number, number, (_block(NOT_DIGITS),))
    if len(number) not in {8, 12, 13, 14}:
        wrong = _block(
            N_("A barcode has 13 digits (or 8, 12, 14), this has %(found)s"), found=len(number)
        )
        return PaperNumber(Paper.GTIN, number, number, (wrong,))
    # A 12-digit UPC is an EAN-13 with a zero in front.
    number = number.zfill(13) if len(number) == 12 else number
    if not number.strip("0") or not ean.is_valid(number):
        wrong = _block(N_("The check digit of this barcode does not fit: one digit is mistyped"))
        return PaperNumber(Paper.GTIN, number, number, (wrong,))
    return PaperNumber(Paper.GTIN, number, number, _gtin_problems(number))


def _gtin_problems(number: str) -> tuple[Problem, ...]:
    prefix = number[1:4] if len(number) == 14 else number[:3]
    if len(number) != 8 and ("200" <= prefix <= "299" or "020" <= prefix <= "029"):
        return (_warn(N_("This is a shop's own number, not one issued by GS1")),)
    if prefix != "899":
        return (_warn(N_("This barcode was not issued by GS1 Indonesia (899)")),)
    return ()


_DJKI = re.compile("(?:IDM[0-9]{9}|[A-Z]{0,3}[0-9]{9,16})")


def _parse_brand(raw: str, _today: date) -> PaperNumber:
    """DJKI numbers come in several forms over the years, and people write the brand itself."""
    number = re.sub(r"[\s.\-]", "", raw.upper())
    if _DJKI.fullmatch(number):
        kind = N_("Registered brand") if number.startswith("IDM") else N_("Brand applied for")
        return PaperNumber(Paper.BRAND, number, number, details={"stage": kind})
    name = _warn(N_("A brand name alone proves nothing: add the DJKI application number"))
    return PaperNumber(Paper.BRAND, raw, raw, (name,))


_PARSERS: dict[Paper, Callable[[str, date], PaperNumber]] = {
    Paper.NIB: _parse_nib,
    Paper.NPWP: _parse_npwp,
    Paper.PIRT: _parse_pirt,
    Paper.MD: _parse_md,
    Paper.HALAL: _parse_halal,
    Paper.GTIN: _parse_gtin,
    Paper.BRAND: _parse_brand,
}
