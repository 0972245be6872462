"""A producer adds and changes products."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from marketplace.accounts import queries as accounts
from marketplace.accounts import services as account_services
from marketplace.audit.models import AuditEntry
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperKind
from marketplace.catalog import queries, services
from marketplace.catalog.models import Product
from marketplace.catalog.rules import ProductState
from marketplace.infra.changes import Change
from marketplace.infra.db import session
from marketplace.infra.storage import StoredFile, read_file
from marketplace.infra.transaction import transaction
from tests.catalog.conftest import Stall
from tests.conftest import SignIn
from tests.factories import make_paper, make_person, make_producer, make_product

Fill = Callable[..., dict[str, Any]]


def latest() -> Product:
    number = session.query(Product.id).order_by(Product.id.desc()).first()
    assert number is not None
    return queries.get_product(number[0])


def a_photo(width: int = 900, height: int = 600) -> bytes:
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x9286] = "kebun rahasia"  # a comment, as cameras put beside the position
    Image.new("RGB", (width, height), (190, 120, 60)).save(target, "JPEG", exif=exif)
    return target.getvalue()


def photo(data: bytes | None = None, name: str = "foto.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(a_photo() if data is None else data), name


def test_name_category_price_and_unit_are_enough_to_publish(stall: Stall) -> None:
    sent = {"name": "Abon tongkol", "category": "abon", "price": "35.000", "unit": "toples"}
    answer = stall.seller.post("/my-products/new", data={**sent, "publish": "1"})
    product = latest()
    assert answer.location == f"/products/{product.id}"
    assert (product.state, product.price) == (ProductState.PUBLISHED, 35_000)
    assert f"/my-products/{product.id}/edit#papers" in stall.seller.text(answer.location)


def test_everything_said_is_kept_and_a_week_counts_fifty_two_twelfths(
    stall: Stall, filled: Fill
) -> None:
    own = make_paper(session.get_one(Business, stall.business_id))
    sent = filled(
        publish="1",
        weight="0,3 kg",
        brand="Cap Uji",
        min_order="20",
        lead_days="0",
        zones=["jabodetabek", "19"],
        terms=["outright", "consignment"],
        paper_ids=[str(own.id)],
        **{"price_breaks-0-min_quantity": "100", "price_breaks-0-price": "14.000"},
    )
    own_id = own.id
    assert stall.seller.post("/my-products/new", data=sent).status_code == 302
    said = services.draft_of(latest())
    assert said.capacity_per_month == 520
    assert (said.pack and said.pack.token, said.weight_g) == ("250g", 300)
    assert (said.zones, said.terms) == (("jabodetabek", "19"), ("outright", "consignment"))
    assert said.price_breaks == ((100, 14_000),)
    assert said.paper_ids == {own_id}


def test_a_draft_needs_only_a_name(stall: Stall) -> None:
    stall.seller.post("/my-products/new", data={"name": "Belum jadi", "keep": "1"})
    assert latest().state is ProductState.DRAFT


def test_publishing_without_a_category_offers_those_that_fit_and_loses_nothing(
    stall: Stall, filled: Fill
) -> None:
    sent = filled(category=None, publish="1", description="Renyah & gurih")
    answer = stall.seller.post("/my-products/new", data=sent)
    assert answer.status_code == 422
    assert 'name="suggested"' in answer.text
    assert 'value="getas"' in answer.text
    assert "Renyah &amp; gurih" in answer.text


def test_a_suggestion_can_be_asked_for_without_script(stall: Stall) -> None:
    answer = stall.seller.post("/my-products/new", data={"name": "kempelang", "suggest": "1"})
    assert answer.status_code == 200
    assert 'value="kemplang"' in answer.text
    assert 'value="kempelang"' in answer.text
    assert latest().id == stall.product_id


def test_a_picked_suggestion_survives_an_error_elsewhere(stall: Stall, filled: Fill) -> None:
    sent = filled(category="", suggested="terasi", price="abc", publish="1")
    answer = stall.seller.post("/my-products/new", data=sent)
    assert answer.status_code == 422
    assert '<option selected value="terasi">' in answer.text


def test_a_double_press_makes_one_product(stall: Stall, filled: Fill) -> None:
    sent = filled(publish="1", form_token="the same form")
    first = stall.seller.post("/my-products/new", data=sent)
    second = stall.seller.post("/my-products/new", data=sent)
    assert first.location == second.location
    assert session.query(Product).count() == 2


NUMBERS = ("price", "weight", "capacity", "min_order", "lead_days", "shelf_life_days", "pack")
NONSENSE = ("-5", "NaN", "1e308", "1.250.000,50", "١٢", "💰", "<b>5</b>", "9" * 400)


@pytest.mark.parametrize("field", NUMBERS)
def test_no_number_field_takes_nonsense_and_each_shows_it_again(
    field: str, stall: Stall, filled: Fill
) -> None:
    for nonsense in NONSENSE:
        answer = stall.seller.post(
            "/my-products/new", data=filled(**{field: nonsense}, publish="1")
        )
        if nonsense == "١٢" and answer.status_code == 302:
            continue  # Arabic digits are digits
        assert answer.status_code == 422, (field, nonsense)
        assert f'id="{field}-error"' in answer.text


@pytest.mark.parametrize("field", ["price", "min_order", "shelf_life_days", "weight", "pack"])
def test_zero_is_refused_where_nothing_can_be_zero(field: str, stall: Stall, filled: Fill) -> None:
    answer = stall.seller.post("/my-products/new", data=filled(**{field: "0"}, publish="1"))
    assert answer.status_code == 422


def test_65rb_is_sixty_five_thousand(stall: Stall, filled: Fill) -> None:
    stall.seller.post("/my-products/new", data=filled(price="65rb"))
    assert latest().price == 65_000


@pytest.mark.parametrize(
    "name",
    ["x" * 10_000, "\u202e\u200b", "   ", "\x00"],
)
def test_a_name_that_is_too_long_or_nothing_but_marks_is_refused(
    name: str, stall: Stall, filled: Fill
) -> None:
    answer = stall.seller.post("/my-products/new", data=filled(name=name))
    assert answer.status_code == 422
    assert session.query(Product).count() == 1


def test_right_to_left_marks_go_emoji_stay_and_html_is_only_text(
    stall: Stall, filled: Fill
) -> None:
    sent = filled(name="\u202eKemplang 🐟 <script>alert(1)</script>", publish="1")
    answer = stall.seller.post("/my-products/new", data=sent)
    assert latest().name == "Kemplang 🐟 <script>alert(1)</script>"
    page = stall.seller.text(answer.location)
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_dearer_by_quantity_is_refused_beside_the_steps(stall: Stall, filled: Fill) -> None:
    sent = filled(**{"price_breaks-0-min_quantity": "10", "price_breaks-0-price": "20.000"})
    answer = stall.seller.post("/my-products/new", data=sent)
    assert answer.status_code == 422
    assert 'id="price_breaks"' in answer.text


def test_a_step_needs_both_its_numbers(stall: Stall, filled: Fill) -> None:
    sent = filled(**{"price_breaks-2-min_quantity": "10"})
    assert stall.seller.post("/my-products/new", data=sent).status_code == 422


def test_a_paper_of_another_business_cannot_be_claimed(stall: Stall, filled: Fill) -> None:
    foreign = str(make_paper(make_producer(), kind=PaperKind.HALAL).id)
    answer = stall.seller.post("/my-products/new", data=filled(paper_ids=[foreign]))
    assert answer.status_code == 422


# --- photos -----------------------------------------------------------------------------------


def test_a_photo_becomes_two_small_webp_without_what_the_camera_wrote(
    stall: Stall, filled: Fill
) -> None:
    stall.seller.post("/my-products/new", data=filled(photo=photo(), publish="1"))
    product = latest()
    assert product.photo
    assert product.thumb
    for stored, longest in ((product.photo, 640), (product.thumb, 320)):
        data = read_file(stored)
        assert b"rahasia" not in data
        assert max(Image.open(io.BytesIO(data)).size) == longest
        assert stored.kept


def test_a_photo_survives_an_error_elsewhere_in_the_form(stall: Stall, filled: Fill) -> None:
    answer = stall.seller.post("/my-products/new", data=filled(photo=photo(), price="mahal"))
    assert answer.status_code == 422
    token = answer.text.partition('name="photo_token" value="')[2].partition('"')[0]
    stall.seller.post("/my-products/new", data=filled(photo_token=token))
    assert latest().photo is not None


def test_nobody_can_use_the_unfinished_photo_of_another(
    stall: Stall, filled: Fill, signed_in: SignIn
) -> None:
    answer = stall.seller.post("/my-products/new", data=filled(photo=photo(), price="mahal"))
    token = answer.text.partition('name="photo_token" value="')[2].partition('"')[0]
    other = signed_in(make_person("producer"))
    other.post("/my-products/new", data=filled(photo_token=token))
    assert latest().photo is None
    assert other.get(f"/photos/{token.partition('.')[0]}").status_code == 404


def test_a_new_photo_lets_the_old_one_be_swept(stall: Stall, filled: Fill) -> None:
    stall.seller.post("/my-products/new", data=filled(photo=photo()))
    number = latest().id
    stall.seller.post(
        f"/my-products/{number}/edit",
        data=filled(photo=photo(a_photo(300, 300)), version=str(latest().version)),
    )
    kept = [stored.kept for stored in session.query(StoredFile).order_by(StoredFile.id)]
    assert kept == [False, False, True, True]


def bomb() -> bytes:
    target = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "PNG", optimize=False)
    return target.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"%PDF-1.7 not a photo",
        lambda: b"<svg onload=alert(1)>",
        lambda: b"\xff\xd8\xff\xe0 cut off",
        bomb,
    ],
    ids=["empty", "pdf", "svg", "cut", "bomb"],
)
def test_a_file_that_is_no_photo_is_refused_in_words_and_the_text_stays(
    make: Callable[[], bytes], stall: Stall, filled: Fill
) -> None:
    data = make()
    answer = stall.seller.post("/my-products/new", data=filled(photo=photo(data), publish="1"))
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text
    assert "Getas ikan tenggiri bulat" in answer.text
    assert session.query(Product).count() == 1


# --- changing ---------------------------------------------------------------------------------


def version_in(page: str) -> str:
    field = re.search(r'<input[^>]*name="version"[^>]*>', page)
    assert field
    return field[0].partition('value="')[2].partition('"')[0]


def test_the_second_of_two_editors_is_told_and_keeps_the_typed_text(
    stall: Stall, filled: Fill
) -> None:
    place = f"/my-products/{stall.product_id}/edit"
    first = stall.seller.post(place, data=filled(name="Nama pertama", version="1"))
    second = stall.seller.post(place, data=filled(name="Nama kedua", version="1"))
    assert (first.status_code, second.status_code) == (302, 409)
    assert "Nama kedua" in second.text
    assert queries.get_product(stall.product_id).name == "Nama pertama"
    third = stall.seller.post(
        place, data=filled(name="Nama kedua", version=version_in(second.text))
    )
    assert third.status_code == 302
    assert queries.get_product(stall.product_id).name == "Nama kedua"


def test_saving_what_is_there_already_changes_nothing(stall: Stall) -> None:
    product = queries.get_product(stall.product_id)
    before, changes = product.version, session.query(Change).count()
    sent = {
        "name": product.name,
        "category": "kemplang",
        "price": "20.000",
        "unit": "bungkus",
        "pack": "250 g",
        "weight": "300",
        "min_order": "20",
        "capacity": "7654",
        "capacity_per": "month",
        "shelf_life_days": "123",
        "lead_days": "3",
        "storage": "ambient",
        "halal_claim": "halal",
        "version": str(before),
    }
    assert stall.seller.post(f"/my-products/{product.id}/edit", data=sent).status_code == 302
    assert queries.get_product(stall.product_id).version == before
    assert session.query(Change).count() == changes


def test_a_published_product_cannot_lose_its_price(stall: Stall, filled: Fill) -> None:
    place = f"/my-products/{stall.product_id}/edit"
    assert stall.seller.post(place, data=filled(price="", version="1")).status_code == 422


def test_an_officer_acting_for_a_producer_adds_for_it_and_it_is_written_down(
    stall: Stall, signed_in: SignIn, filled: Fill
) -> None:
    officer = signed_in(make_person("regency"))
    with officer.session_transaction() as kept:
        token = kept["sid"]
    with transaction():
        running = accounts.find_session(token)
        assert running is not None
        account_services.act_for(running, stall.business_id)
    assert officer.post("/my-products/new", data=filled(publish="1")).status_code == 302
    entry = session.query(AuditEntry).filter_by(action="product.added").one()
    assert entry.acting_for_id == stall.business_id
    assert latest().business_id == stall.business_id


def test_a_person_of_two_producers_says_for_which(signed_in: SignIn) -> None:
    one, two = make_producer(name="Satu"), make_producer(name="Dua")
    numbers = one.id, two.id
    browser = signed_in(make_person("producer", works_for=[one, two]))
    page = browser.text("/my-products/new")
    assert all(f"business={number}" in page for number in numbers)
    assert browser.get(f"/my-products/new?business={numbers[1]}").status_code == 200
    assert browser.get("/my-products/new?business=99999").status_code == 404


def test_ones_own_list_shows_states_and_what_is_missing(stall: Stall, signed_in: SignIn) -> None:
    make_product(make_producer(), name="Punya orang lain")
    page = stall.seller.text("/my-products")
    assert "Kemplang panggang tenggiri" in page
    assert "Punya orang lain" not in page
    assert "Kemplang" not in stall.seller.text("/my-products?state=draft&q=zzz")
