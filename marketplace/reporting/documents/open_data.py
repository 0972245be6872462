"""Public tables: aggregates with what is too small left empty, the same in every language."""

from collections.abc import Callable, Mapping
from datetime import date

from marketplace.commodities.forms import category_name
from marketplace.core.clock import today
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.infra import options
from marketplace.infra.i18n import in_language
from marketplace.programs.documents.sums import public_sums_of
from marketplace.programs.queries.figures import list_bazaars
from marketplace.regions.rules import HOME_PROVINCE, regencies, region_name
from marketplace.reporting.queries import open_data as queries
from marketplace.reporting.queries.open_data import Aggregate, Table
from marketplace.reporting.rules.open_data import RULES, OpenTable
from marketplace.reporting.rules.periods import PeriodKind, period_of
from marketplace.reporting.rules.suppression import TOTAL, Key, hidden_cells

ALL = "semua"
MOST_BAZAARS = 200
_NUMBERS = {"produsen", "produk", "kiriman", "pembayaran"}
_KINDS = {
    **dict.fromkeys(
        (*_NUMBERS, "lapak", "hari_lapak_wajib", "hari_lapak_dilaporkan"), ColumnKind.NUMBER
    ),
    **dict.fromkeys(("nilai_rupiah", "perkiraan_rupiah"), ColumnKind.MONEY),
    **dict.fromkeys(("mulai", "selesai"), ColumnKind.DATE),
}


def table_of(which: OpenTable, home: str = HOME_PROVINCE) -> tuple[list[Column], list[list[Cell]]]:
    """The columns and rows of a public table of a province.

    Running quarters are left out: from one download to the next their growth would be what a few
    producers sold.
    """
    names = RULES[which].columns
    if which is OpenTable.BAZAARS:
        with in_language("id"):
            return [_column(name) for name in names], _bazaars(home)
    cells = _cells(which, home)
    hidden = hidden_cells({key: one.producers for key, one in cells.items()})
    with in_language("id"):
        rows = [
            _row(names, key, one, key in hidden)
            for key, one in sorted(cells.items(), key=lambda item: _order(item[0]))
        ]
    return [_column(name) for name in names], rows


def _with_examples() -> bool:
    """A demonstration has nothing else; beside real data examples tell nothing."""
    return options.get_int("demo_seeded", 0) == 1


def _bazaars(home: str) -> list[list[Cell]]:
    """Closed bazaars, the newest last; the room of programmes says what of each may be shown."""
    rows: list[list[Cell]] = []
    examples = _with_examples()
    for program in list_bazaars(date(2000, 1, 1), today(), home)[-MOST_BAZAARS:]:
        found = public_sums_of(program, {}) if examples or not program.is_example else None
        if found is None:
            continue
        figures, total = found.figures, found.shown.total
        area, estimate = program.region_code, figures.estimate
        rows.append(
            [
                program.title,
                area,
                regencies()[area].bps_code if area in regencies() else "",
                region_name(area),
                program.starts_on,
                program.ends_on,
                figures.participants,
                figures.due,
                figures.reported,
                total.amount if total is not None else None,
                # Of one or two stalls it would be their turnover, as good as said.
                estimate.amount if estimate is not None and total is not None else None,
                "" if total is not None else "ya",
            ]
        )
    return rows


def _cells(which: OpenTable, home: str) -> Table:
    examples = _with_examples()
    if which is OpenTable.CATALOGUE:
        return queries.catalogue(home, with_examples=examples)
    read: Mapping[OpenTable, Callable[..., Table]] = {
        OpenTable.DELIVERIES: queries.deliveries_by_area,
        OpenTable.DESTINATIONS: queries.deliveries_by_place,
        OpenTable.PAYMENTS: queries.payments_by_area,
    }
    return read[which](home, _running_since(), with_examples=examples)


def _running_since() -> date:
    return period_of(today(), PeriodKind.QUARTER).first


def _column(name: str) -> Column:
    return Column(name, name, kind=_KINDS.get(name, ColumnKind.TEXT))


def _order(key: Key) -> tuple[bool, str, bool, str]:
    """Totals after what they add up."""
    return (key[0] == TOTAL, key[0], key[1] == TOTAL, key[1])


def _row(names: tuple[str, ...], key: Key, one: Aggregate, is_hidden: bool) -> list[Cell]:
    row, column = key
    by_quarter = "triwulan" in names
    area = column if by_quarter else row
    said: dict[str, Cell] = {
        "triwulan": f"{row[:4]}-Q{row[4:]}" if by_quarter else "",
        "kode_wilayah": area,
        "kode_bps": regencies()[area].bps_code if area in regencies() else "",
        "wilayah": region_name(area) if area else ALL,
        "kategori": category_name(column) if column else ALL,
        "zona": column or ALL,
        "disembunyikan": "ya" if is_hidden else "",
    }
    numbers: dict[str, Cell] = {
        "produsen": one.producers,
        "produk": one.count,
        "kiriman": one.count,
        "pembayaran": one.count,
        "nilai_rupiah": one.amount,
    }
    return [
        (None if is_hidden else numbers[name]) if name in numbers else said[name] for name in names
    ]
