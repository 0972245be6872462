"""Each of the seven kinds of gaps occurs by itself, from what people enter."""

from typing import Any

import pytest

from marketplace.businesses.rules import PaperKind
from marketplace.catalog.rules import Storage
from marketplace.readiness import documents, queries
from marketplace.readiness.queries import Scope
from tests.factories import JAKARTA_SELATAN, make_need, make_outlet, make_producer
from tests.readiness.conftest import Measure
from tests.readiness.test_measuring import _product
from tests.readiness.test_packaging import _judged

# What the product, its maker and the need say, beside a pair that would fit.
MARKETS: dict[str, dict[str, dict[str, Any]]] = {
    "paper": {"product": {"storage": Storage.FROZEN}, "need": {"storage": "frozen"}},
    "shelf_life": {"product": {"shelf_life_days": 20}},
    "packaging": {},
    "barcode": {"need": {"papers_required": "gs1"}},
    "capacity": {
        "product": {"capacity_per_month": 10},
        "need": {"volumes": {JAKARTA_SELATAN: 1_000}, "min_share_percent": 50},
    },
    "price": {"need": {"ceiling_price": 15_000}},
    "capital": {"maker": {"working_capital": 10_000}, "need": {"terms": "days:30"}},
}


@pytest.mark.parametrize("kind", MARKETS)
def test_this_kind_of_gap_occurs_alone_with_a_next_step(measure: Measure, kind: str) -> None:
    market = MARKETS[kind]
    maker = make_producer(**market.get("maker", {}))
    given = {"terms": "outright|days:60", **market.get("product", {})}
    product = _product(maker, PaperKind.PIRT, PaperKind.HALAL, **given)
    outlet = make_outlet()
    make_need(outlet, title="Kemplang panggang 250gr", **market.get("need", {}))
    if kind == "packaging":
        _judged(product, outlet, 1)
    measure()
    (line,) = queries.gap_lines(Scope())
    assert line.kind.value == kind
    assert line.alone.needs == 1
    card = documents.gap_card(line, {})
    assert card["remedy"] is not None
    assert card["remedy"].how
