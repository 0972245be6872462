"""Kabupaten and kota as people write them in tables."""

from marketplace.core.sheet_kinds import RowReader
from marketplace.core.text import N_
from marketplace.regions.rules import find_regency, guess_regencies, region_name

UNKNOWN = N_("We do not know this kabupaten/kota. Write its name, like Bangka Tengah.")
UNSURE = N_("Not one kabupaten/kota for certain. Did you mean: %(names)s?")


def read_region(row: RowReader, column: str, *, required: bool = False) -> str:
    """The code of the kabupaten/kota a cell means, "" where it is blank or not one for certain."""
    said = row.text(column, required=required)
    if not said:
        return ""
    found = find_regency(said)
    if found is not None:
        return found.code
    near = ", ".join(region_name(each.code) for each in guess_regencies(said, 4))
    if near:
        row.refuse(column, UNSURE, names=near)
    else:
        row.refuse(column, UNKNOWN)
    return ""


def knows_region(value: str) -> bool:
    """True where the words mean exactly one kabupaten/kota."""
    return find_regency(value) is not None
