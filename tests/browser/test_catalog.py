"""The catalogue in a real browser: a product added on a phone, found, and shared."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from marketplace.catalog import queries
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.infra.db import session
from tests import factories
from tests.browser.conftest import Faults, Visit


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    place = tmp_path / "foto.jpg"
    Image.new("RGB", (2400, 1600), (180, 120, 60)).save(place, "JPEG")
    return place


def the_only_product() -> Product:
    session.rollback()
    number = session.query(Product.id).scalar()
    return queries.get_product(number)


def test_a_producer_publishes_with_a_suggested_category_and_a_photo(
    visit: Visit, picture: Path
) -> None:
    page = visit("/my-products/new", factories.make_person("producer"))
    page.fill("#name", "Terasi udang Toboali 200 gr")
    page.locator("#price").focus()
    page.locator("label", has_text="Terasi").click()
    page.fill("#price", "25rb")
    page.select_option("#unit", "bungkus")
    page.fill("#pack", "200 gr")
    page.set_input_files("#photo", picture)
    page.locator("button[name=publish]").click()
    page.wait_for_url("**/products/*")
    product = the_only_product()
    assert (product.state, product.category_code) == (ProductState.PUBLISHED, "terasi")
    shown = page.locator("main .picture img")
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 640


def test_without_script_the_suggestions_come_by_a_button_and_an_error_loses_nothing(
    visit: Visit, picture: Path
) -> None:
    page = visit("/my-products/new", factories.make_person("producer"), javascript=False)
    page.fill("#name", "Madu hutan pelawan 500 ml")
    page.set_input_files("#photo", picture)
    page.locator("button[name=suggest]").click()
    page.locator("label", has_text="Madu").first.click()
    page.fill("#price", "mahal")
    page.locator("button[name=publish]").click()
    expect(page.locator("#price-error")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Madu hutan pelawan 500 ml")
    expect(page.locator("#category")).to_have_value("madu")
    page.fill("#price", "85.000")
    page.select_option("#unit", "botol")
    page.locator("button[name=publish]").click()
    page.wait_for_url("**/products/*")
    assert the_only_product().photo is not None


def test_what_was_typed_survives_a_lost_signal(visit: Visit) -> None:
    page = visit("/my-products/new", factories.make_person("producer"))
    page.fill("#name", "Belum selesai")
    page.goto("about:blank")
    page.go_back()
    page.reload()
    expect(page.locator("#name")).to_have_value("Belum selesai")


def test_a_field_in_a_folded_part_is_reached_from_the_summary_of_errors(visit: Visit) -> None:
    page = visit("/my-products/new", factories.make_person("producer"))
    page.fill("#name", "Getas")
    page.locator("#papers summary").click()
    page.fill("#shelf_life_days", "lama")
    page.locator("button[name=keep]").click()
    page.locator(".error-summary a", has_text="").first.click()
    expect(page.locator("#shelf_life_days")).to_be_in_viewport()


def test_the_catalogues_pages_are_accessible_and_fit_the_screen(faults: Faults) -> None:
    business = factories.make_producer()
    long_name = "Kemplang panggang ikan tenggiri " + "istimewa" * 15
    product = factories.make_product(business, name=long_name)
    number = product.id
    seller = factories.make_person("producer", works_for=business)
    buyer = factories.make_person("buyer")
    officer = factories.make_person("regency")
    pages = [
        (None, "/products"),
        (None, f"/products/{number}"),
        (buyer, f"/products/{number}"),
        (buyer, "/products?q=zzz&max_price=abc"),
        (seller, "/my-products"),
        (seller, "/my-products/new"),
        (seller, f"/products/{number}"),
        (seller, f"/my-products/{number}/edit"),
        (seller, f"/my-products/{number}/withdraw"),
        (officer, "/area-products"),
    ]
    assert faults((path, person) for person, path in pages) == {}
