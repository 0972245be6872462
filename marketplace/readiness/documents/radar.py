"""The radar: what each expiry would stop, for the page, the print, the table and the letter."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import current_app, render_template
from flask_babel import force_locale

from marketplace.businesses import queries as businesses
from marketplace.businesses.models import Paper
from marketplace.businesses.rules import PAPER_SHORT_NAMES
from marketplace.catalog.models import Product
from marketplace.commodities.forms import unit_name
from marketplace.core.clock import today
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.notifications.models import OutboxMessage
from marketplace.readiness.documents.remedies import remedy_of
from marketplace.readiness.queries import radar as queries
from marketplace.readiness.rules import HORIZONS, GapKind, Horizon, horizon_of
from marketplace.regions.rules import full_region_name


@dataclass
class StoppedDeal:
    """A deal that may not be supplied once the paper has run out. Units by product's unit."""

    deal_id: int
    title: str
    units: dict[str, int] = field(default_factory=dict)
    money: int = 0
    # True where an item has no price yet: the rupiah are then only a part.
    is_partly_priced: bool = False


@dataclass
class RadarRow:
    paper: Paper
    horizon: Horizon
    days_left: int
    products: Sequence[Product]
    deals: list[StoppedDeal]
    suggestions: int
    introductions: int
    is_told: bool

    @property
    def money(self) -> int:
        return sum(deal.money for deal in self.deals)


def after_expiry(promised: int, month: date, first_day: date) -> int:
    """What of a month's promise falls on `first_day` or later, in whole units by days."""
    if month >= first_day:
        return promised
    if (month.year, month.month) != (first_day.year, first_day.month):
        return 0
    days = calendar.monthrange(month.year, month.month)[1]
    return promised * (days - first_day.day + 1) // days


def radar_rows(papers: Sequence[Paper]) -> list[RadarRow]:
    """With few statements for all of them, whatever their number."""
    if not papers:
        return []
    day = today()
    products = queries.products_without(papers)
    ids = {product.id for found in products.values() for product in found}
    promises = queries.promises_after(ids, day.replace(day=1)) if ids else []
    waiting = queries.under_way(ids) if ids else []
    told = queries.letters_written([paper.id for paper in papers])
    rows = []
    for paper in papers:
        assert paper.valid_to is not None
        horizon = horizon_of(paper.valid_to, day)
        if horizon is None:
            continue
        own = {product.id: product for product in products[paper.id]}
        stopped = [each for each in waiting if each[0] in own and _asks(paper, each[2])]
        rows.append(
            RadarRow(
                paper,
                horizon,
                (paper.valid_to - day).days,
                list(own.values()),
                _deals(paper, own, promises, day),
                sum(not each[1] for each in stopped),
                sum(each[1] for each in stopped),
                (paper.id, int(horizon)) in told,
            )
        )
    return rows


def _asks(paper: Paper, required: str) -> bool:
    return paper.kind in queries.BY_LAW or paper.kind.value in required.split("|")


def _deals(
    paper: Paper,
    products: dict[int, Product],
    promises: Sequence[tuple[int, int, str, date, int, int | None, str]],
    day: date,
) -> list[StoppedDeal]:
    assert paper.valid_to is not None
    first_day = max(day, date.fromordinal(paper.valid_to.toordinal() + 1))
    found: dict[int, StoppedDeal] = {}
    for product_id, deal_id, title, month, promised, price, required in promises:
        if product_id not in products or not _asks(paper, required):
            continue
        units = after_expiry(promised, month, first_day)
        if not units:
            continue
        deal = found.setdefault(deal_id, StoppedDeal(deal_id, title))
        unit = products[product_id].unit
        deal.units[unit] = deal.units.get(unit, 0) + units
        deal.money += units * (price or 0)
        deal.is_partly_priced |= price is None
    return list(found.values())


def radar_table(rows: Sequence[RadarRow]) -> tuple[list[Column], list[list[Cell]]]:
    columns = [
        Column("producer", say(N_("Producer"))),
        Column("area", say(N_("Kabupaten/kota"))),
        Column("paper", say(N_("Paper"))),
        Column("number", say(N_("Number"))),
        Column("until", say(N_("Valid until")), kind=ColumnKind.DATE),
        Column("left", say(N_("Days left")), kind=ColumnKind.NUMBER),
        Column("products", say(N_("Products")), width=40),
        Column("deals", say(N_("Deals it would stop")), width=40),
        Column("volume", say(N_("Volume left")), width=30),
        Column("money", say(N_("Rupiah left")), kind=ColumnKind.MONEY),
        Column("introductions", say(N_("Introductions")), kind=ColumnKind.NUMBER),
        Column("suggestions", say(N_("Suggestions")), kind=ColumnKind.NUMBER),
    ]
    return columns, [
        [
            row.paper.business.name,
            full_region_name(row.paper.business.region_code),
            say(PAPER_SHORT_NAMES[row.paper.kind]),
            row.paper.number,
            row.paper.valid_to,
            row.days_left,
            "; ".join(product.name for product in row.products),
            "; ".join(deal.title for deal in row.deals),
            "; ".join(
                f"{units} {unit_name(unit)}"
                for deal in row.deals
                for unit, units in deal.units.items()
            ),
            row.money,
            row.introductions,
            row.suggestions,
        ]
        for row in rows
    ]


def letter_of(message: OutboxMessage) -> str:
    """The text to the producer, with what it stops and what to do; no buyer is named in it."""
    paper = businesses.get_paper(int(message.params["paper_id"]))
    found = radar_rows([paper])
    with force_locale(message.locale):
        return render_template(
            "mail/readiness/paper_expires.txt",
            message=message,
            paper=paper,
            paper_name=say(PAPER_SHORT_NAMES[paper.kind]),
            row=found[0] if found else None,
            remedy=remedy_of(GapKind.PAPER, paper.kind.value),
            office_name=current_app.config["OFFICE_NAME"],
        ).strip()


def horizon_names() -> list[tuple[Horizon, str]]:
    return [(horizon, say(name)) for horizon, name in HORIZONS.items()]
