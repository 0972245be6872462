"""People of businesses: accounts handed out by the office, and acting in a business's name."""

import re

import pytest

from marketplace.accounts import queries as accounts
from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonState
from marketplace.audit.models import AuditEntry
from marketplace.businesses import queries
from marketplace.businesses.models import Business
from marketplace.businesses.rules import PaperState
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from tests.factories import (
    BANGKA,
    BELITUNG,
    PANGKALPINANG,
    make_outlet,
    make_paper,
    make_person,
    make_producer,
)

PERSON = {"full_name": "Ibu Siti", "phone": "0812 3456 7890", "email": "", "locale": "id"}
NEW_PASSWORD = "layar putih angin timur"


def code_on(page: str) -> str:
    found = re.search(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", page)
    assert found is not None
    return found[1]


def test_an_officer_hands_out_an_account_that_needs_no_email_and_no_paid_message(
    signed_in, client
) -> None:
    shop_id = make_producer(region_code=BANGKA).id
    browser = signed_in(make_person("regency", area=BANGKA))
    response = browser.post(f"/businesses/{shop_id}/people/new", data=PERSON)
    assert response.status_code == 200
    assert "https://wa.me/6281234567890?text=" in response.text
    assert "<svg" in response.text
    entry = {"code": code_on(response.text), "password": NEW_PASSWORD, "consent": "y"}
    assert client.post("/activate", data=entry).status_code == 302
    assert client.get(f"/businesses/{shop_id}/papers").status_code == 200


def test_the_contact_of_a_business_is_not_typed_again_for_its_first_account(signed_in) -> None:
    shop_id = make_producer(contact_name="Ibu Rohani", phone="+6281277778888").id
    office = signed_in(make_person("province"))
    first = office.text(f"/businesses/{shop_id}/people/new")
    assert 'value="Ibu Rohani"' in first
    assert 'value="0812-7777-8888"' in first
    office.post(f"/businesses/{shop_id}/people/new", data=PERSON)
    assert "Ibu Rohani" not in office.text(f"/businesses/{shop_id}/people/new")


def test_the_qr_picture_passes_the_content_security_policy(signed_in) -> None:
    shop_id = make_producer().id
    page = signed_in(make_person("province")).post(f"/businesses/{shop_id}/people/new", data=PERSON)
    drawn = page.text.split('class="handout-qr"')[1].split("</div>")[0]
    assert "viewBox" in drawn
    assert "style=" not in drawn
    assert "data:" not in drawn


def test_pressed_twice_there_is_one_person(signed_in) -> None:
    shop_id = make_producer().id
    browser = signed_in(make_person("province"))
    url, data = f"/businesses/{shop_id}/people/new", {**PERSON, "form_token": "once"}
    assert browser.post(url, data=data).status_code == 200
    assert browser.post(url, data=data).status_code == 302
    assert session.query(Person).filter_by(full_name="Ibu Siti").count() == 1


def test_a_number_that_has_an_account_is_refused_and_nothing_is_added(signed_in) -> None:
    make_person(phone="+6281234567890")
    shop_id = make_producer().id
    browser = signed_in(make_person("province"))
    assert browser.post(f"/businesses/{shop_id}/people/new", data=PERSON).status_code == 409
    assert queries.members_of(shop_id) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("full_name", ""), ("phone", ""), ("phone", "0217654321"), ("phone", "1e308"),
     ("email", "bukan"), ("full_name", "x" * 10_000)],
)  # fmt: skip
def test_a_person_that_cannot_be_reached_is_refused(signed_in, field: str, value: str) -> None:
    shop_id = make_producer().id
    browser = signed_in(make_person("province"))
    url = f"/businesses/{shop_id}/people/new"
    assert browser.post(url, data={**PERSON, field: value}).status_code == 422
    assert queries.members_of(shop_id) == []


def test_accounts_come_from_the_office_not_from_colleagues(signed_in) -> None:
    own = make_producer()
    own_id = own.id
    browser = signed_in(make_person(works_for=own))
    assert browser.get(f"/businesses/{own_id}/people/new").status_code == 404
    assert browser.get("/people").status_code == 403


