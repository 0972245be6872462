"""Phone numbers as Indonesians write them; the number is how people sign in and are written to."""

import re
from dataclasses import dataclass
from urllib.parse import quote

import phonenumbers

from marketplace.core.digits import ascii_digits
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

EMPTY = N_("Enter a WhatsApp number")
WRONG_START = N_("The WhatsApp number must start with 08 or +62")
WRONG_LENGTH = N_("This phone number has too few or too many digits")
SEVERAL = N_("Enter one phone number only")
ROUNDED = N_("The spreadsheet has rounded this phone number: format the column as text")
NO_WHATSAPP = N_("This is a landline without WhatsApp: enter a mobile number that starts with 08")

_LONGEST = 60
_LINK = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=|whatsapp://send/?\?phone=)"
    r"(?:\+|%2b)?([0-9]+)(?:[/?&#].*)?$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:tel|telp|telepon|hp|wa|whatsapp|no)\.?\s*:?\s*(?=[+0-9(])", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9(][0-9 ().-]*[0-9]")


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid Indonesian number: `+6281234567890`, printed `0812-3456-7890`."""

    e164: str
    display: str
    is_mobile: bool


def parse_phone(text: str) -> Phone:
    """Return the Indonesian number in `text`, mobile or landline; raise InvalidInput otherwise.

    Understands 0812…, 62812…, +62 812-…, 8 12…, 0062…, wa.me links, and what spreadsheets make of
    numbers: a lost leading zero and `81234567890.0`.
    """
    raw = ascii_digits(text[:400])
    if not raw:
        raise InvalidInput(EMPTY)
    link = _LINK.match(raw)
    # A link carries the country's number without its plus sign.
    raw = f"+{link.group(1)}" if link else _LABEL.sub("", raw)
    if re.fullmatch(r"[0-9.,]+e\+?[0-9]+", raw, re.IGNORECASE):
        raise InvalidInput(ROUNDED)
    if re.search(r"[0-9]\s*(/|,|;|&|\bdan\b|\batau\b)\s*[+0-9(]", raw):
        raise InvalidInput(SEVERAL)
    raw = re.sub(r"^([0-9]{7,})\.0$", r"\1", raw)
    if len(raw) > _LONGEST or not _NUMBER.fullmatch(raw):
        raise InvalidInput(WRONG_START)
    return _indonesian(_with_country(raw))


def parse_whatsapp(text: str) -> Phone:
    """Return the mobile number in `text`; a landline is refused, since WhatsApp needs a mobile."""
    phone = parse_phone(text)
    if not phone.is_mobile:
        raise InvalidInput(NO_WHATSAPP)
    return phone


def phone_of(value: object) -> Phone:
    """`parse_phone` for a spreadsheet cell: text, or a number that lost its leading zero."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2.0**53:
        value = int(value)
    return parse_phone("" if value is None else str(value))


def display_phone(e164: str) -> str:
    """`0812-3456-7890` for `+6281234567890`; what cannot be read comes back as it is."""
    try:
        return parse_phone(e164).display
    except InvalidInput:
        return e164


def whatsapp_link(e164: str, text: str = "") -> str | None:
    """`https://wa.me/62…?text=…` for a mobile number, None for any other."""
    try:
        phone = parse_phone(e164)
    except InvalidInput:
        return None
    if not phone.is_mobile:
        return None
    link = f"https://wa.me/{phone.e164.removeprefix('+')}"
    return f"{link}?text={quote(text, safe='')}" if text else link


def mask_phone(text: str) -> str:
    """The number with its middle hidden (`+62812*****90`), for logs and lists."""
    digits = [index for index, char in enumerate(text) if char.isdigit()]
    hidden = set(digits[5:-2]) if len(digits) > 8 else set(digits)
    return "".join("*" if index in hidden else char for index, char in enumerate(text))


def _with_country(raw: str) -> str:
    """`+62…` in front of any usual Indonesian spelling; another country's number is refused."""
    digits = re.sub("[^0-9]", "", raw)
    if raw.startswith("+") or digits.startswith("00"):
        digits = digits if raw.startswith("+") else digits.removeprefix("00")
        if not digits.startswith("62"):
            raise InvalidInput(WRONG_START)
    elif digits.startswith("0"):
        digits = f"62{digits.removeprefix('0')}"
    elif digits.startswith("8"):  # a spreadsheet took the leading zero
        digits = f"62{digits}"
    elif not digits.startswith("62"):
        raise InvalidInput(WRONG_START)
    return f"+62{digits.removeprefix('62').removeprefix('0')}"


def _indonesian(raw: str) -> Phone:
    try:
        number = phonenumbers.parse(raw, "ID")
    except phonenumbers.NumberParseException as error:
        raise InvalidInput(WRONG_START) from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidInput(WRONG_LENGTH)
    shape = phonenumbers.PhoneNumberFormat
    return Phone(
        e164=phonenumbers.format_number(number, shape.E164),
        display=phonenumbers.format_number(number, shape.NATIONAL),
        is_mobile=phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE,
    )
