"""Freight tariffs entered by officers, and the estimate until there is one."""

import pytest

from marketplace.audit.models import AuditEntry
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.regions import queries, rules, services
from marketplace.regions.models import FreightLeg, Region
from tests.factories import BANGKA, BELITUNG, PANGKALPINANG, in_days, make_person

LEG = {
    "origin": "Pangkalpinang",
    "destination": "Jakarta Selatan",
    "rupiah_per_kg": "4.200",
    "days_median": "4",
    "days_p90": "7",
    "noted_on": today().isoformat(),
    "source": "Agen pelabuhan Pangkalbalam",
}


def enter(origin: str, destination: str, rupiah: int) -> None:
    with transaction():
        session.add(
            FreightLeg(
                origin=origin,
                destination=destination,
                rupiah_per_kg=rupiah,
                days_median=3,
                days_p90=5,
                noted_on=today(),
                source="tes",
            )
        )


@pytest.mark.both_databases
def test_every_region_is_in_the_table_once_and_loading_again_changes_nothing(app) -> None:
    assert session.query(Region).count() == 38 + 514
    with transaction():
        assert services.load_facts() == 0


def test_a_fact_that_changed_is_corrected_when_loading(app) -> None:
    with transaction():
        session.get(Region, PANGKALPINANG).name = "Salah"
    with transaction():
        assert services.load_facts() == 1
    assert session.get(Region, PANGKALPINANG).name == "Kota Pangkal Pinang"


def test_without_a_tariff_the_estimate_counts_and_says_so(app) -> None:
    leg = queries.find_leg(PANGKALPINANG, "31.74")
    guess = rules.estimate_leg(PANGKALPINANG, "31.74")
    assert leg.estimated
    assert (leg.rupiah_per_kg, leg.days_median, leg.days_p90) == (
        guess.rupiah_per_kg,
        guess.days_median,
        guess.days_p90,
    )


@pytest.mark.both_databases
def test_the_narrowest_tariff_wins_and_the_destination_counts_more(app) -> None:
    steps = [
        ("19", "jabodetabek", 9_000),
        (PANGKALPINANG, "jabodetabek", 8_000),
        ("19", "31", 7_000),
        ("19", "31.74", 6_000),
        (PANGKALPINANG, "31.74", 5_000),
    ]
    for origin, destination, rupiah in steps:
        enter(origin, destination, rupiah)
        found = queries.find_leg(PANGKALPINANG, "31.74")
        assert (found.rupiah_per_kg, found.estimated) == (rupiah, False)
        assert queries.narrowest(queries.legs(), PANGKALPINANG, "31.74") == found
    assert queries.find_leg(PANGKALPINANG, "32.76").rupiah_per_kg == 8_000
    assert queries.find_leg(BELITUNG, "31.71").rupiah_per_kg == 7_000
    assert queries.find_leg(BELITUNG, "16.71").estimated


def test_an_officer_enters_a_tariff_and_it_counts_at_once(signed_in) -> None:
    browser = signed_in(make_person("province"))
    assert browser.post("/freight/new", data=LEG).status_code == 302
    leg = queries.find_leg(PANGKALPINANG, "31.74")
    assert (leg.rupiah_per_kg, leg.estimated, leg.source) == (4_200, False, LEG["source"])
    assert session.query(AuditEntry).filter_by(action="freight.entered").count() == 1


@pytest.mark.parametrize(
    ("written", "code"),
    [("Jabodetabek", "jabodetabek"), ("Sumatra", "sumatera"), ("Provinsi Jambi", "15"),
     ("Kota Jambi", "15.71"), ("31.71", "31.71"), ("Lampung", "18")],
)  # fmt: skip
def test_a_tariff_may_lead_to_a_province_or_zone(signed_in, written: str, code: str) -> None:
    browser = signed_in(make_person("province"))
    browser.post("/freight/new", data={**LEG, "destination": written})
    assert session.query(FreightLeg).one().destination == code


