"""A buyer publishes a need; producers see what they may."""

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.accounts.models import Person
from marketplace.demand import queries
from marketplace.demand.models import Need
from marketplace.demand.rules import NeedState
from marketplace.infra.db import session
from tests.factories import (
    JAKARTA_SELATAN,
    PALEMBANG,
    make_need,
    make_outlet,
    make_person,
)
from tests.support.client import Client

SignIn = Callable[[Person], Client]


@pytest.fixture
def outlet(app: Any) -> Any:
    return make_outlet(branches=(JAKARTA_SELATAN, PALEMBANG), name="Toko Rahasia")


@pytest.fixture
def buyer(outlet: Any, signed_in: SignIn) -> Client:
    return signed_in(make_person("buyer", works_for=outlet))


@pytest.fixture
def producer(app: Any, signed_in: SignIn) -> Client:
    return signed_in(make_person("producer"))


def form_of(outlet: Any, **given: str) -> dict[str, str]:
    branches = queries.open_branches(outlet.id)
    sent = {
        "title": "Kemplang panggang",
        "category_code": "kemplang",
        "unit": "bungkus",
        "pack": "250 g",
        "period": "month",
        "ceiling_price": "18rb",
        "places-0-region": "",
        "places-0-volume": "",
        "form_token": "t1",
    }
    for number, branch in enumerate(branches):
        sent[f"branches-{number}-branch_id"] = str(branch.id)
        sent[f"branches-{number}-volume"] = str(100 * (number + 1))
    return {**sent, **given}


def only_need() -> Need:
    session.rollback()
    found = list(queries.needs_by_ids([need.id for need in session.query(Need)]).values())
    assert len(found) == 1
    return found[0]


def test_the_form_lists_every_branch_of_the_outlet(buyer: Client) -> None:
    page = buyer.text("/needs/new")
    assert "Cabang 1 (Kota Jakarta Selatan)" in page
    assert "Cabang 2 (Kota Palembang)" in page


@pytest.mark.both_databases
def test_a_published_need_has_a_line_per_branch(buyer: Client, outlet: Any) -> None:
    answer = buyer.post("/needs/new", data=form_of(outlet))
    assert answer.status_code == 302
    need = only_need()
    assert need.state is NeedState.OPEN
    assert need.ceiling_price == 18_000
    assert (need.net_amount, need.net_kind) == (250, "mass")
    assert [(line.region_code, line.volume_per_month) for line in need.lines] == [
        (JAKARTA_SELATAN, 100),
        (PALEMBANG, 200),
    ]


def test_volumes_a_week_are_kept_a_month(buyer: Client, outlet: Any) -> None:
    buyer.post("/needs/new", data=form_of(outlet, period="week"))
    assert [line.volume_per_month for line in only_need().lines] == [433, 867]


def test_the_same_form_sent_twice_makes_one_need(buyer: Client, outlet: Any) -> None:
    first = buyer.post("/needs/new", data=form_of(outlet))
    second = buyer.post("/needs/new", data=form_of(outlet))
    assert first.location == second.location
    only_need()


