"""The report as people open it: the province all areas, a kabupaten its own, others nothing."""

import pytest

from marketplace.businesses.models import Business
from tests import factories
from tests.factories import BANGKA, BELITUNG, PANGKALPINANG
from tests.reporting.conftest import Q3

Market = dict[str, Business]
PAGES = (
    "/report",
    "/report/figures/received",
    "/report/steps/paid",
    "/report/losses/rejected",
)


def test_the_province_reads_the_quarter_and_opens_the_rows(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    page = browser.get(f"/report?period={Q3}").text
    assert "Rp480.000" in page
    assert "triwulan III tahun 2026" in page
    rows = browser.get(f"/report/figures/received?period={Q3}").text
    assert "Rp480.000" in rows
    assert "Produsen pangkal" in rows
    assert "Produsen luar" in rows


def test_a_kabupaten_reads_its_own_area_whatever_it_asks_for(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("regency", area=BANGKA))
    for area in ("", f"&area={PANGKALPINANG}", "&area=outside"):
        page = browser.get(f"/report?period={Q3}{area}").text
        assert "Rp90.000" in page
        assert "Rp480.000" not in page
        assert "Rp350.000" not in page
        rows = browser.get(f"/report/figures/received?period={Q3}{area}").text
        assert "Produsen bangka" in rows
        assert "Produsen pangkal" not in rows


def test_any_days_can_be_asked_for(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("province"))
    page = browser.get("/report?from=2026-08-12&to=2026-08-12")
    assert "Rp280.000" in page.text
    assert browser.get("/report?from=2026-08-12&to=2026-08-11").status_code == 404
    assert browser.get("/report?period=2026-Q5").status_code == 404
    assert browser.get("/report?period=99999").status_code == 404
    assert browser.get("/report?area=31.74").status_code == 404


@pytest.mark.parametrize("role", ["producer", "buyer", None])
def test_nobody_else_opens_it(market: Market, signed_in, role: str | None) -> None:
    browser = signed_in(factories.make_person(role))
    for path in PAGES:
        assert browser.get(path).status_code == 403, path


def test_every_row_of_every_list_opens(market: Market, signed_in) -> None:
    """A figure whose rows lead nowhere could not be checked."""
    browser = signed_in(factories.make_person("province"))
    # Pairings are left out: those of the factories have no evidence to show.
    for key in ("helped", "registered", "published", "dealt", "delivered"):
        page = browser.get(f"/report/figures/{key}?period={Q3}")
        rows = page.text.split('<th scope="row"')[1:]
        assert rows, key
        for part in rows:
            address = part.split('href="')[1].split('"')[0]
            assert browser.get(address).status_code == 200, (key, address)


def test_what_an_officer_of_elsewhere_sees_is_empty(market: Market, signed_in) -> None:
    browser = signed_in(factories.make_person("regency", area=BELITUNG))
    assert "Tidak ada baris" in browser.get(f"/report/figures/received?period={Q3}").text