@pytest.mark.parametrize(
    ("field", "value"),
    [("origin", "Bogor"), ("origin", ""), ("destination", "Atlantis"), ("destination", "\u202e"),
     ("rupiah_per_kg", "-1"), ("rupiah_per_kg", "NaN"), ("rupiah_per_kg", "1e308"),
     ("rupiah_per_kg", "1.250,50"), ("rupiah_per_kg", "2 juta"), ("days_median", "-1"),
     ("days_median", "1,5"), ("days_p90", "3"), ("days_p90", "9" * 400),
     ("noted_on", in_days(1).isoformat()), ("noted_on", "kemarin"), ("noted_on", ""),
     ("source", ""), ("source", "x" * 10_000)],
)  # fmt: skip
def test_a_tariff_that_cannot_be_is_refused_and_what_was_typed_stays(
    signed_in, field: str, value: str
) -> None:
    browser = signed_in(make_person("province"))
    response = browser.post("/freight/new", data={**LEG, field: value})
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert session.query(FreightLeg).count() == 0
    if field != "source":
        assert str(LEG["source"]) in response.text


def test_one_leg_has_one_tariff(signed_in) -> None:
    browser = signed_in(make_person("province"))
    assert browser.post("/freight/new", data=LEG).status_code == 302
    assert browser.post("/freight/new", data=LEG).status_code == 409
    assert session.query(FreightLeg).count() == 1


def test_a_regency_enters_and_changes_legs_from_its_own_area_only(signed_in) -> None:
    enter(PANGKALPINANG, "31.74", 4_000)
    foreign = session.query(FreightLeg).one().id
    browser = signed_in(make_person("regency", area=BANGKA))
    other = {**LEG, "destination": "Depok"}
    assert browser.post("/freight/new", data=other).status_code == 403
    assert browser.post("/freight/new", data={**other, "origin": "Kab. Bangka"}).status_code == 302
    assert browser.get(f"/freight/{foreign}").status_code == 404
    assert browser.post(f"/freight/{foreign}/remove").status_code == 404


@pytest.mark.parametrize("role", ["producer", "buyer"])
def test_freight_is_for_the_office(signed_in, role: str) -> None:
    browser = signed_in(make_person(role))
    assert browser.get("/freight").status_code == 403
    assert browser.post("/freight/new", data=LEG).status_code == 403


def test_a_changed_tariff_keeps_its_places_and_a_stale_form_is_told(signed_in) -> None:
    enter(PANGKALPINANG, "31.74", 4_000)
    leg_id = session.query(FreightLeg).one().id
    browser = signed_in(make_person("province"))
    data = {**LEG, "destination": "Depok", "rupiah_per_kg": "5000", "version": "1"}
    assert browser.post(f"/freight/{leg_id}", data=data).status_code == 302
    leg = session.get(FreightLeg, leg_id)
    assert (leg.destination, leg.rupiah_per_kg) == ("31.74", 5_000)
    stale = {**data, "rupiah_per_kg": "6000"}
    response = browser.post(f"/freight/{leg_id}", data=stale)
    assert response.status_code == 409
    assert "6000" in response.text
    assert session.get(FreightLeg, leg_id).rupiah_per_kg == 5_000


def test_a_removed_tariff_gives_the_estimate_back(signed_in) -> None:
    enter(PANGKALPINANG, "31.74", 4_000)
    leg_id = session.query(FreightLeg).one().id
    signed_in(make_person("province")).post(f"/freight/{leg_id}/remove")
    assert queries.find_leg(PANGKALPINANG, "31.74").estimated


def test_the_page_tells_an_estimate_from_a_tariff(signed_in) -> None:
    enter(PANGKALPINANG, "jabodetabek", 4_321)
    browser = signed_in(make_person("province"))
    entered = browser.text("/freight?origin=Pangkalpinang&destination=Depok")
    assert "Rp4.321" in entered
    assert "badge warn" not in entered
    guessed = browser.text("/freight?origin=Pangkalpinang&destination=Palembang")
    assert "badge warn" in guessed


@pytest.mark.parametrize(
    "query", ["origin=%00", "origin=Bogor", "destination=" + "x" * 5_000, "page=abc"]
)
def test_no_query_breaks_the_page(signed_in, query: str) -> None:
    assert signed_in(make_person("province")).get(f"/freight?{query}").status_code == 200


def test_an_empty_day_is_asked_for_and_a_strange_one_is_called_so(app, signed_in) -> None:
    office = signed_in(make_person("province"))
    for day, words in (("", "Mohon diisi."), ("2026-02-31", "Tanggal ini tidak ada di kalender.")):
        answer = office.post("/freight/new", data=LEG | {"noted_on": day})
        assert answer.status_code == 422
        assert words in answer.text
