"""Lists of people as offices keep them: pasted from a chat, a message or a spreadsheet.

A line is a name with, in any order, a number; a list for sign-up has kabupaten and business behind.
Nothing of a line is lost: what cannot be read goes back to the person who sent it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from marketplace.core.errors import InvalidInput
from marketplace.core.phones import parse_phone
from marketplace.core.text import clean_text, fold

LINES_MOST = 500
SURE = 95  # points of 100: the same name, with a slip of the hand at most
NEAR = 60
NEAR_MOST = 4

_NUMBERING = re.compile(r"^\(?\d{1,3}[.):\-]?\s+|^[-•*]\s*")
_SPLIT = re.compile(r"\t|;|,|\|")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{7,18}[0-9]")
# What a list has and a sign-up has not, or the other way round: titles, and remarks in brackets.
_TITLES = re.compile(
    r"\([^)]*\)|\b(?:bpk|bapak|ibu|bu|pak|sdr|sdri|h|hj|drs?|s\.?pd|s\.?e|m\.?m)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was sent, and what was read of it; `phone` is E.164 or ""."""

    number: int
    text: str
    name: str
    phone: str = ""
    place: str = ""
    business: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on the list of participants."""

    id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A line with who it is (`sure`), or the nearest names to choose from."""

    line: Line
    sure: int | None
    near: tuple[Known, ...] = ()


def read_lines(text: str) -> list[Line]:
    """The people of a pasted list; blank lines fall away, numbering in front too."""
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = clean_text(raw.replace("\t", " | "))
        if line and (one := _read(number, line)).name + one.phone:
            found.append(one)
    return found


def _read(number: int, line: str) -> Line:
    cells = [cell.strip() for cell in _SPLIT.split(_NUMBERING.sub("", line, count=1))]
    return line_of(number, line, [cell for cell in cells if cell])


def line_of(number: int, text: str, cells: Sequence[str]) -> Line:
    """From cells in the order name, place, business, with the number wherever it stands."""
    phone, rest = "", []
    for cell in cells:
        read = "" if phone else _phone_in(cell)
        if not read:
            rest.append(cell)
            continue
        phone = read
        if left := _PHONE.sub("", cell, count=1).strip(" -:()/"):
            rest.append(left)
    rest = [cell for cell in rest if not cell.isdigit()] + ["", "", ""]
    return Line(number, text, rest[0][:200], phone, rest[1][:200], rest[2][:200])


def _phone_in(cell: str) -> str:
    for candidate in (cell, *_PHONE.findall(cell)[:1]):
        try:
            return parse_phone(candidate).e164
        except InvalidInput:
            continue
    return ""


def match(lines: Iterable[Line], known: Sequence[Known]) -> list[Matched]:
    """Each line with the participant it means: by number, by name, else the nearest to ask about.

    Two participants of one name are never guessed between, and nobody is taken twice for sure.
    """
    by_phone = {one.phone: one for one in known if one.phone}
    names = {one.id: _bare(one.name) for one in known}
    people = {one.id: one for one in known}
    taken: set[int] = set()
    found = []
    for line in lines:
        one = by_phone.get(line.phone) if line.phone else None
        near: tuple[Known, ...] = ()
        if one is None:
            scored = _nearest(line.name, names)
            best = [number for number, score in scored if score >= SURE]
            if len(best) == 1 and best[0] not in taken:
                one = people[best[0]]
            else:
                near = tuple(people[number] for number, _score in scored[:NEAR_MOST])
        if one is not None:
            taken.add(one.id)
        found.append(Matched(line, one.id if one else None, near))
    return found


def _bare(name: str) -> str:
    return " ".join(_TITLES.sub(" ", fold(name[:200])).split())


def _nearest(name: str, names: dict[int, str]) -> list[tuple[int, float]]:
    """(participant, points) from the nearest on; the order of equals is that of the list."""
    wanted = _bare(name)
    if not wanted:
        return []
    scored = process.extract(
        wanted, names, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=NEAR_MOST + 1
    )
    whole = {
        number: max(fuzz.ratio(wanted, names[number]), fuzz.token_sort_ratio(wanted, names[number]))
        for _name, _score, number in scored
    }
    # Only the whole name makes sure: "Siti" alone is near to every Siti.
    return sorted(whole.items(), key=lambda pair: -pair[1])
