"""Registering, changing and finding producers and outlets."""

from datetime import date

import pytest

from marketplace.audit import services as audit
from marketplace.audit.models import AuditEntry
from marketplace.businesses import queries
from marketplace.businesses.events import BusinessChanged
from marketplace.businesses.models import Branch, Business, Paper
from marketplace.businesses.rules import BusinessKind, PaperKind
from marketplace.core.actor import SYSTEM
from marketplace.infra import events
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import (
    BANGKA,
    BELITUNG,
    PANGKALPINANG,
    in_days,
    make_branch,
    make_outlet,
    make_paper,
    make_person,
    make_producer,
)

PRODUCER = {"name": "Kemplang Bu Ani", "region_code": "Pangkalpinang"}
OUTLET = {
    "name": "Toko Oleh Nusantara",
    "region_code": "Jakarta Selatan",
    "outlet_format": "souvenir",
    "is_chain": "",
}


@pytest.fixture
def published(app, monkeypatch):
    """What was told to the rooms above."""
    told: list[object] = []
    monkeypatch.setattr(events, "_subscribers", {BusinessChanged: (told.append,)})
    return told


def find(name: str) -> Business:
    return session.query(Business).filter_by(name=name).one()


def test_a_province_officer_registers_a_producer_with_name_and_place_alone(
    signed_in, published
) -> None:
    browser = signed_in(make_person("province"))
    response = browser.post("/businesses/new", data=PRODUCER)
    assert response.status_code == 302
    business = find("Kemplang Bu Ani")
    assert (business.kind, business.region_code) == (BusinessKind.PRODUCER, PANGKALPINANG)
    assert published == [BusinessChanged(business.id)]


def test_a_nib_given_at_registration_is_handed_in_as_a_paper_too(signed_in) -> None:
    browser = signed_in(make_person("province"))
    browser.post("/businesses/new", data={**PRODUCER, "nib": "NIB 0220.2012.34567"})
    business = find("Kemplang Bu Ani")
    assert business.nib == "0220201234567"
    paper = session.query(Paper).one()
    assert (paper.business_id, paper.kind, paper.number) == (
        business.id,
        PaperKind.NIB,
        "0220201234567",
    )


def test_a_single_shop_gets_its_one_branch_by_itself_and_it_follows_the_shop(signed_in) -> None:
    browser = signed_in(make_person("province"))
    browser.post("/businesses/new?kind=outlet", data=OUTLET)
    shop_id = find("Toko Oleh Nusantara").id
    assert [b.region_code for b in queries.branches_of(shop_id)] == ["31.74"]
    data = {**OUTLET, "region_code": "Depok", "version": "1"}
    assert browser.post(f"/businesses/{shop_id}/edit", data=data).status_code == 302
    session.rollback()
    assert [b.region_code for b in queries.branches_of(shop_id)] == ["32.76"]


def test_a_chain_does_not_shrink_to_a_shop_while_branches_are_open(signed_in) -> None:
    chain = make_outlet(name="Toko Oleh Nusantara", branches=("31.74", "32.76"))
    chain_id, version = chain.id, chain.version
    browser = signed_in(make_person("province"))
    response = browser.post(f"/businesses/{chain_id}/edit", data={**OUTLET, "version": version})
    assert response.status_code == 409
    assert session.get(Business, chain_id).is_chain


def test_a_regency_officer_registers_producers_of_the_own_area_only(signed_in) -> None:
    browser = signed_in(make_person("regency", area=BANGKA))
    assert browser.post("/businesses/new", data=PRODUCER).status_code == 403
    assert browser.post("/businesses/new?kind=outlet", data=OUTLET).status_code == 403
    own = {**PRODUCER, "region_code": "Kab. Bangka"}
    assert browser.post("/businesses/new", data=own).status_code == 302