def test_a_regency_office_manages_the_people_of_its_own_producers_only(signed_in) -> None:
    here = make_producer(region_code=BANGKA)
    there = make_producer(region_code=BELITUNG)
    mine = make_person(works_for=here, full_name="Orang Bangka").id
    theirs = make_person(works_for=there, full_name="Orang Belitung").id
    both = make_person(works_for=[here, there], full_name="Orang Dua Pulau").id
    buyer = make_person(works_for=make_outlet(branches=(BANGKA,)), full_name="Orang Gerai").id
    officer = make_person("province", full_name="Orang Dinas").id
    nobody = make_person(full_name="Orang Lepas").id
    browser = signed_in(make_person("regency", area=BANGKA))
    assert browser.post(f"/people/{mine}/code").status_code == 200
    for person_id in (theirs, both, buyer, officer, nobody):
        for step in ("code", "disable", "enable"):
            assert browser.post(f"/people/{person_id}/{step}").status_code == 404
        assert accounts.get_person(person_id).state is PersonState.ACTIVE
        session.rollback()
    page = browser.text("/people")
    assert "Orang Bangka" in page
    for name in ("Orang Belitung", "Orang Gerai", "Orang Dinas", "Orang Lepas"):
        assert name not in page


def test_officers_accounts_are_for_administrators(signed_in) -> None:
    colleague = make_person("regency").id
    province, admin = signed_in(make_person("province")), signed_in(make_person("admin"))
    assert province.post(f"/people/{colleague}/code").status_code == 404
    assert admin.post(f"/people/{colleague}/code").status_code == 200


def test_a_disabled_account_is_out_at_once_and_can_be_let_in_again(signed_in) -> None:
    person = make_person("producer")
    person_id, browser = person.id, signed_in(person)
    office = signed_in(make_person("province"))
    assert office.post(f"/people/{person_id}/disable").status_code == 302
    assert browser.get("/account").status_code == 302
    assert office.post(f"/people/{person_id}/code").status_code == 409
    assert office.post(f"/people/{person_id}/enable").status_code == 302
    assert accounts.get_person(person_id).state is PersonState.ACTIVE


def test_nobody_disables_themselves(signed_in) -> None:
    admin = make_person("admin")
    admin_id = admin.id
    assert signed_in(admin).post(f"/people/{admin_id}/disable").status_code == 403


def test_a_person_joins_a_second_business_found_by_its_name(signed_in) -> None:
    person_id = make_person("producer").id
    second = make_producer(name="Getas Pak Budi").id
    browser = signed_in(make_person("province"))
    data = {"business": "getas pak budi"}
    assert browser.post(f"/people/{person_id}/businesses", data=data).status_code == 302
    assert second in {one.id for one in queries.list_of_person(person_id)}
    assert browser.post(f"/people/{person_id}/businesses", data=data).status_code == 409


@pytest.mark.parametrize("name", ["tidak ada", "", "x" * 10_000, "%", "<b>"])
def test_an_unknown_business_name_is_answered_in_words(signed_in, name: str) -> None:
    person_id = make_person("producer").id
    browser = signed_in(make_person("province"))
    response = browser.post(f"/people/{person_id}/businesses", data={"business": name})
    assert response.status_code == 422
    assert len(queries.list_of_person(person_id)) == 1


def test_several_businesses_of_one_name_are_listed_with_their_places(signed_in) -> None:
    make_producer(name="Sinar Jaya", region_code=BANGKA)
    make_producer(name="Sinar Jaya", region_code=BELITUNG)
    person_id = make_person("producer").id
    response = signed_in(make_person("province")).post(
        f"/people/{person_id}/businesses", data={"business": "Sinar Jaya"}
    )
    assert response.status_code == 422
    assert "Kab. Belitung" in response.text


def test_who_left_a_business_no_longer_sees_it(signed_in) -> None:
    own = make_producer()
    person = make_person(works_for=own)
    own_id, person_id, browser = own.id, person.id, signed_in(person)
    office = signed_in(make_person("province"))
    assert browser.get(f"/businesses/{own_id}/papers").status_code == 200
    office.post(f"/people/{person_id}/businesses/{own_id}/end")
    assert browser.get(f"/businesses/{own_id}/papers").status_code == 404


@pytest.mark.both_databases
def test_people_are_found_by_number_in_any_spelling(signed_in) -> None:
    make_person("producer", full_name="Ibu Siti", phone="+6281234567890")
    make_person("producer", full_name="Pak Budi")
    browser = signed_in(make_person("province"))
    for text in ("0812-3456-7890", "siti", "62812 3456 7890"):
        page = browser.get("/people", query_string={"q": text}).text
        assert "Ibu Siti" in page
        assert "Pak Budi" not in page


# --- acting in the name of a business


