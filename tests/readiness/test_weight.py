"""Pages of the office stay light where hundreds of producers stand behind a gap."""

import gzip

import pytest

from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.infra.bulk import insert_many
from marketplace.infra.transaction import transaction
from marketplace.readiness.models import GapRow, MissedPairing, UnsaidPaper
from marketplace.readiness.rules import GapKind
from tests.factories import PANGKALPINANG, make_need, make_person, make_producer, make_product
from tests.support.browser import HTML

PRODUCERS = 300
LONG = "Usaha Kerupuk Kemplang dan Getas Ibu Siti Aisyah Binti Abdurrahman"


@pytest.fixture
def many(app: object) -> None:
    """Three hundred producers with long names whose product lacks a barcode for one need."""
    need = make_need()
    maker = make_producer()
    product = make_product(maker)
    copied = {
        column.key: getattr(product, column.key)
        for column in Product.__table__.columns
        if column.key != "id"
    }
    base = {
        column.key: getattr(maker, column.key)
        for column in Business.__table__.columns
        if column.key != "id"
    }
    with transaction():
        makers = insert_many(
            Business,
            [
                {
                    **base,
                    "name": f"{LONG} {n}",
                    "folded_name": f"usaha {n}",
                    "phone": f"+62877{n:08}",
                }
                for n in range(PRODUCERS)
            ],
        )
        products = insert_many(Product, [{**copied, "business_id": one} for one in makers])
        cell = {"area_code": PANGKALPINANG, "category_code": "kemplang"}
        pairings = insert_many(
            MissedPairing,
            [
                {
                    **cell,
                    "product_id": item,
                    "need_id": need.id,
                    "business_id": one,
                    "gaps": 1,
                    "is_mendable": True,
                    "outlets": 3,
                    "volume": 100,
                    "money": 2_000_000,
                    "confidence": 0.8,
                }
                for item, one in zip(products, makers, strict=True)
            ],
        )
        insert_many(
            GapRow,
            [{"pairing_id": one, "kind": GapKind.BARCODE, "is_only": True} for one in pairings],
        )
        insert_many(
            UnsaidPaper,
            [
                {
                    **cell,
                    "product_id": item,
                    "need_id": need.id,
                    "business_id": one,
                    "paper": "halal",
                }
                for item, one in zip(products, makers, strict=True)
            ],
        )


@pytest.mark.parametrize(
    "path",
    [
        "/readiness",
        "/readiness/pairings?gap=barcode:",
        "/readiness/plan",
        "/readiness/plan/training?gap=barcode:",
        "/readiness/plan/ask?paper=halal",
        "/readiness/certificates",
        "/readiness/selection",
        "/report",
        "/workload",
        "/queue",
        "/to-send",
        "/programs",
    ],
)
def test_a_page_of_the_office_is_within_its_budget(many: None, signed_in, path: str) -> None:
    answer = signed_in(make_person("province")).get(path)
    assert answer.status_code == 200
    assert len(gzip.compress(answer.data)) <= HTML
    # Unpacked it is what a cheap phone has to lay out.
    assert len(answer.data) <= 5 * HTML


def test_those_to_invite_are_paged_and_the_last_can_be_reached(many: None, signed_in) -> None:
    browser = signed_in(make_person("province"))
    first = browser.get("/readiness/plan/training?gap=barcode:").text
    last = browser.get("/readiness/plan/training?gap=barcode:&page=6").text
    assert first.count('name="business"') == last.count('name="business"') == 50
    assert f"{LONG} 299" in last