@pytest.mark.parametrize("role", ["producer", "buyer", "admin"])
def test_only_officers_register_businesses(signed_in, role: str) -> None:
    browser = signed_in(make_person(role))
    assert browser.post("/businesses/new", data=PRODUCER).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b\u202e"),
        ("name", "x" * 10_000),
        ("region_code", ""),
        ("region_code", "Bogor"),
        ("region_code", "1903"),
        ("region_code", "<b>19.71</b>"),
        ("region_code", "y" * 10_000),
        ("phone", "12"),
        ("phone", "0812, 0813"),
        ("nib", "123"),
        ("nib", "abcdefghijklm"),
        ("nib", "1e308"),
        ("address", "x" * 10_000),
        ("about", "x" * 10_000),
    ],
)
def test_what_cannot_be_used_is_refused_and_stays_on_the_page(
    signed_in, field: str, value: str
) -> None:
    browser = signed_in(make_person("province"))
    response = browser.post("/businesses/new", data={**PRODUCER, field: value})
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert session.query(Business).count() == 0
    if field != "name":
        assert "Kemplang Bu Ani" in response.text


def test_an_ambiguous_place_is_answered_with_the_names_it_may_mean(signed_in) -> None:
    browser = signed_in(make_person("province"))
    response = browser.post("/businesses/new", data={**PRODUCER, "region_code": "Bogor"})
    assert "Kab. Bogor" in response.text
    assert "Kota Bogor" in response.text


@pytest.mark.parametrize(
    "name", ["Kemplang 🐟 Bu Ani", "<b>Bu Ani</b>", 'O\'Brien & "Co"', "ﷺ" * 180]
)
@pytest.mark.both_databases
def test_unusual_names_are_kept_as_written_and_shown_as_text(signed_in, name: str) -> None:
    browser = signed_in(make_person("province"))
    response = browser.post("/businesses/new", data={**PRODUCER, "name": name})
    assert response.status_code == 302
    assert session.query(Business).one().name == name
    assert "<b>Bu" not in browser.text("/businesses")


def test_a_double_press_registers_once(signed_in) -> None:
    browser = signed_in(make_person("province"))
    data = {**PRODUCER, "form_token": "once"}
    first = browser.post("/businesses/new", data=data)
    second = browser.post("/businesses/new", data=data)
    assert first.location == second.location
    assert session.query(Business).count() == 1


def test_the_same_business_is_not_registered_twice(signed_in) -> None:
    make_producer(name="Kemplang Bu Ani")
    browser = signed_in(make_person("province"))
    assert (
        browser.post("/businesses/new", data={**PRODUCER, "name": "KEMPLANG  bu ani"}).status_code
        == 409
    )
    elsewhere = {**PRODUCER, "region_code": "Belitung"}
    assert browser.post("/businesses/new", data=elsewhere).status_code == 302


@pytest.mark.both_databases
def test_a_nib_belongs_to_one_business(signed_in) -> None:
    make_producer(nib="0220201234567")
    browser = signed_in(make_person("province"))
    response = browser.post("/businesses/new", data={**PRODUCER, "nib": "0220201234567"})
    assert response.status_code == 409
    assert 'id="nib-error"' in response.text


def test_an_owner_changes_their_own_business_and_nobody_elses(signed_in) -> None:
    own, other = make_producer(name="Punya Ani"), make_producer(name="Punya Budi")
    own_id, other_id = own.id, other.id
    browser = signed_in(make_person(works_for=own))
    data = {**PRODUCER, "name": "Punya Ani Baru", "version": str(own.version)}
    assert browser.post(f"/businesses/{own_id}/edit", data=data).status_code == 302
    assert browser.post(f"/businesses/{other_id}/edit", data=data).status_code == 404
    assert session.get(Business, own_id).name == "Punya Ani Baru"
    assert session.get(Business, other_id).name == "Punya Budi"


def test_a_regency_officer_neither_edits_nor_moves_businesses_beyond_the_area(signed_in) -> None:
    here = make_producer(region_code=BANGKA)
    there = make_producer(region_code=BELITUNG)
    here_id, there_id, version = here.id, there.id, here.version
    browser = signed_in(make_person("regency", area=BANGKA))
    data = {**PRODUCER, "region_code": "Belitung", "version": str(version)}
    assert browser.get(f"/businesses/{there_id}/edit").status_code == 404
    assert browser.post(f"/businesses/{here_id}/edit", data=data).status_code == 403
    assert session.get(Business, here_id).region_code == BANGKA