def test_the_fill_button_works_without_script(buyer: Client, outlet: Any) -> None:
    sent = form_of(outlet, fill_volume="1", **{"branches-0-volume": "75"})
    answer = buyer.post("/needs/new", data={**sent, "branches-1-volume": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert page.count('value="75"') == 3  # two branches and the empty place
    assert session.query(Need).count() == 0


def test_what_is_needed_suggests_its_category(buyer: Client, outlet: Any) -> None:
    asked = buyer.get("/needs/category", query_string={"title": "kempelang ikan"}).text
    assert 'value="kemplang"' in asked
    # Without script a button asks, and nothing typed is lost.
    typed = form_of(outlet, title="kempelang ikan", category_code="", description="Renyah")
    answer = buyer.post("/needs/new", data={**typed, "suggest": "1"})
    assert answer.status_code == 200
    assert 'value="kemplang"' in answer.text
    assert "Renyah" in answer.text
    # A picked suggestion survives an error elsewhere, and is what is kept.
    wrong = buyer.post(
        "/needs/new", data={**typed, "suggested": "kemplang", "ceiling_price": "abc"}
    )
    assert wrong.status_code == 422
    assert '<option selected value="kemplang">' in wrong.text
    assert buyer.post("/needs/new", data={**typed, "suggested": "kemplang"}).status_code == 302
    assert only_need().category_code == "kemplang"


def test_a_suggestion_that_is_no_category_is_not_taken(buyer: Client, outlet: Any) -> None:
    typed = form_of(outlet, category_code="kopi", suggested="emas batangan")
    assert buyer.post("/needs/new", data=typed).status_code == 302
    assert only_need().category_code == "kopi"


def test_a_place_is_added_and_removed_without_script(buyer: Client, outlet: Any) -> None:
    sent = form_of(outlet, **{"places-0-region": "Kota Depok", "places-0-volume": "5"})
    page = buyer.post("/needs/new", data={**sent, "add_places": "1"}).get_data(as_text=True)
    assert 'name="places-1-region"' in page
    assert 'value="Kota Depok"' in page
    page = buyer.post("/needs/new", data={**sent, "remove_places": "0"}).get_data(as_text=True)
    assert "Kota Depok" not in page.split("<datalist")[0]


def test_what_was_typed_is_kept_when_something_is_wrong(buyer: Client, outlet: Any) -> None:
    sent = form_of(
        outlet,
        ceiling_price="15,000",
        **{"branches-0-volume": "-5", "places-0-region": "Bogor", "places-0-volume": "10"},
    )
    answer = buyer.post("/needs/new", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="15,000"' in page
    assert 'value="-5"' in page
    assert 'value="Bogor"' in page
    assert "Kab. Bogor" in page
    assert session.query(Need).count() == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"ceiling_price": "NaN"},
        {"ceiling_price": "1e308"},
        {"min_shelf_life_days": "1.5"},
        {"title": "x" * 10_000},
        {"title": "\u202e\u200b\x00 "},
        {"category_code": "no-such"},
        {"needed_on": "31/02/2026"},
        {"terms": "days"},
        {"pack": "gede banget"},
        {"branches-0-volume": "٣1e9"},
        {"places-0-region": "<script>alert(1)</script>", "places-0-volume": "1"},
    ],
)
def test_bad_input_is_refused_in_words(buyer: Client, outlet: Any, bad: dict[str, str]) -> None:
    answer = buyer.post("/needs/new", data=form_of(outlet, **bad))
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert session.query(Need).count() == 0


def test_another_outlets_branch_is_not_taken(buyer: Client, outlet: Any) -> None:
    stranger = queries.open_branches(make_outlet().id)[0]
    sent = form_of(outlet, **{"branches-0-branch_id": str(stranger.id)})
    buyer.post("/needs/new", data=sent)
    assert [line.branch_id for line in only_need().lines] == [
        queries.open_branches(outlet.id)[1].id
    ]


def test_producers_learn_neither_buyer_nor_price(
    buyer: Client, producer: Client, outlet: Any
) -> None:
    buyer.post("/needs/new", data=form_of(outlet))
    need = only_need()
    for path in ("/needs", f"/needs/{need.id}"):
        page = producer.text(path)
        assert "Kemplang panggang" in page
        assert "Toko Rahasia" not in page
        assert "Cabang" not in page
        assert "18.000" not in page
    assert "Kota Palembang" in producer.text(f"/needs/{need.id}")


def test_producers_see_open_needs_only(producer: Client, app: Any) -> None:
    paused = make_need(state=NeedState.PAUSED)
    assert producer.get(f"/needs/{paused.id}").status_code == 404
    assert paused.title not in producer.text("/needs")


PRODUCERS_SENTENCE = "tawarkan produk Anda"


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("producer", PRODUCERS_SENTENCE),
        ("regency", "berapa produsen"),
        ("province", "produsen yang cocok"),
    ],
)
def test_the_list_of_needs_greets_each_role_with_its_own_sentence(
    signed_in: SignIn, role: str, sentence: str
) -> None:
    page = signed_in(make_person(role)).text("/needs")
    assert sentence in page
    assert (PRODUCERS_SENTENCE in page) == (role == "producer")


def test_a_buyer_sees_only_their_own_needs(buyer: Client, app: Any) -> None:
    other = make_need()
    assert buyer.get(f"/needs/{other.id}").status_code == 404
    assert buyer.get(f"/needs/{other.id}/edit").status_code == 404
    assert buyer.post(f"/needs/{other.id}/pause").status_code == 404
    assert buyer.get("/needs").status_code == 403
    assert other.title not in buyer.text("/needs/own")


def test_a_producer_may_not_touch_a_need(producer: Client, app: Any) -> None:
    need = make_need()
    assert producer.post(f"/needs/{need.id}/close", data={"reason": "filled"}).status_code == 404
    assert producer.get("/needs/new").status_code == 403


def test_the_province_sees_buyer_and_price(signed_in: SignIn, outlet: Any) -> None:
    need = make_need(outlet, ceiling_price=30_000)
    page = signed_in(make_person("province")).text(f"/needs/{need.id}")
    assert "Toko Rahasia" in page
    assert "30.000" in page


