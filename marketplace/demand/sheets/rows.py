"""What one row of a table of needs says, and how a need is written as rows."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from marketplace.commodities import rules as commodities
from marketplace.commodities.sheets import read_category, read_unit
from marketplace.core.errors import InvalidInput
from marketplace.core.money import rupiah_of, whole_number_of
from marketplace.core.quantity import Quantity, parse_pack, shown_pack
from marketplace.core.sheet_kinds import (
    Parsed,
    RowReader,
    Scope,
    Values,
    day_of,
    days_of,
    key_of,
)
from marketplace.core.sheets import Cell
from marketplace.core.text import N_, PARAGRAPH_MAX, fold
from marketplace.demand import rules
from marketplace.demand.models import Need, NeedLine
from marketplace.demand.queries import pack_of
from marketplace.demand.rules import NeedDraft, NeedState
from marketplace.demand.sheets.columns import PAPER_WORDS, STORAGE_WORDS, TERMS_WORDS
from marketplace.regions.rules import region_name
from marketplace.regions.sheets import read_region

BAD_PACK = N_("Write the content of one unit, like 250 g, 1 liter or isi 12.")
NO_PLACE = N_("Write a kabupaten/kota or the name of a branch.")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Where and how much: a branch by name, else a kabupaten/kota by code."""

    branch: str
    region_code: str
    volume: int | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What the rows of one need say; `said` is the need without its lines."""

    outlet: str
    said: NeedDraft
    places: tuple[PlaceRow, ...]
    is_closed: bool = False

    @property
    def key(self) -> Hashable:
        return key_of(self.outlet, self.said.title)


def parse_row(values: Values, scope: Scope) -> Parsed:
    """Read one row; every bad cell is named."""
    row = RowReader(values)
    outlet = row.text("business", required=scope.business_id is None)
    terms, terms_days = _terms(row)
    said = NeedDraft(
        title=row.text("title", required=True),
        category_code=read_category(row, "category"),
        unit=read_unit(row, "unit"),
        pack=row.value("pack", _pack),
        brand=row.text("brand", limit=rules.BRAND_MAX),
        description=row.text("description", limit=PARAGRAPH_MAX),
        ceiling_price=row.value("ceiling_price", _price),
        papers=_papers(row),
        min_shelf_life_days=_days(row, "min_shelf_life_days", rules.DAYS_MAX),
        storage=row.choice("storage", STORAGE_WORDS, shown=list(rules.STORAGE_NAMES.values())),
        terms=terms,
        terms_days=terms_days,
        commission_percent=_whole(row, "commission_percent", 90),
        min_share_percent=_whole(row, "min_share_percent", 100),
        needed_on=row.value("needed_on", day_of),
    )
    places = _places(row)
    if row.problems:
        return Parsed(problems=tuple(row.problems))
    return Parsed(NeedRow(outlet, said, places, row.text("state") == NeedState.CLOSED))


def filled_up(said: NeedDraft, known: NeedDraft) -> NeedDraft:
    """What is said, with the gaps filled by what is known; lines stay those of `said`."""
    gaps = {
        field.name: getattr(known, field.name)
        for field in fields(said)
        if field.name != "lines" and not getattr(said, field.name)
    }
    return replace(said, **gaps)


def cells_of(need: Need) -> Iterator[list[Cell]]:
    """A need as rows in the order of COLUMNS, one for each place."""
    terms, days = rules.split_terms(need.terms)
    category = commodities.categories().get(need.category_code or "")
    unit = commodities.UNITS.get(need.unit)
    papers = rules.split_papers(need.papers_required)
    lines: list[NeedLine | None] = [*need.lines]
    for line in lines or [None]:
        yield [
            need.business.name,
            need.title,
            category.name_id if category else None,
            unit.name_id if unit else None,
            shown_pack(pack_of(need)) or None,
            line.branch.name if line and line.branch else None,
            region_name(line.region_code) if line else None,
            line.volume_per_month if line else None,
            need.ceiling_price,
            ", ".join(name for code, name in rules.PAPERS.items() if code in papers) or None,
            need.min_shelf_life_days,
            rules.TERMS_NAMES[rules.Terms(terms)] if terms else None,
            days,
            need.commission_percent,
            rules.STORAGE_NAMES[rules.Storage(need.storage)] if need.storage else None,
            need.needed_on,
            need.min_share_percent,
            need.brand or None,
            need.description or None,
            rules.STATE_NAMES[need.state],
        ]


def _places(row: RowReader) -> tuple[PlaceRow, ...]:
    """The place of this row; none where it says neither a place nor a volume, as a draft may."""
    volume = _whole(row, "volume", rules.VOLUME_MAX)
    if not row.has("branch") and not row.has("region"):
        if row.has("volume"):
            row.refuse("region", NO_PLACE)
        return ()
    return (PlaceRow(fold(row.text("branch")), read_region(row, "region"), volume),)


def _whole(row: RowReader, column: str, most: int) -> int | None:
    number: int | None = row.value(column, lambda cell: whole_number_of(cell, max=most, min=1))
    return number


def _days(row: RowReader, column: str, most: int) -> int | None:
    days: int | None = row.value(column, lambda cell: days_of(cell, max=most, min=1))
    return days


# How the days of payment stand in one cell: `tempo 30 hari`, `kredit 14`, `30 hari`.
_TEMPO = re.compile(
    r"(?:bayar )?(?:tempo|kredit|net|days)[ :]*(\d{1,3})(?: ?(?:hari|hr|days?))?"
    r"|(\d{1,3}) ?(?:hari|hr|days?)",
    re.ASCII,
)


def _terms(row: RowReader) -> tuple[str, int | None]:
    """How the outlet pays and after how many days, which may stand in a column of their own."""
    days = _days(row, "terms_days", rules.PAYMENT_DAYS_MAX)
    told = _TEMPO.fullmatch(fold(row.text("terms")))
    if told is not None:
        said = row.value(
            "terms",
            lambda _cell: whole_number_of(told[1] or told[2], max=rules.PAYMENT_DAYS_MAX, min=1),
        )
        return rules.Terms.DAYS.value, days or said
    shown = list(rules.TERMS_NAMES.values())
    return row.choice("terms", TERMS_WORDS, shown=shown), days


def _price(cell: Any) -> int:
    price = rupiah_of(cell)
    if not 0 < price <= rules.PRICE_MAX:
        raise InvalidInput(N_("This amount is too large or zero. Check the zeros."))
    return price


def _pack(cell: Any) -> Quantity:
    found = parse_pack(str(cell)[:60])
    if found is None:
        raise InvalidInput(BAD_PACK)
    return found


def _papers(row: RowReader) -> frozenset[str]:
    words = [word.strip() for word in re.split(r"[,;/|+&]| dan ", row.text("papers"))]
    kinds = set()
    for word in filter(None, words):
        kind = PAPER_WORDS.get(fold(word))
        if kind is None:
            row.refuse_word("papers", word, list(rules.PAPERS.values()))
        else:
            kinds.add(kind)
    return frozenset(kinds)
