"""Participants as a table: taken in for sign-up and attendance, given out with who was there."""

from collections.abc import Sequence

from marketplace.core.errors import InvalidInput
from marketplace.core.phones import display_phone, phone_of
from marketplace.core.sheets import Cell, Column, ColumnKind, known_headers, match_headers
from marketplace.core.text import N_, clean_text
from marketplace.infra.i18n import say, show_date
from marketplace.infra.workbooks import read_sheet
from marketplace.programs.models import Certificate, SignUp, Training
from marketplace.programs.rules.people_lists import LINES_MOST, Line, line_of, read_lines
from marketplace.programs.rules.trainings import SIGN_UP_NAMES, WAY_NAMES
from marketplace.regions.forms import place_name

_NAME = ("Nama", "Nama peserta", "Nama lengkap", "Peserta")
_PHONE = ("Nomor HP", "No HP", "Telepon", "Nomor telepon", "No WA", "Nomor WhatsApp")
_PLACE = ("Kabupaten", "Kab/Kota", "Kabupaten/Kota", "Asal", "Daerah", "Alamat")
_BUSINESS = ("Nama usaha", "Usaha", "Nama UMKM", "UMKM")
TOO_MANY = N_("At most 500 people in one list, please.")


def _in_columns() -> list[Column]:
    return [
        Column("name", say(N_("Name")), _NAME, required=True),
        Column("phone", say(N_("WhatsApp")), _PHONE),
        Column("place", say(N_("Kabupaten or kota")), _PLACE),
        Column("business", say(N_("Business")), _BUSINESS),
    ]


def read_people(text: str, file: bytes) -> list[Line]:
    """The people of a pasted list or of a file; InvalidInput where there is nobody in it."""
    lines = _of_file(file) if file else read_lines(text)
    if not lines:
        raise InvalidInput(N_("There is nobody in this list."))
    if len(lines) > LINES_MOST:
        raise InvalidInput(TOO_MANY)
    return lines


def _of_file(data: bytes) -> list[Line]:
    columns = _in_columns()
    sheet = read_sheet(data, is_known=known_headers(columns))
    found = match_headers(sheet.headers, columns)
    lines = []
    for number, row in zip(sheet.row_numbers, sheet.rows, strict=True):
        text = " | ".join(_said(cell) for cell in row if _said(cell))
        if "name" not in found.found:
            lines.append(line_of(number, text, [_said(cell) for cell in row if _said(cell)]))
            continue
        cells = {key: found.cell(row, key) for key in ("name", "phone", "place", "business")}
        line = Line(
            number,
            text,
            _said(cells["name"])[:200],
            _phone(cells["phone"]),
            _said(cells["place"])[:200],
            _said(cells["business"])[:200],
        )
        if line.name or line.phone:
            lines.append(line)
    return lines


def _said(cell: Cell) -> str:
    return clean_text(str(cell)) if cell is not None else ""


def _phone(cell: Cell) -> str:
    try:
        return phone_of(cell).e164 if cell is not None else ""
    except InvalidInput:
        return ""


def out_columns(training: Training) -> list[Column]:
    return [
        *_in_columns(),
        Column("state", say(N_("State"))),
        Column("way", say(N_("How"))),
        *(Column(f"s{one.id}", show_date(one.held_on, "d/M/y")) for one in training.sessions),
        Column("attended", say(N_("Sessions attended")), kind=ColumnKind.NUMBER),
        Column("certificate", say(N_("Certificate"))),
    ]


def out_rows(
    training: Training,
    people: Sequence[SignUp],
    there: dict[int, frozenset[int]],
    certificates: dict[int, Certificate],
) -> list[list[Cell]]:
    """A row each, with a mark under every session they were at."""
    rows: list[list[Cell]] = []
    for one in people:
        at = there.get(one.id, frozenset())
        certificate = certificates.get(one.id)
        rows.append(
            [
                one.name,
                display_phone(one.phone) if one.phone else "",
                place_name(one.region_code) if one.region_code else "",
                one.business.name if one.business else one.business_name,
                say(SIGN_UP_NAMES[one.state]),
                say(WAY_NAMES[one.way]),
                *("x" if each.id in at else "" for each in training.sessions),
                len(at),
                certificate.number if certificate else "",
            ]
        )
    return rows
