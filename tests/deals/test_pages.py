"""Pages of deals: each side and the office, from the commitment to the money received."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from marketplace.core.clock import now, today
from marketplace.deals import documents, queries
from marketplace.deals.models import Deal, DealLine, Order
from marketplace.deals.rules.months import add_months, month_of
from marketplace.deals.rules.orders import OrderState
from marketplace.deals.rules.states import DealState
from marketplace.demand.models import Need
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.rules import IntroductionState
from tests.conftest import SignIn
from tests.deals.conftest import Trade, record, terms_of
from tests.factories import (
    BELITUNG,
    JAKARTA_SELATAN,
    PALEMBANG,
    make_introduction,
    make_need,
    make_outlet,
    make_person,
    make_producer,
    make_product,
    make_suggestion,
)
from tests.support.client import Client

NOW = month_of(today())


def whole_form(trade: Trade, **given: Any) -> dict[str, Any]:
    """The form of the terms, filled in."""
    return {
        "title": "Kemplang untuk Toko Rasa",
        "items-0-product": str(trade.product.id),
        "items-0-price": "21.000",
        "items-0-volume": "60",
        "lines-0-place": trade.branches[0].name,
        "lines-0-volume": "40",
        "lines-1-place": "Kota Palembang",
        "lines-1-volume": "20",
        "ramp": "20, 40, 60",
        "terms": "days",
        "terms_days": "30",
        "starts_on": NOW.isoformat(),
        "ends_on": add_months(NOW, 5).isoformat(),
        "version": "1",
        **given,
    }


@pytest.fixture
def office(trade: Trade, signed_in: SignIn) -> Client:
    return signed_in(trade.officer)


def edited(office: Client, trade: Trade, **given: Any) -> tuple[Deal, Any]:
    deal = record(trade)
    form = whole_form(trade, version=str(queries.get_deal(deal.id).version), **given)
    answer = office.post(f"/deals/{deal.id}/edit", data=form)
    return queries.get_deal(deal.id), answer


def test_an_officer_records_a_vague_commitment_from_an_expo(trade: Trade, office: Client) -> None:
    answer = office.post(
        "/deals/new",
        data={
            "producer": "kemplang ceria",
            "buyer": "Toko Rasa",
            "origin": "expo",
            "title": "Akan memenuhi gerai Jabodetabek dan Sumatera",
        },
    )
    deal = session.query(Deal).one()
    assert answer.location == f"/deals/{deal.id}"
    page = office.text(answer.location)
    assert "Akan memenuhi gerai Jabodetabek dan Sumatera" in page
    assert "tanggal mulai" in page  # what is still missing


@pytest.mark.parametrize("name", ["Tidak Ada", "Kembar"])
def test_a_name_nobody_or_several_have_is_asked_again(
    trade: Trade, office: Client, name: str
) -> None:
    for _ in range(2):
        make_outlet(name="Kembar")
    answer = office.post(
        "/deals/new",
        data={"producer": "Kemplang Ceria", "buyer": name, "origin": "expo", "title": "Kemplang"},
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert session.query(Deal).count() == 0


def agreed(trade: Trade, need: Need) -> str:
    """Where an introduction that both sides agreed to becomes a deal."""
    introduction = make_introduction(
        make_suggestion(trade.product, need),
        state=IntroductionState.AGREED,
        producer_agreed_at=now(),
        buyer_agreed_at=now(),
    )
    return f"/introductions/{introduction.id}/deal"


def test_an_agreed_introduction_becomes_a_deal_in_one_form(trade: Trade, office: Client) -> None:
    need = make_need(trade.outlet, volumes={JAKARTA_SELATAN: 30, PALEMBANG: 20})
    url = agreed(trade, need)
    assert 'value="50"' in office.text(url)
    answer = office.post(url, data={"title": "Kemplang", "price": "20000", "volume": "50"})
    deal = session.query(Deal).one()
    assert answer.location == f"/deals/{deal.id}"
    assert "Kota Palembang" in office.text(answer.location)
    # A second press leads to the deal that is there.
    assert office.get(url).location == f"/deals/{deal.id}"


@pytest.mark.parametrize(
    ("unit", "grams", "volume", "lines"),
    [("bungkus", 500, "100", [60, 40]), ("kg", None, "200", [120, 80]), ("liter", None, "", [])],
)
def test_a_need_in_another_unit_comes_into_the_deal_in_units_of_the_product(
    trade: Trade, office: Client, unit: str, grams: int | None, volume: str, lines: list[int]
) -> None:
    need = make_need(
        trade.outlet,
        volumes={JAKARTA_SELATAN: 30, PALEMBANG: 20},
        unit=unit,
        net_amount=grams,
        net_kind="mass" if grams else "",
    )
    url = agreed(trade, need)
    page = office.text(url)
    assert (f'value="{volume}"' if volume else "hitunglah dalam satuan produk") in page
    assert f"50 {unit}" in page
    assert 'value="20.000"' not in page  # the product's own price is not yet a price delivered
    office.post(url, data={"title": "Kemplang", "volume": volume})
    stored = session.query(DealLine.volume).order_by(DealLine.id).all()
    assert [line.volume for line in stored] == lines


def test_the_terms_are_said_line_by_line(trade: Trade, office: Client) -> None:
    deal, answer = edited(office, trade)
    assert answer.location == f"/deals/{deal.id}"
    assert [(line.place, line.branch_id, line.volume) for line in deal.lines] == [
        (JAKARTA_SELATAN, trade.branches[0].id, 40),
        (PALEMBANG, None, 20),
    ]
    assert (deal.months, [step.stores for step in deal.ramp]) == (6, [20, 40, 60])
    form = office.text(f"/deals/{deal.id}/edit")
    assert "20, 40, 60" in form
    assert trade.branches[0].name in form


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lines-1-place": "Jabodetabek"}, "mencakup tempat yang sama"),
        ({"ramp": "40, 20"}, "tidak boleh turun"),
        ({"ramp": "empat puluh"}, "misalnya 40, 120, 420"),
        ({"ends_on": "2026-01-01"}, "berakhir sebelum dimulai"),
        ({"lines-1-place": "Cabang Orang Lain"}, "tidak mengenal tempat ini"),
        ({"lines-1-volume": ""}, "berapa sebulan"),
        ({"items-0-price": "-5"}, "tidak boleh negatif"),
        ({"starts_on": "9999-12-01", "ends_on": "9999-12-31"}, "kalender"),
        ({"starts_on": "0001-01-01", "ends_on": ""}, "kalender"),
        ({"starts_on": "2026-02-31"}, "kalender"),
        ({"terms": "outright"}, "tidak memakai tempo"),
        ({"commission_percent": "20"}, "Komisi hanya"),
    ],
)
def test_bad_terms_are_answered_in_clear_words_and_nothing_is_kept(
    trade: Trade, office: Client, given: dict[str, str], words: str
) -> None:
    deal, answer = edited(office, trade, **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert (deal.lines, deal.items, deal.starts_on) == ([], [], None)


def test_rows_are_added_and_taken_away_without_script(trade: Trade, office: Client) -> None:
    deal = record(trade)
    form = {**whole_form(trade), "add_lines": "1"}
    page = office.post(f"/deals/{deal.id}/edit", data=form)
    assert page.status_code == 200
    assert "lines-2-place" in page.text
    form = {**whole_form(trade), "remove_lines": "0"}
    page = office.post(f"/deals/{deal.id}/edit", data=form)
    assert page.text.count("data-row-remove") == 2


def test_a_stale_form_shows_the_conflict_and_keeps_what_was_typed(
    trade: Trade, office: Client
) -> None:
    deal = record(trade)
    seen = str(queries.get_deal(deal.id).version)
    office.post(f"/deals/{deal.id}/edit", data=whole_form(trade, version=seen))
    late = whole_form(trade, version=seen, title="Judul lain")
    answer = office.post(f"/deals/{deal.id}/edit", data=late)
    assert answer.status_code == 409
    assert "Judul lain" in answer.text


def test_signing_needs_the_volume_to_be_there(trade: Trade, office: Client) -> None:
    deal, _answer = edited(office, trade)
    other = record(trade, terms_of(trade, 100, starts_on=add_months(NOW, 5), months=1))
    sign = {"on": today().isoformat(), "note": "Ditandatangani di dinas"}
    scan = {**sign, "file": (BytesIO(b"%PDF-1.4\n%%EOF"), "kontrak.pdf")}
    assert office.post(f"/deals/{deal.id}/sign", data=scan).status_code == 302
    page = office.text(f"/deals/{deal.id}")
    assert "Ditandatangani di dinas" in page
    evidence = re.search(rf"/deals/{deal.id}/evidence/\d+", page)
    assert evidence is not None
    assert office.get(evidence[0]).mimetype == "application/pdf"
    refused = office.post(f"/deals/{other.id}/sign", data=sign)
    assert refused.status_code == 409
    assert "tinggal 40" in refused.text
    assert queries.get_deal(other.id).state is DealState.COMMITMENT


def test_a_price_above_the_ceiling_is_told_where_it_is_signed(trade: Trade, office: Client) -> None:
    deal = record(trade, terms_of(trade, 60))
    need = make_need(trade.outlet, ceiling_price=20_999)
    with transaction():
        queries.get_deal(deal.id).need_id = need.id
    form = {"on": today().isoformat(), "version": str(queries.get_deal(deal.id).version)}
    answer = office.post(f"/deals/{deal.id}/sign", data=form)
    assert answer.status_code == 409
    assert "20.999" in answer.text
    assert queries.get_deal(deal.id).state is DealState.COMMITMENT
    assert queries.promises_of_deal(deal.id) == []
    assert len(queries.list_steps(deal.id)) == 1


def test_a_commitment_that_lacks_terms_is_not_signed(trade: Trade, office: Client) -> None:
    deal = record(trade)
    answer = office.post(f"/deals/{deal.id}/sign", data={"on": today().isoformat()})
    assert answer.status_code == 409
    assert "Yang masih kurang: produknya" in answer.text


def test_both_sides_bring_an_order_to_its_money(
    trade: Trade, office: Client, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60, starts_on=NOW, months=3)
    buyer, maker = signed_in(trade.buyer), signed_in(trade.maker)
    day = {"on": today().isoformat()}
    line = queries.get_deal(deal.id).lines[0].id
    answer = buyer.post(
        f"/deals/{deal.id}/orders/new",
        data={**day, "line": str(line), "quantity": "20", "wanted_on": today().isoformat()},
    )
    order = session.query(Order).one()
    url = f"/orders/{order.id}"
    assert answer.location == url
    assert f"{url}/send" in maker.text(url)
    assert f"{url}/send" not in buyer.text(url)
    assert "Pesanan untuk dikirim" in maker.text("/")
    assert maker.post(f"{url}/send", data=day).status_code == 302
    assert "Pesanan untuk dikirim" not in maker.text("/")
    assert "Barang di jalan" in buyer.text("/")
    assert buyer.post(f"{url}/receive", data=day).status_code == 302
    short = {**day, "accepted": "18", "reason": "", "accept": "1"}
    assert buyer.post(f"{url}/accept", data=short).status_code == 422
    assert buyer.post(f"{url}/accept", data={**short, "reason": "short"}).status_code == 302
    assert maker.post(f"{url}/invoice", data=day).status_code == 302
    assert "378.000" in maker.text("/deals/unpaid")
    assert "378000" in maker.text("/deals/unpaid.csv")
    assert maker.get("/deals/unpaid.xlsx").status_code == 200
    assert "378000" not in signed_in(make_person("producer")).text("/deals/unpaid.csv")
    much = maker.post(f"{url}/pay", data={**day, "amount": "378.001"})
    assert much.status_code == 422
    assert "sisa yang belum dibayar" in much.text
    assert maker.post(f"{url}/pay", data={**day, "amount": "378.000"}).status_code == 302
    page = maker.text(f"/deals/{deal.id}")
    for words in ("Pesanan pertama", "lunas", "378.000"):
        assert words in page
    # One order is too few for a figure, and the sample says so; strangers learn nothing of it.
    own = maker.text(f"/businesses/{trade.producer.id}")
    assert "Bagaimana janji ditepati" in own
    assert "terlalu sedikit" in own
    assert "janji ditepati" not in buyer.text(f"/businesses/{trade.producer.id}")
    assert "378.000" not in maker.text("/deals/unpaid")


def test_deals_go_along_as_a_file_to_whom_the_list_shows_them(
    trade: Trade, office: Client, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    title = signed(volume=60, starts_on=NOW, months=3).title
    for browser in (office, signed_in(trade.maker), signed_in(trade.buyer)):
        assert title in browser.text("/deals.csv")
    assert title not in office.text("/deals.csv?state=ended")
    assert office.get("/deals.xlsx").status_code == 200
    assert office.get("/deals.pdf").status_code == 404
    for stranger in (make_person("producer"), make_person("regency", area=BELITUNG)):
        assert title not in signed_in(stranger).text("/deals.csv")


def test_the_page_of_a_business_leads_to_its_deals_alone(
    trade: Trade, office: Client, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60, starts_on=NOW, months=3)
    title, maker_id, buyer_id = deal.title, deal.producer_id, deal.buyer_id
    other = make_producer(name="Dapur Lain")
    assert f"/deals?business={maker_id}" in office.text(f"/businesses/{maker_id}")
    for party in (maker_id, buyer_id):
        assert title in office.text(f"/deals?business={party}")
        assert title in office.text(f"/deals.csv?business={party}")
    assert title not in office.text(f"/deals?business={other.id}")
    # A business asks for nobody else's: its list stays its own, and names nobody.
    page = signed_in(trade.maker).text(f"/deals?business={other.id}")
    assert title in page
    assert "Dapur Lain" not in page


def test_a_whole_month_is_ordered_from_the_form(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60, starts_on=NOW, months=3)
    data = {"on": today().isoformat(), "line": "", "wanted_on": today().isoformat()}
    answer = signed_in(trade.buyer).post(f"/deals/{deal.id}/orders/new", data=data)
    assert answer.location == f"/deals/{deal.id}"
    assert [order.quantity for order in queries.page_of_orders(deal.id, 1).items] == [60]


def test_a_step_on_an_impossible_day_keeps_what_was_typed(
    trade: Trade, office: Client, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60, starts_on=NOW, months=3)
    today_on = today().isoformat()
    data = {"on": today_on, "line": "", "wanted_on": today_on}
    office.post(f"/deals/{deal.id}/orders/new", data=data)
    url = f"/orders/{queries.page_of_orders(deal.id, 1).items[0].id}/send"
    typed = {"on": (today() + timedelta(days=3)).isoformat(), "note": "Lewat kapal malam"}
    answer = office.post(url, data=typed)
    assert answer.status_code == 422
    assert "Tanggal itu belum tiba." in answer.text
    assert "Lewat kapal malam" in answer.text
    assert office.post(url, data={"on": today_on}).status_code == 302
    # A second tab, later: where the order stands is shown with the word why.
    late = office.post(url, data={"on": today_on, "note": "lagi"})
    assert late.status_code == 409
    assert "sudah di langkah lain" in late.text
    assert "Barang datang" in late.text or "/receive" in late.text


def test_nothing_is_sent_under_a_cancelled_deal(
    trade: Trade, office: Client, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60, starts_on=NOW, months=3)
    day = {"on": today().isoformat()}
    data = {**day, "line": "", "wanted_on": today().isoformat()}
    office.post(f"/deals/{deal.id}/orders/new", data=data)
    order = queries.page_of_orders(deal.id, 1).items[0]
    closing = {**day, "then": "cancelled", "note": "Gerai tutup"}
    assert office.post(f"/deals/{deal.id}/close", data={**closing, "note": ""}).status_code == 422
    assert office.post(f"/deals/{deal.id}/close", data=closing).status_code == 302
    answer = signed_in(trade.maker).post(f"/orders/{order.id}/send", data=day)
    assert answer.status_code == 409
    assert "sudah dibatalkan" in answer.text
    assert queries.get_order(order.id).state is OrderState.ORDERED
    assert office.post(f"/deals/{deal.id}/close", data=closing).status_code == 409


def test_pressing_twice_orders_once(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60, starts_on=NOW, months=3)
    line = queries.get_deal(deal.id).lines[0].id
    data = {
        "form_token": "satu-kali",
        "on": today().isoformat(),
        "line": str(line),
        "quantity": "5",
        "wanted_on": today().isoformat(),
    }
    buyer = signed_in(trade.buyer)
    first = buyer.post(f"/deals/{deal.id}/orders/new", data=data)
    assert buyer.post(f"/deals/{deal.id}/orders/new", data=data).location == first.location
    assert session.query(Order).count() == 1


def test_the_calendar_shows_what_a_cut_breaks_and_saves_after_a_second_press(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed(volume=60)
    maker, url = signed_in(trade.maker), f"/products/{trade.product.id}/capacity"
    months = {f"months-{number}-month": add_months(NOW, number).isoformat() for number in range(12)}
    data = {"base": "100", **months, "months-1-capacity": "45", "months-1-reason": "Lebaran"}
    shown = maker.post(url, data=data)
    assert shown.status_code == 409
    assert deal.title in shown.text
    assert {row.capacity for row in queries.list_months([trade.product.id], NOW)} == {100}
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', shown.text)
    assert seen is not None
    assert maker.post(url, data={**data, "seen": seen[1], "despite": "1"}).status_code == 302
    assert [row.at_risk for row in queries.promises_of_deal(deal.id)] == [15, 0, 0]
    assert "Lebaran" in maker.text(url)


def test_a_month_that_differs_says_why(trade: Trade, signed_in: SignIn) -> None:
    data = {"base": "100", "months-0-month": NOW.isoformat(), "months-0-capacity": "45"}
    answer = signed_in(trade.maker).post(f"/products/{trade.product.id}/capacity", data=data)
    assert answer.status_code == 422
    assert "bahan baku" in answer.text


def test_a_notice_goes_to_the_office_and_back(
    trade: Trade, office: Client, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed()
    buyer = signed_in(trade.buyer)
    buyer.post(f"/deals/{deal.id}/notices/new", data={"kind": "quality", "text": "Banyak remuk"})
    notice = queries.list_notices(deal.id)[0]
    assert "Banyak remuk" in office.text(f"/deals/{deal.id}")
    home = office.text("/")
    assert "Masalah kesepakatan" in home
    assert f'href="/deals/{deal.id}#notices"' in home
    assert 'id="notices"' in office.text(f"/deals/{deal.id}")
    office.post(f"/deal-notices/{notice.id}", data={"answer": "Kemasan diganti"})
    assert "Masalah kesepakatan" not in office.text("/")
    assert "Kemasan diganti" in buyer.text(f"/deals/{deal.id}")
    again = office.post(f"/deal-notices/{notice.id}", data={"answer": "Lagi"})
    assert again.status_code == 409
    # What was typed is not lost, and the first answer stands beside it.
    for words in ("Lagi", "Kemasan diganti", "sudah dijawab"):
        assert words in again.text
    assert queries.get_notice(notice.id).answer == "Kemasan diganti"
    # Nobody is asked to answer what is answered.
    later = office.text(f"/deal-notices/{notice.id}")
    assert "Kemasan diganti" in later
    assert "<textarea" not in later


def test_each_sees_only_the_deals_that_are_theirs(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed()
    for person in (trade.maker, trade.buyer, make_person("regency"), make_person("province")):
        assert deal.title in signed_in(person).text("/deals")
    other = make_producer(region_code=BELITUNG)
    make_product(other)
    strangers = (
        make_person("producer", works_for=other),
        make_person("buyer"),
        make_person("regency", area=BELITUNG),
    )
    for person in strangers:
        browser = signed_in(person)
        assert deal.title not in browser.text("/deals")
        assert browser.get(f"/deals/{deal.id}").status_code == 404


def test_days_and_files_that_cannot_be_are_refused(trade: Trade, office: Client) -> None:
    deal, _answer = edited(office, trade)
    for data in (
        {"on": ""},
        {"on": "2026-02-31"},
        {
            "on": today().isoformat(),
            "file": (BytesIO(b"MZ not a scan"), "kontrak.exe"),
        },
    ):
        assert office.post(f"/deals/{deal.id}/sign", data=data).status_code == 422
    assert queries.get_deal(deal.id).state is DealState.COMMITMENT


def test_what_a_person_wrote_down_is_part_of_their_data(
    trade: Trade, signed_in: SignIn, signed: Callable[..., Deal]
) -> None:
    deal = signed()
    buyer = signed_in(trade.buyer)
    buyer.post(f"/deals/{deal.id}/notices/new", data={"kind": "quality", "text": "Banyak remuk"})
    rows = documents.personal_data(trade.buyer.id)["deal_notices"]
    assert [row["text"] for row in rows] == ["Banyak remuk"]
    notice = queries.list_notices(deal.id)[0]
    signed_in(trade.officer).post(f"/deal-notices/{notice.id}", data={"answer": "Diganti"})
    answers = documents.personal_data(trade.officer.id)["deal_notice_answers"]
    assert [(row["id"], row["answer"]) for row in answers] == [(notice.id, "Diganti")]
    assert not any("Banyak remuk" in row.values() for row in answers)
    assert not any(documents.personal_data(make_person().id).values())
