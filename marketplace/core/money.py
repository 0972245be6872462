"""Rupiah as people write them: read with care, printed by the rules of Indonesian spelling.

The one mistake this module may never make is a silent factor of a thousand. A dot groups
thousands in Indonesia and marks decimals elsewhere, so whatever can be read in two ways is refused
with a reason that says how to write it.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.core.digits import ascii_digits
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

MOST_RUPIAH = 10**15
_LONGEST = 64

EMPTY = N_("Enter an amount")
NEGATIVE = N_("The amount cannot be negative")
FRACTION = N_("Write whole rupiah, without cents")
AMBIGUOUS = N_("This amount can be read in two ways: write it like 15.000 or 15000")
TOO_LARGE = N_("The amount is too large: at most %(most)s")
NOT_AN_AMOUNT = N_("This is not an amount: write it like 15.000 or 15000")

NUMBER_EMPTY = N_("Enter a number")
NUMBER_NEGATIVE = N_("The number cannot be negative")
NUMBER_FRACTION = N_("Write a whole number, without decimals")
NUMBER_AMBIGUOUS = N_("This number can be read in two ways: write it like 1.500 or 1500")
NUMBER_TOO_LARGE = N_("The number is too large: at most %(most)s")
NUMBER_TOO_SMALL = N_("The number is too small: at least %(least)s")
NOT_A_NUMBER = N_("This is not a number: use digits only, like 1.500 or 1500")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of whole rupiah inside a message, so that the edge can print it its own way."""

    amount: int

    def __str__(self) -> str:
        return format_rupiah(self.amount)


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What to say when a number is refused: an amount and a count say it differently."""

    empty: str
    negative: str
    fraction: str
    ambiguous: str
    nonsense: str


_AMOUNT = _Reasons(EMPTY, NEGATIVE, FRACTION, AMBIGUOUS, NOT_AN_AMOUNT)
_NUMBER = _Reasons(NUMBER_EMPTY, NUMBER_NEGATIVE, NUMBER_FRACTION, NUMBER_AMBIGUOUS, NOT_A_NUMBER)

_CURRENCY = re.compile(r"^(rp|idr)\s*[.:]?\s*")
_NO_CENTS = re.compile(r"\s*[,.]\s*(-{1,2}|=)$")  # the ",-" and ".-" of handwritten price tags
_NEGATIVE = re.compile(
    r"^((rp|idr)?\s*\.?\s*-+\s*((rp|idr)\s*\.?\s*)?[0-9]|\([^()]*[0-9][^()]*\)$)"
)  # the last: an accountant's (15.000)

_MULTIPLIERS = {
    **dict.fromkeys(("rb", "rbu", "ribu", "k"), 10**3),
    **dict.fromkeys(("jt", "jta", "juta"), 10**6),
    **dict.fromkeys(("m", "miliar", "milyar", "milliar", "milyard"), 10**9),
    **dict.fromkeys(("triliun", "trilyun", "triliyun"), 10**12),
}
_PART = re.compile(r"([0-9][0-9.,]*)\s*([a-z]+)\s*")
_DOTS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3}){2,}")  # one comma alone could be a decimal
_DECIMAL_TAIL = re.compile(r"([0-9.,]*[0-9])([.,])([0-9]{1,2})")


def parse_rupiah(text: str) -> int:
    """Return the whole rupiah that `text` says, 0 to 10^15; raise InvalidInput with the reason.

    Accepted: `1250000`, `1.250.000`, `Rp1.250.000,-`, `Rp 1.250.000,00`, `1,250,000` (two commas
    can only group), `65rb`, `65 ribu 500`, `1,25 juta`, `1 juta 250 ribu`, `2 miliar`, `15k`.
    Refused: negative amounts, cents, `15,000` and `15.00` (fifteen, or fifteen thousand?),
    `1.500 rb`, a bare zero in front (a phone number in the price field), anything else.
    """
    raw = _prepared(text, _AMOUNT).lower()
    if _NEGATIVE.match(raw):
        raise InvalidInput(NEGATIVE)
    english = raw.startswith("idr")
    body = _CURRENCY.sub("", raw, count=1).removesuffix("rupiah").strip()
    body = _NO_CENTS.sub("", body)
    if any(char.isalpha() for char in body):
        amount = _spoken(body, english=english)
    else:
        amount = _written(body, _AMOUNT)
    if amount > MOST_RUPIAH:
        raise InvalidInput(TOO_LARGE, most=Money(MOST_RUPIAH))
    return amount


# `max` is the word the callers read: parse_whole_number(text, max=31).
def parse_whole_number(text: str, *, max: int, min: int = 0) -> int:
    """Return the whole number `text` says, with dots for thousands at most.

    Raises InvalidInput for signs, decimals, underscores, units, and what lies outside `min`..`max`.
    """
    raw = _prepared(text, _NUMBER)
    if raw.startswith("-"):
        raise InvalidInput(NUMBER_NEGATIVE)
    number = int(raw) if re.fullmatch("[0-9]+", raw) else _written(raw, _NUMBER)
    return _within(number, least=min, most=max)


def rupiah_of(value: object) -> int:
    """`parse_rupiah` for a spreadsheet cell: text, a whole number, or a float that is whole."""
    if isinstance(value, str):
        return parse_rupiah(value)
    amount = _whole(value, _AMOUNT)
    if amount > MOST_RUPIAH:
        raise InvalidInput(TOO_LARGE, most=Money(MOST_RUPIAH))
    return amount


def whole_number_of(value: object, *, max: int, min: int = 0) -> int:
    """`parse_whole_number` for a spreadsheet cell."""
    if isinstance(value, str):
        return parse_whole_number(value, max=max, min=min)
    return _within(_whole(value, _NUMBER), least=min, most=max)


def format_rupiah(amount: int) -> str:
    """`Rp1.250.000`: no space, so that no digit can be slipped in (EYD); `-Rp5.000` below zero."""
    digits = f"{abs(amount):,}".replace(",", ".")
    return f"{'-' if amount < 0 else ''}Rp{digits}"


def rupiah_in_words(amount: int) -> str:
    """The amount in Indonesian words, as receipts and agreements repeat it.

    Example: 1250000 is `satu juta dua ratus lima puluh ribu rupiah`.
    """
    if amount < 0:
        return f"minus {rupiah_in_words(-amount)}"
    return f"{_words(amount) if amount else 'nol'} rupiah"


def _prepared(text: str, reasons: _Reasons) -> str:
    raw = ascii_digits(text[: _LONGEST * 4])
    if not raw:
        raise InvalidInput(reasons.empty)
    if len(raw) > _LONGEST or not raw.isascii():
        raise InvalidInput(reasons.nonsense)
    return raw


def _within(number: int, *, least: int, most: int) -> int:
    if number > most:
        raise InvalidInput(NUMBER_TOO_LARGE, most=most)
    if number < least:
        raise InvalidInput(NUMBER_TOO_SMALL, least=least)
    return number


def _whole(value: object, reasons: _Reasons) -> int:
    """A number cell as an int; floats lose whole numbers above 2^53, so those are refused."""
    if value is None:
        raise InvalidInput(reasons.empty)
    if isinstance(value, bool | date) or not isinstance(value, int | float):
        raise InvalidInput(reasons.nonsense)
    if isinstance(value, float) and not abs(value) <= 2.0**53:
        raise InvalidInput(reasons.nonsense)  # also NaN, which compares false
    if value < 0:
        raise InvalidInput(reasons.negative)
    if value != int(value):
        raise InvalidInput(reasons.fraction)
    return int(value)


def _written(raw: str, reasons: _Reasons) -> int:
    """An amount in figures only: digits, grouped digits, and cents that are zero."""
    if re.fullmatch("0|[1-9][0-9]*", raw):
        return int(raw)
    if _DOTS.fullmatch(raw):
        return int(raw.replace(".", ""))
    if _COMMAS.fullmatch(raw):
        return int(raw.replace(",", ""))
    with_tail = _DECIMAL_TAIL.fullmatch(raw)
    if with_tail:
        return _without_cents(*with_tail.groups(), reasons=reasons)
    if re.fullmatch(r"[0-9][0-9., ]*", raw):
        raise InvalidInput(reasons.ambiguous)
    raise InvalidInput(reasons.nonsense)


def _without_cents(whole: str, mark: str, cents: str, *, reasons: _Reasons) -> int:
    """`1.250.000,00`, `1,250,000.00` and `15000.0`: the whole part must be clear by itself.

    `15,00` and `15.00` are refused: fifteen rupiah are as likely as a slip in fifteen hundred.
    """
    grouped = (
        _DOTS.fullmatch(whole) if mark == "," else re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", whole)
    )
    if not grouped and not re.fullmatch("[1-9][0-9]{3,}", whole):
        raise InvalidInput(reasons.ambiguous)
    if int(cents):
        raise InvalidInput(reasons.fraction)
    return int(re.sub("[.,]", "", whole))


def _spoken(body: str, *, english: bool) -> int:
    """`65rb`, `1,25 juta`, `1 juta 250 ribu`, `65 ribu 500`: parts whose units come down."""
    total, unit_before, at = 0, 10**15, 0
    while part := _PART.match(body, at):
        figure, word = part.groups()
        unit = _MULTIPLIERS.get(word)
        if unit is None:
            raise InvalidInput(NOT_AN_AMOUNT)
        if english and word in {"m", "k"}:  # `IDR 2M` may mean two million
            raise InvalidInput(AMBIGUOUS)
        amount = _figure(figure) * unit
        if amount != int(amount):
            raise InvalidInput(FRACTION)
        if amount >= unit_before or (total and total % unit_before):
            raise InvalidInput(AMBIGUOUS)
        total, unit_before, at = total + int(amount), unit, part.end()
    rest = body[at:]
    if not total and at == 0:
        raise InvalidInput(NOT_AN_AMOUNT)
    if not rest:
        return total
    # "65 ribu 500" is clear; after "1 juta 250" one cannot know whether thousands were meant.
    if unit_before == 10**3 and re.fullmatch("[1-9][0-9]{2}", rest) and total % 10**3 == 0:
        return total + int(rest)
    raise InvalidInput(AMBIGUOUS if rest.isdigit() else NOT_AN_AMOUNT)


def _figure(text: str) -> Decimal:
    """The number before "ribu" or "juta": below 1000, with a comma or a dot for decimals.

    Exactly three decimals are refused, since `1.250 juta` is 1,25 or 1250 million; after a leading
    zero they cannot be a group and are read.
    """
    match = re.fullmatch("(0|[1-9][0-9]*)(?:[.,]([0-9]+))?", text)
    if not match:
        raise InvalidInput(AMBIGUOUS)
    whole, decimals = match.group(1), match.group(2) or ""
    if len(whole) > 3 or (len(decimals) == 3 and whole != "0"):
        raise InvalidInput(AMBIGUOUS)
    return Decimal(f"{whole}.{decimals or '0'}")


_SMALL = (
    "", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
)  # fmt: skip
_LARGE = (
    (10**15, "kuadriliun"),
    (10**12, "triliun"),
    (10**9, "miliar"),
    (10**6, "juta"),
    (10**3, "ribu"),
    (100, "ratus"),
    (10, "puluh"),
)
_JOINED = {10**3: "seribu", 100: "seratus"}  # "satu ribu" and "satu ratus" are not said


def _words(number: int) -> str:
    """The words of a positive number; empty for zero, so that remainders join cleanly."""
    if number < len(_SMALL):
        return _SMALL[number]
    if number < 20:
        return f"{_SMALL[number - 10]} belas"
    for unit, name in _LARGE:
        count, rest = divmod(number, unit)
        if count:
            head = _JOINED[unit] if count == 1 and unit in _JOINED else f"{_words(count)} {name}"
            return f"{head} {_words(rest)}".strip()
    raise AssertionError("every number from 20 up has a unit")
