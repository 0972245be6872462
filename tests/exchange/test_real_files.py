"""Real lists of shops, brought in through the pages as a new user would."""

import csv
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marketplace.accounts.models import Person
from marketplace.businesses.models import Business
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.infra.db import session
from marketplace.regions.rules import find_regency
from tests.exchange.conftest import Importer
from tests.factories import make_person, make_producer
from tests.support.client import Client

# Shelves of the shop that sells Bangka goods, and whose goods we say they are.
SHELVES = {
    "KOPI BANGKA": "Kopi Uji",
    "GETAS BANGKA": "Getas Uji",
    "KUE KHAS BANGKA": "Kue Uji",
    "KERUPUK MENTAH BANGKA": "Kerupuk Uji",
}
# What we take of the marketplace's categories, and what each means here; "*" is by the name.
WANTED = {
    "Food and Drink": "*",
    "Kitchen": "alat-dapur",
    "Household": "perabot",
    "Party Supplies and Craft": "suvenir",
}


@pytest.fixture
def data() -> Path:
    given = os.environ.get("BENCH_DATA")
    if not given:
        pytest.skip("BENCH_DATA does not name a folder of data sets")
    return Path(given)


@pytest.fixture
def province(
    app: Any,
    signed_in: Callable[[Person], Client],
    importer: Callable[[Client], Importer],
) -> Importer:
    return importer(signed_in(make_person("province")))


def values_of(place: Path, column: str) -> list[str]:
    """The column's values, most frequent first, as the mapping page numbers them."""
    with place.open(encoding="utf-8") as lines:
        counts = Counter(" ".join(row[column].split()) for row in csv.DictReader(lines))
    return [value for value, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def test_a_shops_price_list_becomes_the_catalogue_of_a_few_producers(
    data: Path, province: Importer
) -> None:
    for name in {*SHELVES.values(), "Aneka Uji"}:
        make_producer(name=name)
    place = data / "bangka_outlet" / "products.csv"
    number = province.start("products", place.read_bytes(), place.name)
    form = province.form(number)
    assert form["col-name"] == "1"  # product_name
    assert form["col-price"] == "2"  # price_idr
    form = province.form(
        number, province.show(number, **{"col-business": "0", "def-unit": "bungkus"})
    )
    for n, shelf in enumerate(values_of(place, "category")):
        form[f"val-business-{n}"] = SHELVES.get(shelf, "Aneka Uji")
    one = province.check(number, form, publish="1")
    # Names no category is sure of are left for a person: they come back as bad rows.
    unsure = one.preview["bad"]
    assert one.preview["added"] == 109 - unsure
    assert unsure <= 5
    assert province.take_in(number).counts == {"added": 109 - unsure}
    states = {product.state for product in session.query(Product)}
    assert states == {ProductState.PUBLISHED}
    assert session.query(Product.business_id).distinct().count() == 5
    assert session.query(Product).filter(Product.net_amount.is_not(None)).count() >= 40


def test_a_marketplaces_list_comes_in_with_its_categories_mapped(
    data: Path, province: Importer
) -> None:
    place = data / "prdect_products" / "products_dev.csv"
    places = values_of(place, "seller_location")
    for value in places:
        found = find_regency(value)
        make_producer(name=f"Penjual {value}", region_code=found.code if found else "31.74")
    number = province.start("products", place.read_bytes(), place.name)
    form = province.form(number, province.show(number, **{"col-business": "2", "def-unit": "pcs"}))
    for n, value in enumerate(places):
        form[f"val-business-{n}"] = f"Penjual {value}"
    for n, value in enumerate(values_of(place, "category")):
        form[f"val-category-{n}"] = WANTED.get(value, "-")
    one = province.check(number, form)
    assert one.preview == {
        "added": 105, "changed": 0, "same": 0, "empty": 0, "bad": 0, "left_out": 559
    }  # fmt: skip
    province.take_in(number)
    assert session.query(Product).count() == 105
    assert session.query(Product).filter_by(category_code="alat-dapur").count() >= 30
    assert session.query(Business).count() == len(places)
    # The second time nothing is new.
    again = province.start("products", place.read_bytes(), place.name)
    assert province.check(again, form).preview["same"] == 105
