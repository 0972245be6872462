"""Gaps in words and figures: for a producer without what only the office may know."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.catalog import queries as catalog
from marketplace.catalog.models import Product
from marketplace.catalog.services import pack_of
from marketplace.commodities.forms import category_name
from marketplace.core.params import Count, Money, PaperKind, UnitPrice
from marketplace.core.quantity import shown_content
from marketplace.core.sheets import Cell, Column, ColumnKind
from marketplace.core.text import N_
from marketplace.infra.i18n import say
from marketplace.matching import Pairing
from marketplace.matching.explain import rule_name
from marketplace.readiness import queries
from marketplace.readiness.documents.packaging import packaging_of
from marketplace.readiness.documents.remedies import Written, remedy_of
from marketplace.readiness.models import GapRow, MissedPairing
from marketplace.readiness.queries import GapLine, ProducerLine, Scope
from marketplace.readiness.rules import GAP_NAMES, GapKind, detail_name
from marketplace.readiness.rules.gaps import LEAST, SECRET_AMOUNTS
from marketplace.regions.rules import full_region_name

Card = dict[str, Any]
_WANTED: Mapping[GapKind, str] = {
    GapKind.SHELF_LIFE: N_("at least %(amount)s days"),
    GapKind.CAPACITY: N_("at least %(amount)s a month"),
    GapKind.CAPITAL: N_("at least %(amount)s"),
    GapKind.MIN_ORDER: N_("at most %(amount)s"),
    GapKind.PRICE: N_("at most %(amount)s"),
}
_MONEY = frozenset({GapKind.CAPITAL, GapKind.PRICE})
_SOLD = frozenset({GapKind.CAPACITY, GapKind.MIN_ORDER})


def gap_name(kind: GapKind, detail: str = "") -> str:
    """ "Paper missing: BPOM MD"."""
    what = detail_name(kind, detail)
    return f"{say(GAP_NAMES[kind])}: {say(what)}" if what else say(GAP_NAMES[kind])


def wanted_text(
    kind: GapKind,
    least: int | None,
    most: int | None,
    *,
    tell_price: bool,
    product: Product | None = None,
) -> str:
    """What would do for all these needs; empty where there is no amount or it may not be told.

    Of one `product` it is told in the unit that is sold by.
    """
    amount = least if kind in LEAST else most
    if amount is None or kind not in _WANTED or (kind in SECRET_AMOUNTS and not tell_price):
        return ""
    return say(_WANTED[kind], {"amount": _amount(kind, amount, product)})


def _amount(kind: GapKind, amount: int, product: Product | None) -> object:
    if kind is GapKind.PRICE and product is not None:
        return UnitPrice(amount, product.unit, shown_content(product.unit, pack_of(product)))
    if kind in _MONEY:
        return Money(amount)
    return Count(amount, product.unit if kind in _SOLD and product is not None else "")


def gap_card(
    line: GapLine,
    written: Written,
    *,
    tell_price: bool = True,
    product: Product | None = None,
) -> Card:
    """One gap with its figures and how to close it; `product` where it is of that one alone."""
    return {
        "line": line,
        "key": f"{line.kind.value}:{line.detail}",
        "name": gap_name(line.kind, line.detail),
        "what": say(detail_name(line.kind, line.detail)) if line.detail else "",
        "wanted": wanted_text(
            line.kind, line.least, line.most, tell_price=tell_price, product=product
        ),
        "hides_money": line.kind in SECRET_AMOUNTS and not tell_price,
        "remedy": remedy_of(line.kind, line.detail, written),
    }


def producer_page(business_id: int, *, tell_price: bool) -> Card:
    """What a producer misses: all products together, and each by itself."""
    scope = Scope(business_ids=(business_id,), tell_price=tell_price)
    written = queries.list_remedies()
    lines = queries.gap_lines(scope)
    of_products = queries.gap_lines(scope, ["product_id"])
    found = catalog.products_by_ids(list({line.key[0]: None for line in of_products}))
    products = {each.id: each for each in found}
    only = found[0] if len(products) == 1 else None
    by_product: dict[int, list[Card]] = {}
    for line in of_products:
        product = products.get(line.key[0])
        card = gap_card(line, written, tell_price=tell_price, product=product)
        by_product.setdefault(line.key[0], []).append(card)
    return {
        "total": queries.totals(scope),
        "cards": [gap_card(line, written, tell_price=tell_price, product=only) for line in lines],
        "products": [
            {"product": products[number], "cards": cards}
            for number, cards in by_product.items()
            if number in products
        ],
        "not_told": not_told(business_id),
        "packaging": packaging_of(business_id, written),
    }


def not_told(business_id: int) -> list[tuple[str, int]]:
    """What nobody said yet and needs that are open for it ask: (name, number of needs)."""
    asked: Counter[str] = Counter()
    for _product_id, evidence in queries.open_evidence_of(business_id):
        pairing = Pairing.from_dict(evidence)
        names = {
            _asked_name(verdict.rule, verdict.params)
            for verdict in pairing.verdicts
            if verdict.outcome == "unknown" and verdict.rule != "landed_price"
        }
        asked.update(names)
    return sorted(asked.items(), key=lambda item: (-item[1], item[0]))


def _asked_name(rule: str, params: Mapping[str, object]) -> str:
    papers = params.get("papers")
    if rule == "papers" and isinstance(papers, tuple) and papers:
        return ", ".join(
            say(detail_name(GapKind.PAPER, paper.kind))
            for paper in papers
            if isinstance(paper, PaperKind)
        )
    return say(rule_name(rule))


def missed_card(row: MissedPairing) -> Card:
    """One pairing for the office: who would supply whom, and all that is missing."""
    return {
        "row": row,
        "gaps": [
            {
                "name": gap_name(gap.kind, gap.detail),
                "wanted": _of_gap(gap, row.product),
                "legal": gap.is_legal,
                "basis": gap.basis,
            }
            for gap in row.rows
        ],
    }


def missed_table(rows: Sequence[MissedPairing]) -> tuple[list[Column], list[list[Cell]]]:
    """The pairings behind a figure, one row each, for an export of the office."""
    columns = [
        Column("producer", say(N_("Producer"))),
        Column("area", say(N_("Kabupaten/kota"))),
        Column("product", say(N_("Product"))),
        Column("category", say(N_("Category"))),
        Column("outlet", say(N_("Outlet"))),
        Column("need", say(N_("Need"))),
        Column("missing", say(N_("What is missing")), width=60),
        Column("gaps", say(N_("Gaps")), kind=ColumnKind.NUMBER),
        Column("outlets", say(N_("Outlets")), kind=ColumnKind.NUMBER),
        Column("volume", say(N_("Volume a month")), kind=ColumnKind.NUMBER),
        Column("money", say(N_("Rupiah a month")), kind=ColumnKind.MONEY),
    ]
    return columns, [
        [
            row.business.name,
            full_region_name(row.area_code),
            row.product.name,
            category_name(row.category_code) if row.category_code else "",
            row.need.business.name,
            row.need.title,
            "; ".join(_told(gap, row.product) for gap in row.rows),
            row.gaps,
            row.outlets if row.is_mendable else 0,
            row.volume,
            row.money if row.is_mendable else 0,
        ]
        for row in rows
    ]


def _of_gap(gap: GapRow, product: Product) -> str:
    return wanted_text(gap.kind, gap.wanted, gap.wanted, tell_price=True, product=product)


def _told(gap: GapRow, product: Product) -> str:
    wanted = _of_gap(gap, product)
    name = gap_name(gap.kind, gap.detail)
    return f"{name} ({wanted})" if wanted else name


def gap_table(lines: Sequence[GapLine], by: Sequence[str]) -> tuple[list[Column], list[list[Cell]]]:
    """Gaps with their figures, cut by category and kabupaten/kota where `by` says so."""
    heads = {"category_code": N_("Category"), "area_code": N_("Kabupaten/kota")}
    shown = {"category_code": _category, "area_code": full_region_name}
    columns = [
        Column("gap", say(N_("What is missing")), width=40),
        *[Column(name, say(heads[name])) for name in by],
        Column("producers", say(N_("Producers")), kind=ColumnKind.NUMBER),
        Column("needs", say(N_("Needs it opens alone")), kind=ColumnKind.NUMBER),
        Column("outlets", say(N_("Outlets it opens alone")), kind=ColumnKind.NUMBER),
        Column("money", say(N_("Rupiah a month it opens alone")), kind=ColumnKind.MONEY),
        Column("more", say(N_("Needs more with other gaps")), kind=ColumnKind.NUMBER),
        Column("more_outlets", say(N_("Outlets more with other gaps")), kind=ColumnKind.NUMBER),
        Column("more_money", say(N_("Rupiah more with other gaps")), kind=ColumnKind.MONEY),
    ]
    rows: list[list[Cell]] = [
        [
            gap_name(line.kind, line.detail),
            *[shown[name](key) for name, key in zip(by, line.key, strict=True)],
            line.producers,
            line.alone.needs,
            line.alone.outlets,
            line.alone.money,
            line.together.needs,
            line.together.outlets,
            line.together.money,
        ]
        for line in lines
    ]
    return columns, rows


def _category(code: str) -> str:
    return category_name(code) if code else "–"


def first_step(line: ProducerLine) -> str:
    return gap_name(line.first.kind, line.first.detail) if line.first else ""
