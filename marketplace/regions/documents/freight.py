"""Freight as a table to take along."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.regions.models import FreightLeg


def legs_table(
    legs: Sequence[FreightLeg], name_of: Callable[[str], str]
) -> tuple[list[Column], list[list[Cell]]]:
    """The tariffs entered, one row each; estimates are not in it. `name_of` names a place."""
    columns = [
        Column("origin", _("From")),
        Column("destination", _("To")),
        Column("rupiah_per_kg", _("Freight per kilogram"), kind=ColumnKind.MONEY),
        Column("days_median", _("Days, as usual"), kind=ColumnKind.NUMBER),
        Column("days_p90", _("Days, slow"), kind=ColumnKind.NUMBER),
        Column("noted_on", _("Tariff of"), kind=ColumnKind.DATE),
        Column("source", _("Source"), width=40),
    ]
    rows: list[list[Cell]] = [
        [
            name_of(leg.origin),
            name_of(leg.destination),
            leg.rupiah_per_kg,
            leg.days_median,
            leg.days_p90,
            leg.noted_on,
            leg.source,
        ]
        for leg in legs
    ]
    return columns, rows