def test_a_stale_form_is_refused_and_keeps_what_was_typed(signed_in) -> None:
    own = make_producer(name="Punya Ani")
    own_id, version = own.id, own.version
    browser = signed_in(make_person(works_for=own))
    data = {**PRODUCER, "version": str(version)}
    browser.post(f"/businesses/{own_id}/edit", data={**data, "name": "Pertama"})
    response = browser.post(f"/businesses/{own_id}/edit", data={**data, "name": "Kedua"})
    assert response.status_code == 409
    assert "Kedua" in response.text
    assert session.get(Business, own_id).name == "Pertama"


def test_moving_a_producer_tells_the_rooms_above_and_renaming_does_not(
    signed_in, published
) -> None:
    own = make_producer(name="Punya Ani")
    own_id, version = own.id, own.version
    browser = signed_in(make_person(works_for=own))
    data = {"name": "Punya Ani Jaya", "region_code": "Pangkalpinang", "version": str(version)}
    browser.post(f"/businesses/{own_id}/edit", data=data)
    assert published == []
    data = {"name": "Punya Ani Jaya", "region_code": "Belitung", "version": str(version + 1)}
    browser.post(f"/businesses/{own_id}/edit", data=data)
    assert published == [BusinessChanged(own_id)]


# --- who sees what


def test_everybody_sees_a_producer_but_not_its_contacts_or_papers(client) -> None:
    shop = make_producer(name="Punya Ani", phone="+6281298765432", address="Jalan Kenanga 7",
                         nib="0220201234567", contact_name="Ibu Rahasia")  # fmt: skip
    make_paper(shop, number="206197101000431")
    page = client.text(f"/businesses/{shop.id}")
    assert "Punya Ani" in page
    for hidden in (
        "98765432",
        "9876-5432",
        "Jalan Kenanga 7",
        "0220201234567",
        "Ibu Rahasia",
        "206197101000431",
    ):
        assert hidden not in page


def test_a_buyer_sees_the_kinds_of_papers_but_no_numbers(signed_in) -> None:
    shop = make_producer()
    make_paper(shop, number="206197101000431")
    shop_id = shop.id
    page = signed_in(make_person("buyer")).text(f"/businesses/{shop_id}")
    assert "P-IRT" in page
    assert "2061971010004" not in page


def test_another_producer_does_not_see_the_kinds_of_papers(signed_in) -> None:
    shop = make_producer(about="")
    make_paper(shop)
    shop_id = shop.id
    assert "P-IRT" not in signed_in(make_person("producer")).text(f"/businesses/{shop_id}")


@pytest.mark.parametrize("role", ["producer", "regency"])
def test_an_outlet_is_hidden_from_those_it_does_not_concern(signed_in, role: str) -> None:
    outlet_id = make_outlet(name="Toko Rahasia").id
    browser = signed_in(make_person(role))
    assert browser.get(f"/businesses/{outlet_id}").status_code == 404


def test_an_outlet_asks_strangers_to_sign_in(client) -> None:
    outlet_id = make_outlet().id
    assert client.get(f"/businesses/{outlet_id}").status_code == 302


@pytest.mark.parametrize("page", ["edit", "figures", "history", "papers", "papers/new"])
def test_private_pages_are_missing_for_strangers(signed_in, page: str) -> None:
    shop_id = make_producer(region_code=BELITUNG).id
    for role in ("producer", "buyer", "admin"):
        browser = signed_in(make_person(role))
        assert browser.get(f"/businesses/{shop_id}/{page}").status_code == 404, role
    office_next_door = signed_in(make_person("regency", area=BANGKA))
    assert office_next_door.get(f"/businesses/{shop_id}/{page}").status_code == 404


# --- sales and capital


