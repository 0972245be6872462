"""Tables to take along: how suggestions spread over producers."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.regions.rules import full_region_name
from marketplace.suggestions.queries.exposure import ProducerShare

NUMBER = ColumnKind.NUMBER


def shares_table(shares: Sequence[ProducerShare]) -> tuple[list[Column], list[list[Cell]]]:
    """One row a producer: what they had of the period, and what waits."""
    columns = [
        *_who(),
        Column("new", _("New suggestions"), kind=NUMBER),
        Column("by_floor", _("Of these by the floor"), kind=NUMBER),
        Column("accepted", _("Of these accepted"), kind=NUMBER),
        Column("held", _("Held back now"), kind=NUMBER),
    ]
    rows: list[list[Cell]] = [
        [
            share.name,
            full_region_name(share.region_code),
            share.new,
            share.by_floor,
            share.accepted,
            share.held,
        ]
        for share in shares
    ]
    return columns, rows


def preview_table(
    producers: Sequence[Mapping[str, int]], names: Mapping[int, tuple[str, str]]
) -> tuple[list[Column], list[list[Cell]]]:
    """One row a producer: with and without the cap and floor that were tried."""
    columns = [
        *_who(),
        Column("before", _("Without cap and floor"), kind=NUMBER),
        Column("after", _("With cap and floor"), kind=NUMBER),
        Column("held", _("Held back"), kind=NUMBER),
        Column("raised", _("By the floor"), kind=NUMBER),
    ]
    rows: list[list[Cell]] = [
        [
            names[each["id"]][0],
            full_region_name(names[each["id"]][1]),
            each["before"],
            each["after"],
            each["held"],
            each["raised"],
        ]
        for each in producers
        if each["id"] in names
    ]
    return columns, rows


def _who() -> list[Column]:
    return [
        Column("producer", _("Producer"), width=30),
        Column("place", _("Kabupaten/kota"), width=24),
    ]
