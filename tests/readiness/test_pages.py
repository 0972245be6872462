"""What each of them reads about gaps: the producer without ceilings and names of buyers."""

import re

from marketplace.businesses.rules import PaperKind
from tests.factories import BELITUNG, make_need, make_outlet, make_person, make_producer
from tests.readiness.conftest import Measure
from tests.readiness.test_measuring import _product

CEILING = 31_337


def _market(measure: Measure, **given):
    producer = make_producer(name="Dapur Kanari")
    _product(producer, PaperKind.PIRT, PaperKind.HALAL, **given)
    outlet = make_outlet(name="Gerai Kanari")
    make_need(outlet, title="Kemplang panggang 250gr", papers_required="gs1", ceiling_price=CEILING)
    measure()
    return producer


def test_a_producer_reads_what_is_missing_what_it_opens_and_how(measure, signed_in) -> None:
    producer = _market(measure)
    page = signed_in(make_person("producer", works_for=producer)).get(
        "/readiness/mine", follow_redirects=True
    )
    assert page.status_code == 200
    for told in ("1 gerai", "Rp2.000.000", "GS1", "belum dipastikan"):
        assert told in page.text
    assert "Gerai Kanari" not in page.text


def test_a_price_above_the_ceiling_is_told_without_it(measure, signed_in) -> None:
    producer = _market(measure, price=90_000)
    page = signed_in(make_person("producer", works_for=producer)).get(
        f"/readiness/businesses/{producer.id}"
    )
    assert page.status_code == 200
    assert "Harga" in page.text
    for secret in ("31.337", "3.133.700", "31337", "Gerai Kanari"):
        assert secret not in page.text
    office = signed_in(make_person("province"))
    for address in (f"/readiness/businesses/{producer.id}", "/readiness/pairings?gap=price:"):
        shown = office.get(address).text
        assert re.search(r"paling banyak Rp[\d.]+ per bungkus", shown), address


def test_the_office_reads_the_same_figures_and_the_rows_behind_them(measure, signed_in) -> None:
    _market(measure)
    browser = signed_in(make_person("province"))
    page = browser.get("/readiness")
    assert "Rp2.000.000" in page.text
    rows = browser.get("/readiness/pairings?gap=barcode:")
    assert "Dapur Kanari" in rows.text
    assert "Gerai Kanari" in rows.text
    table = browser.get("/readiness.csv").text
    assert "Dapur Kanari" in table
    assert "2000000" in table
    assert browser.get("/readiness.xlsx").status_code == 200


def test_a_kabupaten_sees_its_own_producers_only(measure, signed_in) -> None:
    producer = _market(measure)
    elsewhere = signed_in(make_person("regency", area=BELITUNG))
    assert elsewhere.get(f"/readiness/businesses/{producer.id}").status_code == 404
    for address in ("/readiness", "/readiness/pairings", "/readiness?area=19.71"):
        assert "Dapur Kanari" not in elsewhere.get(address).text
    assert "Dapur Kanari" in signed_in(make_person("regency")).get("/readiness").text


def test_the_province_writes_what_producers_are_told(measure, signed_in) -> None:
    producer = _market(measure)
    browser = signed_in(make_person("province"))
    draft = {"how": "Datang ke rumah kemasan.", "cost_low": "0", "cost_high": "250 ribu"}
    wrong = browser.post("/readiness/remedies/barcode:", data={**draft, "is_verified": "1"})
    assert wrong.status_code == 422
    right = browser.post(
        "/readiness/remedies/barcode:", data={**draft, "is_verified": "1", "source": "gs1id.org"}
    )
    assert right.status_code == 302
    page = signed_in(make_person("producer", works_for=producer)).get(
        "/readiness/mine", follow_redirects=True
    )
    assert "Datang ke rumah kemasan." in page.text
    assert "Rp250.000" in page.text
    assert signed_in(make_person("regency")).get("/readiness/remedies/barcode:").status_code == 403