def test_the_size_class_is_computed_from_the_sales_declared(signed_in) -> None:
    own = make_producer()
    own_id, version = own.id, own.version
    browser = signed_in(make_person(works_for=own))
    data = {"yearly_sales": "2,5 miliar", "yearly_sales_on": in_days(-200).isoformat(),
            "working_capital": "75 juta", "version": str(version)}  # fmt: skip
    assert browser.post(f"/businesses/{own_id}/figures", data=data).status_code == 302
    kept = session.get(Business, own_id)
    assert (kept.yearly_sales, kept.working_capital) == (2_500_000_000, 75_000_000)
    page = browser.text(f"/businesses/{own_id}/figures")
    assert "Small enterprise" in page or "Usaha kecil" in page.replace("Usaha Kecil", "Usaha kecil")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("yearly_sales", "-5"),
        ("yearly_sales", "NaN"),
        ("yearly_sales", "1e308"),
        ("yearly_sales", "1.250.000,50"),
        ("yearly_sales", "Infinity"),
        ("yearly_sales", "9" * 10_000),
        ("working_capital", "-1"),
        ("yearly_sales_on", ""),
        ("yearly_sales_on", "2999-01-01"),
        ("yearly_sales_on", "2026-13-45"),
        ("yearly_sales_on", "0001-01-01"),
    ],
)
def test_figures_that_cannot_be_are_refused(signed_in, field: str, value: str) -> None:
    own = make_producer()
    own_id, version = own.id, own.version
    browser = signed_in(make_person(works_for=own))
    data = {"yearly_sales": "500 juta", "yearly_sales_on": in_days(-30).isoformat(),
            "working_capital": "", "version": str(version), field: value}  # fmt: skip
    assert browser.post(f"/businesses/{own_id}/figures", data=data).status_code == 422
    assert session.get(Business, own_id).yearly_sales is None


def test_every_look_of_the_office_at_the_figures_is_noted_and_the_business_sees_it(
    signed_in,
) -> None:
    own = make_producer()
    own_id = own.id
    owner = signed_in(make_person(works_for=own))
    owner.text(f"/businesses/{own_id}/figures")
    seen = session.query(AuditEntry).filter_by(action="business.figures_seen")
    assert seen.count() == 0
    office = signed_in(make_person("regency", area=PANGKALPINANG, full_name="Rina Wati"))
    office.text(f"/businesses/{own_id}/figures")
    assert seen.count() == 1
    assert "Rina Wati" in owner.text(f"/businesses/{own_id}/history")


def test_the_page_of_a_business_itself_never_shows_the_figures(signed_in) -> None:
    own = make_producer(
        yearly_sales=123_456_789, yearly_sales_on=in_days(-1), working_capital=87_654_321
    )
    own_id = own.id
    for person in (make_person(works_for=own), make_person("province"), make_person("buyer")):
        page = signed_in(person).text(f"/businesses/{own_id}")
        assert "123.456.789" not in page
        assert "87.654.321" not in page


# --- lists


@pytest.mark.both_databases
def test_the_list_finds_by_part_of_the_name_kind_and_area(signed_in) -> None:
    make_producer(name="Kemplang Bu Ani", region_code=BANGKA)
    make_producer(name="Getas Pak Budi", region_code=BELITUNG)
    make_outlet(name="Toko Kemplang Jaya")
    browser = signed_in(make_person("province"))

    def names(query: str) -> set[str]:
        page = browser.text(f"/businesses?{query}")
        return {n for n in ("Kemplang Bu Ani", "Getas Pak Budi", "Toko Kemplang Jaya") if n in page}

    assert names("") == {"Kemplang Bu Ani", "Getas Pak Budi", "Toko Kemplang Jaya"}
    assert names("q=kemplang") == {"Kemplang Bu Ani", "Toko Kemplang Jaya"}
    assert names("q=kemplang&kind=producer") == {"Kemplang Bu Ani"}
    assert names("area=Belitung") == {"Getas Pak Budi"}
    assert names("area=19") == {"Kemplang Bu Ani", "Getas Pak Budi"}


def test_a_regency_officer_lists_the_producers_of_the_own_area(signed_in) -> None:
    make_producer(name="Kemplang Bu Ani", region_code=BANGKA)
    make_producer(name="Getas Pak Budi", region_code=BELITUNG)
    make_outlet(name="Toko Kemplang Jaya", branches=(BANGKA,))
    page = signed_in(make_person("regency", area=BANGKA)).text(
        "/businesses?area=Belitung&kind=outlet"
    )
    assert "Kemplang Bu Ani" in page
    assert "Getas Pak Budi" not in page
    assert "Toko Kemplang Jaya" not in page


QUERIES = ["q=%25", "q=_", "q=%E2%80%AE", "kind=x", "area=%00", "page=0", "page=-1", "page=abc"]
LONG_QUERIES = ["page=1e9", "q=" + "x" * 5_000, "area=" + "y" * 5_000]