@pytest.mark.both_databases
def test_needs_are_narrowed_by_category_place_and_paper(producer: Client, app: Any) -> None:
    here = make_need(volumes={PALEMBANG: 10}, papers_required="pirt|halal")
    there = make_need(volumes={JAKARTA_SELATAN: 10}, category_code="kopi")
    for query, seen, hidden in [
        ("area=sumatera", here, there),
        ("area=16", here, there),
        ("category=kerupuk-camilan", here, there),
        ("category=kopi", there, here),
        ("paper=halal", here, there),
        (f"q={there.title.lower()}", there, here),
    ]:
        page = producer.text(f"/needs?{query}")
        assert seen.title in page, query
        assert hidden.title not in page, query


@pytest.mark.parametrize("query", ["area=99", "category=%00", "page=-1", "page=9999", "state=x"])
def test_nonsense_in_the_address_is_no_filter(producer: Client, app: Any, query: str) -> None:
    make_need()
    assert producer.get(f"/needs?{query}").status_code == 200


def test_a_change_seen_by_nobody_else_is_refused_once(buyer: Client, outlet: Any) -> None:
    need = make_need(outlet)
    old = str(need.version)
    branches = form_of(outlet, version=old, title="Versi satu", form_token="a")
    assert buyer.post(f"/needs/{need.id}/edit", data=branches).status_code == 302
    late = {**branches, "title": "Versi dua", "form_token": "b"}
    answer = buyer.post(f"/needs/{need.id}/edit", data=late)
    assert answer.status_code == 409
    assert "Versi dua" in answer.get_data(as_text=True)
    assert queries.get_need(need.id).title == "Versi satu"


@pytest.mark.both_databases
def test_an_unchanged_line_keeps_its_row(buyer: Client, outlet: Any) -> None:
    buyer.post("/needs/new", data=form_of(outlet))
    need = only_need()
    before = {line.region_code: line.id for line in need.lines}
    sent = form_of(outlet, version=str(need.version), form_token="e")
    buyer.post(f"/needs/{need.id}/edit", data={**sent, "branches-0-volume": "999"})
    after = only_need()
    assert {line.region_code: line.id for line in after.lines} == before
    assert after.lines[0].volume_per_month == 999


def test_a_need_is_paused_opened_and_closed_for_a_reason(buyer: Client, outlet: Any) -> None:
    need = make_need(outlet)
    buyer.post(f"/needs/{need.id}/pause")
    assert queries.get_need(need.id).state is NeedState.PAUSED
    buyer.post(f"/needs/{need.id}/open")
    assert queries.get_need(need.id).state is NeedState.OPEN
    assert buyer.post(f"/needs/{need.id}/close", data={"reason": "x"}).status_code == 422
    buyer.post(f"/needs/{need.id}/close", data={"reason": "none_suitable"})
    session.rollback()
    assert queries.get_need(need.id).close_reason == "none_suitable"
    assert buyer.post(f"/needs/{need.id}/open").status_code == 409
    assert buyer.get(f"/needs/{need.id}").status_code == 200


def test_a_draft_is_nobodys_business(buyer: Client, producer: Client, outlet: Any) -> None:
    buyer.post("/needs/new", data=form_of(outlet, draft="1", category_code="", unit=""))
    need = only_need()
    assert need.state is NeedState.DRAFT
    assert producer.get(f"/needs/{need.id}").status_code == 404
    answer = buyer.post(f"/needs/{need.id}/open", follow_redirects=False)
    assert answer.location.endswith("/edit")


def test_an_officer_publishes_for_an_outlet_they_act_for(
    app: Any, signed_in: SignIn, outlet: Any
) -> None:
    officer = signed_in(make_person("province"))
    assert officer.get("/needs/new").status_code == 200
    answer = officer.post(f"/needs/new?business={outlet.id}", data=form_of(outlet))
    assert answer.status_code == 302
    assert only_need().business_id == outlet.id


@pytest.mark.both_databases
def test_the_engine_reads_open_needs_with_their_lines(app: Any) -> None:
    need = make_need(volumes={PALEMBANG: 10, JAKARTA_SELATAN: None}, papers_required="pirt|halal")
    make_need(state=NeedState.DRAFT)
    (read,) = queries.list_engine_needs()
    assert read.id == str(need.id)
    assert read.papers_required == {"pirt", "halal"}
    assert [(line.region, line.volume_per_month) for line in read.lines] == [
        (PALEMBANG, 10),
        (JAKARTA_SELATAN, None),
    ]
    assert read.pack is not None
    assert read.pack.token == "250g"