def test_what_an_officer_does_in_a_businesss_name_is_written_down_and_the_business_sees_it(
    signed_in,
) -> None:
    own = make_producer(name="Kemplang Bu Ani", region_code=PANGKALPINANG)
    own_id, version = own.id, own.version
    owner = signed_in(make_person(works_for=own))
    officer = signed_in(make_person("regency", area=PANGKALPINANG, full_name="Rina Wati"))
    assert officer.post(f"/businesses/{own_id}/act").status_code == 302
    data = {"name": "Kemplang Bu Ani", "region_code": "Pangkalpinang", "about": "Sejak 2012",
            "version": str(version)}  # fmt: skip
    assert officer.post(f"/businesses/{own_id}/edit", data=data).status_code == 302
    entry = session.query(AuditEntry).filter_by(action="business.changed").one()
    assert (entry.actor_name, entry.acting_for_id) == ("Rina Wati", own_id)
    history = owner.text(f"/businesses/{own_id}/history")
    assert "Rina Wati" in history
    officer.post("/acting/stop")
    assert "acting/stop" not in officer.text(f"/businesses/{own_id}")


def test_an_officer_acts_only_for_businesses_of_the_own_area(signed_in) -> None:
    there = make_producer(region_code=BELITUNG).id
    outlet = make_outlet(branches=(BANGKA,)).id
    browser = signed_in(make_person("regency", area=BANGKA))
    assert browser.post(f"/businesses/{there}/act").status_code == 404
    assert browser.post(f"/businesses/{outlet}/act").status_code == 404


@pytest.mark.parametrize("role", ["producer", "buyer", "admin"])
def test_nobody_else_acts_for_a_business_of_others(signed_in, role: str) -> None:
    business_id = make_producer().id
    assert signed_in(make_person(role)).post(f"/businesses/{business_id}/act").status_code == 404


def test_a_person_of_several_businesses_chooses_one(signed_in) -> None:
    first, second = make_producer(name="Kemplang Satu"), make_producer(name="Kemplang Dua")
    second_id = second.id
    browser = signed_in(make_person(works_for=[first, second]))
    assert "Kemplang Satu" in browser.text("/my-businesses")
    assert browser.post(f"/businesses/{second_id}/act").status_code == 302
    assert browser.text("/my-businesses").count('/act"') == 1


def test_acting_ends_when_the_right_to_it_ends(signed_in) -> None:
    own = make_producer(region_code=BANGKA)
    own_id = own.id
    officer = signed_in(make_person("regency", area=BANGKA))
    officer.post(f"/businesses/{own_id}/act")
    assert officer.get(f"/businesses/{own_id}/papers").status_code == 200
    with transaction():
        session.get(Business, own_id).region_code = BELITUNG
    assert officer.get(f"/businesses/{own_id}/papers").status_code == 404


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_lists_of_the_office_can_be_taken_along(signed_in, ending: str) -> None:
    own = make_producer(name="Kemplang Bu Ani", region_code=BANGKA)
    make_paper(own, state=PaperState.ENTERED)
    make_person(works_for=own, full_name="=1+1")
    browser = signed_in(make_person("regency", area=BANGKA))
    for page in ("people", "papers/to-check", "freight", "words"):
        response = browser.get(f"/{page}.{ending}")
        assert response.status_code == 200, page
        assert "attachment" in response.headers["Content-Disposition"]
    people = browser.get("/people.csv").get_data(as_text=True)
    assert "Kemplang Bu Ani" in people
    assert "\n=1+1" not in people
    assert browser.get("/people.exe").status_code == 404


def test_a_download_of_people_ends_where_the_area_ends(signed_in) -> None:
    make_person(works_for=make_producer(region_code=BELITUNG), full_name="Orang Belitung")
    browser = signed_in(make_person("regency", area=BANGKA))
    assert "Orang Belitung" not in browser.get("/people.csv").get_data(as_text=True)
    assert signed_in(make_person("producer")).get("/people.csv").status_code == 403


def links_of(page: str) -> list[str]:
    """The addresses of this site a page links to, without what stands behind `?`."""
    return sorted({link.split("?")[0] for link in re.findall(r'href="(/[^"#]*)', page)})


@pytest.mark.parametrize("role", ["province", "regency", "admin"])
@pytest.mark.parametrize("path", ["/businesses", "/businesses?q=zzz", "/people", "/businesses/%d"])
def test_no_link_of_the_register_leads_to_a_refusal(signed_in, role: str, path: str) -> None:
    shop, other = make_producer(), make_producer(region_code=BELITUNG)
    make_person(works_for=shop)
    make_person(works_for=[shop, other])
    make_person("province", works_for=shop)
    browser = signed_in(make_person(role))
    page = browser.text(path % shop.id if "%" in path else path)
    for link in links_of(page):
        if not link.startswith(("/static", "/sign-out")):
            assert browser.get(link).status_code < 400, link
