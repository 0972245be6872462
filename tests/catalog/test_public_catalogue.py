"""What everybody sees of the catalogue, what only buyers see, and what a link shared shows."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from marketplace.accounts.models import Person
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind, PaperState
from marketplace.catalog import queries, services
from marketplace.catalog.models import PriceBreak
from marketplace.catalog.rules import ProductState
from marketplace.core.actor import SYSTEM
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.catalog.conftest import Stall
from tests.catalog.test_adding_products import photo
from tests.conftest import SignIn
from tests.factories import in_days, make_paper, make_person, make_producer, make_product
from tests.support.client import Client

SECRET_CAPACITY = "7.654"


def names_on(page: str) -> list[str]:
    return re.findall(r'class="card-title"><a href="[^"]*">([^<]*)</a>', page)


def test_capacity_shelf_life_steps_and_papers_are_not_in_the_public_page(
    stall: Stall, client: Client, signed_in: SignIn
) -> None:
    business = session.get_one(Business, stall.business_id)
    product = queries.get_product(stall.product_id)
    make_paper(business, covers=[product], number="PIRT-RAHASIA")
    with transaction():
        session.add(PriceBreak(product_id=stall.product_id, min_quantity=333, price=18_888))
    address = f"/products/{stall.product_id}"
    public = client.text(address)
    buyer = signed_in(make_person("buyer")).text(address)
    rival = signed_in(make_person("producer")).text(address)
    for secret in (SECRET_CAPACITY, "123 ", "18.888", "P-IRT"):
        assert secret in re.sub(r"<[^>]+>", "", buyer)
        assert secret not in re.sub(r"<[^>]+>", "", public)
        assert secret not in re.sub(r"<[^>]+>", "", rival)
    for page in (public, buyer, rival):
        assert "PIRT-RAHASIA" not in page


def test_no_contact_stands_on_any_page_of_the_catalogue(stall: Stall, signed_in: SignIn) -> None:
    business = session.get_one(Business, stall.business_id)
    phone, contact = business.phone, business.contact_name
    page = signed_in(make_person("buyer")).text(f"/products/{stall.product_id}")
    assert phone not in page
    assert contact not in page


@pytest.mark.parametrize("state", [ProductState.DRAFT, ProductState.PAUSED, ProductState.WITHDRAWN])
def test_what_is_not_published_is_only_there_for_its_producer_and_its_office(
    state: ProductState, stall: Stall, client: Client, signed_in: SignIn
) -> None:
    business = session.get_one(Business, stall.business_id)
    number = make_product(business, name="Belum terbit", state=state).id
    address = f"/products/{number}"
    assert client.get(address).status_code == 404
    assert signed_in(make_person("buyer")).get(address).status_code == 404
    assert stall.seller.get(address).status_code == 200
    assert signed_in(make_person("regency")).get(address).status_code == 200
    assert signed_in(make_person("regency", area="19.02")).get(address).status_code == 404
    assert "Belum terbit" not in client.text("/products")
    assert "Belum terbit" not in client.text("/products?q=belum+terbit")


@pytest.mark.parametrize(
    "text", ["kempelang", "KEMPLANG", "kemplng", "kemplang panggang", "tenggri"]
)
def test_search_forgives_typos_and_local_names(text: str, stall: Stall, client: Client) -> None:
    make_product(name="Terasi udang", category_code="terasi")
    assert "Kemplang panggang tenggiri" in names_on(client.text(f"/products?q={text}"))


def test_a_product_paused_after_the_index_was_asked_is_not_shown(
    stall: Stall, client: Client
) -> None:
    assert names_on(client.text("/products?q=kemplang"))
    with transaction():
        services.pause_product(actor=SYSTEM, product=queries.get_product(stall.product_id))
    page = client.text("/products?q=kemplang")
    assert names_on(page) == []
    assert "kemplang" in page


def test_the_count_is_the_count_of_what_is_shown(stall: Stall, client: Client) -> None:
    business = session.get_one(Business, stall.business_id)
    for number in range(30):
        make_product(business, name=f"Kemplang nomor {number}")
    first, second = client.text("/products?q=kemplang"), client.text("/products?q=kemplang&page=2")
    shown = names_on(first) + names_on(second)
    assert len(shown) == len(set(shown)) == 31
    assert "31" in first


@pytest.mark.both_databases
def test_filters_narrow_by_branch_zone_and_price(app: Flask, client: Client) -> None:
    producer = make_producer()
    make_product(producer, name="Dekat saja", zones="19", price=10_000)
    make_product(producer, name="Ke Jakarta", zones="jabodetabek", price=20_000)
    make_product(producer, name="Ke mana pun", zones="", category_code="kopi", price=30_000)
    assert names_on(client.text("/products?zone=jabodetabek&sort=name")) == [
        "Ke Jakarta",
        "Ke mana pun",
    ]
    assert names_on(client.text("/products?category=kerupuk-camilan&sort=cheapest")) == [
        "Dekat saja",
        "Ke Jakarta",
    ]
    assert names_on(client.text("/products?min_price=15rb&max_price=25.000")) == ["Ke Jakarta"]
    assert names_on(client.text("/products?sort=dearest"))[0] == "Ke mana pun"


@pytest.mark.both_databases
def test_only_buyers_filter_by_capacity_and_papers(
    stall: Stall, client: Client, signed_in: SignIn
) -> None:
    business = session.get_one(Business, stall.business_id)
    product = queries.get_product(stall.product_id)
    make_paper(business, covers=[product], kind=PaperKind.HALAL)
    make_paper(business, kind=PaperKind.NIB, number="1234567890123")
    make_product(name="Tanpa surat", capacity_per_month=5)
    buyer = signed_in(make_person("buyer"))
    for query in ("min_capacity=1000", "papers=halal", "papers=nib&papers=halal"):
        assert names_on(buyer.text(f"/products?{query}")) == ["Kemplang panggang tenggiri"]
        assert len(names_on(client.text(f"/products?{query}"))) == 2


@pytest.mark.parametrize(("state", "days"), [(PaperState.VERIFIED, -1), (PaperState.REJECTED, 100)])
def test_a_paper_that_does_not_count_is_not_held(
    state: PaperState, days: int, stall: Stall, signed_in: SignIn
) -> None:
    business = session.get_one(Business, stall.business_id)
    product = queries.get_product(stall.product_id)
    make_paper(
        business,
        covers=[product],
        kind=PaperKind.HALAL,
        state=state,
        valid_from=in_days(-400),
        valid_to=in_days(days),
    )
    buyer = signed_in(make_person("buyer"))
    assert names_on(buyer.text("/products?papers=halal")) == []
    assert queries.list_offers([stall.product_id])[0].papers == ()


@pytest.mark.parametrize(
    "query",
    [
        "min_price=-5",
        "min_price=NaN&max_price=1e308",
        "max_price=1.250.000,50",
        "min_capacity=banyak",
        "category=../../etc",
        "zone=%00",
        "sort=drop+table",
        "papers=nonsens&papers=%F0%9F%90%9F",
        "page=0",
        "page=-3",
        "page=abc",
        "page=999",
        "q=" + "x" * 10_000,
        "q=%E2%80%AE%00%3Cscript%3E",
        "q=%27%22%3B--",
        "q=%25_%25",
    ],
)
def test_a_nonsense_address_still_shows_a_page(query: str, stall: Stall, signed_in: SignIn) -> None:
    answer = signed_in(make_person("buyer")).get(f"/products?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace("<script src", "")


def test_what_cannot_be_read_says_so_beside_the_list(stall: Stall, client: Client) -> None:
    page = client.text("/products?max_price=abc")
    assert names_on(page)
    assert 'class="error"' in page


def test_nothing_found_says_what_to_do_next(stall: Stall, client: Client) -> None:
    page = client.text("/products?q=qqqxyz&zone=jabodetabek")
    assert 'class="empty"' in page
    assert 'href="/products"' in page
    assert 'href="/products?q=qqqxyz"' in page


# --- sharing ------------------------------------------------------------------------------------


def test_a_shared_link_carries_title_place_and_a_small_absolute_picture(
    stall: Stall, client: Client
) -> None:
    stall.seller.post(
        f"/my-products/{stall.product_id}/edit",
        data={
            "name": "Kemplang panggang tenggiri",
            "category": "kemplang",
            "price": "20000",
            "unit": "bungkus",
            "photo": photo(),
            "version": "1",
        },
    )
    page = client.text(f"/products/{stall.product_id}")
    tags = dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', page))
    assert tags["og:url"] == f"http://localhost/products/{stall.product_id}"
    assert "Rp20.000" in tags["og:title"]
    assert tags["og:image"].startswith(f"http://localhost/products/{stall.product_id}/share.jpg")
    picture = client.get(urlsplit(tags["og:image"]).path)
    assert len(picture.data) < 100_000
    assert picture.content_type == "image/jpeg"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    shot = re.search(r'src="(/photos/[^"]+)"', page)
    assert shot
    picture = client.get(shot[1])
    assert picture.content_type == "image/webp"
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_that_caches_may_keep_carries_no_cookie(stall: Stall) -> None:
    stall.seller.post(
        "/my-products/new",
        data={
            "name": "Getas",
            "category": "getas",
            "price": "9000",
            "unit": "pak",
            "photo": photo(),
            "publish": "1",
        },
    )
    product = queries.get_product(stall.product_id + 1)
    assert product.photo
    with stall.seller.session_transaction() as kept:
        kept.permanent = True
    picture = stall.seller.get(f"/photos/{product.photo.token}")
    assert picture.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in picture.headers
    assert "Set-Cookie" in stall.seller.get("/my-products").headers


def test_sharing_on_whatsapp_is_ready_to_send(stall: Stall, client: Client) -> None:
    page = client.text(f"/products/{stall.product_id}")
    link = re.search(r'href="(https://wa\.me/\?text=[^"]*)"', page)
    assert link
    (text,) = parse_qs(urlsplit(link[1]).query)["text"]
    for part in ("Kemplang panggang tenggiri (250 g)", "Rp20.000 / bungkus", "Dapur Uji"):
        assert part in text
    assert text.endswith(f"http://localhost/products/{stall.product_id}")


def test_the_picture_of_a_draft_is_nobody_elses(stall: Stall, client: Client) -> None:
    stall.seller.post("/my-products/new", data={"name": "Rahasia", "photo": photo()})
    product = queries.get_product(stall.product_id + 1)
    assert product.photo
    address = f"/photos/{product.photo.token}"
    assert client.get(address).status_code == 404
    own = stall.seller.get(address)
    assert own.status_code == 200
    assert own.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize("token", ["x", "a" * 43, "..%2f..%2fsecret_key", "%00", "a" * 5_000])
def test_a_made_up_picture_is_not_there(token: str, client: Client) -> None:
    assert client.get(f"/photos/{token}").status_code == 404


def test_only_buyers_are_asked_whether_they_want_to_be_introduced(
    stall: Stall, client: Client, signed_in: SignIn
) -> None:
    address = f"/products/{stall.product_id}"
    buyer: Person = make_person("buyer")
    asked = [
        "handshake" in browser.text(address).partition("<main")[2]
        for browser in (signed_in(buyer), client, stall.seller)
    ]
    assert asked == [True, False, False]


def test_a_product_on_offer_has_a_picture_for_chats(stall: Stall, client: Client) -> None:
    page = client.text(f"/products/{stall.product_id}")
    found = re.search(r'og:image" content="(https?://[^"]+)"', page)
    assert found
    address = urlsplit(found[1])
    answer = client.get(f"{address.path}?{address.query}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.data.startswith(b"\xff\xd8")
    assert len(answer.data) <= 100 * 1024
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("state", [ProductState.DRAFT, ProductState.PAUSED, ProductState.WITHDRAWN])
def test_what_is_not_on_offer_has_no_picture_even_for_its_producer(
    stall: Stall, state: ProductState
) -> None:
    product = queries.get_product(stall.product_id)
    with transaction():
        product.state = state
    assert stall.seller.get(f"/products/{stall.product_id}/share.jpg").status_code == 404
