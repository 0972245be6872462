"""The small set: 60 producers, 300 products, 24 outlets with 60 branches, 150 needs.

The tables in `demo/data` hold no dates but days before and after `today`, so that in every year
some papers run out soon and some have run out.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from marketplace.businesses.rules import OutletFormat, PaperKind, PaperState
from marketplace.catalog.rules import HalalClaim, ProductState, Storage
from marketplace.demo.rules.records import (
    DemoBranch,
    DemoData,
    DemoNeed,
    DemoNeedLine,
    DemoOutlet,
    DemoPaper,
    DemoProducer,
    DemoProduct,
)

DATA = Path(__file__).parents[1] / "data"

# The storyline: one commitment that covers outlets in Jabodetabek and Sumatra. What the real firm
# of that name makes is not public: its goods here are invented and say so.
STORY_PRODUCER = "dua-sehati"
STORY_NEED = "n001"

Row = dict[str, str]


def dataset(today: date) -> DemoData:
    """The whole set as of `today`; the same day gives the same set."""
    return DemoData(
        producers=tuple(_producer(row, today) for row in _rows("producers.csv")),
        products=tuple(_product(row) for row in _rows("products.csv")),
        papers=tuple(_paper(row, today) for row in _rows("papers.csv")),
        outlets=tuple(_outlets()),
        needs=tuple(_needs(today)),
    )


def paper_number(kind: PaperKind, stem: str, valid_from: date, valid_to: date | None) -> str:
    """Finish a number that contains a date: P-IRT ends in the last year, halal in MMYY of issue."""
    if kind is PaperKind.PIRT and valid_to is not None:
        return f"{stem}{valid_to:%y}"
    if kind is PaperKind.HALAL:
        return f"{stem}{valid_from:%m%y}"
    return stem


def _rows(name: str) -> Iterator[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _words(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _producer(row: Row, today: date) -> DemoProducer:
    sales = _number(row["yearly_sales"])
    return DemoProducer(
        ref=row["ref"],
        name=row["name"],
        region_code=row["region"],
        address=row["address"],
        about=row["about"],
        contact_name=row["contact_name"],
        phone=row["phone"],
        nib=row["nib"] or None,
        yearly_sales=sales,
        yearly_sales_on=date(today.year - 1, 12, 31) if sales is not None else None,
        working_capital=_number(row["working_capital"]),
    )


def _product(row: Row) -> DemoProduct:
    return DemoProduct(
        ref=row["ref"],
        producer=row["producer"],
        name=row["name"],
        brand=row["brand"],
        category_code=row["category"],
        description=row["description"],
        price=int(row["price"]),
        unit=row["unit"],
        net_amount=int(row["net_amount"]),
        net_kind=row["net_kind"],
        weight_g=_number(row["weight_g"]),
        min_order=_number(row["min_order"]),
        capacity_per_month=_number(row["capacity_per_month"]),
        shelf_life_days=_number(row["shelf_life_days"]),
        lead_days=_number(row["lead_days"]),
        storage=Storage(row["storage"]),
        halal_claim=HalalClaim(row["halal_claim"]),
        zones=_words(row["zones"]),
        terms=_words(row["terms"]),
        price_breaks=tuple(_price_break(part) for part in _words(row["price_breaks"])),
        state=ProductState(row["state"]),
    )


def _price_break(text: str) -> tuple[int, int]:
    quantity, price = text.split(":")
    return int(quantity), int(price)


def _paper(row: Row, today: date) -> DemoPaper:
    kind = PaperKind(row["kind"])
    days_left = _number(row["to_days"])
    valid_from = today + timedelta(days=int(row["from_days"]))
    valid_to = today + timedelta(days=days_left) if days_left is not None else None
    return DemoPaper(
        ref=row["ref"],
        producer=row["producer"],
        kind=kind,
        number=paper_number(kind, row["stem"], valid_from, valid_to),
        valid_from=valid_from,
        valid_to=valid_to,
        state=PaperState(row["state"]),
        covers=_words(row["covers"]),
    )


def _outlets() -> Iterator[DemoOutlet]:
    branches: dict[str, list[DemoBranch]] = {}
    for row in _rows("branches.csv"):
        branches.setdefault(row["outlet"], []).append(
            DemoBranch(row["name"], row["region"], row["address"], int(row["stores"]))
        )
    for row in _rows("outlets.csv"):
        yield DemoOutlet(
            ref=row["ref"],
            name=row["name"],
            outlet_format=OutletFormat(row["format"]),
            is_chain=row["is_chain"] == "1",
            region_code=row["region"],
            address=row["address"],
            about=row["about"],
            contact_name=row["contact_name"],
            phone=row["phone"],
            branches=tuple(branches[row["ref"]]),
        )


def _needs(today: date) -> Iterator[DemoNeed]:
    lines: dict[str, list[DemoNeedLine]] = {}
    for row in _rows("need_lines.csv"):
        lines.setdefault(row["need"], []).append(
            DemoNeedLine(row["branch"], row["region"], _number(row["volume"]))
        )
    for row in _rows("needs.csv"):
        yield DemoNeed(
            ref=row["ref"],
            outlet=row["outlet"],
            title=row["title"],
            category_code=row["category"],
            description=row["description"],
            unit=row["unit"],
            net_amount=_number(row["net_amount"]),
            net_kind=row["net_kind"],
            ceiling_price=_number(row["ceiling_price"]),
            papers_required=tuple(PaperKind(word) for word in _words(row["papers_required"])),
            min_shelf_life_days=_number(row["min_shelf_life_days"]),
            storage=row["storage"],
            terms=row["terms"],
            commission_percent=_number(row["commission_percent"]),
            min_share_percent=_number(row["min_share_percent"]),
            needed_on=today + timedelta(days=int(row["needed_days"])),
            lines=tuple(lines[row["ref"]]),
        )
