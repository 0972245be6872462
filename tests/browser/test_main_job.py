"""The main job in a real browser: from a pairing in the queue to both sides' agreement."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from marketplace.infra.db import session
from marketplace.notifications import queries as outbox
from marketplace.suggestions import queries
from marketplace.suggestions.models import Suggestion
from marketplace.suggestions.rules import IntroductionState, SuggestionState
from tests.browser.conftest import Faults, Visit
from tests.suggestions.conftest import Market, market, suggested
from tests.support.browser import DESK

__all__ = ["market", "suggested"]

RunJobs = Callable[[], int]


def look_again() -> None:
    """End the test's own snapshot: the server has written since."""
    session.rollback()
    session.expire_all()


def links_of(page: Page) -> list[str]:
    """The signed links in the prepared texts of the tray, as paths."""
    texts = page.locator(".letter-text").all_inner_texts()
    return ["/a/" + text.split("/a/")[1].split()[0] for text in texts]


@pytest.mark.parametrize("javascript", [True, False])
def test_an_officer_accepts_and_both_sides_agree(
    visit: Visit, market: Market, suggested: Suggestion, javascript: bool
) -> None:
    page = visit("/queue", market.officer, width=DESK, javascript=javascript)
    page.locator(f"form[action$='/suggestions/{suggested.id}/accept'] button").click()
    expect(page.locator(".flash, [role=status]").first).to_be_visible()
    page.goto("/to-send")
    links = links_of(page)
    assert len(links) == 2
    for number, link in enumerate(links):
        answer = visit(link, javascript=javascript)
        expect(answer.locator("main")).not_to_contain_text("wa.me")
        answer.locator("button[type=submit], main form button").first.click()
        answer.wait_for_load_state()
        if number == 1:
            expect(answer.locator("a[href^='https://wa.me/']")).to_have_count(1)
    look_again()
    found = queries.get_suggestion(suggested.id).introduction
    assert found is not None
    assert queries.get_introduction(found.id).state is IntroductionState.AGREED


def test_the_queue_is_worked_with_the_keyboard_alone(
    visit: Visit, market: Market, suggested: Suggestion
) -> None:
    page = visit("/queue", market.officer, width=DESK)
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("button[name=reason]").first).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("2")
    look_again()
    assert queries.get_suggestion(suggested.id).state is SuggestionState.REJECTED


def test_a_double_press_on_accept_makes_one_introduction(
    visit: Visit, market: Market, suggested: Suggestion
) -> None:
    page = visit("/queue", market.officer, width=DESK)
    page.locator(f"form[action$='/suggestions/{suggested.id}/accept'] button").dblclick()
    expect(page.locator(".tabs")).to_be_visible()
    page.wait_for_load_state("networkidle")
    look_again()
    assert outbox.count_to_send() == 2


def test_the_pages_of_the_main_job_are_accessible_and_fit_the_screen(
    faults: Faults, market: Market, suggested: Suggestion, run_jobs: RunJobs
) -> None:
    paths = [
        ("/queue", market.officer),
        (f"/suggestions/{suggested.id}", market.officer),
        (f"/needs/{market.need.id}/candidates", market.officer),
        ("/to-send", market.officer),
        ("/settings", market.officer),
        ("/jobs", market.officer),
        (f"/needs/{market.need.id}/matches", market.buyer),
        (f"/products/{market.product.id}/ask", market.buyer),
        ("/match-list", market.buyer),
        (f"/needs/{market.need.id}/offer", market.maker),
        (f"/products/{market.product.id}/matches", market.maker),
        ("/introductions", market.maker),
    ]
    assert faults(paths) == {}
