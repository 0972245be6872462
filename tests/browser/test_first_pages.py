"""The first pages of a visitor and of each role, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Faults, Visit
from tests.support.browser import Weight

ROLES = ["producer", "buyer", "province", "regency", "admin"]


def fill_in_and_send(page, person, password: str) -> None:
    page.locator("[name=login]").fill(person.phone.replace("+62", "0"))
    page.locator("[name=password]").fill(password)
    page.locator("main form button:not([name])").last.click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_producer_signs_in_with_a_number_as_people_write_it(
    visit: Visit, javascript: bool
) -> None:
    person = factories.make_person("producer")
    page = visit("/sign-in", javascript=javascript)
    fill_in_and_send(page, person, factories.PASSWORD)
    page.wait_for_url("**/")
    page.goto("/account")
    expect(page.locator("body")).to_contain_text(person.full_name)


def test_a_wrong_password_says_what_to_do_and_keeps_the_number(visit: Visit) -> None:
    person = factories.make_person("producer")
    page = visit("/sign-in")
    fill_in_and_send(page, person, "not the one at all")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value(person.phone.replace("+62", "0"))


def test_a_visitors_pages_are_accessible_and_fit_the_screen(faults: Faults) -> None:
    assert faults((path, None) for path in ("/", "/sign-in", "/products", "/privacy")) == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_home_of_each_role_is_accessible_and_fits_the_screen(faults: Faults, role: str) -> None:
    assert faults([("/", factories.make_person(role))]) == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_home_of_each_role_works_without_scripts(visit: Visit, role: str) -> None:
    page = visit("/", factories.make_person(role), javascript=False)
    links = page.locator("nav a[href^='/']")
    assert links.count() > 0
    links.first.click()
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize(("width", "menu"), [(360, ".nav-more"), (1280, ".menu")])
def test_escape_closes_a_menu_and_gives_the_focus_back(visit: Visit, width: int, menu: str) -> None:
    page = visit("/", factories.make_person("province"), width=width)
    opener = page.locator(f"{menu} > summary")
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(opener).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(menu)).not_to_have_attribute("open", "")
    expect(opener).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/products"])
def test_a_first_view_is_light(new_page: Visit, path: str) -> None:
    page = new_page()
    weight = Weight(page)
    page.goto(path, wait_until="networkidle")
    assert weight.over_budget() == []


def test_a_second_view_is_lighter(new_page: Visit) -> None:
    page = new_page()
    page.goto("/products", wait_until="networkidle")
    weight = Weight(page)
    page.goto("/sign-in", wait_until="networkidle")
    assert weight.total <= 15_000
