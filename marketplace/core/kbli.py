"""Several lines of business (KBLI) as people list them: the main one first, each with its edition.

An NIB sheet lists them one under the other with their titles; tables write them into one cell.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from marketplace.core.digits import ascii_digits
from marketplace.core.errors import InvalidInput
from marketplace.core.identifiers import KBLI_2025_DUE, KBLI_VERSIONS, Kbli, parse_kbli
from marketplace.core.text import N_, clean_text

MOST = 50
DIGITS = 5
OLD = "2020"

NOT_A_CODE = N_('"%(part)s" is no KBLI code: a code has 5 digits, several are divided by commas')
TOO_MANY = N_("At most %(limit)s KBLI codes, please.")

_DIVIDED = re.compile(r"[,;|]|(?<=\b[0-9]{5})\s+(?=[0-9]{5}\b)")
_EDITION = re.compile(r"(?:KBLI\s*)(20[0-9]{2})\s*[:/-]?\s*(?=\S)|(20[0-9]{2})\s*[:/-]\s*", re.I)
# What stands after the code: the title of the line of business, never another number.
_TITLE = re.compile(r"(?<=[0-9]{5})\s*[-–—:.(]*\s*[^0-9]*$")
_SUFFIX = re.compile(r"\(?\s*KBLI\s*20[0-9]{2}\s*\)?$", re.I)


def read_kbli(text: str) -> tuple[Kbli, ...]:
    """The codes of a text, the first as the main one and the others in order; () for none.

    `KBLI 2020:` holds to the end of its line, titles after codes are left out. Raises InvalidInput.
    """
    found: dict[tuple[str, str], Kbli] = {}
    for line in clean_text(ascii_digits(text), multiline=True).split("\n"):
        version = KBLI_VERSIONS[0]
        for part in _DIVIDED.split(line):
            bare = part.strip(" .-")
            if not any(char.isdigit() for char in bare):
                if bare and not found:
                    raise InvalidInput(NOT_A_CODE, part=bare[:40])
                continue  # the rest of a title with a comma in it
            if before := _EDITION.match(bare):
                version = before.group(1) or before.group(2)
                bare = bare[before.end() :]
            code = _read_one(bare, version)
            found.setdefault((code.version, code.code), code)
    if len(found) > MOST:
        raise InvalidInput(TOO_MANY, limit=MOST)
    return in_order(found.values())


def _read_one(bare: str, version: str) -> Kbli:
    if not _SUFFIX.search(bare):
        bare = _TITLE.sub("", bare)
    try:
        return parse_kbli(bare, version)
    except InvalidInput as error:
        if re.fullmatch(r"\D*[0-9]{5}\D*", bare):
            raise  # the code is one, its edition is not
        raise InvalidInput(NOT_A_CODE, part=bare[:40]) from error


def kbli_of(cell: object) -> tuple[Kbli, ...]:
    """`read_kbli` for a cell: a number has lost the zero in front that farming and fishing have."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 10**DIGITS:
        return read_kbli(str(int(cell)).zfill(DIGITS))
    return read_kbli("" if cell is None else str(cell))


def in_order(codes: Iterable[Kbli]) -> tuple[Kbli, ...]:
    """The main one stays first; the others by edition, the newest first, then by number."""
    listed = list(codes)
    others = sorted(listed[1:], key=lambda code: (KBLI_VERSIONS.index(code.version), code.code))
    return (*listed[:1], *others)


def kbli_text(codes: Iterable[Kbli], between: str = "; ") -> str:
    """The codes as `read_kbli` takes them: `KBLI 2025: 10213; KBLI 2020: 10794`."""
    return between.join(code.display for code in codes)


def outdated(codes: Sequence[Kbli], day: date) -> tuple[Kbli, ...]:
    """Those of the edition that had to be brought in line by now: a hint, never a refusal."""
    return tuple(code for code in codes if code.version == OLD) if day > KBLI_2025_DUE else ()