@pytest.mark.parametrize("query", [*QUERIES, *LONG_QUERIES])
def test_no_query_breaks_the_list(signed_in, query: str) -> None:
    make_producer(name="Kemplang Bu Ani")
    browser = signed_in(make_person("province"))
    assert browser.get(f"/businesses?{query}").status_code == 200


def test_a_per_cent_sign_is_looked_for_and_matches_nothing_else(signed_in) -> None:
    make_producer(name="Kemplang Bu Ani")
    assert "Kemplang Bu Ani" not in signed_in(make_person("province")).text("/businesses?q=%25")


# --- branches


def test_branches_are_added_changed_closed_and_opened_again(signed_in) -> None:
    chain = make_outlet(name="Toko Oleh Nusantara", branches=("31.74", "32.76"))
    chain_id = chain.id
    browser = signed_in(make_person(works_for=chain))
    data = {"name": "Palembang Icon", "region_code": "Palembang", "stores": "3"}
    assert browser.post(f"/businesses/{chain_id}/branches/new", data=data).status_code == 302
    branch_id = session.query(Branch).filter_by(name="Palembang Icon").one().id
    changed = {**data, "stores": "1.250"}
    assert browser.post(f"/branches/{branch_id}/edit", data=changed).status_code == 302
    assert session.get(Branch, branch_id).stores == 1250
    browser.post(f"/branches/{branch_id}/close")
    assert branch_id not in {b.id for b in queries.branches_of(chain_id, only_open=True)}
    browser.post(f"/branches/{branch_id}/reopen")
    assert branch_id in {b.id for b in queries.branches_of(chain_id, only_open=True)}


@pytest.mark.parametrize(
    ("field", "value"),
    [("stores", "0"), ("stores", "-3"), ("stores", "1,5"), ("stores", "1e308"), ("stores", "NaN"),
     ("name", ""), ("region_code", "Atlantis")],
)  # fmt: skip
def test_a_branch_that_cannot_be_is_refused(signed_in, field: str, value: str) -> None:
    chain = make_outlet(branches=("31.74", "32.76"))
    chain_id = chain.id
    browser = signed_in(make_person(works_for=chain))
    data = {"name": "Palembang Icon", "region_code": "Palembang", "stores": "3", field: value}
    assert browser.post(f"/businesses/{chain_id}/branches/new", data=data).status_code == 422
    assert len(queries.branches_of(chain_id)) == 2


def test_a_chain_has_each_branch_name_once(signed_in) -> None:
    chain = make_outlet(branches=("31.74", "32.76"))
    chain_id = chain.id
    browser = signed_in(make_person(works_for=chain))
    data = {"name": "Cabang 1", "region_code": "Palembang", "stores": "3"}
    response = browser.post(f"/businesses/{chain_id}/branches/new", data=data)
    assert response.status_code == 409
    assert 'id="name-error"' in response.text


def test_nobody_touches_the_branches_of_another_chain(signed_in) -> None:
    branch_id = make_branch(make_outlet(branches=("31.74", "32.76"))).id
    browser = signed_in(make_person("buyer"))
    assert browser.get(f"/branches/{branch_id}/edit").status_code == 404
    assert browser.post(f"/branches/{branch_id}/close").status_code == 404
    assert session.get(Branch, branch_id).is_open


def test_a_list_taken_along_with_figures_is_noted_at_each_business(signed_in) -> None:
    told = make_producer(yearly_sales=900_000_000, yearly_sales_on=date(2026, 6, 30))
    told_id = told.id
    make_producer()  # has told nothing
    make_producer(region_code=BELITUNG, working_capital=5)
    office = signed_in(make_person("regency"))
    assert "900000000" in office.text("/export/producers.csv").replace(".", "")
    seen = session.query(AuditEntry).filter_by(action="business.figures_seen")
    assert [int(entry.subject_id) for entry in seen] == [told_id]


def test_what_the_service_does_by_itself_is_told_in_the_readers_words(signed_in) -> None:
    own = make_producer()
    own_id = own.id
    with transaction():
        audit.record(SYSTEM, "business.changed", own)
    history = signed_in(make_person(works_for=own)).text(f"/businesses/{own_id}/history")
    assert "· sistem" in history
    assert "· system" not in history
