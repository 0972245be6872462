"""A three-day bazaar with thirty stalls, as an office and its stalls live it: set-up to figures."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.programs.documents.stall_links import stall_token
from marketplace.programs.models import Program, TurnoverReport
from marketplace.programs.queries import bazaars as queries
from tests import factories
from tests.browser.conftest import Faults, Visit
from tests.support.browser import DESK, PHONE, sideways_scroll

STALLS = 30


def fits(page: Page) -> None:
    """Nothing sticks out, on a phone as on a desk."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        assert sideways_scroll(page) == 0, f"{page.url} at {width}"
    page.set_viewport_size({"width": DESK, "height": 800})


def look_again() -> None:
    """End the test's own snapshot: the server has written since."""
    session.rollback()
    session.expire_all()


def plan(page: Page) -> int:
    """Three days that began two days ago; returns the bazaar's number."""
    page.goto("/programs")
    fits(page)
    page.get_by_role("link", name="Rencanakan bazar").first.click()
    fits(page)
    page.get_by_label("Nama", exact=True).fill("Bazar Uji Coba")
    page.get_by_label("Penyelenggara").first.fill("Dinas Uji")
    page.get_by_label("Kabupaten atau kota").fill("Kota Pangkal Pinang")
    page.get_by_label("Tempat").fill("Alun-alun")
    for number in range(3):
        if number:
            page.locator("button[name=add_days]").click()
        day = today() - timedelta(days=2 - number)
        page.locator(f"[name=days-{number}-day_on]").fill(day.isoformat())
        page.locator(f"[name=days-{number}-opens]").fill("09:00")
        page.locator(f"[name=days-{number}-closes]").fill("21:00")
    page.locator("[name=stalls]").fill(str(STALLS))
    page.get_by_role("button", name="Simpan dan pilih peserta").click()
    expect(page.locator(".flash.good")).to_be_visible()
    look_again()
    return session.query(Program).one().id


def choose(page: Page, bazaar_id: int) -> None:
    """Twenty-nine from the register and one who is in none; everybody gets a stall."""
    page.goto(f"/bazaars/{bazaar_id}/choose")
    fits(page)
    for box in page.locator("input[name=business]").all()[: STALLS - 1]:
        box.check()
    page.get_by_role("button", name="Masukkan ke daftar").click()
    page.goto(f"/bazaars/{bazaar_id}/walk-in")
    fits(page)
    page.get_by_label("Nama usaha").fill("Bakso Keliling")
    page.get_by_label("Yang dijual").fill("bakso urat")
    page.get_by_role("button", name="Masukkan ke daftar").click()
    page.get_by_role("button", name="Beri mereka lapak kosong").click()
    expect(page.locator(".flash.good")).to_be_visible()
    fits(page)
    page.goto(f"/bazaars/{bazaar_id}")
    fits(page)
    page.get_by_role("button", name="Buka", exact=True).click()
    expect(page.locator(".flash.good")).to_be_visible()


def type_a_day(page: Page, bazaar_id: int, day: int) -> None:
    """From paper, by keyboard alone: amount, tab, tab, tab to the next stall."""
    on = (today() - timedelta(days=2 - day)).isoformat()
    page.goto(f"/bazaars/{bazaar_id}/turnover?day={on}")
    boxes = page.locator("input[name^=amount-]")
    expect(boxes).to_have_count(STALLS)
    for number in range(STALLS):
        boxes.nth(number).fill(f"{number % 7 + 1},{number % 9 + 1} juta")
    boxes.nth(STALLS - 1).press("Enter")
    expect(page.locator(".flash.good")).to_be_visible()


def test_a_bazaar_from_its_set_up_to_its_figures(visit: Visit) -> None:
    officer = factories.make_person("province")
    for _ in range(STALLS):
        factories.make_product(factories.make_producer())
    page = visit("/programs", officer, width=DESK)
    bazaar_id = plan(page)
    choose(page, bazaar_id)
    for path in ("codes", "sheet"):
        page.goto(f"/bazaars/{bazaar_id}/{path}")
        fits(page)
    type_a_day(page, bazaar_id, 0)
    fits(page)
    type_a_day(page, bazaar_id, 1)
    look_again()
    assert session.query(TurnoverReport).count() == 2 * STALLS

    holders = queries.holders_of(bazaar_id)
    token = stall_token(holders[0])
    phone = visit(f"/st/{token}", width=PHONE, javascript=False)
    fits(phone)
    phone.get_by_label("Omzet sehari").fill("20.000.000.000")
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_text("Apakah jumlah ini benar?")).to_be_visible()
    expect(phone.get_by_label("Omzet sehari")).to_have_value("20.000.000.000")
    fits(phone)
    phone.get_by_label("Omzet sehari").fill("2 juta")
    phone.get_by_role("button", name="Jumlahnya benar").click()
    expect(phone.locator(".flash.good")).to_be_visible()

    page.goto(f"/stalls/{holders[0].id}/turnover?day={today().isoformat()}")
    page.get_by_label("Omzet sehari").fill("2,4 juta")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Tanggal ini sudah ada angkanya")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Ganti angka").click()
    expect(page.locator(".flash.good")).to_be_visible()

    page.goto(f"/bazaars/{bazaar_id}")
    expect(page.get_by_text("Belum lapor hari ini")).to_be_visible()
    fits(page)
    page.goto(f"/bazaars/{bazaar_id}/estimate")
    fits(page)
    page.get_by_label("Taksiran untuk seluruh bazar").fill("600 juta")
    page.get_by_role("button", name="Simpan").click()
    look_again()
    total = sum(report.amount for report in session.query(TurnoverReport))
    shown = f"Rp{total:,}".replace(",", ".")
    stats = page.locator(".stats")
    expect(stats).to_contain_text(shown)
    expect(stats).to_contain_text("Rp600.000.000")
    expect(stats).to_contain_text("61 dari 90")
    fits(page)
    page.goto(f"/bazaars/{bazaar_id}")
    page.get_by_role("button", name="Sudah selesai").click()
    expect(page.locator(".flash.good")).to_be_visible()

    public = visit(f"/bazaars/{bazaar_id}/public", width=PHONE)
    # The public reads two digits of it, lest two sums tell what one stall sold.
    coarse = 10 ** (len(str(total)) - 2)
    told = f"Rp{round(total / coarse) * coarse:,}".replace(",", ".")
    expect(public.locator(".stats")).to_contain_text(told)
    expect(public.locator("body")).not_to_contain_text("Bakso Keliling")
    fits(public)
    phone.goto(f"/st/{token}/contact")
    fits(phone)


def test_its_pages_can_be_used_by_everybody(faults: Faults) -> None:
    from tests.programs.fairs import make_fair, report

    fair = make_fair(6)
    factories.make_producer()
    for holder in fair.holders[:5]:
        report(fair, holder, fair.days[0], 1_500_000, best="bakso, es kacang")
    paths = ("", "/stalls", "/choose", "/turnover", "/figures", "/public")
    assert faults((f"/bazaars/{fair.id}{path}", fair.officer) for path in paths) == {}
