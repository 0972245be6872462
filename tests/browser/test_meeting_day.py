"""On the day of a temu bisnis, in a real browser: a phone at the door, a desk with the sheets."""

import pytest
from playwright.sync_api import expect

from marketplace.meetings import queries
from marketplace.meetings.rules import MeetingState
from tests.browser.conftest import Faults, Visit
from tests.meetings.day import held, make_day, record
from tests.support.browser import DESK

PAGES = [
    "/events/{event}/day",
    "/events/{event}/check-in",
    "/events/{event}/wall",
    "/events/{event}/results",
    "/events/{event}/figures",
    "/events/{event}/figures/kept",
    "/meetings/{meeting}/result",
    "/follow-up",
    "/meeting-figures",
]


def test_pages_of_the_day_are_accessible_and_fit_the_screen(faults: Faults) -> None:
    day = make_day()
    record(day, day.first, held())
    places = [path.format(event=day.event_id, meeting=day.first.id) for path in PAGES]
    assert faults((place, day.officer) for place in places) == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_an_officer_at_the_door_checks_in_by_name_with_one_press(
    visit: Visit, javascript: bool
) -> None:
    day = make_day(on=0)
    page = visit(f"/events/{day.event_id}/check-in?q=amang", day.officer, javascript=javascript)
    page.locator("form[action$='/arrived'] button").click()
    page.wait_for_url("**/check-in?q=amang")
    expect(page.locator("body")).to_contain_text("Dapur Amang hadir")
    assert queries.get_participant(day.maker.id).arrived_at is not None


def test_a_row_that_cannot_be_used_comes_back_and_is_mended(visit: Visit) -> None:
    day = make_day()
    page = visit(f"/events/{day.event_id}/results", day.officer, width=DESK)
    number = day.first.id
    page.locator(f"[name=m{number}-state]").select_option("held")
    page.locator(f"[name=m{number}-step_what]").fill("Kirim contoh")
    page.locator(".bottom-bar button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(f"[name=m{number}-step_what]")).to_have_value("Kirim contoh")
    page.locator(f"[name=m{number}-step_due]").fill("2099-01-01")
    page.locator(".bottom-bar button").click()
    expect(page.locator(f"#m{number}-step_due-error")).to_be_visible()
    page.locator(f"[name=m{number}-step_due]").fill(day.first.starts_at.strftime("%Y-%m-%d"))
    page.locator(".bottom-bar button").click()
    expect(page.locator(f"[name=m{number}-state]")).to_have_count(0)
    assert queries.get_meeting(number).state is MeetingState.HELD
