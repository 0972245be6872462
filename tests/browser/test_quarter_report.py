"""A quarter's report for the province and for one kabupaten, as officers read it."""

import re

from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Visit
from tests.factories import BANGKA
from tests.reporting.conftest import Q3, make_market
from tests.support.browser import PHONE, faults_at_both_widths

PAGES = (f"/report?period={Q3}", f"/report/figures/received?period={Q3}", "/workload", "/open-data")


def rupiah(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def test_the_province_opens_a_quarter_its_rows_and_a_kabupaten_without_script(
    visit: Visit,
) -> None:
    make_market()
    person = factories.make_person("province")
    page = visit(f"/report?period={Q3}", person, width=PHONE, javascript=False)
    figure = page.locator("a.stat", has_text="Uang diterima")
    expect(figure).to_contain_text("Rp480.000")
    figure.click()
    page.wait_for_url("**/report/figures/received**")
    amounts = page.locator("td[data-label=Rupiah]").all_inner_texts()
    assert sum(map(rupiah, amounts)) == 480_000
    page.locator("nav.crumbs a").click()
    page.get_by_role("link", name="Kab. Bangka", exact=True).click()
    page.wait_for_url(f"**area={BANGKA}**")
    expect(page.locator("a.stat", has_text="Uang diterima")).to_contain_text("Rp90.000")
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Excel").first.click()
    assert sheet.value.suggested_filename == f"laporan-{BANGKA}-{Q3}.xlsx"


def test_a_kabupaten_reads_its_quarter_and_prints_it(visit: Visit) -> None:
    make_market()
    page = visit(f"/report?period={Q3}", factories.make_person("regency", area=BANGKA))
    expect(page.locator("a.stat", has_text="Uang diterima")).to_contain_text("Rp90.000")
    expect(page.get_by_text("Per kabupaten/kota")).to_have_count(0)
    page.get_by_text("Dengan nomor, tujuan, dan tanda tangan").click()
    page.locator("[name=number]").fill("500.2/17")
    with page.expect_download() as paper:
        page.locator("form[action$='report.pdf'] button", has_text="PDF").click()
    assert paper.value.suggested_filename == f"laporan-{BANGKA}-{Q3}.pdf"


def test_its_pages_are_accessible_and_fit_the_screen(visit: Visit) -> None:
    make_market()
    person = factories.make_person("province")
    page = visit(PAGES[0], person, bypass_csp=True)
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        assert faults_at_both_widths(page) == [], path
